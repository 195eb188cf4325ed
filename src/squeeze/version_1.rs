//! Version 1 of packed bytes, which is read and no longer written.
//!
//! ```text
//! "THRD", version 1      4 + 1 bytes
//! bits, cut, scale       3 bytes: 2 to 8 or 16; percent; 0 one scale a channel, 1 one a layer
//! layers                 their number, then for each its kind and its channels
//! for each layer with weights, in order:
//!   form                 1 byte: bit 0 holes are listed, bit 1 one scale for all rows, bit 2 no offsets
//!   exponent             1 byte: a power of two for the scales, two's complement
//!   scales, offsets      f16 each
//!   codes                a code for each weight, of `bits` bits; or a bit for each weight, 0 for a hole, and a code for
//!                        each weight that is not zero, whichever is shorter. Each run of bits ends with its byte.
//! ```
//! A code `c` is stored as `c + 2^(bits - 1) - 1`. Where holes are listed, zero is no code, so those above it move down
//! by one; at 2 bits that leaves two codes of one bit. Codes of 16 bits are half precision numbers.

use super::bits::{BitReader, ByteReader, bytes_of};
use super::coded::{CodedMatrix, CodedNetwork, MOST_EXPONENT, largest_code};
use super::error::SqueezeError;
use super::layers::{MOST_CHANNELS, MOST_LAYERS, Weighted, weighted};
use super::setting::{AS_TRAINED_BITS, Setting};
use crate::layer::{Layer, name_by_kind};
use half::f16;

const CONV: u8 = 0;
const DEPTHWISE: u8 = 1;
const POINTWISE: u8 = 2;
const DENSE: u8 = 3;
const RELU: u8 = 4;
const MAX_POOL: u8 = 5;
const RESIDUAL_START: u8 = 6;
const RESIDUAL_ADD: u8 = 7;
const GLOBAL_AVERAGE_POOL: u8 = 8;

/// Bits of a matrix's form.
const HOLES: u8 = 1;
const ONE_SCALE: u8 = 2;
const NO_OFFSETS: u8 = 4;

/// Read what follows the setting.
pub(super) fn read(
    bytes: &mut ByteReader<'_>,
    setting: Setting,
) -> Result<CodedNetwork, SqueezeError> {
    let layers = read_layers(bytes)?;
    let matrices = layers.iter().filter_map(weighted);
    let matrices = matrices
        .map(|layer| read_matrix(bytes, &layer, setting.bits()))
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

/// Bits of a code where holes are listed, so that zero is none.
fn bits_without_zero(bits: u8) -> u32 {
    if bits == 2 { 1 } else { u32::from(bits) }
}

/// Read the list of layers; each layer with weights is named by its kind and number.
fn read_layers(bytes: &mut ByteReader<'_>) -> Result<Vec<Layer>, SqueezeError> {
    let count = read_number(bytes, "the number of layers", MOST_LAYERS)?;
    let layers = (0..count).map(|_| read_layer(bytes));
    let mut layers: Vec<Layer> = layers.collect::<Result<_, _>>()?;
    name_by_kind(&mut layers);
    Ok(layers)
}

fn read_layer(bytes: &mut ByteReader<'_>) -> Result<Layer, SqueezeError> {
    // It gets its name when all layers are known.
    let (name, bias) = (String::new(), true);
    let channels = |bytes: &mut ByteReader<'_>| {
        let number = |bytes: &mut ByteReader<'_>| {
            read_number(bytes, "a layer's number of channels", MOST_CHANNELS)
        };
        Ok::<_, SqueezeError>([number(bytes)?, number(bytes)?])
    };
    Ok(match bytes.byte("a layer's kind")? {
        CONV => Layer::Conv {
            name,
            channels: channels(bytes)?,
            bias,
        },
        DEPTHWISE => Layer::Depthwise {
            name,
            channels: read_number(bytes, "a layer's number of channels", MOST_CHANNELS)?,
            bias,
        },
        POINTWISE => Layer::Pointwise {
            name,
            channels: channels(bytes)?,
            bias,
        },
        DENSE => Layer::Dense {
            name,
            features: channels(bytes)?,
        },
        RELU => Layer::Relu,
        MAX_POOL => Layer::MaxPool,
        RESIDUAL_START => Layer::ResidualStart,
        RESIDUAL_ADD => Layer::ResidualAdd,
        GLOBAL_AVERAGE_POOL => Layer::GlobalAveragePool,
        other => {
            return Err(SqueezeError::content(
                "a layer's kind",
                &other,
                &format!("0 to {GLOBAL_AVERAGE_POOL}"),
            ));
        }
    })
}

fn read_number(
    bytes: &mut ByteReader<'_>,
    part: &'static str,
    most: usize,
) -> Result<usize, SqueezeError> {
    let mut number = 0;
    for shift in [0, 7, 14, 21] {
        let byte = bytes.byte(part)?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            // One number has one spelling.
            if (byte == 0 && shift > 0) || !(1..=most).contains(&number) {
                break;
            }
            return Ok(number);
        }
    }
    Err(SqueezeError::content(
        part,
        &number,
        &format!("1 to {most}"),
    ))
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
