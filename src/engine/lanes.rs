//! A few numbers side by side: what the fast kernels are written in.
//!
//! [`Lanes`] has one implementation per instruction set: `simd128` in the browser, [`Array`]
//! natively, which the compiler turns into whatever vectors it may use.

/// As many `f32` values as one instruction takes.
pub trait Lanes: Copy {
    /// How many.
    const COUNT: usize;

    /// The same value in every lane.
    fn splat(value: f32) -> Self;

    /// The first `COUNT` values of a slice.
    ///
    /// # Panics
    /// When the slice is shorter.
    fn load(values: &[f32]) -> Self;

    /// Write to the first `COUNT` places of a slice.
    ///
    /// # Panics
    /// When the slice is shorter.
    fn store(self, values: &mut [f32]);

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

/// Sums of products of small integers, as many lanes as the vectors of [`Lanes`] have.
pub trait Dots: Copy {
    /// What a weight or an activation is stored as.
    type Number: Copy + Default + From<i8> + Into<i32>;

    /// Products that are added to each lane at once.
    const GROUP: usize;

    /// The vector that the sums become.
    type Float: Lanes;

    /// No sums yet.
    const ZERO: Self;

    /// Add the products of each lane's `GROUP` weights with the same `GROUP` activations.
    ///
    /// # Panics
    /// When a slice is shorter.
    fn dot_add(self, weights: &[Self::Number], activations: &[Self::Number]) -> Self;

    /// As floating-point numbers.
    fn to_float(self) -> Self::Float;
}

/// Lanes of the native build.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug)]
pub struct Array([f32; 8]);

#[cfg(not(target_arch = "wasm32"))]
impl Array {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Lanes for Array {
    const COUNT: usize = 8;

    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; 8])
    }

    #[inline(always)]
    fn load(values: &[f32]) -> Self {
        Self(*values.first_chunk().expect("enough values"))
    }

    #[inline(always)]
    fn store(self, values: &mut [f32]) {
        *values.first_chunk_mut().expect("enough values") = self.0;
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

    // Two roundings: a fused one is a slow library call wherever the build may not assume it.
    #[inline(always)]
    fn mul_add(self, factor: Self, addend: Self) -> Self {
        self.mul(factor).add(addend)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { b } else { a })
    }
}

/// Sums of the native build.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug)]
pub struct IntegerArray([i32; 8]);

#[cfg(not(target_arch = "wasm32"))]
impl Dots for IntegerArray {
    type Number = i16;
    type Float = Array;
    const GROUP: usize = 2;
    const ZERO: Self = Self([0; 8]);

    #[inline(always)]
    fn dot_add(self, weights: &[i16], activations: &[i16]) -> Self {
        let weights: &[i16; 16] = weights.first_chunk().expect("enough weights");
        let [a, b]: [i16; 2] = *activations.first_chunk().expect("enough activations");
        let product = |weight: i16, activation: i16| i32::from(weight) * i32::from(activation);
        let pair = |i: usize| product(weights[2 * i], a) + product(weights[2 * i + 1], b);
        Self(std::array::from_fn(|i| self.0[i] + pair(i)))
    }

    #[inline(always)]
    fn to_float(self) -> Array {
        Array(self.0.map(|sum| sum as f32))
    }
}
