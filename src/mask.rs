//! A yes or no for each pixel of a picture, and floods through it.
//!
//! `outline` finds with it what the lines of a drawing enclose, `preprocess` what stands out from an uneven ground.

use crate::plane::Plane;
use std::collections::VecDeque;

/// A yes or no for each pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    cells: Vec<bool>,
}

impl Mask {
    /// Ask for each value of a plane.
    pub fn new(plane: &Plane, f: impl Fn(f32) -> bool) -> Self {
        let cells = plane.values().iter().map(|v| f(*v)).collect();
        Self {
            width: plane.width(),
            height: plane.height(),
            cells,
        }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// A mask of the same size, by place.
    pub fn like(&self, f: impl Fn(usize) -> bool) -> Self {
        Self {
            cells: (0..self.cells.len()).map(f).collect(),
            ..*self
        }
    }

    /// Whether a place is in it.
    pub fn has(&self, at: usize) -> bool {
        self.cells[at]
    }

    /// The places in it, row by row.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        (0..self.cells.len()).filter(|&at| self.cells[at])
    }

    /// How many places are in it.
    pub fn count(&self) -> usize {
        self.cells.iter().filter(|c| **c).count()
    }

    /// The pixels above, below, left and right.
    pub fn neighbors(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
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
    pub fn surrounding(&self, at: usize) -> impl Iterator<Item = usize> + use<> {
        let (x, y, w, h) = (at % self.width, at / self.width, self.width, self.height);
        let rows = y.saturating_sub(1)..(y + 2).min(h);
        let columns = x.saturating_sub(1)..(x + 2).min(w);
        rows.flat_map(move |y| columns.clone().map(move |x| y * w + x))
            .filter(move |n| *n != at)
    }

    /// Steps from the nearest of `starts`, going through pixels that `may_enter` allows.
    pub fn distances<N: Iterator<Item = usize>>(
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

    /// What is reached from beyond the edge without crossing a line, gaps up to `2 * radius` being closed.
    ///
    /// `walls` are places just beyond the edge, by column and row from -1 on, that count as lines.
    pub fn outside(&self, radius: usize, walls: &[[isize; 2]]) -> Mask {
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
        let mut lines: Vec<bool> = (0..width * height)
            .map(|at| inner(at).is_some_and(|i| self.cells[i]))
            .collect();
        for [x, y] in walls {
            let along = |v: isize| v.saturating_add_unsigned(frame).max(0) as usize;
            lines[along(*y) * width + along(*x)] = true;
        }
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
    pub fn depths(
        &self,
        region: impl Fn(usize) -> bool,
        beyond: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let on_edge = |at: usize| self.neighbors(at).count() < 4;
        let starts = (0..self.cells.len())
            .filter(|&at| region(at) && (on_edge(at) || self.neighbors(at).any(&beyond)));
        self.distances(starts, Self::surrounding, |at, _| region(at))
    }

    /// The connected parts, through the pixels of [`Self::neighbors`], as lists of places.
    pub fn parts(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.cells.len()];
        let mut parts = Vec::new();
        for start in self.places() {
            if seen[start] {
                continue;
            }
            seen[start] = true;
            let mut part = vec![start];
            let mut next = 0;
            while next < part.len() {
                for other in self.neighbors(part[next]) {
                    if self.cells[other] && !seen[other] {
                        seen[other] = true;
                        part.push(other);
                    }
                }
                next += 1;
            }
            parts.push(part);
        }
        parts
    }
}
