//! Eight lanes as plain arrays: the compiler turns them into the vectors of the processor it compiles for.

use super::lanes::{DotProduct, Lanes};

/// Values of `f32` in a vector.
pub const LANES: usize = 8;
/// Products that one step adds to each integer sum.
pub const GROUP: usize = 2;

/// Eight `f32` values.
#[derive(Clone, Copy, Debug)]
pub struct F32x8([f32; LANES]);

impl F32x8 {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Lanes<LANES> for F32x8 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; LANES])
    }

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

/// Eight integer sums.
#[derive(Clone, Copy, Debug)]
pub struct I32x8([i32; LANES]);

impl DotProduct<LANES, GROUP> for I32x8 {
    type Value = i16;
    type Float = F32x8;
    const ZERO: Self = Self([0; LANES]);

    #[inline(always)]
    fn dot_add(self, weights: &[[i16; GROUP]; LANES], activations: &[i16; GROUP]) -> Self {
        let [a, b] = activations.map(i32::from);
        let pair = |[v, w]: [i16; GROUP]| i32::from(v) * a + i32::from(w) * b;
        Self(std::array::from_fn(|i| self.0[i] + pair(weights[i])))
    }

    #[inline(always)]
    fn to_float(self) -> F32x8 {
        F32x8(self.0.map(|sum| sum as f32))
    }
}
