//! QR codes that hold bytes: drawn from bytes, and read from a picture.
//!
//! The largest code, version 40 at the lowest error correction, holds [`MOST_BYTES`]. The callers know what the bytes mean.

use crate::image::RgbaImage;
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};
use rqrr::PreparedImage;

/// The bytes that the largest code holds.
pub const MOST_BYTES: usize = 2953;
/// Light squares that belong around a code.
///
/// **Source**: ISO/IEC 18004, section 6.3.8.
pub const QUIET_ZONE: usize = 4;
/// Fewer of every second row of pixels than this cross no finder pattern of a code that can be read: it is seven squares
/// high, of two pixels each.
const LEAST_ROWS: usize = 5;
/// The largest version of a code.
const MOST_VERSION: i16 = 40;

/// Why bytes cannot be drawn, or a code cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// There are too many bytes.
    #[error("{0} bytes do not fit into a QR code, which holds at most {MOST_BYTES}")]
    TooLong(usize),
    /// There is a code, but too much of it is wrong.
    #[error("the QR code cannot be read: {0}")]
    Unreadable(String),
}

/// A square of dark and light squares, without what is light around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    side: usize,
    dark: Vec<bool>,
}

impl Code {
    /// Draw bytes as the smallest code that holds them.
    ///
    /// # Errors
    /// [`QrError::TooLong`] for more than [`MOST_BYTES`].
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, QrError> {
        let code = (1..=MOST_VERSION).find_map(|version| of_version(bytes, version));
        let code = code.ok_or(QrError::TooLong(bytes.len()))?;
        Ok(Self {
            side: code.width(),
            dark: code
                .into_colors()
                .iter()
                .map(|c| *c == Color::Dark)
                .collect(),
        })
    }

    /// Squares on a side, without those around.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Whether a square is dark; those around a code are light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && y < self.side && self.dark[y * self.side + x]
    }

    /// The code as a picture with its quiet zone, `scale` pixels a square.
    ///
    /// # Panics
    /// When `scale` is 0.
    pub fn to_picture(&self, scale: usize) -> RgbaImage {
        let side = (self.side + 2 * QUIET_ZONE) * scale;
        let mut pixels = vec![255; side * side * 4];
        for (i, pixel) in pixels.chunks_exact_mut(4).enumerate() {
            let square = |at: usize| (at / scale).checked_sub(QUIET_ZONE);
            if let (Some(x), Some(y)) = (square(i % side), square(i / side))
                && self.is_dark(x, y)
            {
                pixel[..3].fill(0);
            }
        }
        RgbaImage::new(side, side, pixels).expect("as many pixels as there are")
    }
}

/// A code of bytes alone: other ways to write some of them would be shorter, and not every reader takes them for bytes.
fn of_version(bytes: &[u8], version: i16) -> Option<QrCode> {
    let mut bits = Bits::new(Version::Normal(version));
    bits.push_byte_data(bytes).ok()?;
    bits.push_terminator(EcLevel::L).ok()?;
    QrCode::with_bits(bits, EcLevel::L).ok()
}

/// The bytes of the first code in a picture that can be read; none when there is no code.
///
/// Codes of every size are read at whole numbers of pixels a square, two and more; at two and a half or three and a half
/// most are not. Reading takes a tenth of a second and more,
/// so it is tried only where finder patterns are seen, which takes a few milliseconds.
///
/// # Errors
/// [`QrError::Unreadable`] when there are codes, none of which can be read.
pub fn read(picture: &RgbaImage) -> Result<Option<Vec<u8>>, QrError> {
    let (width, height) = (picture.width(), picture.height());
    let gray = picture.brightness_on_white();
    let rows = gray.chunks_exact(width).step_by(2);
    if rows.filter(|row| crosses_finder(row)).count() < LEAST_ROWS {
        return Ok(None);
    }
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width, height, |x, y| gray[y * width + x]);
    let mut unreadable = None;
    for grid in prepared.detect_grids() {
        let mut bytes = Vec::new();
        match grid.decode_to(&mut bytes) {
            Ok(_) => return Ok(Some(bytes)),
            Err(error) => unreadable = Some(QrError::Unreadable(error.to_string())),
        }
    }
    unreadable.map_or(Ok(None), Err)
}

