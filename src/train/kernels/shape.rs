//! The sizes of a convolution, with the letters of all kernels.

use std::ops::Range;

/// Sizes of a convolution's input and output.
#[derive(Clone, Copy, Debug)]
pub struct ConvShape {
    /// Images.
    pub n: usize,
    /// Input channels.
    pub c: usize,
    /// Output channels.
    pub m: usize,
    /// Height.
    pub h: usize,
    /// Width.
    pub w: usize,
}

impl ConvShape {
    pub(super) fn pixels(&self) -> usize {
        self.h * self.w
    }

    /// Where the images lie, with so many channels each.
    pub(super) fn images(&self, images: &Range<usize>, channels: usize) -> Range<usize> {
        let size = channels * self.pixels();
        images.start * size..images.end * size
    }
}
