//! One channel of a picture as floats, and the few geometric operations that preprocessing needs.

use std::ops::Range;

/// `width * height` values in row-major order, usually 0 to 255.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Plane {
    /// Take `width * height` values.
    ///
    /// # Panics
    /// When a side is zero or the number of values differs.
    pub fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        assert!(width > 0 && height > 0, "a plane has at least one value");
        assert_eq!(values.len(), width * height, "one value a pixel");
        Self {
            width,
            height,
            values,
        }
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The rows from top to bottom.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.width)
    }

    /// Apply a function to every value.
    pub fn map(&self, f: impl Fn(f32) -> f32) -> Self {
        Self {
            values: self.values.iter().map(|v| f(*v)).collect(),
            ..*self
        }
    }

    /// The values along the four edges; corners of a one-pixel side appear twice.
    pub fn border(&self) -> impl Iterator<Item = f32> {
        let last = self.values.len() - self.width;
        let sides = self.rows().flat_map(|row| [row[0], row[row.len() - 1]]);
        self.values[..self.width]
            .iter()
            .chain(&self.values[last..])
            .copied()
            .chain(sides)
    }

    /// The part within the given columns and rows.
    ///
    /// # Panics
    /// When a range is empty or reaches outside.
    pub fn crop(&self, columns: Range<usize>, rows: Range<usize>) -> Self {
        let values: Vec<f32> = rows
            .clone()
            .flat_map(|y| &self.values[y * self.width..][columns.clone()])
            .copied()
            .collect();
        Self::new(columns.len(), rows.len(), values)
    }

    /// The mean of each value and the eight around it; beyond an edge there are none.
    pub fn smoothed(&self) -> Self {
        let around = |at: usize, length: usize| at.saturating_sub(1)..(at + 2).min(length);
        let mean = |at: usize| {
            let columns = around(at % self.width, self.width);
            let near = around(at / self.width, self.height)
                .flat_map(|y| &self.values[y * self.width..][columns.clone()]);
            let (sum, count) = near.fold((0.0, 0), |(sum, count), v| (sum + v, count + 1));
            sum / count as f32
        };
        Self {
            values: (0..self.values.len()).map(mean).collect(),
            ..*self
        }
    }

    /// Resize so that the longest side is `side` and the aspect is kept; no side becomes zero.
    ///
    /// # Panics
    /// When `side` is zero.
    pub fn fit(&self, side: usize) -> Self {
        let longest = self.width.max(self.height);
        let scaled = |length: usize| ((length * side + longest / 2) / longest).max(1);
        self.resize(scaled(self.width), scaled(self.height))
    }

    /// Resize by area averaging: each new pixel is the mean of what it covers.
    ///
    /// # Panics
    /// When a side is zero.
    pub fn resize(&self, width: usize, height: usize) -> Self {
        let narrow: Vec<f32> = self.rows().flat_map(|row| resample(row, width)).collect();
        let columns: Vec<Vec<f32>> = (0..width)
            .map(|x| {
                let column: Vec<f32> = narrow[x..].iter().step_by(width).copied().collect();
                resample(&column, height)
            })
            .collect();
        let values = (0..height)
            .flat_map(|y| columns.iter().map(move |column| column[y]))
            .collect();
        Self::new(width, height, values)
    }
}

/// Means over `count` equal parts of a line.
fn resample(line: &[f32], count: usize) -> Vec<f32> {
    let step = line.len() as f64 / count as f64;
    (0..count)
        .map(|i| {
            let (from, to) = (
                i as f64 * step,
                ((i + 1) as f64 * step).min(line.len() as f64),
            );
            let pixels = from.floor() as usize..(to.ceil() as usize).min(line.len());
            let covered = |x: usize| to.min((x + 1) as f64) - from.max(x as f64);
            let sum: f64 = pixels.map(|x| f64::from(line[x]) * covered(x)).sum();
            (sum / (to - from)) as f32
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resizing_keeps_the_mean_and_is_exact_on_whole_factors() {
        let plane = Plane::new(4, 2, vec![0.0, 2.0, 4.0, 6.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(plane.resize(2, 1).values(), [2.0, 6.0]);
        let mean = |p: &Plane| p.values().iter().sum::<f32>() / p.values().len() as f32;
        for (w, h) in [(1, 1), (3, 2), (4, 2), (7, 5)] {
            assert!((mean(&plane.resize(w, h)) - 4.0).abs() < 1e-5, "{w}x{h}");
        }
        assert_eq!(plane.resize(4, 2), plane);
    }

    #[test]
    fn crop_and_border_see_the_right_pixels() {
        let plane = Plane::new(3, 3, (0..9).map(|v| v as f32).collect());
        assert_eq!(plane.crop(1..3, 0..2).values(), [1.0, 2.0, 4.0, 5.0]);
        assert!(plane.border().all(|v| v != 4.0));
        assert_eq!(Plane::new(1, 1, vec![5.0]).border().next(), Some(5.0));
    }
}
