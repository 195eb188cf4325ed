//! Lines through points: what garments are made of before anything is drawn.
//!
//! Curves become short straight pieces at once, so that every later step (warp, wobble, gaps) moves points.
//! x grows to the right and y downward; garments are about one unit wide.

/// A place: (x, y).
pub type Point = (f32, f32);

/// Straight pieces that stand for one curve.
const PIECES: usize = 8;

/// A line through points, open or closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The points in order.
    pub points: Vec<Point>,
    /// Whether the last point is joined to the first.
    pub closed: bool,
}

impl Path {
    /// A path that starts at a point.
    pub fn at(start: Point) -> Self {
        Self {
            points: vec![start],
            closed: false,
        }
    }

    /// Straight pieces through the points.
    pub fn open(points: &[Point]) -> Self {
        Self {
            points: points.to_vec(),
            closed: false,
        }
    }

    /// A polygon.
    pub fn polygon(points: &[Point]) -> Self {
        Self::open(points).close()
    }

    /// A smooth open curve through the points.
    pub fn through(points: &[Point]) -> Self {
        Self::at(points[0]).spline(&points[1..])
    }

    /// A smooth closed curve through the points.
    pub fn ring(points: &[Point]) -> Self {
        let n = points.len();
        let mut path = Self::open(&[]).close();
        for i in 0..n {
            let four = [
                points[(i + n - 1) % n],
                points[i],
                points[(i + 1) % n],
                points[(i + 2) % n],
            ];
            path.points
                .extend((0..PIECES).map(|k| catmull_rom(four, k as f32 / PIECES as f32)));
        }
        path
    }

    /// An ellipse around a center.
    pub fn ellipse(center: Point, rx: f32, ry: f32) -> Self {
        let mut path = Self::arc(center, rx, ry, 0.0, 360.0);
        path.points.pop();
        path.close()
    }

    /// Part of an ellipse; degrees grow clockwise from the right.
    pub fn arc((cx, cy): Point, rx: f32, ry: f32, from: f32, to: f32) -> Self {
        let pieces = (((to - from).abs() / 18.0).ceil() as usize).max(2);
        let point = |i: usize| {
            let angle = (from + (to - from) * i as f32 / pieces as f32).to_radians();
            (cx + rx * angle.cos(), cy + ry * angle.sin())
        };
        Self {
            points: (0..=pieces).map(point).collect(),
            closed: false,
        }
    }

    /// A rectangle by two opposite corners.
    pub fn rectangle((x0, y0): Point, (x1, y1): Point) -> Self {
        Self::polygon(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    }

    /// Add a straight piece.
    pub fn line(mut self, to: Point) -> Self {
        self.points.push(to);
        self
    }

    /// Add several straight pieces.
    pub fn lines(mut self, to: &[Point]) -> Self {
        self.points.extend(to);
        self
    }

    /// Add a quadratic Bezier curve.
    pub fn curve(mut self, control: Point, to: Point) -> Self {
        let from = self.end();
        self.points.extend((1..=PIECES).map(|i| {
            let t = i as f32 / PIECES as f32;
            between(between(from, control, t), between(control, to, t), t)
        }));
        self
    }

    /// Add a cubic Bezier curve.
    pub fn cubic(mut self, a: Point, b: Point, to: Point) -> Self {
        let from = self.end();
        self.points.extend((1..=PIECES).map(|i| {
            let t = i as f32 / PIECES as f32;
            let (p, q, r) = (between(from, a, t), between(a, b, t), between(b, to, t));
            between(between(p, q, t), between(q, r, t), t)
        }));
        self
    }

    /// Add a smooth curve through the points, from the present end.
    pub fn spline(mut self, points: &[Point]) -> Self {
        let mut all = vec![self.end()];
        all.extend(points);
        for i in 0..all.len() - 1 {
            let four = [
                all[i.saturating_sub(1)],
                all[i],
                all[i + 1],
                all[(i + 2).min(all.len() - 1)],
            ];
            self.points
                .extend((1..=PIECES).map(|k| catmull_rom(four, k as f32 / PIECES as f32)));
        }
        self
    }

    /// Add another path's points.
    pub fn then(mut self, other: &Self) -> Self {
        self.points.extend(&other.points);
        self
    }

    /// Add another path's points from its end to its start.
    pub fn then_back(mut self, other: &Self) -> Self {
        self.points.extend(other.points.iter().rev());
        self
    }

    /// Join the end to the start.
    pub fn close(mut self) -> Self {
        self.closed = true;
        self
    }

    /// The last point, the origin when there is none.
    pub fn end(&self) -> Point {
        self.points.last().copied().unwrap_or_default()
    }

    /// Move every point.
    pub fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        Self {
            points: self.points.iter().map(|p| f(*p)).collect(),
            closed: self.closed,
        }
    }

