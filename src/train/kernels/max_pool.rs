//! `ReLU` and 2x2 max-pooling of one plane, forward and backward.
//!
//! The forward pass writes down the position of each window's maximum, and the backward pass sends the gradient
//! there. An odd last row and column belong to no window.

/// Marks an output that `ReLU` set to zero, among positions 0 to 3 of a pooling window.
pub(super) const INACTIVE: u8 = 4;

/// 2x2 max-pooling and `ReLU` of one plane after the monotone or affine map `f`.
#[inline(always)]
pub(super) fn pool_plane(
    plane: &[f32],
    w: usize,
    f: impl Fn(f32) -> f32,
    y: &mut [f32],
    argmax: &mut [u8],
) {
    let half = w / 2;
    let rows = y.chunks_exact_mut(half).zip(argmax.chunks_exact_mut(half));
    for (pair, (y, argmax)) in plane.chunks_exact(2 * w).zip(rows) {
        let (top, bottom) = pair.split_at(w);
        let windows = top.as_chunks::<2>().0.iter().zip(bottom.as_chunks::<2>().0);
        for ((y, index), (top, bottom)) in y.iter_mut().zip(argmax).zip(windows) {
            let (mut best, mut at) = (0.0, INACTIVE);
            for (position, v) in [top[0], top[1], bottom[0], bottom[1]]
                .into_iter()
                .enumerate()
            {
                let v = f(v);
                // Two selections instead of a branch that nobody can predict.
                at = if v > best { position as u8 } else { at };
                best = if v > best { v } else { best };
            }
            (*y, *index) = (best, at);
        }
    }
}

/// Send each pooled gradient to the position of its window's maximum; all others are zero.
#[inline(always)]
pub(super) fn unpool_plane(dy: &[f32], argmax: &[u8], w: usize, plane: &mut [f32]) {
    let half = w / 2;
    // An odd last row and column belong to no window.
    if !w.is_multiple_of(2) || !plane.len().is_multiple_of(2 * w) {
        plane.fill(0.0);
    }
    let rows = dy.chunks_exact(half).zip(argmax.chunks_exact(half));
    for (pair, (dy, argmax)) in plane.chunks_exact_mut(2 * w).zip(rows) {
        let (top, bottom) = pair.split_at_mut(w);
        let windows = top
            .as_chunks_mut::<2>()
            .0
            .iter_mut()
            .zip(bottom.as_chunks_mut::<2>().0);
        for ((d, index), (top, bottom)) in dy.iter().zip(argmax).zip(windows) {
            let at = |position| if *index == position { *d } else { 0.0 };
            (*top, *bottom) = ([at(0), at(1)], [at(2), at(3)]);
        }
    }
}
