//! The learning rate and the dropout of each step.

/// Linear rise to `peak` over the first `warm_up` share of the steps, then a half cosine to zero.
///
/// **Source**: Smith and Topin, "Super-convergence", 2018 (<https://arxiv.org/abs/1708.07120>), with
/// the cosine of Loshchilov and Hutter, 2017 (<https://arxiv.org/abs/1608.03983>), for the descent.
pub fn one_cycle(step: usize, steps: usize, warm_up: f64, peak: f64) -> f64 {
    let rise = warm_up * steps as f64;
    let at = step as f64 + 0.5;
    if at < rise {
        peak * at / rise
    } else {
        let progress = (at - rise) / (steps as f64 - rise);
        peak * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
    }
}

/// The factor of the network's dropout probabilities: falls linearly from 1 to 0 over the first `early` share of
/// the steps.
///
/// **Source**: Liu et al., "Dropout reduces underfitting", 2023 (<https://arxiv.org/abs/2303.01500>), early
/// dropout with the linear schedule.
pub fn early_dropout(step: usize, steps: usize, early: f64) -> f64 {
    (1.0 - step as f64 / (early * steps as f64)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::{early_dropout, one_cycle};

    #[test]
    fn early_dropout_falls_from_all_to_none() {
        let shares: Vec<f64> = (0..100).map(|step| early_dropout(step, 100, 0.5)).collect();
        assert_eq!(
            (shares[0], shares[25], shares[50], shares[99]),
            (1.0, 0.5, 0.0, 0.0)
        );
        assert!(shares.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn rises_once_and_ends_near_zero() {
        let rates: Vec<f64> = (0..100)
            .map(|step| one_cycle(step, 100, 0.25, 2.0))
            .collect();
        let top = rates.iter().copied().fold(0.0, f64::max);
        assert!(rates[..25].is_sorted() && rates[25..].is_sorted_by(|a, b| a >= b));
        assert!(top > 1.95 && top <= 2.0 && rates[99] < 0.001 && rates[0] > 0.0);
    }
}
