//! The front of accuracy over size.

/// The points, each a size and an accuracy, that no smaller one equals or beats; from small to large.
pub fn front(mut points: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut best = f64::NEG_INFINITY;
    points.retain(|[_, accuracy]| {
        let is_better = *accuracy > best;
        best = best.max(*accuracy);
        is_better
    });
    points
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_point_that_a_smaller_one_beats_is_not_of_the_front() {
        let points = vec![[3.0, 0.9], [1.0, 0.5], [2.0, 0.4], [4.0, 0.9]];
        assert_eq!(super::front(points), [[1.0, 0.5], [3.0, 0.9]]);
        assert!(super::front(Vec::new()).is_empty());
    }
}
