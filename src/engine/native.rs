//! Vectors of 256 bits as plain arrays: the compiler turns them into the vectors of the processor it compiles for. Only
//! the products of pairs of 16-bit integers are an instruction that it does not find by itself.

#![allow(unsafe_code)]

use super::lanes::{Additive, DotProduct, IntegerSums, Lanes};

/// Values of `f32` in a vector.
pub const LANES: usize = 8;
/// Integers of 16 bits in a vector.
const SHORT_LANES: usize = 16;
/// Products of small integers that one step adds to each sum.
pub const GROUP: usize = PAIR;
/// Products of 16-bit integers that one step adds to each sum.
pub const PAIR: usize = 2;

/// Eight `f32` values.
#[derive(Clone, Copy, Debug)]
pub struct F32x8([f32; LANES]);

impl F32x8 {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Additive for F32x8 {
    type Memory = [f32; LANES];
    const ZERO: Self = Self([0.0; LANES]);

    #[inline(always)]
    fn load(values: &[f32; LANES]) -> Self {
        Self(*values)
    }

    #[inline(always)]
    fn store(self, values: &mut [f32; LANES]) {
        *values = self.0;
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    #[inline(always)]
    fn add_times(self, factor: i16, other: Self) -> Self {
        Self::splat(f32::from(factor)).mul_add(other, self)
    }
}

impl Lanes<LANES> for F32x8 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }

    // Two roundings: a fused multiply-add is a slow library call on processors that lack the instruction.
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        self.mul(factor).add(addend)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { b } else { a })
    }
}

/// Sixteen integers.
#[derive(Clone, Copy, Debug)]
pub struct I16x16([i16; SHORT_LANES]);

impl I16x16 {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(i16, i16) -> i16) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Additive for I16x16 {
    type Memory = [i16; SHORT_LANES];
    const ZERO: Self = Self([0; SHORT_LANES]);

    #[inline(always)]
    fn load(values: &[i16; SHORT_LANES]) -> Self {
        Self(*values)
    }

    #[inline(always)]
    fn store(self, values: &mut [i16; SHORT_LANES]) {
        *values = self.0;
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, i16::wrapping_add)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, i16::wrapping_sub)
    }

    #[inline(always)]
    fn add_times(self, factor: i16, other: Self) -> Self {
        self.zip(other, |a, b| a.wrapping_add(b.wrapping_mul(factor)))
    }
}

/// Eight integer sums.
#[derive(Clone, Copy, Debug)]
pub struct I32x8([i32; LANES]);

impl I32x8 {
    /// Add the products of pairs of weights with two activations.
    #[inline(always)]
    fn add_pairs(self, weights: [[i16; PAIR]; LANES], activations: [i16; PAIR]) -> Self {
        #[cfg(all(target_arch = "x86_64", feature = "cli"))]
        let sums = pair_sums_of_sse2(weights, activations);
        #[cfg(not(all(target_arch = "x86_64", feature = "cli")))]
        let sums = pair_sums(weights, activations);
        Self(std::array::from_fn(|i| self.0[i].wrapping_add(sums[i])))
    }
}

/// The sums of two products each, which may wrap around when all four numbers are the least.
#[cfg(any(test, not(all(target_arch = "x86_64", feature = "cli"))))]
#[inline(always)]
fn pair_sums(weights: [[i16; PAIR]; LANES], activations: [i16; PAIR]) -> [i32; LANES] {
    let [a, b] = activations.map(i32::from);
    weights.map(|[v, w]| (i32::from(v) * a).wrapping_add(i32::from(w) * b))
}

/// The same by an instruction of every x86-64 processor.
#[cfg(all(target_arch = "x86_64", feature = "cli"))]
#[inline(always)]
fn pair_sums_of_sse2(weights: [[i16; PAIR]; LANES], activations: [i16; PAIR]) -> [i32; LANES] {
    use core::arch::x86_64::{__m128i, _mm_madd_epi16};
    use pulp::bytemuck::cast;

    let weights: [__m128i; 2] = cast(weights);
    let activations: __m128i = cast([activations; LANES / 2]);
    // SAFETY: the instruction is part of SSE2, which belongs to x86-64.
    cast(weights.map(|weights| unsafe { _mm_madd_epi16(weights, activations) }))
}

impl IntegerSums<LANES> for I32x8 {
    type Float = F32x8;
    const ZERO: Self = Self([0; LANES]);

    #[inline(always)]
    fn to_float(self) -> F32x8 {
        F32x8(self.0.map(|sum| sum as f32))
    }
}

impl DotProduct<LANES, PAIR, i16> for I32x8 {
    type Value = i16;

    #[inline(always)]
    fn dot_add(self, weights: &[[i16; PAIR]; LANES], activations: &[i16; PAIR]) -> Self {
        self.add_pairs(*weights, *activations)
    }
}

impl DotProduct<LANES, PAIR, i8> for I32x8 {
    type Value = i16;

    #[inline(always)]
    fn dot_add(self, weights: &[[i8; PAIR]; LANES], activations: &[i16; PAIR]) -> Self {
        self.add_pairs(weights.map(|pair| pair.map(i16::from)), *activations)
    }
}

#[cfg(all(test, target_arch = "x86_64", feature = "cli"))]
mod tests {
    use super::*;

    #[test]
    fn the_instruction_is_the_loop() {
        let numbers = [i16::MIN, -32_767, -300, -1, 0, 1, 255, i16::MAX];
        for (a, b) in numbers.iter().flat_map(|a| numbers.map(|b| (*a, b))) {
            let weights = std::array::from_fn(|i| [numbers[i], numbers[LANES - 1 - i]]);
            let found = pair_sums_of_sse2(weights, [a, b]);
            assert_eq!(found, pair_sums(weights, [a, b]), "{a} and {b}");
        }
    }
}
