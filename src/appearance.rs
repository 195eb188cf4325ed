//! What a 28x28 picture looks like in a few numbers: how much of it is lit, how evenly, where, and how frayed it is.
//!
//! Garments are compact, filled and seldom frayed; much else that is drawn is not. `familiarity` weighs the numbers.

use crate::image::{GrayImage, SIDE};

/// How many numbers describe a picture.
pub const MEASURES: usize = 2 * GENERAL + 4 * BANDS;
/// Numbers of the whole picture; each is there as its square, too.
const GENERAL: usize = 14;
/// Bands of rows and of columns.
const BANDS: usize = 7;
/// Rows or columns of a band.
const BAND: usize = SIDE / BANDS;
/// Brighter pixels are lit, 0 to 1.
const LIT: f32 = 0.1;

/// Lit pixels of a row or column: how many, and how far from the first to the last.
#[derive(Clone, Copy, Default)]
struct Line {
    lit: f32,
    span: f32,
}

/// A picture's pixels from 0 to 1, and its rows and columns.
struct MeasuredPicture {
    pixels: [f32; SIDE * SIDE],
    rows: [Line; SIDE],
    columns: [Line; SIDE],
}

impl MeasuredPicture {
    fn new(image: &GrayImage) -> Self {
        let pixels = image.pixels().map(|v| f32::from(v) / 255.0);
        let line = |place: &dyn Fn(usize) -> usize| {
            let lit: Vec<usize> = (0..SIDE).filter(|i| pixels[place(*i)] > LIT).collect();
            let ends = lit.first().zip(lit.last());
            Line {
                lit: lit.len() as f32,
                span: ends.map_or(0.0, |(first, last)| (last - first + 1) as f32),
            }
        };
        Self {
            pixels,
            rows: std::array::from_fn(|y| line(&|x| y * SIDE + x)),
            columns: std::array::from_fn(|x| line(&|y| y * SIDE + x)),
        }
    }

    fn at(&self, x: usize, y: usize) -> f32 {
        self.pixels[y * SIDE + x]
    }

    /// Sums over neighbors, of which all but the last row and column have both: brightness that changes to the right
    /// and downwards, and changes between lit and not.
    fn changes(&self) -> [f32; 3] {
        let mut sums = [0.0; 3];
        for y in 0..SIDE - 1 {
            for x in 0..SIDE - 1 {
                let (here, right, below) = (self.at(x, y), self.at(x + 1, y), self.at(x, y + 1));
                sums[0] += (right - here).abs();
                sums[1] += (below - here).abs();
                for other in [right, below] {
                    sums[2] += f32::from(u8::from((here > LIT) != (other > LIT)));
                }
            }
        }
        sums
    }

    /// How much the left half differs from the mirrored right one.
    fn asymmetry(&self) -> f32 {
        let places = (0..SIDE).flat_map(|y| (0..SIDE / 2).map(move |x| (x, y)));
        places
            .map(|(x, y)| (self.at(x, y) - self.at(SIDE - 1 - x, y)).abs())
            .sum()
    }

    fn general(&self) -> [f32; GENERAL] {
        let all = self.pixels.len() as f32;
        let sum: f32 = self.pixels.iter().sum();
        let lit: f32 = self.rows.iter().map(|row| row.lit).sum();
        let least = lit.max(1.0);
        let level = sum / least;
        let is_lit = |v: &&f32| **v > LIT;
        let squares = self
            .pixels
            .iter()
            .filter(is_lit)
            .map(|v| (v - level).powi(2));
        let variance = squares.sum::<f32>() / least;
        let extent = |lines: &[Line]| lines.iter().filter(|line| line.lit > 0.0).count() as f32;
        let [width, height] = [extent(&self.columns), extent(&self.rows)];
        let spanned = |lines: &[Line]| lines.iter().map(|line| line.span).sum::<f32>().max(1.0);
        let [right, down, frayed] = self.changes();
        let side = SIDE as f32;
        [
            lit / all,
            sum / all,
            level,
            10.0 * variance,
            width / side,
            height / side,
            width * height / all,
            lit / (width * height).max(1.0),
            lit / spanned(&self.rows),
            lit / spanned(&self.columns),
            right / 100.0,
            down / 100.0,
            frayed / least,
            self.asymmetry() / sum.max(0.01 * all),
        ]
    }
}

/// Describe a picture; every number is of about the size of one.
///
/// # Panics
/// Never: the number of measures is the sum of its parts.
pub fn appearance(image: &GrayImage) -> [f32; MEASURES] {
    let picture = MeasuredPicture::new(image);
    let general = picture.general();
    let bands = |lines: &[Line; SIDE], of: fn(&Line) -> f32| -> [f32; BANDS] {
        let most = (BAND * SIDE) as f32;
        std::array::from_fn(|i| lines[i * BAND..][..BAND].iter().map(of).sum::<f32>() / most)
    };
    let lit = |line: &Line| line.lit;
    let span = |line: &Line| line.span;
    let [rows, columns] = [&picture.rows, &picture.columns];
    let parts = [
        &general[..],
        &general.map(|v| v * v),
        &bands(rows, lit),
        &bands(rows, span),
        &bands(columns, lit),
        &bands(columns, span),
    ]
    .concat();
    parts.try_into().expect("as many as MEASURES says")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_measured() {
        let mut image = GrayImage::black();
        for y in 7..21 {
            image.pixels_mut()[y * SIDE + 7..y * SIDE + 21].fill(255);
        }
        let found = appearance(&image);
        assert_eq!(found[0], 0.25, "lit");
        assert_eq!(found[2], 1.0, "level of what is lit");
        assert_eq!((found[4], found[5]), (0.5, 0.5), "width and height");
        assert_eq!((found[7], found[8], found[9]), (1.0, 1.0, 1.0), "filled");
        assert_eq!(found[13], 0.0, "asymmetry");
        // Each side is 14 long and changes once; 14 * 14 are lit.
        assert!((found[12] - 56.0 / 196.0).abs() < 1e-6);
        // The first band of rows is dark, in the fourth half of each row is lit.
        assert_eq!((found[28], found[31]), (0.0, 0.5));
    }

    #[test]
    fn a_black_picture_has_finite_numbers() {
        assert!(
            appearance(&GrayImage::black())
                .iter()
                .all(|v| v.is_finite())
        );
    }
}
