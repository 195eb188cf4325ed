//! Fashion-MNIST from its four gzipped IDX files to images and labels.
//!
//! Whatever the source, the sha256 of each decompressed file must equal the published one, so that every figure in
//! this project stands on the same pixels.

mod balanced;
mod checksum;
mod error;
mod idx;
mod samples;
mod source;
mod split;

pub use balanced::{BALANCED_IMAGES, balanced};
pub use checksum::sha256;
pub use error::DatasetError;
pub use idx::{gunzip, parse_images, parse_labels};
pub use samples::Samples;
pub use source::{SOURCE_FILES, SourceFile};
pub use split::{SPLIT_SEED, VALIDATION_IMAGES, shuffle, split};

use source::{check_sum, default_folders, find};
use std::path::Path;

/// The data set, split as every figure in this project uses it.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// 55,000 images to fit on.
    pub train: Samples,
    /// 5,000 images of the training files, for every choice.
    pub validation: Samples,
    /// 10,000 images, read once per released model.
    pub test: Samples,
    /// Where the files were found.
    pub found_in: String,
}

impl Dataset {
    /// Read the four files, from `folder`, else `FASHION_MNIST_DIR`, else the system folder, else by download.
    ///
    /// # Errors
    /// [`DatasetError`] for a file that is missing, truncated, of the wrong kind or with a wrong sum.
    pub fn load(folder: Option<&Path>) -> Result<Self, DatasetError> {
        let folders = match folder {
            Some(folder) => vec![folder.to_path_buf()],
            None => default_folders(),
        };
        let mut found_in = String::new();
        let mut files = Vec::new();
        for file in &SOURCE_FILES {
            let (bytes, place) = find(file, &folders, folder.is_none())?;
            let bytes = gunzip(file.name, &bytes)?;
            check_sum(file, &bytes)?;
            files.push(bytes);
            found_in = place;
        }
        let samples = |images: usize, labels: usize| -> Result<Samples, DatasetError> {
            Ok(Samples {
                images: parse_images(SOURCE_FILES[images].name, &files[images])?,
                labels: parse_labels(SOURCE_FILES[labels].name, &files[labels])?,
            })
        };
        let all = samples(0, 1)?;
        let (train, validation) = split(all.len());
        Ok(Self {
            train: all.select(&train),
            validation: all.select(&validation),
            test: samples(2, 3)?,
            found_in,
        })
    }
}
