//! From the first bytes of an image file to its size in pixels, and whether its last bytes are there.
//!
//! The decoders learn the size too, but some after they have asked for memory, and the JPEG decoder fills what is
//! missing with gray. What is refused here costs nothing.

use super::error::DecodeError;
use image::ImageFormat;

/// What a file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Read the header of a file in one of the five formats.
///
/// # Errors
/// [`DecodeError::EndsEarly`] when a part is missing, as far as this can be seen without decoding;
/// [`DecodeError::Unknown`] for any other format.
pub fn read(format: ImageFormat, bytes: &[u8]) -> Result<Header, DecodeError> {
    let found = match format {
        ImageFormat::Png => png(bytes),
        ImageFormat::Jpeg => jpeg(bytes),
        ImageFormat::Gif => gif(bytes),
        ImageFormat::WebP => webp(bytes),
        ImageFormat::Bmp => bmp(bytes),
        _ => return Err(DecodeError::Unknown),
    };
    found.ok_or(DecodeError::EndsEarly)
}

/// `N` bytes from `at`; none when the file ends before.
fn take<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    take(bytes, at).map(u16::from_be_bytes).map(u32::from)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    take(bytes, at).map(u16::from_le_bytes).map(u32::from)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    take(bytes, at).map(u32::from_le_bytes)
}

/// **Source**: PNG, third edition, section 11.2.1: the IHDR chunk is the first.
fn png(bytes: &[u8]) -> Option<Header> {
    Some(Header {
        width: take(bytes, 16).map(u32::from_be_bytes)?,
        height: take(bytes, 20).map(u32::from_be_bytes)?,
    })
}

/// **Source**: `GIF89a` specification, section 18: the logical screen descriptor.
fn gif(bytes: &[u8]) -> Option<Header> {
    Some(Header {
        width: le16(bytes, 6)?,
        height: le16(bytes, 8)?,
    })
}

/// **Source**: Microsoft's BITMAPCOREHEADER (12 bytes) and BITMAPINFOHEADER; a negative height is a file from top
/// to bottom.
fn bmp(bytes: &[u8]) -> Option<Header> {
    if le32(bytes, 14)? == 12 {
        return Some(Header {
            width: le16(bytes, 18)?,
            height: le16(bytes, 20)?,
        });
    }
    Some(Header {
        width: le32(bytes, 18)?.cast_signed().unsigned_abs(),
        height: le32(bytes, 22)?.cast_signed().unsigned_abs(),
    })
}

