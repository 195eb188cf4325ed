//! Fashion-MNIST from its four gzipped IDX files to images and labels.
//!
//! Whatever the source, the sha256 of each decompressed file must equal the published one, so that
//! every figure in this project stands on the same pixels. `parse_images` and `parse_labels` also
//! read the test files that the page ships. `tests/dataset.rs` holds the errors to their messages.

use crate::image::{GrayImage, PIXELS, SIDE};
use crate::label::{CLASSES, Label};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Images of the training files that are kept for validation: the last of a shuffle with [`SPLIT_SEED`].
pub const VALIDATION_IMAGES: usize = 5_000;
/// Seed of the shuffle that separates training from validation images.
pub const SPLIT_SEED: u64 = 2017;

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

/// Why the data could not be read; each message names the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A file is not where it was looked for and could not be downloaded.
    #[error(
        "{file} was not found in {looked}, and downloading it failed ({download}). \
         Install Debian's dataset-fashion-mnist, or put the four .gz files in a folder and pass --data FOLDER"
    )]
    Missing {
        /// File name.
        file: String,
        /// The folders that were searched.
        looked: String,
        /// Why the download failed.
        download: String,
    },
    /// A file could not be read or decompressed.
    #[error("{file} is not a complete gzip file ({source}). Fetch it again")]
    Unreadable {
        /// File name.
        file: String,
        /// The underlying error.
        source: std::io::Error,
    },
    /// The sha256 of the decompressed file is not the published one.
    #[error("{file} has sha256 {found}, expected {expected}. Replace it by the published file")]
    Checksum {
        /// File name.
        file: String,
        /// The published sum.
        expected: String,
        /// The sum of the file that was found.
        found: String,
    },
    /// The IDX header has another magic number.
    #[error(
        "{file} starts with magic number {found:#010x}, expected {expected:#010x}: it is another kind of file"
    )]
    Magic {
        /// File name.
        file: String,
        /// The number for this kind of file.
        expected: u32,
        /// The number that was found.
        found: u32,
    },
    /// The file is shorter or longer than its header says.
    #[error("{file} has {found} bytes, its header asks for {expected}. Fetch it again")]
    Length {
        /// File name.
        file: String,
        /// Bytes that the header asks for.
        expected: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// A header field or a label is out of range.
    #[error("{file}: {problem}")]
    Content {
        /// File name.
        file: String,
        /// What is wrong.
        problem: String,
    },
}

/// Images and their labels, in equal number.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    /// The pictures.
    pub images: Vec<GrayImage>,
    /// The truth.
    pub labels: Vec<Label>,
}

impl Samples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// These, then those of `others`.
    pub fn with(&self, others: &Self) -> Self {
        Self {
            images: [&self.images[..], &others.images].concat(),
            labels: [&self.labels[..], &others.labels].concat(),
        }
    }

    /// How many samples each class has.
    pub fn class_counts(&self) -> [usize; CLASSES] {
        let mut counts = [0; CLASSES];
        for label in &self.labels {
            counts[label.index()] += 1;
        }
        counts
    }

    fn select(&self, indices: &[usize]) -> Self {
        Self {
            images: indices.iter().map(|&i| self.images[i].clone()).collect(),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}

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

/// Indices of the training and of the validation images among `count` training-file images.
pub fn split(count: usize) -> (Vec<usize>, Vec<usize>) {
    let mut indices: Vec<usize> = (0..count).collect();
    shuffle(&mut indices, SPLIT_SEED);
    let validation = indices.split_off(count - VALIDATION_IMAGES.min(count));
    (indices, validation)
}

/// Shuffle in place, the same for the same seed on every machine.
pub fn shuffle(indices: &mut [usize], seed: u64) {
    use chacha20::ChaCha12Rng;
    use rand::{SeedableRng, seq::SliceRandom};
    indices.shuffle(&mut ChaCha12Rng::seed_from_u64(seed));
}

fn default_folders() -> Vec<PathBuf> {
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

fn find(
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
        return Err(missing("not tried, because a folder was named".to_owned()));
    }
    match download(file.name) {
        Ok(bytes) => Ok((bytes, HOME_URL.to_owned())),
        Err(error) => Err(missing(error)),
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

/// Decompress a whole gzip file.
///
/// # Errors
/// [`DatasetError::Unreadable`] when it is truncated or not gzip.
pub fn gunzip(name: &str, bytes: &[u8]) -> Result<Vec<u8>, DatasetError> {
    let mut content = Vec::new();
    GzDecoder::new(bytes)
        .read_to_end(&mut content)
        .map_err(|source| DatasetError::Unreadable {
            file: name.to_owned(),
            source,
        })?;
    Ok(content)
}

/// sha256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string");
            text
        })
}

fn check_sum(file: &SourceFile, bytes: &[u8]) -> Result<(), DatasetError> {
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

/// Parse an IDX file of 28x28 `u8` images.
///
/// **Source**: the IDX format, <http://yann.lecun.com/exdb/mnist/>: big-endian magic 0x00000803,
/// then the number of images, rows and columns.
///
/// # Errors
/// [`DatasetError`] naming `name` for a wrong magic number, size or length.
///
/// # Panics
/// Never: chunks have as many pixels as a picture.
pub fn parse_images(name: &str, bytes: &[u8]) -> Result<Vec<GrayImage>, DatasetError> {
    let [count, rows, columns] = header::<3>(name, bytes, 0x0803)?;
    if (rows, columns) != (SIDE, SIDE) {
        let problem = format!("images are {rows}x{columns}, expected {SIDE}x{SIDE}");
        return Err(DatasetError::Content {
            file: name.to_owned(),
            problem,
        });
    }
    let pixels = body(name, bytes, 16, count, PIXELS)?;
    Ok(pixels
        .chunks_exact(PIXELS)
        .map(|pixels| GrayImage::from_pixels(pixels).expect("a chunk of 784 pixels"))
        .collect())
}

/// Parse an IDX file of `u8` labels.
///
/// # Errors
/// [`DatasetError`] naming `name` for a wrong magic number or length, or a label above 9.
pub fn parse_labels(name: &str, bytes: &[u8]) -> Result<Vec<Label>, DatasetError> {
    let [count] = header::<1>(name, bytes, 0x0801)?;
    body(name, bytes, 8, count, 1)?
        .iter()
        .map(|&label| {
            Label::try_from(label).map_err(|problem| DatasetError::Content {
                file: name.to_owned(),
                problem,
            })
        })
        .collect()
}

fn header<const N: usize>(
    name: &str,
    bytes: &[u8],
    magic: u32,
) -> Result<[usize; N], DatasetError> {
    let word = |index: usize| {
        bytes
            .get(index * 4..index * 4 + 4)
            .map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
            .ok_or_else(|| DatasetError::Length {
                file: name.to_owned(),
                expected: 4 + N * 4,
                found: bytes.len(),
            })
    };
    let found = word(0)?;
    if found != magic {
        return Err(DatasetError::Magic {
            file: name.to_owned(),
            expected: magic,
            found,
        });
    }
    let mut fields = [0; N];
    for (index, field) in fields.iter_mut().enumerate() {
        *field = word(index + 1)? as usize;
    }
    Ok(fields)
}

fn body<'a>(
    name: &str,
    bytes: &'a [u8],
    start: usize,
    count: usize,
    item: usize,
) -> Result<&'a [u8], DatasetError> {
    let expected = count.saturating_mul(item).saturating_add(start);
    if bytes.len() != expected {
        return Err(DatasetError::Length {
            file: name.to_owned(),
            expected,
            found: bytes.len(),
        });
    }
    Ok(&bytes[start..])
}
