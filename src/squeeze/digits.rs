//! Scales and offsets with fewer binary digits, for a network that has to fit into so many bytes.

use super::coded::{CodedMatrix, CodedNetwork, MOST_EXPONENT, power_of_two};
use super::error::SqueezeError;
use super::pack::pack;
use half::f16;

/// Binary digits of a half precision number behind its first one.
const MOST_DIGITS: u32 = 10;

impl CodedNetwork {
    /// The packed bytes of the network with the most digits of scales and offsets with which they are at most
    /// `most_bytes`. Codes stay as they are.
    ///
    /// # Errors
    /// [`SqueezeError::TooLarge`] when it does not fit with powers of two for scales either.
    pub fn fit(&self, most_bytes: usize) -> Result<Vec<u8>, SqueezeError> {
        let mut least = usize::MAX;
        for digits in (0..=MOST_DIGITS).rev() {
            let packed = pack(&self.with_digits(digits));
            if packed.len() <= most_bytes {
                return Ok(packed);
            }
            least = least.min(packed.len());
        }
        Err(SqueezeError::TooLarge {
            least,
            most: most_bytes,
        })
    }

    /// Scales with so many binary digits behind the first one, 0 to 10, and offsets that are multiples of a
    /// `2^digits`th part of the largest power of two in their layer.
    fn with_digits(&self, digits: u32) -> Self {
        let matrices = self.matrices.iter().map(|matrix| {
            let scale = |scale: &f16| {
                let short = f16::from_f32(shortened(scale.to_f32(), digits));
                if short.is_finite() { short } else { *scale }
            };
            let mut offsets: Vec<f32> = matrix.offsets.iter().map(|o| o.to_f32()).collect();
            round_offsets(&mut offsets, digits);
            CodedMatrix {
                scales: matrix.scales.iter().map(scale).collect(),
                offsets: offsets.into_iter().map(f16::from_f32).collect(),
                ..matrix.clone()
            }
        });
        Self {
            setting: self.setting,
            layers: self.layers.clone(),
            matrices: matrices.collect(),
        }
    }
}

/// Binary digits of a single precision number behind its first one: with so many, nothing is rounded.
pub const ALL_DIGITS: u32 = f32::MANTISSA_DIGITS - 1;

/// The nearest number with so many binary digits behind its first one; the number itself where that is beyond `f32`.
///
/// The bits of a number are in the order of magnitudes, so a carry goes into its exponent as it must.
pub(super) fn shortened(number: f32, digits: u32) -> f32 {
    if !number.is_finite() {
        return number;
    }
    let lost = ALL_DIGITS - digits.min(ALL_DIGITS);
    let half = (1_u32 << lost) >> 1;
    let rounded = f32::from_bits((number.to_bits() + half) >> lost << lost);
    if rounded.is_finite() { rounded } else { number }
}

/// Round numbers to multiples of a `2^digits`th part of the largest power of two in them.
pub fn round_offsets(numbers: &mut [f32], digits: u32) {
    let unit =
        power_of_two(exponent_of_widest(numbers)) * 0.5_f32.powi(digits.min(ALL_DIGITS) as i32);
    for number in numbers {
        // Minus zero is zero.
        *number = (*number / unit).round_ties_even() * unit + 0.0;
    }
}

/// The exponent of the largest magnitude.
pub(super) fn exponent_of_widest(numbers: &[f32]) -> i8 {
    let widest = numbers.iter().fold(0.0_f32, |most, n| most.max(n.abs()));
    // The exponent of a number is in its bits; a logarithm may differ from one machine to another.
    let exponent = (widest.to_bits() >> 23) as i32 - 127;
    exponent.clamp(-MOST_EXPONENT, MOST_EXPONENT) as i8
}

#[cfg(test)]
mod tests {
    use super::{ALL_DIGITS, round_offsets, shortened};

    #[test]
    fn a_shortened_number_is_the_nearest_of_so_many_digits() {
        for (number, digits, expected) in [
            (1.3, 1, 1.5),
            (1.2, 1, 1.0),
            (-1.9, 1, -2.0),
            (0.7, 0, 0.5),
            (0.0, 3, 0.0),
            (1.3, ALL_DIGITS, 1.3),
            (1.3, u32::MAX, 1.3),
            (f32::MAX, 2, f32::MAX),
        ] {
            assert_eq!(
                shortened(number, digits),
                expected,
                "{number}, {digits} digits"
            );
        }
    }

    #[test]
    fn offsets_become_multiples_of_a_part_of_the_widest() {
        let mut offsets = [5.3, -0.3, 0.6, -0.0];
        round_offsets(&mut offsets, 3);
        assert_eq!(offsets, [5.5, -0.5, 0.5, 0.0]);
        let mut zeros = [0.0, -0.0];
        round_offsets(&mut zeros, 3);
        assert_eq!(zeros.map(f32::to_bits), [0; 2]);
    }
}