/// **Source**: RFC 9649, sections 2.4 to 2.7. The file's length stands in its first chunk.
fn webp(bytes: &[u8]) -> Option<Header> {
    let length = le32(bytes, 4)? as usize;
    if bytes.len() - 8 < length {
        return None;
    }
    let (width, height) = match &take::<4>(bytes, 12)? {
        b"VP8X" => {
            let least24 = |at| le32(bytes, at).map(|n| (n & 0xff_ffff) + 1);
            (least24(24)?, least24(27)?)
        }
        b"VP8L" => {
            let packed = le32(bytes, 21)?;
            ((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1)
        }
        _ => (le16(bytes, 26)? & 0x3fff, le16(bytes, 28)? & 0x3fff),
    };
    Some(Header { width, height })
}

/// **Source**: ITU-T T.81, annex B: segments with a length, of which a frame header (SOF) has the size, up to a scan,
/// whose bytes never hold the end marker.
fn jpeg(bytes: &[u8]) -> Option<Header> {
    let mut at = 2;
    let mut header = None;
    loop {
        let [first, marker] = take(bytes, at)?;
        let length = match marker {
            _ if first != 0xff => 0,
            // A fill byte: the marker comes later.
            0xff => 0,
            // A scan begins.
            0xda => break,
            // Markers that stand alone.
            0x00 | 0x01 | 0xd0..=0xd9 => 1,
            // Every frame header; DHT, JPG and DAC lie between them.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                header = Some(Header {
                    height: be16(bytes, at + 5)?,
                    width: be16(bytes, at + 7)?,
                });
                1 + be16(bytes, at + 2)? as usize
            }
            _ => 1 + be16(bytes, at + 2)? as usize,
        };
        at += 1 + length;
    }
    let scan = &bytes[at..];
    let ended = scan.windows(2).any(|pair| pair == [0xff, 0xd9]);
    header.filter(|_| ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a file in each format.
    fn start(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
        let [w16, h16] = [width, height].map(|n| (n as u16).to_le_bytes());
        match format {
            ImageFormat::Png => {
                put(16, &width.to_be_bytes());
                put(20, &height.to_be_bytes());
            }
            ImageFormat::Gif => {
                put(6, &w16);
                put(8, &h16);
            }
            ImageFormat::Bmp => {
                put(14, &40_u32.to_le_bytes());
                put(18, &width.to_le_bytes());
                put(22, &height.wrapping_neg().to_le_bytes());
            }
            ImageFormat::WebP => {
                put(12, b"VP8X");
                put(24, &(width - 1).to_le_bytes()[..3]);
                put(27, &(height - 1).to_le_bytes()[..3]);
            }
            _ => {
                // An application segment that holds a small picture with an end of its own, then fill bytes.
                put(0, &[0xff, 0xd8, 0xff, 0xe1, 0, 6, 0xff, 0xd9, 0, 0]);
                put(10, &[0xff, 0xff, 0xff, 0xc2, 0, 11, 8]);
                put(17, &(height as u16).to_be_bytes());
                put(19, &(width as u16).to_be_bytes());
                put(25, &[0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
            }
        }
        bytes
    }

    #[test]
    fn every_format_says_its_size() {
        for format in [
            ImageFormat::Png,
            ImageFormat::Jpeg,
            ImageFormat::Gif,
            ImageFormat::WebP,
            ImageFormat::Bmp,
        ] {
            let (width, height) = (60_000, 123);
            let bytes = start(format, width, height);
            let expected = Ok(Header { width, height });
            assert_eq!(read(format, &bytes), expected, "{format:?}");
            for length in 0..10 {
                let cut = read(format, &bytes[..length]);
                assert_eq!(cut, Err(DecodeError::EndsEarly), "{format:?}: {length}");
            }
        }
        assert_eq!(read(ImageFormat::Tiff, &[0; 64]), Err(DecodeError::Unknown));
    }

    #[test]
    fn the_other_forms_of_webp_and_bmp_too() {
        let expected = Ok(Header {
            width: 300,
            height: 200,
        });
        let mut lossless = vec![0; 64];
        lossless[12..16].copy_from_slice(b"VP8L");
        lossless[21..25].copy_from_slice(&(0x12b_u32 | 0xc7 << 14).to_le_bytes());
        assert_eq!(read(ImageFormat::WebP, &lossless), expected);
        let mut lossy = vec![0; 64];
        lossy[12..16].copy_from_slice(b"VP8 ");
        lossy[26..28].copy_from_slice(&300_u16.to_le_bytes());
        lossy[28..30].copy_from_slice(&200_u16.to_le_bytes());
        assert_eq!(read(ImageFormat::WebP, &lossy), expected);
        let mut core = vec![0; 64];
        core[14] = 12;
        core[18..20].copy_from_slice(&300_u16.to_le_bytes());
        core[20..22].copy_from_slice(&200_u16.to_le_bytes());
        assert_eq!(read(ImageFormat::Bmp, &core), expected);
    }

    #[test]
    fn any_bytes_are_read_without_a_fault() {
        let mut state = 1_u32;
        for round in 0..20_000 {
            let mut bytes = start(ImageFormat::Jpeg, 100, 100);
            for _ in 0..4 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                bytes[(state >> 8) as usize % 64] = (state >> 24) as u8;
            }
            bytes.truncate(round % 65);
            for format in [
                ImageFormat::Png,
                ImageFormat::Jpeg,
                ImageFormat::Gif,
                ImageFormat::WebP,
                ImageFormat::Bmp,
            ] {
                let _ = read(format, &bytes);
            }
        }
    }
}
