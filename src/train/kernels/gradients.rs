//! The gradients of an affine operation, added up over the batch.
//!
//! The batch is split in one part a thread, and the parts' sums are added in order, so that a run is reproducible
//! for a given number of threads.

use super::parts::by_parts;
use super::shape::ConvShape;
use super::simd::{add, vectorized};
use rayon::prelude::*;
use std::ops::Range;

/// Gradients of an affine operation.
#[derive(Debug)]
pub struct AffineGradients {
    /// Of the input; empty when it was not asked for.
    pub x: Vec<f32>,
    /// Of the weights.
    pub weight: Vec<f32>,
    /// Of the bias.
    pub bias: Vec<f32>,
}

/// Run `work` on one range of images a thread and add up the gradients of weights and bias.
pub(super) fn over_parts<F>(s: ConvShape, weights: usize, with_x: bool, work: F) -> AffineGradients
where
    F: Fn(Range<usize>, &mut AffineGradients, &mut [f32]) + Sync,
{
    let parts = rayon::current_num_threads().min(s.n).max(1);
    let size = s.n.div_ceil(parts);
    let mut partial: Vec<AffineGradients> = (0..s.n.div_ceil(size))
        .map(|_| AffineGradients {
            x: Vec::new(),
            weight: vec![0.0; weights],
            bias: vec![0.0; s.m],
        })
        .collect();
    let work = |part: usize, grads: &mut AffineGradients, dx: &mut [f32]| {
        let images = part * size..((part + 1) * size).min(s.n);
        vectorized(
            #[inline(always)]
            || work(images, grads, dx),
        );
    };
    let inputs = partial.par_iter_mut().enumerate();
    let dx = if with_x {
        by_parts(
            s.n * s.c * s.pixels(),
            size * s.c * s.pixels(),
            inputs,
            || (),
            |(), dx, (part, grads)| work(part, grads, dx),
        )
    } else {
        inputs.for_each(|(part, grads)| work(part, grads, &mut []));
        Vec::new()
    };
    let mut partial = partial.into_iter();
    let mut total = partial.next().expect("at least one part");
    for grads in partial {
        add(&mut total.weight, &grads.weight);
        add(&mut total.bias, &grads.bias);
    }
    total.x = dx;
    total
}
