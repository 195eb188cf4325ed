//! Lossless encoding of scales and offsets, which drops the bits that all of them leave zero. Rounding is done before: in
//! training, by `squeezing` or by `digits`.

use super::error::SqueezeError;
use super::rans::{BitList, Decoder};
use half::f16;

/// Bits of a half precision number behind its exponent.
const MANTISSA_BITS: u32 = 10;
/// The width that says that offsets are half precision numbers as they are.
const PLAIN: u32 = 15;
/// The smallest half precision number is two to the power of minus this.
const SMALLEST: i32 = 24;

/// Append scales: the bits of a half precision number without its sign are, as an integer, close to its logarithm, so
/// what is written are steps above the smallest, without the digits that all lack.
pub(super) fn write_scales(scales: &[f16], list: &mut BitList) {
    let magnitudes: Vec<u32> = scales
        .iter()
        .map(|s| u32::from(s.to_bits() & 0x7fff))
        .collect();
    let any = magnitudes.iter().fold(0, |any, m| any | m);
    let lacking = any.trailing_zeros().min(MANTISSA_BITS);
    let least = magnitudes.iter().min().map_or(0, |least| least >> lacking);
    let above = |magnitude: &u32| (magnitude >> lacking) - least;
    let most = magnitudes.iter().map(above).max().unwrap_or_default();
    let width = u32::BITS - most.leading_zeros();
    let is_signed = scales.iter().any(|scale| scale.is_sign_negative());
    list.push(lacking, 4);
    list.push(least, 15 - lacking);
    list.push(width, 4);
    list.push(u32::from(is_signed), 1);
    for (scale, magnitude) in scales.iter().zip(&magnitudes) {
        list.push(above(magnitude), width);
        if is_signed {
            list.push(u32::from(scale.is_sign_negative()), 1);
        }
    }
}

/// Read so many scales.
pub(super) fn read_scales(
    decoder: &mut Decoder<'_>,
    count: usize,
) -> Result<Vec<f16>, SqueezeError> {
    let part = "a scale";
    let lacking = decoder.bits(4)?;
    if lacking > MANTISSA_BITS {
        return Err(SqueezeError::content(
            "the lacking digits of the scales",
            &lacking,
            &"0 to 10",
        ));
    }
    let least = decoder.bits(15 - lacking)?;
    let width = decoder.bits(4)?;
    let is_signed = decoder.bits(1)? == 1;
    let scale = |_| {
        let magnitude = (least + decoder.bits(width)?) << lacking;
        let sign = if is_signed { decoder.bits(1)? } else { 0 };
        let bits = u16::try_from(magnitude).map_err(|_| infinite(part))?;
        finite(f16::from_bits(bits | (sign as u16) << 15), part)
    };
    (0..count).map(scale).collect()
}

/// Append offsets: multiples of a power of two that they share, or half precision numbers when those are shorter.
pub(super) fn write_offsets(offsets: &[f16], list: &mut BitList) {
    // Multiples of the smallest half precision number: integers below 2^41.
    let numbers: Vec<i64> = offsets
        .iter()
        .map(|o| (o.to_f64() * f64::from(1 << SMALLEST)) as i64)
        .collect();
    let any = numbers.iter().fold(0, |any, n| any | n.unsigned_abs());
    let shift = any.trailing_zeros().min(41);
    let width = u64::BITS - (any >> shift).leading_zeros();
    if width >= PLAIN {
        list.push(PLAIN, 4);
        for offset in offsets {
            list.push(offset.to_bits().into(), 16);
        }
        return;
    }
    list.push(width, 4);
    list.push(shift, 6);
    for number in numbers {
        list.push((number >> shift) as u32 & ((2 << width) - 1), width + 1);
    }
}

/// Read so many offsets.
pub(super) fn read_offsets(
    decoder: &mut Decoder<'_>,
    count: usize,
) -> Result<Vec<f16>, SqueezeError> {
    let part = "an offset";
    let width = decoder.bits(4)?;
    if width == PLAIN {
        let offset = |_| finite(f16::from_bits(decoder.bits(16)? as u16), part);
        return (0..count).map(offset).collect();
    }
    let unit = (1_u64 << decoder.bits(6)?) as f64 / f64::from(1 << SMALLEST);
    let offset = |_| {
        let number = decoder.bits(width + 1)? as i32;
        let number = number - ((number >> width) << (width + 1));
        finite(f16::from_f64(f64::from(number) * unit), part)
    };
    (0..count).map(offset).collect()
}

fn finite(half: f16, part: &'static str) -> Result<f16, SqueezeError> {
    if half.is_finite() {
        Ok(half)
    } else {
        Err(infinite(part))
    }
}

fn infinite(part: &'static str) -> SqueezeError {
    SqueezeError::content(part, &"beyond half precision", &"a finite number")
}
