//! IDX, the format of the data set's files, and the gzip that they are packed in.
//!
//! The page reads the test files with it too.

use super::error::DatasetError;
use crate::image::{GrayImage, PIXELS, SIDE};
use crate::label::Label;
use flate2::read::GzDecoder;
use std::io::Read;

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
