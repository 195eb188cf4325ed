//! The epilogue of the fast kernels, on whole vectors.

use crate::engine::instruction_set::{LANES, Vector as V};
use crate::engine::kernels::Epilogue;
use crate::engine::lanes::Lanes;
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

    /// Finish a vector of sums: `at` counts the vectors of the activation, `channel` those of a pixel.
    #[inline(always)]
    pub(super) fn finish(self, sum: V, at: usize, channel: usize) -> V {
        let mut y = sum.add(V::load(&self.bias[channel]));
        if let Some(residual) = self.residual {
            y = y.add(V::load(&residual[at]));
        }
        if self.relu { y.max(V::splat(0.0)) } else { y }
    }
}
