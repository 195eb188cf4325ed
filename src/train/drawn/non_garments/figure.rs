//! Figures of plain shapes.

use crate::train::drawn::garment::{Garment, Tone};
use crate::train::drawn::path::{Path, Point};

/// Areas from the hindmost to the foremost.
pub fn of(parts: impl IntoIterator<Item = (Path, Tone)>) -> Garment {
    let mut garment = Garment::default();
    for (path, tone) in parts {
        garment.area(path, tone);
    }
    garment
}

/// A circle around a center.
pub fn circle(center: Point, radius: f32) -> Path {
    Path::ellipse(center, radius, radius)
}
