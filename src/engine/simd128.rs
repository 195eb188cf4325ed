//! Vectors of 128 bits in WebAssembly: fixed-width SIMD, and with relaxed SIMD the fused multiply-add and the
//! dot product of bytes.
//!
//! The load and store instructions take pointers, so they are unsafe.

#![allow(unsafe_code)]

use super::lanes::{Additive, DotProduct, IntegerSums, Lanes};
use core::arch::wasm32::{
    f32x4, f32x4_add, f32x4_convert_i32x4, f32x4_mul, f32x4_pmax, f32x4_splat, f32x4_sub,
    i16x8_add, i16x8_load_extend_i8x8, i16x8_mul, i16x8_splat, i16x8_sub, i32x4, i32x4_add,
    i32x4_dot_i16x8, v128, v128_load, v128_load32_splat, v128_store,
};

/// Values of `f32` in a vector.
pub const LANES: usize = 4;
/// Integers of 16 bits in a vector.
const SHORT_LANES: usize = 8;
/// Products of small integers that one instruction adds to each sum: of bytes where there is an instruction for them.
pub const GROUP: usize = if cfg!(target_feature = "relaxed-simd") {
    4
} else {
    PAIR
};
/// Products of 16-bit integers that one instruction adds to each sum.
pub const PAIR: usize = 2;

/// One 128-bit vector of four `f32`.
#[derive(Clone, Copy, Debug)]
pub struct F32x4(v128);

impl Additive for F32x4 {
    type Memory = [f32; LANES];
    const ZERO: Self = Self(f32x4(0.0, 0.0, 0.0, 0.0));

    #[inline(always)]
    fn load(values: &[f32; LANES]) -> Self {
        // SAFETY: the reference covers 16 readable bytes, and the instruction needs no alignment.
        Self(unsafe { v128_load(values.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, values: &mut [f32; LANES]) {
        // SAFETY: the reference covers 16 writable bytes, and the instruction needs no alignment.
        unsafe { v128_store(values.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(f32x4_add(self.0, other.0))
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(f32x4_sub(self.0, other.0))
    }

    #[inline(always)]
    fn add_times(self, factor: i16, other: Self) -> Self {
        Self::splat(f32::from(factor)).mul_add(other, self)
    }
}

impl Lanes<LANES> for F32x4 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(f32x4_mul(self.0, other.0))
    }

    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self(core::arch::wasm32::f32x4_relaxed_madd(
            self.0, factor.0, addend.0,
        ))
    }

    #[cfg(not(target_feature = "relaxed-simd"))]
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        self.mul(factor).add(addend)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(f32x4_pmax(self.0, other.0))
    }
}

/// One 128-bit vector of eight integers.
#[derive(Clone, Copy, Debug)]
pub struct I16x8(v128);

impl Additive for I16x8 {
    type Memory = [i16; SHORT_LANES];
    const ZERO: Self = Self(i32x4(0, 0, 0, 0));

    #[inline(always)]
    fn load(values: &[i16; SHORT_LANES]) -> Self {
        // SAFETY: the reference covers 16 readable bytes, and the instruction needs no alignment.
        Self(unsafe { v128_load(values.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, values: &mut [i16; SHORT_LANES]) {
        // SAFETY: the reference covers 16 writable bytes, and the instruction needs no alignment.
        unsafe { v128_store(values.as_mut_ptr().cast(), self.0) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(i16x8_add(self.0, other.0))
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(i16x8_sub(self.0, other.0))
    }

    #[inline(always)]
    fn add_times(self, factor: i16, other: Self) -> Self {
        self.add(Self(i16x8_mul(i16x8_splat(factor), other.0)))
    }
}

/// One 128-bit vector of four integer sums.
#[derive(Clone, Copy, Debug)]
pub struct I32x4(v128);

/// The activations that all weights are multiplied by.
#[inline(always)]
fn splat<T, const GROUP: usize>(activations: &[T; GROUP]) -> v128 {
    const { assert!(size_of::<[T; GROUP]>() == 4) };
    // SAFETY: the reference covers 4 readable bytes, as asserted, and the instruction needs no alignment.
    unsafe { v128_load32_splat(activations.as_ptr().cast()) }
}

impl I32x4 {
    /// Add the products of pairs of weights with two activations.
    #[inline(always)]
    fn add_pairs(self, weights: v128, activations: v128) -> Self {
        Self(i32x4_add(i32x4_dot_i16x8(weights, activations), self.0))
    }
}

impl IntegerSums<LANES> for I32x4 {
    type Float = F32x4;
    const ZERO: Self = Self(i32x4(0, 0, 0, 0));

    #[inline(always)]
    fn to_float(self) -> F32x4 {
        F32x4(f32x4_convert_i32x4(self.0))
    }
}

impl DotProduct<LANES, PAIR, i16> for I32x4 {
    type Value = i16;

    #[inline(always)]
    fn dot_add(self, weights: &[[i16; PAIR]; LANES], activations: &[i16; PAIR]) -> Self {
        // SAFETY: the reference covers 16 readable bytes, and the instruction needs no alignment.
        let weights = unsafe { v128_load(weights.as_ptr().cast()) };
        self.add_pairs(weights, splat(activations))
    }
}

impl DotProduct<LANES, PAIR, i8> for I32x4 {
    type Value = i16;

    #[inline(always)]
    fn dot_add(self, weights: &[[i8; PAIR]; LANES], activations: &[i16; PAIR]) -> Self {
        // SAFETY: the reference covers 8 readable bytes, and the instruction needs no alignment.
        let weights = unsafe { i16x8_load_extend_i8x8(weights.as_ptr().cast()) };
        self.add_pairs(weights, splat(activations))
    }
}

#[cfg(target_feature = "relaxed-simd")]
impl DotProduct<LANES, GROUP, i8> for I32x4 {
    type Value = i8;

    #[inline(always)]
    fn dot_add(self, weights: &[[i8; GROUP]; LANES], activations: &[i8; GROUP]) -> Self {
        // SAFETY: the reference covers 16 readable bytes, and the instruction needs no alignment.
        let weights = unsafe { v128_load(weights.as_ptr().cast()) };
        Self(core::arch::wasm32::i32x4_relaxed_dot_i8x16_i7x16_add(
            weights,
            splat(activations),
            self.0,
        ))
    }
}
