//! Fills outline drawings: what cannot be reached from outside is the garment.
//!
//! The models know photos, not line drawings. A picture counts as an outline when most of what its
//! lines enclose is empty, or when what is empty is wider than the lines; a photo with a hole (a bag's
//! handle, a sandal's straps) does not.

use crate::plane::Plane;
use std::collections::VecDeque;

/// A drawing is an outline when its lines cover less than this share of what they enclose.
const MOST_LINES: f32 = 0.55;
/// A drawing is an outline, too, when the widest empty part of what its lines enclose is so many times as wide as
/// the lines: garments drawn with the medium pen are, photos hardly ever (`tests/golden.rs` has both).
const LEAST_ROOM: f32 = 1.6;
/// Brightness given to the inside of an outline; about the mean garment pixel of the data set.
const FILL: f32 = 190.0;
/// Brightness given to lines inside: darker detail.
const DETAIL: f32 = 80.0;
/// Gaps in a contour up to twice this share of the longest side are closed.
const CLOSING: f32 = 0.02;

/// Fill a light-on-black drawing if it is an outline, else return `None`.
///
/// Pixels brighter than `threshold` are lines. The contour itself becomes part of the garment; lines
/// deeper inside than the contour is thick stay visible as darker detail.
pub fn fill(drawing: &Plane, threshold: f32) -> Option<Plane> {
    let lines = Mask::new(drawing, |v| v > threshold);
    let radius = (CLOSING * drawing.width().max(drawing.height()) as f32).round() as usize;
    let outside = lines.outside(radius);
    let enclosed = outside.cells.iter().filter(|o| !**o).count();
    let thin = (lines.count() as f32) < MOST_LINES * enclosed as f32;
    if !thin && lines.room(&outside) < LEAST_ROOM {
        return None;
    }
    let is_line = |at: usize| lines.cells[at];
    let depth = lines.depths(is_line, |at| outside.cells[at]);
    let thickness = contour_thickness(&lines, &outside, &depth);
    let values = (0..lines.cells.len()).map(|at| match (outside.cells[at], lines.cells[at]) {
        (true, _) => 0.0,
        (false, true) if depth[at] > 2 * thickness => DETAIL,
        (false, _) => FILL,
    });
    Some(Plane::new(
        drawing.width(),
        drawing.height(),
        values.collect(),
    ))
}

/// How many line pixels lie between outside and inside; the lower quartile, because pixels of inner
/// lines that touch the contour are deeper.
fn contour_thickness(lines: &Mask, outside: &Mask, depth: &[usize]) -> usize {
    let mut depths: Vec<usize> = (0..lines.cells.len())
        .filter(|&at| lines.cells[at] && depth[at] < usize::MAX)
        .filter(|&at| {
            lines
                .neighbors(at)
                .any(|n| !lines.cells[n] && !outside.cells[n])
        })
        .map(|at| depth[at])
        .collect();
    depths.sort_unstable();
    depths.get(depths.len() / 4).copied().unwrap_or(1)
}

/// A yes or no for each pixel.
struct Mask {
    width: usize,
    height: usize,
    cells: Vec<bool>,
}

impl Mask {
    fn new(plane: &Plane, f: impl Fn(f32) -> bool) -> Self {
        let cells = plane.values().iter().map(|v| f(*v)).collect();
        Self {
            width: plane.width(),
            height: plane.height(),
            cells,
        }
    }

    fn count(&self) -> usize {
        self.cells.iter().filter(|c| **c).count()
    }

    /// The pixels above, below, left and right.
    fn neighbors(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let (x, y, w, h) = (at % self.width, at / self.width, self.width, self.height);
        [
            (x > 0).then(|| at - 1),
            (x + 1 < w).then_some(at + 1),
            (y > 0).then(|| at - w),
            (y + 1 < h).then_some(at + w),
        ]
        .into_iter()
        .flatten()
    }

    /// The pixels of [`Self::neighbors`] and the four at the corners.
    fn surrounding(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let (x, y, w, h) = (at % self.width, at / self.width, self.width, self.height);
        let rows = y.saturating_sub(1)..(y + 2).min(h);
        let columns = x.saturating_sub(1)..(x + 2).min(w);
        rows.flat_map(move |y| columns.clone().map(move |x| y * w + x))
            .filter(move |n| *n != at)
    }

