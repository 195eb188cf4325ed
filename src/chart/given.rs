//! Constants that the charts share.

/// Narrower charts have fewer words, in px.
pub const NARROW: f64 = 600.0;
/// The accuracies of the best networks of any size that are known on a clean split, in percent.
pub const BEST_KNOWN: [f64; 2] = [96.5, 96.9];
