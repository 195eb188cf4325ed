//! The one source of chance of the drawn pictures: a seeded generator with the few draws that garments need.
//!
//! Everything about a picture comes from its seed, so the same seed gives the same picture.

use crate::train::seed::mix_seed;
use chacha20::ChaCha12Rng;
use rand::{RngExt, SeedableRng};

/// A seeded source of numbers, choices and yes or no.
pub struct Random(ChaCha12Rng);

impl Random {
    /// The source that belongs to `parts`.
    pub fn new(parts: &[u64]) -> Self {
        Self(ChaCha12Rng::seed_from_u64(mix_seed(parts)))
    }

    /// A number from `low` to `high`, all equally likely.
    pub fn within(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.0.random::<f32>()
    }

    /// A number from `low` to `high` (both above zero), equally likely on a logarithmic scale.
    pub fn log_within(&mut self, low: f32, high: f32) -> f32 {
        self.within(low.ln(), high.ln()).exp()
    }

    /// A number from `-limit` to `limit`, small ones being likelier.
    pub fn around_zero(&mut self, limit: f32) -> f32 {
        0.5 * (self.within(-limit, limit) + self.within(-limit, limit))
    }

    /// A whole number from `low` to `high`, both included.
    pub fn count(&mut self, low: usize, high: usize) -> usize {
        self.0.random_range(low..=high)
    }

    /// Yes with probability `p`.
    pub fn chance(&mut self, p: f32) -> bool {
        self.0.random::<f32>() < p
    }

    /// One of several values.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.0.random_range(0..values.len())]
    }

    /// One of several values, each as likely as its weight says.
    ///
    /// # Panics
    /// When there are none.
    pub fn weighted<T: Copy>(&mut self, values: &[(T, f32)]) -> T {
        let total: f32 = values.iter().map(|(_, weight)| weight).sum();
        let mut left = self.within(0.0, total);
        for (value, weight) in values {
            left -= weight;
            if left < 0.0 {
                return *value;
            }
        }
        values[values.len() - 1].0
    }
}
