//! How impure a tree's node is: the Gini index and the entropy of its classes.

use crate::label::CLASSES;
use serde::{Deserialize, Serialize};

/// How impurity is measured, with `p_c` the share of class `c` in a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Criterion {
    /// `1 - sum_c p_c^2`.
    Gini,
    /// `-sum_c p_c ln p_c`.
    Entropy,
}

impl Criterion {
    /// The images of a node times a constant minus its impurity: the larger, the purer.
    pub(super) fn purity(self, counts: &[usize; CLASSES], count: usize) -> f64 {
        match self {
            Self::Gini => counts.iter().map(|n| n * n).sum::<usize>() as f64 / count as f64,
            Self::Entropy => {
                let term = |n: usize| {
                    if n == 0 {
                        0.0
                    } else {
                        n as f64 * (n as f64).ln()
                    }
                };
                counts.iter().map(|n| term(*n)).sum::<f64>() - term(count)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purity_is_the_images_times_a_constant_less_the_impurity() {
        let mut counts = [0; CLASSES];
        counts[2..4].copy_from_slice(&[3, 1]);
        let gini = 1.0 - (0.75_f64.powi(2) + 0.25_f64.powi(2));
        let entropy = -(0.75 * 0.75_f64.ln() + 0.25 * 0.25_f64.ln());
        assert!((Criterion::Gini.purity(&counts, 4) - 4.0 * (1.0 - gini)).abs() < 1e-12);
        assert!((Criterion::Entropy.purity(&counts, 4) + 4.0 * entropy).abs() < 1e-12);
    }
}
