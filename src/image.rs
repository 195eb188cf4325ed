//! The two kinds of picture: what a visitor gives ([`RgbaImage`]) and what a model sees ([`GrayImage`]).
//!
//! Pixels are `u8` in row-major order. `preprocess` makes the second from the first; the data set
//! and the tests enter at [`GrayImage`]. Decoding files is in `decode`.

use serde::{Deserialize, Serialize};

/// Width and height of a model's input, in pixels.
pub const SIDE: usize = 28;
/// Number of pixels of a model's input.
pub const PIXELS: usize = SIDE * SIDE;

/// A 28x28 picture as the data set has it: a light garment on black.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serde_bytes::ByteBuf", into = "serde_bytes::ByteBuf")]
pub struct GrayImage(Box<[u8; PIXELS]>);

impl GrayImage {
    /// Take 784 pixels in row-major order.
    ///
    /// # Errors
    /// A message with the found length when it is not 784.
    pub fn from_pixels(pixels: &[u8]) -> Result<Self, String> {
        let pixels: [u8; PIXELS] = pixels
            .try_into()
            .map_err(|_| format!("expected {PIXELS} pixels, got {}", pixels.len()))?;
        Ok(Self(Box::new(pixels)))
    }

    /// An all-black picture.
    pub fn black() -> Self {
        Self(Box::new([0; PIXELS]))
    }

    /// The pixels, row by row.
    pub fn pixels(&self) -> &[u8; PIXELS] {
        &self.0
    }

    /// The pixels, row by row, for writing.
    pub fn pixels_mut(&mut self) -> &mut [u8; PIXELS] {
        &mut self.0
    }

    /// The picture as opaque RGBA, for showing it.
    pub fn to_rgba(&self) -> RgbaImage {
        let pixels = self.0.iter().flat_map(|&v| [v, v, v, 255]).collect();
        RgbaImage {
            width: SIDE,
            height: SIDE,
            pixels,
        }
    }
}

impl TryFrom<serde_bytes::ByteBuf> for GrayImage {
    type Error = String;

    fn try_from(pixels: serde_bytes::ByteBuf) -> Result<Self, String> {
        Self::from_pixels(&pixels)
    }
}

impl From<GrayImage> for serde_bytes::ByteBuf {
    fn from(image: GrayImage) -> Self {
        Self::from(image.0.to_vec())
    }
}

/// A picture of any size with straight (not premultiplied) alpha, 4 bytes a pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RgbaImage {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl RgbaImage {
    /// Take `width * height * 4` bytes.
    ///
    /// # Errors
    /// A message with the expected and found length when they differ, or when a side is zero.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, String> {
        let expected = width.checked_mul(height).and_then(|n| n.checked_mul(4));
        if width == 0 || height == 0 || expected != Some(pixels.len()) {
            return Err(format!(
                "a {width}x{height} picture cannot have {} bytes",
                pixels.len()
            ));
        }
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// A picture of one color.
    ///
    /// # Panics
    /// When a side is zero.
    pub fn filled(width: usize, height: usize, color: [u8; 4]) -> Self {
        assert!(width > 0 && height > 0, "a picture has at least one pixel");
        Self {
            width,
            height,
            pixels: color.repeat(width * height),
        }
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All bytes, 4 a pixel, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// How light each pixel is on white paper, 0 to 255, row by row.
    ///
    /// **Source** of the weights: ITU-R BT.601.
    pub fn brightness_on_white(&self) -> Vec<u8> {
        let brightness = |pixel: &[u8]| {
            let [r, g, b, alpha] = [0, 1, 2, 3].map(|i| u32::from(pixel[i]));
            let gray = (299 * r + 587 * g + 114 * b) / 1000;
            ((gray * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        self.pixels.chunks_exact(4).map(brightness).collect()
    }

    /// Set the pixel at column `x` and row `y`.
    ///
    /// # Panics
    /// When the position lies outside.
    pub fn set(&mut self, x: usize, y: usize, color: [u8; 4]) {
        assert!(x < self.width && y < self.height, "({x}, {y}) lies outside");
        let at = (y * self.width + x) * 4;
        self.pixels[at..at + 4].copy_from_slice(&color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_transparent_is_white_paper() {
        let mut picture = RgbaImage::filled(4, 1, [0, 0, 0, 0]);
        picture.set(1, 0, [0, 0, 0, 255]);
        picture.set(2, 0, [0, 0, 0, 51]);
        picture.set(3, 0, [0, 255, 0, 255]);
        assert_eq!(picture.brightness_on_white(), [255, 0, 204, 149]);
    }

    #[test]
    fn sizes_are_checked() {
        assert!(
            GrayImage::from_pixels(&[0; 100])
                .unwrap_err()
                .contains("784")
        );
        assert!(RgbaImage::new(2, 2, vec![0; 15]).is_err());
        assert!(RgbaImage::new(0, 2, vec![]).is_err());
        assert!(RgbaImage::new(usize::MAX, 2, vec![]).is_err());
        assert_eq!(RgbaImage::filled(3, 2, [1, 2, 3, 4]).pixels().len(), 24);
    }
}
