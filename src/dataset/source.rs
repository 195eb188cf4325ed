//! The four published files: where they are looked for, and the sums that they must have.

use super::checksum::sha256;
use super::error::DatasetError;
use std::path::PathBuf;

/// Where Debian's package `dataset-fashion-mnist` puts the files.
const SYSTEM_FOLDER: &str = "/usr/share/datasets/fashion-mnist";
/// Where the data set's authors publish the files.
const HOME_URL: &str = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com";
/// Environment variable that names a folder with the files.
const FOLDER_VARIABLE: &str = "FASHION_MNIST_DIR";

/// One of the four published files.
#[derive(Debug)]
pub struct SourceFile {
    /// File name, gzipped.
    pub name: &'static str,
    /// sha256 of the decompressed file, in hexadecimal.
    ///
    /// **Source**: the files as they are since the fix of 31 August 2017.
    pub sha256: &'static str,
}

/// Training images, training labels, test images, test labels.
pub const SOURCE_FILES: [SourceFile; 4] = [
    SourceFile {
        name: "train-images-idx3-ubyte.gz",
        sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    },
    SourceFile {
        name: "train-labels-idx1-ubyte.gz",
        sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    },
    SourceFile {
        name: "t10k-images-idx3-ubyte.gz",
        sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    },
    SourceFile {
        name: "t10k-labels-idx1-ubyte.gz",
        sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
];

/// Where the files are looked for when no folder is named.
pub(super) fn default_folders() -> Vec<PathBuf> {
    std::env::var_os(FOLDER_VARIABLE)
        .map(PathBuf::from)
        .into_iter()
        .chain([PathBuf::from(SYSTEM_FOLDER), download_folder()])
        .collect()
}

/// Where downloaded files are kept for the next run.
fn download_folder() -> PathBuf {
    std::env::temp_dir().join("threadcount-fashion-mnist")
}

/// The gzipped bytes of a file, and where they were found.
pub(super) fn find(
    file: &SourceFile,
    folders: &[PathBuf],
    may_download: bool,
) -> Result<(Vec<u8>, String), DatasetError> {
    for folder in folders {
        if let Ok(bytes) = std::fs::read(folder.join(file.name)) {
            return Ok((bytes, folder.display().to_string()));
        }
    }
    let looked = folders
        .iter()
        .map(|f| f.display().to_string())
        .collect::<Vec<_>>()
        .join(", ");
    let missing = |download: String| DatasetError::Missing {
        file: file.name.to_owned(),
        looked,
        download,
    };
    if !may_download {
        return Err(missing(String::new()));
    }
    match download(file.name) {
        Ok(bytes) => Ok((bytes, HOME_URL.to_owned())),
        Err(error) => Err(missing(format!(", and downloading it failed ({error})"))),
    }
}

/// Download with `curl`, which every supported system has, so that no TLS stack is compiled in.
fn download(name: &str) -> Result<Vec<u8>, String> {
    let folder = download_folder();
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let partial = folder.join(format!("{name}.partial"));
    let status = std::process::Command::new("curl")
        .args([
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--max-time",
            "600",
            "--output",
        ])
        .arg(&partial)
        .arg(format!("{HOME_URL}/{name}"))
        .status()
        .map_err(|e| format!("curl did not start: {e}"))?;
    if !status.success() {
        return Err(format!("curl ended with {status}"));
    }
    let path = folder.join(name);
    std::fs::rename(&partial, &path).map_err(|e| e.to_string())?;
    std::fs::read(path).map_err(|e| e.to_string())
}

/// Refuse a decompressed file whose sum is not the published one.
pub(super) fn check_sum(file: &SourceFile, bytes: &[u8]) -> Result<(), DatasetError> {
    let found = sha256(bytes);
    if found == file.sha256 {
        return Ok(());
    }
    Err(DatasetError::Checksum {
        file: file.name.to_owned(),
        expected: file.sha256.to_owned(),
        found,
    })
}
