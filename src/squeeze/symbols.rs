//! Codes as symbols: small codes are a symbol each, larger ones share it with their neighbors and say the rest in plain
//! bits, so that a table of frequencies stays short at any number of bits.
//!
//! A symbol is a sign and a class of magnitudes: 0 is the code zero, `2k - 1` the positive codes of class `k`, `2k` the
//! negative ones. Below 8 a class is one magnitude; from there on each power of two has four classes. Of 16 bits, where
//! codes are half precision numbers, a class is an exponent.

use super::coded::largest_code;
use super::error::SqueezeError;
use super::rans::{BitList, Decoder, Encoder, Part, SHARE_BITS};
use super::setting::AS_TRAINED_BITS;

/// Bits of a half precision number behind its exponent.
const MANTISSA_BITS: u32 = 10;
/// Classes of half precision numbers: finite exponents.
const EXPONENTS: u32 = 31;
/// Parts that all symbols of a table take together; the others stay free, so that no symbol takes no space.
const SHARES: u32 = (1 << SHARE_BITS) - 8;
/// More weights than a byte can hold when a symbol takes at most [`SHARES`].
pub(super) const MOST_WEIGHTS_IN_A_BYTE: usize = 3000;
/// The largest level of a symbol: of 2^28 weights.
const MOST_LEVEL: u32 = 57;

/// How many symbols there are at so many bits.
fn symbols(bits: u8) -> usize {
    let classes = match bits {
        AS_TRAINED_BITS => EXPONENTS,
        _ => class(largest_code(bits) as u32).0,
    };
    1 + 2 * classes as usize
}

/// The class of a magnitude above zero, and how many plain bits follow.
fn class(magnitude: u32) -> (u32, u32) {
    if magnitude < 8 {
        return (magnitude, 0);
    }
    let log = magnitude.ilog2();
    let plain = log - 2;
    (4 * log - 8 + (magnitude >> plain), plain)
}

/// The smallest magnitude of a class, and how many plain bits follow: the inverse of [`class`].
fn least_of(class: u32) -> (u32, u32) {
    if class < 8 {
        return (class, 0);
    }
    let plain = class / 4 - 1;
    ((4 + class % 4) << plain, plain)
}

/// The symbol of a code, the plain bits behind it, and how many they are.
fn split(code: i16, bits: u8) -> (usize, u32, u32) {
    if code == 0 {
        return (0, 0, 0);
    }
    let (class, magnitude, plain) = if bits == AS_TRAINED_BITS {
        let magnitude = u32::from(code as u16 & 0x7fff);
        (1 + (magnitude >> MANTISSA_BITS), magnitude, MANTISSA_BITS)
    } else {
        let magnitude = u32::from(code.unsigned_abs());
        let (class, plain) = class(magnitude);
        (class, magnitude, plain)
    };
    let symbol = 2 * class - u32::from(code > 0);
    (symbol as usize, magnitude & ((1 << plain) - 1), plain)
}

/// The code of smallest magnitude that a symbol stands for, and how many plain bits follow.
fn least_code(symbol: usize, bits: u8) -> (u32, bool, u32) {
    let class = symbol.div_ceil(2) as u32;
    let negative = symbol > 0 && symbol.is_multiple_of(2);
    let (least, plain) = match bits {
        AS_TRAINED_BITS if symbol > 0 => ((class - 1) << MANTISSA_BITS, MANTISSA_BITS),
        _ => least_of(class),
    };
    (least, negative, plain)
}

/// How often each symbol occurs, in steps of about half an octave, and the parts that follow from it.
#[derive(Debug)]
pub(super) struct Table {
    bits: u8,
    levels: Vec<u32>,
    parts: Vec<Part>,
}

/// What a level stands for: 0, 2, 3, 4, 6, 8, 12 and so on, twice a number of weights.
fn weight(level: u32) -> u64 {
    match level {
        0 => 0,
        _ => u64::from(2 + (level - 1) % 2) << ((level - 1) / 2),
    }
}

impl Table {
    /// Count the symbols of codes, of which there is at least one.
    pub(super) fn of_codes(codes: &[i16], bits: u8) -> Self {
        let mut counts = vec![0_u64; symbols(bits)];
        for code in codes {
            counts[split(*code, bits).0] += 1;
        }
        let level = |count: &u64| match count {
            0 => 0,
            _ => (1..MOST_LEVEL)
                .find(|level| 4 * count < weight(*level) + weight(level + 1))
                .unwrap_or(MOST_LEVEL),
        };
        Self::of_levels(counts.iter().map(level).collect(), bits)
    }

    /// Every symbol that occurs takes at least one part; the most frequent takes what rounding leaves.
    fn of_levels(levels: Vec<u32>, bits: u8) -> Self {
        let all: u64 = levels.iter().map(|level| weight(*level)).sum();
        let share = |level: &u32| match level {
            0 => 0,
            _ => (weight(*level) * u64::from(SHARES) / all).max(1) as u32,
        };
        let mut shares: Vec<u32> = levels.iter().map(share).collect();
        // With at most 63 symbols, what those that are raised to one part take too much is less than the largest has.
        let taken: u32 = shares.iter().sum();
        if let Some(largest) = shares.iter_mut().max() {
            *largest = *largest + SHARES - taken;
        }
        let mut start = 0;
        let parts = shares.iter().map(|share| {
            let part = Part {
                start,
                share: *share,
            };
            start += share;
            part
        });
        Self {
            bits,
            parts: parts.collect(),
            levels,
        }
    }

