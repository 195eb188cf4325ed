//! From packed bytes back to codes: the inverse of `pack`. Nothing in the bytes is believed.

use super::bits::{BitReader, ByteReader, bytes_of};
use super::coded::{CodedMatrix, CodedNetwork, MOST_EXPONENT, largest_code};
use super::error::SqueezeError;
use super::layers::{self, Weighted, weighted};
use super::pack::{HOLES, MAGIC, NO_OFFSETS, ONE_SCALE, VERSION, bits_without_zero};
use super::setting::{AS_TRAINED_BITS, Scale, Setting};
use half::f16;

/// Read packed bytes. Layers are named by their position.
///
/// # Errors
/// [`SqueezeError`] saying what is wrong where; no bytes make this panic or take memory that they do not account for.
pub fn unpack(bytes: &[u8]) -> Result<CodedNetwork, SqueezeError> {
    let mut bytes = ByteReader::new(bytes);
    let magic = bytes.take(MAGIC.len(), "the first four bytes")?;
    if magic != MAGIC {
        let found = format!("{magic:?}");
        return Err(SqueezeError::content(
            "the first four bytes",
            &found,
            &"THRD",
        ));
    }
    let version = bytes.byte("the version")?;
    if version != VERSION {
        return Err(SqueezeError::content("the version", &version, &VERSION));
    }
    let setting = read_setting(&mut bytes)?;
    let layers = layers::read(&mut bytes)?;
    let matrices = layers.iter().filter_map(weighted);
    let matrices = matrices
        .map(|layer| read_matrix(&mut bytes, &layer, setting.bits()))
        .collect::<Result<_, _>>()?;
    match bytes.left() {
        0 => Ok(CodedNetwork {
            setting,
            layers,
            matrices,
        }),
        left => Err(SqueezeError::content(
            "what follows the codes",
            &format!("{left} bytes"),
            &"nothing",
        )),
    }
}

fn read_setting(bytes: &mut ByteReader<'_>) -> Result<Setting, SqueezeError> {
    let [bits, cut] = [bytes.byte("the bits")?, bytes.byte("the cut")?];
    let scale = match bytes.byte("what shares a scale")? {
        0 => Scale::Channel,
        1 => Scale::Layer,
        other => {
            return Err(SqueezeError::content(
                "what shares a scale",
                &other,
                &"0 or 1",
            ));
        }
    };
    Setting::new(bits, cut, scale)
}

fn read_matrix(
    bytes: &mut ByteReader<'_>,
    layer: &Weighted<'_>,
    bits: u8,
) -> Result<CodedMatrix, SqueezeError> {
    let Weighted { rows, columns, .. } = *layer;
    let form = bytes.byte("a layer's form")?;
    if form > (HOLES | ONE_SCALE | NO_OFFSETS) || (form & ONE_SCALE != 0 && rows == 1) {
        return Err(SqueezeError::content(
            "a layer's form",
            &form,
            &"three flags",
        ));
    }
    let exponent = bytes.byte("an exponent")? as i8;
    if i32::from(exponent).abs() > MOST_EXPONENT {
        return Err(SqueezeError::content(
            "an exponent",
            &exponent,
            &"-100 to 100",
        ));
    }
    let scales = if form & ONE_SCALE != 0 { 1 } else { rows };
    let scales = bytes.halves(scales, "the scales")?;
    let offsets = if form & NO_OFFSETS != 0 { 0 } else { rows };
    let offsets = bytes.halves(offsets, "the offsets")?;
    // A layer has fewer than 2^20 rows and, with nine weights for each input, than 2^24 columns.
    let weights = rows.checked_mul(columns).filter(|n| *n / 8 <= bytes.left());
    let weights = weights.ok_or(SqueezeError::End {
        end: bytes.left(),
        part: "the codes",
    })?;
    let codes = if form & HOLES != 0 {
        read_holes(bytes, weights, bits)?
    } else {
        let stored = bytes.take(bytes_of(weights, bits.into()), "the codes")?;
        read_codes(stored, weights, bits.into(), |stored| {
            with_zero(stored, bits)
        })?
    };
    Ok(CodedMatrix {
        rows,
        columns,
        codes,
        exponent,
        scales,
        offsets,
    })
}

fn read_holes(
    bytes: &mut ByteReader<'_>,
    weights: usize,
    bits: u8,
) -> Result<Vec<i16>, SqueezeError> {
    let list = bytes.take(bytes_of(weights, 1), "the list of holes")?;
    let mut codes = read_codes(list, weights, 1, |bit| Some(bit as i16))?;
    let count = codes.iter().filter(|code| **code != 0).count();
    let each = bits_without_zero(bits);
    let threads = bytes.take(bytes_of(count, each), "the codes")?;
    let mut threads =
        read_codes(threads, count, each, |stored| without_zero(stored, bits))?.into_iter();
    for code in codes.iter_mut().filter(|code| **code != 0) {
        *code = threads.next().unwrap_or_default();
    }
    Ok(codes)
}

fn read_codes(
    bytes: &[u8],
    count: usize,
    bits: u32,
    code: impl Fn(u16) -> Option<i16>,
) -> Result<Vec<i16>, SqueezeError> {
    let mut reader = BitReader::new(bytes);
    let mut codes = Vec::with_capacity(count);
    for _ in 0..count {
        let stored = reader.pull(bits);
        let refused =
            || SqueezeError::content("a code", &stored, &format!("a code of {bits} bits"));
        codes.push(code(stored).ok_or_else(refused)?);
    }
    if reader.rest_is_zero() {
        return Ok(codes);
    }
    let found = "something";
    Err(SqueezeError::content(
        "what follows the last code",
        &found,
        &"zeros",
    ))
}

fn with_zero(stored: u16, bits: u8) -> Option<i16> {
    if bits == AS_TRAINED_BITS {
        let half = f16::from_bits(stored);
        return (half.is_finite() && stored != f16::NEG_ZERO.to_bits()).then_some(stored as i16);
    }
    let code = stored as i16 - largest_code(bits);
    (code <= largest_code(bits)).then_some(code)
}

fn without_zero(stored: u16, bits: u8) -> Option<i16> {
    if bits == AS_TRAINED_BITS {
        return with_zero(stored, bits).filter(|code| *code != 0);
    }
    let below = stored as i16 - largest_code(bits);
    let code = if below < 0 { below } else { below + 1 };
    (code <= largest_code(bits)).then_some(code)
}
