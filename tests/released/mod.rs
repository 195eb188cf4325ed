//! The released networks' files, as tests in a browser have them too.

use threadcount::catalog;
use threadcount::squeeze::model_file;

/// Each network's name and file, unpacked where it holds packed bytes.
pub fn networks() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    catalog::networks().map(|name| (name, &*model_file(file(name)).unwrap().leak()))
}

/// Read when a test runs: one that was compiled before the weights were released must not record the answers of older ones.
#[cfg(not(target_arch = "wasm32"))]
fn file(name: &str) -> Vec<u8> {
    let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    std::fs::read(models.join(catalog::find(name).unwrap().file)).unwrap()
}

/// There are no files in a browser.
#[cfg(target_arch = "wasm32")]
fn file(name: &str) -> Vec<u8> {
    macro_rules! files {
        (() $($name:literal { file: $file:literal, $($facts:tt)* } = $implementation:ident $types:tt)*) => {
            [$(($name, include_bytes!(concat!("../../models/", $file)).as_slice())),*]
        };
    }
    let files = threadcount::catalog!(files);
    let (_, bytes) = files.into_iter().find(|(of, _)| *of == name).unwrap();
    bytes.to_vec()
}
