//! The garment that draws itself on a first visit: a T-shirt, as a hand would draw it.

use crate::drawing::Drawing;

/// How long the hand takes, in milliseconds.
pub const DURATION_MS: f64 = 1200.0;
/// Radius of the chalk, in pixels of the drawing.
const RADIUS: f64 = 4.0;

/// The strokes, each a list of points in pixels of the drawing that is drawn as a smooth curve.
const STROKES: [&[(f64, f64)]; 10] = [
    &[
        (108.0, 44.0),
        (117.6, 53.0),
        (132.3, 57.6),
        (149.6, 56.4),
        (163.7, 50.8),
        (172.0, 43.0),
    ],
    &[
        (172.0, 43.0),
        (193.0, 43.8),
        (213.8, 53.2),
        (232.8, 73.0),
        (248.0, 98.0),
    ],
    &[(248.0, 98.0), (216.0, 126.0)],
    &[(216.0, 126.0), (203.0, 104.0)],
    &[
        (203.0, 104.0),
        (201.0, 154.2),
        (203.0, 204.3),
        (206.0, 256.0),
    ],
    &[
        (206.0, 256.0),
        (166.4, 261.3),
        (126.8, 262.6),
        (74.0, 257.0),
    ],
    &[(74.0, 257.0), (77.0, 206.5), (79.0, 156.0), (77.0, 104.0)],
    &[(77.0, 104.0), (64.0, 126.0)],
    &[(64.0, 126.0), (32.0, 99.0)],
    &[
        (32.0, 99.0),
        (47.2, 74.0),
        (66.2, 54.2),
        (87.0, 44.8),
        (108.0, 44.0),
    ],
];

/// The hand.
#[derive(Clone)]
pub struct Hand {
    points: Vec<(f64, f64)>,
    /// Points of the first stroke.
    first: usize,
    drawn: usize,
}

impl Default for Hand {
    /// A hand that has drawn nothing.
    fn default() -> Self {
        let points = (0..STROKES.len()).flat_map(smooth).collect();
        Self {
            points,
            first: smooth(0).len(),
            drawn: 0,
        }
    }
}

impl Hand {
    /// Draw on until `elapsed_ms` after the beginning; false when all is drawn.
    pub fn draw(&mut self, drawing: &mut Drawing, elapsed_ms: f64) -> bool {
        let u = (elapsed_ms / DURATION_MS).clamp(0.0, 1.0);
        let share = u * u * (3.0 - 2.0 * u);
        // The first stroke is there at once: the networks have something to answer while the hand is still slow.
        let end = ((self.points.len() as f64 * share) as usize).max(self.first);
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
    let is_corner = |i: usize| i == 0 || i + 1 == points.len();
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
