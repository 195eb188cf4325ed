//! Why the data could not be read. `tests/dataset.rs` holds the errors to their messages.

/// Why the data could not be read; each message names the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// A file is not where it was looked for and could not be downloaded.
    #[error(
        "{file} was not found in {looked}{download}. \
         Install Debian's dataset-fashion-mnist, or put the four .gz files in a folder and pass --data FOLDER"
    )]
    Missing {
        /// File name.
        file: String,
        /// The folders that were searched.
        looked: String,
        /// Why it was not downloaded, from a comma on; empty when that was not to be tried.
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
