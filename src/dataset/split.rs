//! The split of the training files into training and validation images.
//!
//! It must never change: every figure of this project stands on it. So the generator is named by its algorithm
//! instead of `rand`'s "standard" one, and `tests/dataset.rs` holds the indices to their sha256.

use chacha20::ChaCha12Rng;
use rand::{SeedableRng, seq::SliceRandom};

/// Images of the training files that are kept for validation: the last of a shuffle with [`SPLIT_SEED`].
pub const VALIDATION_IMAGES: usize = 5_000;
/// Seed of the shuffle that separates training from validation images.
pub const SPLIT_SEED: u64 = 2017;

/// Indices of the training and of the validation images among `count` training-file images.
pub fn split(count: usize) -> (Vec<usize>, Vec<usize>) {
    let mut indices: Vec<usize> = (0..count).collect();
    shuffle(&mut indices, SPLIT_SEED);
    let validation = indices.split_off(count - VALIDATION_IMAGES.min(count));
    (indices, validation)
}

/// Shuffle in place, the same for the same seed on every machine.
pub fn shuffle(indices: &mut [usize], seed: u64) {
    indices.shuffle(&mut ChaCha12Rng::seed_from_u64(seed));
}
