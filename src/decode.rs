//! From the bytes of an image file to pixels, upright, within limits.
//!
//! Decoding happens in Rust rather than by a canvas, because privacy settings of some browsers
//! randomize pixels that are read back from one. Every refusal says what to do.

use crate::image::RgbaImage;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use std::io::Cursor;

/// Largest width and height, in pixels.
const MOST_SIDE: u32 = 10_000;
/// Most pixels: room for a 24-megapixel photo.
const MOST_PIXELS: u64 = 25_000_000;
/// Memory that a decoder may use, in bytes.
const MOST_BYTES: u64 = 256 << 20;

/// Why a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// There are no bytes.
    #[error("The file is empty. Choose another picture.")]
    Empty,
    /// A vector graphic.
    #[error(
        "SVG files hold drawing instructions, not pixels. Export the picture as PNG and try again."
    )]
    Svg,
    /// A format that no decoder here reads.
    #[error("This is not a picture that can be read here. Use PNG, JPEG, GIF, WebP or BMP.")]
    Unknown,
    /// More pixels than are decoded.
    #[error(
        "The picture is {width} x {height} pixels. Make it smaller than 25 megapixels and 10,000 pixels a side."
    )]
    TooLarge {
        /// Width from the header.
        width: u32,
        /// Height from the header.
        height: u32,
    },
    /// The decoder met an error.
    #[error("The picture is damaged or incomplete ({0}). Save it again or choose another.")]
    Damaged(String),
}

/// Decode a PNG, JPEG, GIF (first frame), WebP or BMP file and turn it upright.
///
/// # Errors
/// [`DecodeError`]; a picture that is too large is refused from its header alone.
pub fn decode(bytes: &[u8]) -> Result<RgbaImage, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|e| DecodeError::Damaged(e.to_string()))?;
    if reader.format().is_none() {
        return Err(if is_svg(bytes) {
            DecodeError::Svg
        } else {
            DecodeError::Unknown
        });
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(describe)?;
    let (width, height) = decoder.dimensions();
    if width > MOST_SIDE || height > MOST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS
    {
        return Err(DecodeError::TooLarge { width, height });
    }
    let orientation = decoder.orientation().map_err(describe)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(describe)?;
    picture.apply_orientation(orientation);
    let picture = picture.into_rgba8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    RgbaImage::new(width, height, picture.into_raw()).map_err(DecodeError::Damaged)
}

fn describe(error: ImageError) -> DecodeError {
    match error {
        ImageError::Unsupported(_) => DecodeError::Unknown,
        other => DecodeError::Damaged(other.to_string()),
    }
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    start.contains("<svg")
}
