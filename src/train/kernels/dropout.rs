//! Dropout whose mask follows from a seed, so that the backward pass draws it again instead of keeping it.

use super::parts::by_parts;
use super::simd::vectorized;
use crate::train::seed::mix_seed;
use chacha20::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

/// Different numbers of which dropout draws one for each value.
const DRAWS: f64 = 65_536.0;

/// Multiply each of the values, `item` an image, by zero with probability `p`, else by `1 / (1 - p)`.
///
/// The factors follow from the seed alone, so the gradient is the same map of the result's gradient.
///
/// **Range**: `p` from 0 to below 1, in steps of 1/65,536.
pub fn dropout(x: &[f32], seed: u64, p: f64, item: usize) -> Vec<f32> {
    let kept = (1.0 / (1.0 - p)) as f32;
    let threshold = (p * DRAWS).round() as u32;
    by_parts(
        x.len(),
        item,
        x.par_chunks(item.max(1)).enumerate(),
        || vec![0_u16; item],
        |draws, y, (image, x)| {
            ChaCha12Rng::seed_from_u64(mix_seed(&[seed, image as u64])).fill(&mut draws[..]);
            vectorized(
                #[inline(always)]
                || {
                    for ((y, x), draw) in y.iter_mut().zip(x).zip(&*draws) {
                        *y = if u32::from(*draw) < threshold {
                            0.0
                        } else {
                            x * kept
                        };
                    }
                },
            );
        },
    )
}
