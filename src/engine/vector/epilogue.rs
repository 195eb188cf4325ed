//! The epilogue of the fast kernels, on whole vectors.
//!
//! The constructor checks the lengths and the fields are private, so that an inner loop need not check again: a
//! check between the sums and their store makes the browser keep the sums in memory instead of registers.

#![allow(unsafe_code)]

use crate::engine::instruction_set::{LANES, Vector as V};
use crate::engine::kernels::Epilogue;
use crate::engine::lanes::{Additive, Lanes};
use crate::engine::layout::as_vectors;

/// An [`Epilogue`] that is known to fit an activation.
#[derive(Clone, Copy)]
pub(super) struct VectorEpilogue<'a> {
    bias: &'a [[f32; LANES]],
    residual: Option<&'a [[f32; LANES]]>,
    relu: bool,
}

impl<'a> VectorEpilogue<'a> {
    /// Check that the epilogue fits an activation of `len` numbers in `c` channels.
    ///
    /// # Panics
    /// When it does not, or when the channels are not whole vectors.
    #[inline(always)]
    pub(super) fn new(epilogue: Epilogue<'a>, len: usize, c: usize) -> Self {
        epilogue.check(len, c);
        Self {
            bias: as_vectors(epilogue.bias),
            residual: epilogue.residual.map(as_vectors),
            relu: epilogue.relu,
        }
    }

    /// Whether the epilogue was made for `len` vectors, `pixel` of them per pixel.
    #[inline(always)]
    pub(super) fn fits(self, len: usize, pixel: usize) -> bool {
        self.bias.len() == pixel && self.residual.is_none_or(|residual| residual.len() == len)
    }

    /// Finish a vector of sums: `at` counts the vectors of the activation, `channel` those of a pixel.
    ///
    /// # Safety
    /// The epilogue [`fits`](Self::fits) an activation with vector `at`, whose pixels have a vector `channel`.
    #[inline(always)]
    pub(super) unsafe fn finish(self, sum: V, at: usize, channel: usize) -> V {
        // SAFETY: the bias has as many vectors as a pixel, and the caller promises that `channel` is one of them.
        let mut y = sum.add(V::load(unsafe { self.bias.get_unchecked(channel) }));
        if let Some(residual) = self.residual {
            // SAFETY: the residual is as long as the activation, and the caller promises that `at` lies in it.
            y = y.add(V::load(unsafe { residual.get_unchecked(at) }));
        }
        if self.relu { y.max(V::splat(0.0)) } else { y }
    }
}
