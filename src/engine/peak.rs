//! The processor's peak: multiply-adds in registers only, which a benchmark divides a kernel's speed by.

use super::instruction_set::{LANES, Vector as V};
use super::lanes::{Additive, Lanes};

/// Independent chains of multiply-adds, enough to hide their latency.
const CHAINS: usize = 12;
/// Multiply-adds of one repetition of [`peak`].
pub const PEAK_MACS: usize = CHAINS * LANES;

/// Multiply and add in registers only; the result keeps the loop from being optimized away.
pub fn peak(repetitions: u32, factor: f32) -> f32 {
    let factor = V::splat(factor);
    let mut sums = [factor; CHAINS];
    for _ in 0..repetitions {
        for sum in &mut sums {
            *sum = sum.mul_add(factor, factor);
        }
    }
    let mut all = [0.0; LANES];
    sums.into_iter().fold(V::splat(0.0), V::add).store(&mut all);
    all.iter().sum()
}