    /// The mirror image left to right.
    pub fn mirrored(&self) -> Self {
        self.map(|(x, y)| (-x, y))
    }

    /// A closed path of this right half, from the middle above to the middle below, and its mirror image.
    pub fn with_mirror(self) -> Self {
        let other = self.mirrored();
        self.then_back(&other).close()
    }

    /// The band that a stroke of `width` along an open path covers.
    pub fn band(&self, width: f32) -> Self {
        let side = |sign: f32| -> Vec<Point> {
            (0..self.points.len())
                .map(|i| {
                    let (nx, ny) = self.normal(i);
                    let (x, y) = self.points[i];
                    (x + sign * nx * width / 2.0, y + sign * ny * width / 2.0)
                })
                .collect()
        };
        let (left, right) = (side(1.0), side(-1.0));
        Self::open(&left).then_back(&Self::open(&right)).close()
    }

    /// The unit vector across the path at a point.
    fn normal(&self, i: usize) -> Point {
        let (a, b) = (
            self.points[i.saturating_sub(1)],
            self.points[(i + 1).min(self.points.len() - 1)],
        );
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = dx.hypot(dy).max(1e-6);
        (-dy / length, dx / length)
    }

    /// The point at a share of the points, 0 to 1.
    pub fn along(&self, share: f32) -> Point {
        let at = share.clamp(0.0, 1.0) * (self.points.len() - 1) as f32;
        let i = (at as usize).min(self.points.len().saturating_sub(2));
        between(
            self.points[i],
            self.points[(i + 1).min(self.points.len() - 1)],
            at - i as f32,
        )
    }

    /// Its sharp corners rounded by up to `radius`.
    pub fn rounded(&self, radius: f32) -> Self {
        let n = self.points.len();
        if n < 3 {
            return self.clone();
        }
        let mut points = Vec::with_capacity(n + 16);
        for i in 0..n {
            let is_end = !self.closed && (i == 0 || i == n - 1);
            let (a, b, c) = (
                self.points[(i + n - 1) % n],
                self.points[i],
                self.points[(i + 1) % n],
            );
            let (before, after) = (distance(a, b), distance(b, c));
            let cosine = ((b.0 - a.0) * (c.0 - b.0) + (b.1 - a.1) * (c.1 - b.1))
                / (before * after).max(1e-9);
            if is_end || cosine > 0.8 || before < 1e-4 || after < 1e-4 {
                points.push(b);
                continue;
            }
            let from = between(b, a, (radius / before).min(0.5));
            let to = between(b, c, (radius / after).min(0.5));
            points.extend((0..=4).map(|k| {
                let t = k as f32 / 4.0;
                between(between(from, b, t), between(b, to, t), t)
            }));
        }
        Self {
            points,
            closed: self.closed,
        }
    }

    /// The corners of the box around it: left and top, right and bottom.
    pub fn bounds(&self) -> (Point, Point) {
        let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for (x, y) in &self.points {
            low = (low.0.min(*x), low.1.min(*y));
            high = (high.0.max(*x), high.1.max(*y));
        }
        (low, high)
    }

    /// Its length, the closing piece included.
    pub fn length(&self) -> f32 {
        let pieces: f32 = self.points.windows(2).map(|p| distance(p[0], p[1])).sum();
        if self.closed {
            pieces + distance(self.end(), self.points[0])
        } else {
            pieces
        }
    }
}

/// The point at share `t` of the way from `a` to `b`.
pub fn between(a: Point, b: Point, t: f32) -> Point {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

/// How far apart two points are.
pub fn distance(a: Point, b: Point) -> f32 {
    (b.0 - a.0).hypot(b.1 - a.1)
}

/// A point turned clockwise by degrees around a center.
pub fn turned((x, y): Point, (cx, cy): Point, degrees: f32) -> Point {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (dx, dy) = (x - cx, y - cy);
    (cx + cos * dx - sin * dy, cy + sin * dx + cos * dy)
}

/// A point between the second and third of four.
///
/// **Source**: Catmull and Rom, "A class of local interpolating splines", 1974, with the usual tension of a half.
fn catmull_rom([a, b, c, d]: [Point; 4], t: f32) -> Point {
    let one = |a: f32, b: f32, c: f32, d: f32| {
        0.5 * (2.0 * b
            + (c - a) * t
            + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
            + (3.0 * b - a - 3.0 * c + d) * t * t * t)
    };
    (one(a.0, b.0, c.0, d.0), one(a.1, b.1, c.1, d.1))
}