    /// Append the levels: the first in 6 bits; then how much each positive one is below that of the class before, and
    /// each negative one below the positive one.
    pub(super) fn write(&self, list: &mut BitList) {
        list.push(self.levels[0], 6);
        for symbol in 1..self.levels.len() {
            let below = i64::from(predicted(&self.levels, symbol)) - i64::from(self.levels[symbol]);
            let number = ((below << 1) ^ (below >> 63)) as u32;
            for _ in 0..number / 2 {
                list.push(1, 1);
            }
            list.push(0, 1);
            list.push(number % 2, 1);
        }
    }

    /// Read levels.
    pub(super) fn read(decoder: &mut Decoder<'_>, bits: u8) -> Result<Self, SqueezeError> {
        let refuse = || SqueezeError::Codes("have frequencies that are none");
        let mut levels = vec![decoder.bits(6)?];
        for symbol in 1..symbols(bits) {
            let mut number = 0;
            while decoder.bits(1)? == 1 {
                number += 2;
                if number > 4 * MOST_LEVEL {
                    return Err(refuse());
                }
            }
            number += decoder.bits(1)?;
            let below = (number >> 1) as i32 ^ -((number & 1) as i32);
            let level = predicted(&levels, symbol) as i32 - below;
            levels.push(u32::try_from(level).map_err(|_| refuse())?);
        }
        if levels.iter().any(|level| *level > MOST_LEVEL) || levels.iter().all(|level| *level == 0)
        {
            return Err(refuse());
        }
        Ok(Self::of_levels(levels, bits))
    }

    /// Write codes, the last first.
    pub(super) fn write_codes(&self, codes: &[i16], encoder: &mut Encoder) {
        for code in codes.iter().rev() {
            let (symbol, rest, plain) = split(*code, self.bits);
            if plain > 0 {
                encoder.write_bits(rest, plain);
            }
            encoder.write(self.parts[symbol]);
        }
    }

    /// Read codes.
    pub(super) fn read_codes(
        &self,
        decoder: &mut Decoder<'_>,
        count: usize,
    ) -> Result<Vec<i16>, SqueezeError> {
        let refuse = || SqueezeError::Codes("hold a code that is none");
        // The symbol of each part; a symbol beyond the last for those that are free.
        let mut symbols = vec![u8::MAX; 1 << SHARE_BITS];
        for (symbol, part) in self.parts.iter().enumerate() {
            symbols[part.start as usize..][..part.share as usize].fill(symbol as u8);
        }
        let mut codes = Vec::with_capacity(count);
        for _ in 0..count {
            let symbol = usize::from(symbols[decoder.peek() as usize]);
            decoder.skip(*self.parts.get(symbol).ok_or_else(refuse)?)?;
            let (least, negative, plain) = least_code(symbol, self.bits);
            let magnitude = match plain {
                0 => least,
                _ => least | decoder.bits(plain)?,
            };
            if magnitude == 0 && symbol > 0 {
                return Err(refuse());
            }
            codes.push(match (negative, self.bits) {
                (false, _) => magnitude as i16,
                (true, AS_TRAINED_BITS) => (magnitude | 0x8000) as i16,
                (true, _) => -(magnitude as i16),
            });
        }
        Ok(codes)
    }
}

fn predicted(levels: &[u32], symbol: usize) -> u32 {
    let before = match symbol % 2 {
        0 => symbol - 1,
        _ => symbol.saturating_sub(2),
    };
    levels[before]
}

#[cfg(test)]
mod tests {
    use super::{MOST_WEIGHTS_IN_A_BYTE, SHARES, Table, least_code, split, symbols};
    use crate::squeeze::rans::{Encoder, SHARE_BITS};
    use crate::squeeze::{AS_TRAINED_BITS, BITS};

    #[test]
    fn every_code_has_one_symbol_and_comes_back() {
        for bits in BITS {
            let most = if bits == AS_TRAINED_BITS {
                0x7bff
            } else {
                (1 << (bits - 1)) - 1
            };
            for magnitude in 1..=most {
                let minus = match bits {
                    AS_TRAINED_BITS => (magnitude as u16 | 0x8000) as i16,
                    _ => -magnitude,
                };
                for (code, sign) in [(magnitude, false), (minus, true)] {
                    let (symbol, rest, plain) = split(code, bits);
                    assert!(symbol < symbols(bits), "{bits} {code}");
                    let (least, negative, of_least) = least_code(symbol, bits);
                    assert_eq!((negative, of_least), (sign, plain), "{bits} {code}");
                    assert_eq!(least | rest, u32::from(magnitude as u16), "{bits} {code}");
                }
            }
        }
    }

    #[test]
    fn parts_fill_the_whole_and_a_weight_always_takes_space() {
        for codes in [
            vec![0_i16],
            vec![1; 100_000],
            (-7..=7).collect(),
            [vec![0; 1 << 20], (1..=7).collect()].concat(),
        ] {
            let table = Table::of_codes(&codes, 4);
            let sum: u32 = table.parts.iter().map(|part| part.share).sum();
            assert_eq!(sum, SHARES);
            let mut encoder = Encoder::default();
            table.write_codes(&codes, &mut encoder);
            assert!(encoder.finish().len() * MOST_WEIGHTS_IN_A_BYTE > codes.len());
        }
        const { assert!(SHARES < 1 << SHARE_BITS) };
    }
}
