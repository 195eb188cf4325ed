//! Soft targets: the probability of each class that training moves a network's answer towards.

use crate::label::{CLASSES, Label};

/// A probability for each class.
pub type SoftTarget = [f32; CLASSES];

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
