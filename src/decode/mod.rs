//! From the bytes of an image file to pixels, upright, within limits.
//!
//! Decoding happens in Rust rather than by a canvas, because privacy settings of some browsers
//! randomize pixels that are read back from one. Every limit is checked before anything is decoded, on
//! what `header` finds. Every refusal says what to do. `tests/decode.rs` has a table of files.

pub mod error;
mod header;
pub mod offered;

pub use error::{DecodeError, MOST_FILE_BYTES};

use crate::image::RgbaImage;
use error::{MOST_PIXELS, MOST_SIDE};
use header::Header;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, imageops};
use std::error::Error;
use std::io::{self, Cursor};

/// Memory that a decoder may use, in bytes: 8 a pixel.
const MOST_MEMORY_BYTES: u64 = 8 * MOST_PIXELS + (32 << 20);
/// Longest side of the result, in pixels; what is larger takes four times the memory and shows a model no more.
const MOST_RESULT_SIDE: u32 = 2048;

/// Decode a PNG, JPEG, GIF (first frame), WebP or BMP file, turn it upright, and reduce it to at most 2,048 pixels a
/// side.
///
/// # Errors
/// [`DecodeError`]; what is too large is refused from its length and header alone.
pub fn decode(bytes: &[u8]) -> Result<RgbaImage, DecodeError> {
    let size_bytes = bytes.len() as u64;
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if size_bytes > MOST_FILE_BYTES {
        return Err(DecodeError::TooManyBytes { size_bytes });
    }
    let format = image::guess_format(bytes).map_err(|_| unknown(bytes))?;
    let Header { width, height } = header::read(format, bytes)?;
    if width > MOST_SIDE || height > MOST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS
    {
        return Err(DecodeError::TooLarge { width, height });
    }
    let describe = |error| match error {
        ImageError::Unsupported(_) => DecodeError::Unknown,
        ImageError::Limits(_) => DecodeError::TooLarge { width, height },
        other if ends_early(&other) => DecodeError::EndsEarly,
        other => DecodeError::Damaged(other.to_string()),
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(describe)?;
    let orientation = decoder.orientation().map_err(describe)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(describe)?;
    let mut picture = DynamicImage::ImageRgba8(reduce(picture));
    picture.apply_orientation(orientation);
    let picture = picture.into_rgba8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    RgbaImage::new(width, height, picture.into_raw()).map_err(DecodeError::Damaged)
}

/// Reduce a picture by area averaging to [`MOST_RESULT_SIDE`], if it is larger.
fn reduce(picture: DynamicImage) -> image::RgbaImage {
    let (width, height) = (picture.width(), picture.height());
    let longest = width.max(height);
    if longest <= MOST_RESULT_SIDE {
        return picture.into_rgba8();
    }
    let reduced =
        |side| (u64::from(side) * u64::from(MOST_RESULT_SIDE) / u64::from(longest)).max(1) as u32;
    imageops::thumbnail(&picture, reduced(width), reduced(height))
}

/// Whether a decoder met the end of the file.
fn ends_early(error: &ImageError) -> bool {
    if let ImageError::IoError(e) = error {
        return e.kind() == io::ErrorKind::UnexpectedEof;
    }
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.any(|cause| match cause.downcast_ref::<io::Error>() {
        Some(e) => e.kind() == io::ErrorKind::UnexpectedEof,
        // The GIF decoder has an error of its own, which cannot be named here.
        None => cause.to_string() == "Unexpected End of File",
    })
}

/// Why bytes that begin like no picture are refused.
fn unknown(bytes: &[u8]) -> DecodeError {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    if start.contains("<svg") {
        DecodeError::Svg
    } else {
        DecodeError::Unknown
    }
}
