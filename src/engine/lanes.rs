//! What the fast kernels are written in: a vector of `f32`, and a vector of integer sums of products.
//!
//! Each instruction set implements both traits in a file of its own: `simd128` for the browser, `native` for
//! everything else. Loads and stores take arrays of exactly one vector, so the types rule out an access
//! beyond the end. [`super::instruction_set`] names the implementation that the build uses.

/// `N` values of `f32` that one instruction computes.
pub trait Lanes<const N: usize>: Copy {
    /// The same value in every lane.
    fn splat(value: f32) -> Self;

    /// One value per lane.
    fn load(values: &[f32; N]) -> Self;

    /// Write one value per lane.
    fn store(self, values: &mut [f32; N]);

    /// `self + other`.
    fn add(self, other: Self) -> Self;

    /// `self - other`.
    fn sub(self, other: Self) -> Self;

    /// `self * other`.
    fn mul(self, other: Self) -> Self;

    /// `self * factor + addend`, rounded once or twice.
    fn mul_add(self, factor: Self, addend: Self) -> Self;

    /// `other` where `self < other`, otherwise `self`, so that a NaN in `self` stays.
    fn max(self, other: Self) -> Self;
}

/// `N` sums of products of quantized values; each step adds `GROUP` products to every sum.
pub trait DotProduct<const N: usize, const GROUP: usize>: Copy {
    /// The type in which a weight or an activation is stored.
    type Value: Copy + Default + From<i8> + Into<i32>;

    /// The vector that the sums are converted to.
    type Float: Lanes<N>;

    /// Sums of nothing.
    const ZERO: Self;

    /// Add to each sum the products of its `GROUP` weights with the same `GROUP` activations.
    ///
    /// Activations are from 0 to 127: relaxed SIMD does not define the result for others.
    fn dot_add(
        self,
        weights: &[[Self::Value; GROUP]; N],
        activations: &[Self::Value; GROUP],
    ) -> Self;

    /// Convert the sums to floating point.
    fn to_float(self) -> Self::Float;
}

/// [`Lanes::max`] of two single numbers: `b` where `a < b`, otherwise `a`, so that a NaN in `a` stays.
pub fn max(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}
