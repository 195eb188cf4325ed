//! How a hand follows a path: wobble, gaps, overshoots, doubled lines, or none of them.

use super::path::{Path, Point, between, distance};
use super::random::Random;

/// A way to draw lines; lengths are in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Pen {
    /// Width of a line.
    pub width: f32,
    /// How far the hand strays.
    pub wobble: f32,
    /// Over what length it strays and comes back.
    pub wavelength: f32,
    /// Length of the straight pieces that a slow mouse leaves; 0 for smooth lines.
    pub step: f32,
    /// The chance that a line has a gap, and the longest gap as a share of the garment's size.
    pub gaps: (f32, f32),
    /// How far lines go on beyond corners and ends, at most.
    pub overshoot: f32,
    /// How many times each line is drawn.
    pub times: usize,
    /// How much the width varies along a line, 0 to 1.
    pub pressure: f32,
    /// The garment's longest side.
    pub size: f32,
}

impl Pen {
    /// A steady pen.
    pub fn steady(width: f32, size: f32) -> Self {
        Self {
            width,
            wobble: 0.0,
            wavelength: 1.0,
            step: 0.0,
            gaps: (0.0, 0.0),
            overshoot: 0.0,
            times: 1,
            pressure: 0.0,
            size,
        }
    }

    /// The strokes that draw a path: each a path and its width.
    pub fn strokes(&self, path: &Path, random: &mut Random) -> Vec<(Path, f32)> {
        let mut out = Vec::new();
        for _ in 0..self.times {
            let followed = self.followed(path, random);
            let pieces = self.with_gaps(followed, random);
            for piece in pieces {
                let piece = self.overshot(piece, random);
                self.pressed(piece, random, &mut out);
            }
        }
        out
    }

    /// The path as the hand follows it.
    pub fn followed(&self, path: &Path, random: &mut Random) -> Path {
        if self.wobble <= 0.0 && self.step <= 0.0 {
            return path.clone();
        }
        let length = path.length().max(1e-3);
        let spacing = if self.step > 0.0 {
            self.step
        } else {
            (self.wavelength / 5.0).clamp(1.5, 8.0)
        };
        let points = resampled(path, spacing);
        // A closed line comes back to its start, nearly.
        let whole = |waves: f32| {
            if path.closed {
                waves.round().max(1.0)
            } else {
                waves
            }
        };
        let turn = std::f32::consts::TAU;
        let waves: [(f32, f32, f32); 4] = std::array::from_fn(|i| {
            let shorter = if i < 2 { 1.0 } else { 2.3 };
            let count = length / self.wavelength * shorter * random.within(0.7, 1.3);
            let high = self.wobble * random.within(0.5, 1.0) / shorter;
            (whole(count), random.within(0.0, turn), high)
        });
        let n = points.len() as f32;
        let stray = |i: usize, waves: &[(f32, f32, f32)]| -> f32 {
            waves
                .iter()
                .map(|(count, phase, high)| high * (turn * count * i as f32 / n + phase).sin())
                .sum()
        };
        let moved = points.iter().enumerate().map(|(i, (x, y))| {
            (
                x + stray(i, &[waves[0], waves[2]]),
                y + stray(i, &[waves[1], waves[3]]),
            )
        });
        Path {
            points: moved.collect(),
            closed: path.closed,
        }
    }

    /// The path cut where the hand left the paper.
    fn with_gaps(&self, path: Path, random: &mut Random) -> Vec<Path> {
        let (chance, longest) = self.gaps;
        let length = path.length();
        if length < 0.12 * self.size || !random.chance(chance) {
            return vec![path];
        }
        let mut points = resampled(&path, 2.0);
        if path.closed {
            let start = random.count(0, points.len() - 1);
            points.rotate_left(start);
            points.push(points[0]);
        }
        let holes = random.count(1, 2);
        let mut pieces = Vec::new();
        let mut start = 0;
        for i in 0..holes {
            let gap = (random.within(0.01, longest) * self.size / 2.0).ceil() as usize;
            let share = (i as f32 + random.within(0.2, 0.8)) / holes as f32;
            let from = (share * points.len() as f32) as usize;
            if from > start + 2 {
                pieces.push(Path::open(&points[start..from]));
            }
            start = (from + gap).min(points.len() - 1);
        }
        if start + 2 < points.len() {
            pieces.push(Path::open(&points[start..]));
        }
        pieces
    }

    /// The path with its ends drawn further; a closed path is opened where it started.
    fn overshot(&self, path: Path, random: &mut Random) -> Path {
        if self.overshoot <= 0.0 || path.points.len() < 3 {
            return path;
        }
        let mut points = path.points;
        if path.closed {
            points.push(points[0]);
        }
        let further = |end: Point, before: Point, by: f32| {
            let length = distance(end, before).max(1e-3);
            between(before, end, 1.0 + by / length)
        };
        let n = points.len();
        let (first, last) = (
            further(points[0], points[1], random.within(0.0, self.overshoot)),
            further(
                points[n - 1],
                points[n - 2],
                random.within(0.0, self.overshoot),
            ),
        );
        points[0] = first;
        points[n - 1] = last;
        Path::open(&points)
    }

    /// The path in pieces of different width, or whole.
    fn pressed(&self, path: Path, random: &mut Random, out: &mut Vec<(Path, f32)>) {
        if self.pressure <= 0.0 {
            out.push((path, self.width));
            return;
        }
        let mut points = resampled(&path, 3.0);
        if path.closed {
            points.push(points[0]);
        }
        let phase = random.within(0.0, std::f32::consts::TAU);
        let waves = random.within(1.0, 4.0) * std::f32::consts::TAU;
        let count = (points.len() / 4).max(1);
        for (i, piece) in points.windows(5).step_by(4).enumerate() {
            let wave = (phase + waves * i as f32 / count as f32).sin();
            let width = self.width * (1.0 + self.pressure * wave);
            out.push((Path::open(piece), width.max(0.6)));
        }
    }
}

/// Points along a path so far apart; those of a closed path go once around.
pub fn resampled(path: &Path, spacing: f32) -> Vec<Point> {
    let mut points = Vec::new();
    let n = path.points.len();
    let pieces = if path.closed { n } else { n.saturating_sub(1) };
    let mut left = 0.0;
    for i in 0..pieces {
        let (a, b) = (path.points[i], path.points[(i + 1) % n]);
        let length = distance(a, b);
        while left < length {
            points.push(between(a, b, left / length));
            left += spacing;
        }
        left -= length;
    }
    if !path.closed
        && let Some(last) = path.points.last()
    {
        points.push(*last);
    }
    if points.is_empty() {
        points.extend(&path.points);
    }
    points
}
