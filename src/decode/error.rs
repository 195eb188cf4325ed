//! The limits of image files, and why one is refused.

/// Largest file, in bytes; a photo of `MOST_PIXELS` is smaller in every format but BMP.
pub const MOST_FILE_BYTES: u64 = 32_000_000;
/// Largest width and height, in pixels.
pub(super) const MOST_SIDE: u32 = 10_000;
/// Most pixels: room for a 24-megapixel photo.
pub(super) const MOST_PIXELS: u64 = 25_000_000;

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
    /// More bytes than are decoded.
    #[error("The file has {:.1} MB, and the largest that can be read has {} MB. Save the picture smaller, or as JPEG.",
        *size_bytes as f64 / 1e6, MOST_FILE_BYTES / 1_000_000)]
    TooManyBytes {
        /// Length of the file.
        size_bytes: u64,
    },
    /// More pixels than are decoded.
    #[error("The picture has {width} x {height} pixels, and the largest that can be read has {} megapixels and {MOST_SIDE} pixels a side. Make it smaller.",
        MOST_PIXELS / 1_000_000)]
    TooLarge {
        /// Width from the header.
        width: u32,
        /// Height from the header.
        height: u32,
    },
    /// The last part is missing.
    #[error(
        "The file ends too early: a part of the picture is missing. Save or download it again, or choose another."
    )]
    EndsEarly,
    /// The decoder met an error.
    #[error("The picture is damaged ({0}). Save it again or choose another.")]
    Damaged(String),
}
