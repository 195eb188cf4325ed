//! Four lanes in WebAssembly: fixed-width SIMD, and the fused multiply-add of relaxed SIMD where the
//! build has it.

#![allow(unsafe_code)]

use super::lanes::Lanes;
use core::arch::wasm32::{
    f32x4_add, f32x4_mul, f32x4_pmax, f32x4_splat, f32x4_sub, v128, v128_load, v128_store,
};

/// One 128-bit vector of four `f32`.
#[derive(Clone, Copy, Debug)]
pub struct F32x4(v128);

impl Lanes for F32x4 {
    const COUNT: usize = 4;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }

    #[inline(always)]
    fn load(values: &[f32]) -> Self {
        let values: &[f32; 4] = values.first_chunk().expect("enough values");
        // SAFETY: the reference covers 16 readable bytes, and the instruction needs no alignment.
        Self(unsafe { v128_load(values.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, values: &mut [f32]) {
        let values: &mut [f32; 4] = values.first_chunk_mut().expect("enough values");
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