    /// Steps from the nearest of `starts`, going through pixels that `may_enter` allows.
    fn distances<N: Iterator<Item = usize>>(
        &self,
        starts: impl Iterator<Item = usize>,
        neighbors: impl Fn(&Self, usize) -> N,
        may_enter: impl Fn(usize, usize) -> bool,
    ) -> Vec<usize> {
        let mut distance = vec![usize::MAX; self.cells.len()];
        let mut queue: VecDeque<usize> = starts.collect();
        for &start in &queue {
            distance[start] = 0;
        }
        while let Some(at) = queue.pop_front() {
            for next in neighbors(self, at) {
                if distance[next] == usize::MAX && may_enter(next, distance[at] + 1) {
                    distance[next] = distance[at] + 1;
                    queue.push_back(next);
                }
            }
        }
        distance
    }

    /// What is reached from the edge without crossing a line, gaps up to `2 * radius` being closed.
    fn outside(&self, radius: usize) -> Mask {
        // Work on a frame wide enough for the closing to reach around the drawing.
        let frame = radius + 1;
        let (width, height) = (self.width + 2 * frame, self.height + 2 * frame);
        let inner = |at: usize| {
            let (x, y) = (
                (at % width).checked_sub(frame)?,
                (at / width).checked_sub(frame)?,
            );
            (x < self.width && y < self.height).then_some(y * self.width + x)
        };
        let lines: Vec<bool> = (0..width * height)
            .map(|at| inner(at).is_some_and(|i| self.cells[i]))
            .collect();
        let wide = Mask {
            width,
            height,
            cells: lines,
        };
        let is_line = |at: &usize| wide.cells[*at];
        let from_lines = wide.distances(
            (0..width * height).filter(is_line),
            Self::neighbors,
            |_, d| d <= radius,
        );
        let flooded = wide.distances([0].into_iter(), Self::neighbors, |at, _| {
            from_lines[at] > radius
        });
        let shore = (0..width * height).filter(|at| flooded[*at] < usize::MAX);
        let reached = wide.distances(shore, Self::neighbors, |at, d| {
            d <= radius && !wide.cells[at]
        });
        let mut cells = vec![false; self.cells.len()];
        for (at, distance) in reached.iter().enumerate() {
            if let Some(i) = inner(at) {
                cells[i] = *distance < usize::MAX;
            }
        }
        Mask { cells, ..*self }
    }

    /// For each pixel of a region, its steps through the region from what is `beyond` it or from the picture's edge.
    fn depths(&self, region: impl Fn(usize) -> bool, beyond: impl Fn(usize) -> bool) -> Vec<usize> {
        let on_edge = |at: usize| self.neighbors(at).count() < 4;
        let starts = (0..self.cells.len())
            .filter(|&at| region(at) && (on_edge(at) || self.neighbors(at).any(&beyond)));
        self.distances(starts, Self::surrounding, |at, _| region(at))
    }

    /// How many times as wide as the lines the widest empty part of what they enclose is.
    ///
    /// Along a line of even width the mean distance from its sides is a quarter of the width.
    fn room(&self, outside: &Mask) -> f32 {
        let is_line = |at: usize| self.cells[at];
        let is_inside = |at: usize| !self.cells[at] && !outside.cells[at];
        let reached = |depths: Vec<usize>| depths.into_iter().filter(|d| *d < usize::MAX);
        let inside = self.depths(is_inside, is_line);
        let lines: Vec<usize> = reached(self.depths(is_line, |at| !is_line(at))).collect();
        let widest = 2 * reached(inside).map(|depth| depth + 1).max().unwrap_or(0);
        let total: usize = lines.iter().map(|depth| depth + 1).sum();
        widest as f32 * lines.len() as f32 / (4 * total) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is a line.
    fn drawing(rows: &[&str]) -> Plane {
        let values = rows
            .iter()
            .flat_map(|r| r.chars())
            .map(|c| if c == '#' { 255.0 } else { 0.0 });
        Plane::new(rows[0].len(), rows.len(), values.collect())
    }

    #[test]
    fn a_closed_outline_is_filled_and_inner_lines_are_darker() {
        let filled = fill(
            &drawing(&[
                "##########",
                "#........#",
                "#........#",
                "#...##...#",
                "#...##...#",
                "#........#",
                "#........#",
                "#........#",
                "##########",
            ]),
            20.0,
        )
        .expect("an outline");
        assert_eq!(filled.values()[0], FILL);
        assert_eq!(filled.values()[12], FILL);
        // The inner square touches no contour, so its depth has no end: it is detail.
        assert_eq!(filled.values()[34], DETAIL);
    }

    #[test]
    fn solid_shapes_and_open_lines_stay_as_they_are() {
        assert_eq!(
            fill(&drawing(&["####", "####", "#..#", "####"]), 20.0),
            None,
            "a hole"
        );
        assert_eq!(
            fill(&drawing(&["####", "#...", "#...", "#..."]), 20.0),
            None,
            "open"
        );
    }
}
