//! The released networks' files, as tests in a browser have them too.

use threadcount::catalog;
use threadcount::squeeze::{is_packed, model_file};

macro_rules! files {
    (() $($name:literal { file: $file:literal, $($facts:tt)* } = $implementation:ident $types:tt)*) => {
        [$(($name, include_bytes!(concat!("../../models/", $file)).as_slice())),*]
    };
}

/// Each network's name and file, unpacked where it holds packed bytes.
pub fn networks() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let network = |(name, _): &(&str, _)| catalog::is_network(name);
    let unpacked = |(name, file): (_, &'static [u8])| {
        if is_packed(file) {
            (name, &*model_file(file.to_vec()).unwrap().leak())
        } else {
            (name, file)
        }
    };
    threadcount::catalog!(files)
        .into_iter()
        .filter(network)
        .map(unpacked)
}
