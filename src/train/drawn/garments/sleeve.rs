//! A sleeve: its proportions, its two sides, and places along it.

use crate::train::drawn::path::{Path, Point, between};

/// Points along each side of a sleeve, its ends included.
pub const SLEEVE_POINTS: usize = 9;

/// A sleeve as proportions.
#[derive(Clone, Copy, Debug)]
pub struct Sleeve {
    /// From the shoulder to the cuff.
    pub length: f32,
    /// Degrees away from straight down; 90 is straight out, less than 0 is across the body.
    pub angle: f32,
    /// Degrees that the lower half is turned further outward.
    pub bend: f32,
    /// Width at the end.
    pub cuff: f32,
}

/// The two sides of a sleeve, from the shoulder to the cuff.
#[derive(Clone, Debug)]
pub struct SleeveSides {
    /// The side that begins at the shoulder.
    pub outer: Vec<Point>,
    /// The side that begins at the armpit.
    pub inner: Vec<Point>,
}

impl SleeveSides {
    /// The part of the sleeve between two shares of its length.
    pub fn part(&self, from: f32, to: f32) -> Path {
        let side = |points: &[Point]| {
            let path = Path::open(points);
            Path::open(&[0.0, 0.5, 1.0].map(|t| path.along(from + (to - from) * t)))
        };
        side(&self.outer).then_back(&side(&self.inner)).close()
    }

    /// A line across the sleeve at a share of its length.
    pub fn across(&self, at: f32) -> Path {
        let point = |points: &[Point]| Path::open(points).along(at);
        Path::open(&[point(&self.outer), point(&self.inner)])
    }

    /// A fold at the elbow.
    pub fn fold(&self, at: f32) -> Path {
        let line = self.across(at);
        let (a, b) = (line.points[1], line.points[0]);
        Path::at(a).curve(between(a, b, 0.3), between(a, b, 0.55))
    }

    /// The whole sleeve.
    pub fn whole(&self) -> Path {
        Path::open(&self.outer)
            .then_back(&Path::open(&self.inner))
            .close()
    }
}
