//! Soft targets: the probability of each class that training moves a network's answer towards.

use crate::label::{CLASSES, Label};
use burn::tensor::loss::cross_entropy_with_logits;
use burn::tensor::{Tensor, TensorData};

/// A probability for each class; what they lack to a sum of one is the probability that it is none of them.
pub type SoftTarget = [f32; CLASSES];

/// The target of a picture that shows none of the classes.
pub const NONE_OF_THESE: SoftTarget = [0.0; CLASSES];

/// A label as a soft target, of which `smoothing` (0 to 1) is spread over all classes.
///
/// **Source**: Szegedy et al., "Rethinking the inception architecture", 2016, section 7
/// (<https://arxiv.org/abs/1512.00567>).
pub fn smoothed(label: Label, smoothing: f32) -> SoftTarget {
    let mut target = [smoothing / CLASSES as f32; CLASSES];
    target[label.index()] += 1.0 - smoothing;
    target
}

/// Move `target` by `weight` (0 to 1) towards `other`.
pub fn blend(target: &mut SoftTarget, other: &SoftTarget, weight: f32) {
    for (target, other) in target.iter_mut().zip(other) {
        *target += weight * (other - *target);
    }
}

/// Mean cross-entropy in nats of a batch's logits, `[batch, CLASSES]`; with `has_others` over one class more, for what
/// shows none of the others. Its logit is zero: a constant added to all logits changes no probability, so ten outputs
/// can say what eleven can, where the last layer is linear. Labels are smoothed over the ten classes alone.
///
/// **Source**: trained on pictures of other things as in Hendrycks, Mazeika and Dietterich, "Deep anomaly detection with
/// outlier exposure", 2019, section 3 (<https://arxiv.org/abs/1812.04606>), with a class for them.
pub(super) fn cross_entropy(
    logits: Tensor<2>,
    targets: &[SoftTarget],
    has_others: bool,
) -> Tensor<1> {
    let (count, device) = (targets.len(), logits.device());
    let data = TensorData::new(targets.as_flattened().to_vec(), [count, CLASSES]);
    let targets = Tensor::<2>::from_data(data, &device);
    if !has_others {
        return cross_entropy_with_logits(logits, targets);
    }
    let none = (targets.clone().sum_dim(1).neg() + 1.0).clamp_min(0.0);
    let zero = Tensor::zeros([count, 1], &device);
    cross_entropy_with_logits(
        Tensor::cat(vec![logits, zero], 1),
        Tensor::cat(vec![targets, none], 1),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::device;

    fn loss(logits: [f32; CLASSES], target: SoftTarget, has_others: bool) -> f32 {
        let logits = Tensor::<2>::from_data([logits], &device());
        cross_entropy(logits, &[target], has_others).into_scalar()
    }

    #[test]
    fn other_things_want_logits_below_zero() {
        let garment = smoothed(Label::new(3).unwrap(), 0.0);
        let mut logits = [-20.0; CLASSES];
        assert!(loss(logits, NONE_OF_THESE, true) < 1e-6);
        assert!(loss(logits, garment, true) > 19.0);
        logits[3] = 20.0;
        assert!(loss(logits, NONE_OF_THESE, true) > 19.0);
        assert!(loss(logits, garment, true) < 1e-6);
    }

    #[test]
    fn without_other_things_only_differences_of_logits_count() {
        let garment = smoothed(Label::new(3).unwrap(), 0.1);
        let (mut below, mut above) = ([-7.0; CLASSES], [7.0; CLASSES]);
        (below[3], above[3]) = (-5.0, 9.0);
        assert!((loss(below, garment, false) - loss(above, garment, false)).abs() < 1e-5);
        assert!((loss(below, garment, true) - loss(above, garment, true)).abs() > 1.0);
    }
}
