//! The garment that draws itself on a first visit: a T-shirt, as a hand would draw it.

use crate::drawing::Drawing;

/// How long the hand takes, in milliseconds.
pub const DURATION_MS: f64 = 1200.0;
/// Radius of the chalk, in pixels of the drawing.
const RADIUS: f64 = 4.0;

/// The strokes, each a list of points in pixels of the drawing that is drawn as a smooth curve.
const STROKES: [&[(f64, f64)]; 8] = [
    &[
        (108.0, 44.0),
        (116.0, 58.0),
        (132.0, 66.0),
        (150.0, 65.0),
        (164.0, 56.0),
        (172.0, 43.0),
    ],
    &[
        (172.0, 43.0),
        (193.0, 49.0),
        (218.0, 62.0),
        (240.0, 86.0),
        (259.0, 120.0),
    ],
    &[(259.0, 120.0), (240.0, 133.0), (219.0, 145.0)],
    &[(219.0, 145.0), (211.0, 130.0), (204.0, 113.0)],
    &[
        (204.0, 113.0),
        (202.0, 150.0),
        (204.0, 198.0),
        (209.0, 243.0),
    ],
    &[
        (209.0, 243.0),
        (176.0, 249.0),
        (132.0, 251.0),
        (73.0, 245.0),
    ],
    &[(73.0, 245.0), (78.0, 198.0), (80.0, 150.0), (79.0, 112.0)],
    &[
        (79.0, 112.0),
        (72.0, 129.0),
        (63.0, 145.0),
        (44.0, 134.0),
        (22.0, 121.0),
        (37.0, 92.0),
        (58.0, 66.0),
        (84.0, 50.0),
        (108.0, 44.0),
    ],
];
/// Points that are not rounded off, though they are within a stroke: stroke and point.
const CORNERS: [(usize, usize); 2] = [(7, 2), (7, 4)];

/// The hand.
pub struct Hand {
    points: Vec<(f64, f64)>,
    drawn: usize,
}

impl Default for Hand {
    /// A hand that has drawn nothing.
    fn default() -> Self {
        let points = (0..STROKES.len()).flat_map(smooth).collect();
        Self { points, drawn: 0 }
    }
}

impl Hand {
    /// Draw on until `elapsed_ms` after the beginning; false when all is drawn.
    pub fn draw(&mut self, drawing: &mut Drawing, elapsed_ms: f64) -> bool {
        let u = (elapsed_ms / DURATION_MS).clamp(0.0, 1.0);
        let share = u * u * (3.0 - 2.0 * u);
        let end = (self.points.len() as f64 * share) as usize;
        for pair in self.points[self.drawn.saturating_sub(1)..end].windows(2) {
            drawing.stroke(pair[0], pair[1], RADIUS, 255);
        }
        self.drawn = end.max(self.drawn);
        end < self.points.len()
    }
}

/// A smooth curve through the points of a stroke (Catmull and Rom, 1974, with a tension of one half).
fn smooth(stroke: usize) -> Vec<(f64, f64)> {
    const STEPS: usize = 6;
    let points = STROKES[stroke];
    let is_corner = |i: usize| i == 0 || i + 1 == points.len() || CORNERS.contains(&(stroke, i));
    let mut curve = Vec::new();
    for i in 0..points.len() - 1 {
        let (b, c) = (points[i], points[i + 1]);
        let a = if is_corner(i) { b } else { points[i - 1] };
        let d = if is_corner(i + 1) { c } else { points[i + 2] };
        for step in 0..STEPS {
            let t = step as f64 / STEPS as f64;
            let blend = |a: f64, b: f64, c: f64, d: f64| {
                let cubic = (2.0 * b) + (c - a) * t;
                let cubic = cubic + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t;
                0.5 * (cubic + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            };
            curve.push((blend(a.0, b.0, c.0, d.0), blend(a.1, b.1, c.1, d.1)));
        }
    }
    curve.push(points[points.len() - 1]);
    curve
}
