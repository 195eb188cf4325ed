//! Four lanes in WebAssembly: fixed-width SIMD, and with relaxed SIMD the fused multiply-add and the
//! integer dot product.
//!
//! The load and store instructions take pointers, so they are unsafe.

#![allow(unsafe_code)]

use super::lanes::{DotProduct, Lanes};
use core::arch::wasm32::{
    f32x4_add, f32x4_convert_i32x4, f32x4_mul, f32x4_pmax, f32x4_splat, f32x4_sub, i32x4, v128,
    v128_load, v128_load32_splat, v128_store,
};

/// Values of `f32` in a vector.
pub const LANES: usize = 4;
/// The type in which a quantized value is stored.
#[cfg(target_feature = "relaxed-simd")]
type Value = i8;
/// The type in which a quantized value is stored.
#[cfg(not(target_feature = "relaxed-simd"))]
type Value = i16;

/// Products that one instruction adds to each integer sum.
pub const GROUP: usize = 4 / size_of::<Value>();

/// One 128-bit vector of four `f32`.
#[derive(Clone, Copy, Debug)]
pub struct F32x4(v128);

impl Lanes<LANES> for F32x4 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }

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

/// One 128-bit vector of four integer sums.
#[derive(Clone, Copy, Debug)]
pub struct I32x4(v128);

impl DotProduct<LANES, GROUP> for I32x4 {
    type Value = Value;
    type Float = F32x4;
    const ZERO: Self = Self(i32x4(0, 0, 0, 0));

    #[inline(always)]
    fn dot_add(self, weights: &[[Value; GROUP]; LANES], activations: &[Value; GROUP]) -> Self {
        const { assert!(size_of::<[[Value; GROUP]; LANES]>() == size_of::<v128>()) };
        // SAFETY: the reference covers 16 readable bytes, as asserted, and the instruction needs no alignment.
        let weights = unsafe { v128_load(weights.as_ptr().cast()) };
        // SAFETY: the reference covers a quarter of 16 readable bytes, and the instruction needs no alignment.
        let activations = unsafe { v128_load32_splat(activations.as_ptr().cast()) };
        #[cfg(target_feature = "relaxed-simd")]
        let sum =
            core::arch::wasm32::i32x4_relaxed_dot_i8x16_i7x16_add(weights, activations, self.0);
        #[cfg(not(target_feature = "relaxed-simd"))]
        let sum = core::arch::wasm32::i32x4_add(
            core::arch::wasm32::i32x4_dot_i16x8(weights, activations),
            self.0,
        );
        Self(sum)
    }

    #[inline(always)]
    fn to_float(self) -> F32x4 {
        F32x4(f32x4_convert_i32x4(self.0))
    }
}