/// Whether a row of pixels crosses a finder pattern: dark, light, dark, light and dark runs as 1 to 1 to 3 to 1 to 1.
///
/// Dark is what is 5 % darker than its surroundings.
///
/// **Source**: ISO/IEC 18004, section 6.3.3.1, and section 12 for the tolerance of half a square.
fn crosses_finder(row: &[u8]) -> bool {
    let reach = row.len() / 16;
    let mut sums = vec![0_u32];
    sums.extend(row.iter().scan(0, |sum, pixel| {
        *sum += u32::from(*pixel);
        Some(*sum)
    }));
    let is_dark = |x: usize| {
        let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(row.len()));
        u32::from(row[x]) * (to - from) as u32 * 20 < (sums[to] - sums[from]) * 19
    };
    let mut runs = [0; 5];
    let mut was_dark = false;
    for x in 0..row.len() {
        let now_dark = is_dark(x);
        if now_dark != was_dark {
            if was_dark && is_finder(runs) {
                return true;
            }
            runs.rotate_left(1);
            runs[4] = 0;
            was_dark = now_dark;
        }
        runs[4] += 1;
    }
    false
}

fn is_finder(runs: [usize; 5]) -> bool {
    let all: usize = runs.iter().sum();
    // In sevenths of a pixel, so that a square is `all`.
    let is_near = |(run, squares): (usize, usize)| {
        let expected = all * squares;
        (run * 7).abs_diff(expected) * 2 <= expected + 7
    };
    all >= 7 && runs.into_iter().zip([1, 1, 3, 1, 1]).all(is_near)
}

#[cfg(test)]
mod tests {
    use super::{Code, MOST_BYTES, QrError, read};
    use crate::image::RgbaImage;

    fn bytes(count: usize) -> Vec<u8> {
        (0..count).map(|i| (i * i * 31 % 253) as u8).collect()
    }

    #[test]
    fn what_is_drawn_is_read_at_every_size() {
        for count in [1, 20, 300, 1000, 2488, MOST_BYTES] {
            for scale in [2, 3, 4, 7] {
                let picture = Code::of_bytes(&bytes(count)).unwrap().to_picture(scale);
                assert_eq!(read(&picture), Ok(Some(bytes(count))), "{count} {scale}");
            }
        }
    }

    #[test]
    fn the_largest_code_has_177_squares_and_more_bytes_are_refused() {
        assert_eq!(Code::of_bytes(&bytes(MOST_BYTES)).unwrap().side(), 177);
        let refusal = Code::of_bytes(&bytes(MOST_BYTES + 1)).unwrap_err();
        assert_eq!(refusal, QrError::TooLong(2954));
        assert!(refusal.to_string().contains("2954 bytes"));
    }

    #[test]
    fn a_picture_without_a_code_has_none_and_a_spoiled_code_is_not_read() {
        let gray = RgbaImage::new(300, 200, vec![128; 300 * 200 * 4]).unwrap();
        assert_eq!(read(&gray), Ok(None));
        let narrow = RgbaImage::new(3000, 1, vec![0; 12_000]).unwrap();
        assert_eq!(read(&narrow), Ok(None));
        let large = RgbaImage::new(2048, 1500, vec![255; 2048 * 1500 * 4]).unwrap();
        assert_eq!(read(&large), Ok(None));
        let picture = Code::of_bytes(&bytes(1000)).unwrap().to_picture(4);
        let (side, mut pixels) = (picture.width(), picture.pixels().to_vec());
        // The middle third is painted over; finder patterns are in the corners.
        for y in side / 3..side * 2 / 3 {
            pixels[(y * side + side / 3) * 4..][..side / 3 * 4].fill(255);
        }
        let spoiled = RgbaImage::new(side, side, pixels).unwrap();
        assert!(matches!(
            read(&spoiled),
            Err(QrError::Unreadable(_)) | Ok(None)
        ));
    }
}
