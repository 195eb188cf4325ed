//! What the fast kernels are written in: a vector of `f32`, one of 16-bit integers, and one of integer sums of products.
//!
//! Each instruction set implements the traits in a file of its own: `simd128` for the browser, `native` for
//! everything else. Loads and stores take arrays of exactly one vector, so the types rule out an access
//! beyond the end. [`super::instruction_set`] names the implementation that the build uses.

/// Numbers that one instruction adds: what the transforms of [`super::winograd`] are written in, for floating point and
/// for integers. Integers wrap around.
pub trait Additive: Copy {
    /// The numbers in memory.
    type Memory;

    /// Zero in every lane.
    const ZERO: Self;

    /// One number per lane.
    fn load(values: &Self::Memory) -> Self;

    /// Write one number per lane.
    fn store(self, values: &mut Self::Memory);

    /// `self + other`.
    fn add(self, other: Self) -> Self;

    /// `self - other`.
    fn sub(self, other: Self) -> Self;

    /// `self + factor * other`, rounded once or twice.
    fn add_times(self, factor: i16, other: Self) -> Self;
}

/// `N` values of `f32` that one instruction computes.
pub trait Lanes<const N: usize>: Additive<Memory = [f32; N]> {
    /// The same value in every lane.
    fn splat(value: f32) -> Self;

    /// `self * other`.
    fn mul(self, other: Self) -> Self;

    /// `self * factor + addend`, rounded once or twice.
    fn mul_add(self, factor: Self, addend: Self) -> Self;

    /// `other` where `self < other`, otherwise `self`, so that a NaN in `self` stays.
    fn max(self, other: Self) -> Self;
}

/// `N` sums of integers.
pub trait IntegerSums<const N: usize>: Copy {
    /// The vector that the sums are converted to.
    type Float: Lanes<N>;

    /// Sums of nothing.
    const ZERO: Self;

    /// Convert the sums to floating point.
    fn to_float(self) -> Self::Float;
}

/// Sums of products of quantized values: each step adds `GROUP` products to every sum. A weight has the type `W`.
pub trait DotProduct<const N: usize, const GROUP: usize, W>: IntegerSums<N> {
    /// The type in which an activation is stored.
    type Value: Copy + Default + Into<i32>;

    /// Add to each sum the products of its `GROUP` weights with the same `GROUP` activations. Sums wrap around.
    ///
    /// Activations of 8 bits are from 0 to 127: relaxed SIMD does not define the result for others.
    fn dot_add(self, weights: &[[W; GROUP]; N], activations: &[Self::Value; GROUP]) -> Self;
}

/// [`Lanes::max`] of two single numbers: `b` where `a < b`, otherwise `a`, so that a NaN in `a` stays.
pub fn max(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}
