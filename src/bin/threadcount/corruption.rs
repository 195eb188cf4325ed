//! Ways in which a picture of the data set is spoiled, in five severities each.
//!
//! Every change follows from a seed alone. Noise, blur, brightness and contrast have the severities that were chosen
//! for pictures of 32x32. **Source**: Hendrycks and Dietterich, "Benchmarking neural network robustness to common
//! corruptions and perturbations", 2019, CIFAR-10-C (<https://arxiv.org/abs/1903.12261>).

use chacha20::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};
use threadcount::image::{GrayImage, SIDE};

/// Number of severities.
pub const SEVERITIES: usize = 5;

/// What is done to a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Corruption {
    /// Normal noise is added to every pixel.
    Noise,
    /// Every pixel becomes a normally weighted mean of those around it.
    Blur,
    /// Every pixel becomes lighter by the same amount.
    Brightness,
    /// Every pixel moves towards the picture's mean.
    Contrast,
    /// The picture is turned around its middle, to either side.
    Rotation,
    /// The picture becomes larger or smaller around its middle.
    Scale,
    /// Rows are shifted in proportion to their distance from the middle, to either side.
    Shear,
    /// A dark garment on white, which fades.
    Inversion,
}

impl Corruption {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 8] = [
        Self::Noise,
        Self::Blur,
        Self::Brightness,
        Self::Contrast,
        Self::Rotation,
        Self::Scale,
        Self::Shear,
        Self::Inversion,
    ];

    /// As in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::Blur => "blur",
            Self::Brightness => "brightness",
            Self::Contrast => "contrast",
            Self::Rotation => "rotation",
            Self::Scale => "scale",
            Self::Shear => "shear",
            Self::Inversion => "inversion",
        }
    }

    /// What the severities stand for, from the mildest to the strongest.
    pub fn strengths(self) -> [f32; SEVERITIES] {
        match self {
            // Standard deviation, of white.
            Self::Noise => [0.04, 0.06, 0.08, 0.09, 0.1],
            // Standard deviation, in pixels.
            Self::Blur => [0.4, 0.6, 0.7, 0.8, 1.0],
            // What is added, of white.
            Self::Brightness => [0.05, 0.1, 0.15, 0.2, 0.3],
            // What remains of the difference from the mean.
            Self::Contrast => [0.75, 0.5, 0.4, 0.3, 0.15],
            // Degrees.
            Self::Rotation => [3.0, 6.0, 9.0, 12.0, 15.0],
            // Relative change of width and height.
            Self::Scale => [0.04, 0.08, 0.12, 0.16, 0.2],
            // Shift in rows of distance.
            Self::Shear => [0.06, 0.12, 0.18, 0.24, 0.3],
            // What remains of the garment's difference from the white ground.
            Self::Inversion => [1.0, 0.85, 0.7, 0.55, 0.4],
        }
    }

    /// Spoil a picture; `severity` is a position in [`Self::strengths`].
    ///
    /// # Panics
    /// When there is no such severity.
    pub fn apply(self, image: &GrayImage, severity: usize, seed: u64) -> GrayImage {
        let strength = self.strengths()[severity];
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let either = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
        match self {
            Self::Noise => map(image, |v| v + 255.0 * strength * normal(&mut rng)),
            Self::Blur => blur(image, strength),
            Self::Brightness => map(image, |v| v + 255.0 * strength),
            Self::Contrast => {
                let sum: f32 = image.pixels().iter().map(|v| f32::from(*v)).sum();
                let mean = sum / image.pixels().len() as f32;
                map(image, |v| mean + strength * (v - mean))
            }
            Self::Rotation => {
                let (sin, cos) = (either * strength).to_radians().sin_cos();
                transform(image, [[cos, -sin], [sin, cos]])
            }
            Self::Scale => {
                let factor = 1.0 + either * strength;
                transform(image, [[factor, 0.0], [0.0, factor]])
            }
            Self::Shear => transform(image, [[1.0, either * strength], [0.0, 1.0]]),
            Self::Inversion => map(image, |v| 255.0 - strength * v),
        }
    }
}

fn to_pixel(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

fn map(image: &GrayImage, mut f: impl FnMut(f32) -> f32) -> GrayImage {
    let mut out = image.clone();
    for value in out.pixels_mut() {
        *value = to_pixel(f(f32::from(*value)));
    }
    out
}

/// A normal variable of mean 0 and standard deviation 1.
///
/// **Source**: Box and Muller, "A note on the generation of random normal deviates", 1958.
fn normal(rng: &mut ChaCha12Rng) -> f32 {
    let (radius, angle): (f32, f32) = (1.0 - rng.random::<f32>(), rng.random());
    (-2.0 * radius.ln()).sqrt() * (std::f32::consts::TAU * angle).cos()
}

/// Weight pixels by the normal density, up to four deviations away; the border continues outside.
fn blur(image: &GrayImage, deviation: f32) -> GrayImage {
    let reach = (4.0 * deviation).ceil() as i32;
    let weights: Vec<(i32, f32)> = (-reach..=reach)
        .map(|d| (d, (-0.5 * (d as f32 / deviation).powi(2)).exp()))
        .collect();
    let total: f32 = weights.iter().map(|(_, weight)| weight).sum();
    let inside = |at: i32| at.clamp(0, SIDE as i32 - 1) as usize;
    // A mean along one axis, with `line` the distance of two neighbors and `other` that of two lines.
    let along = |values: &[f32], line: usize, other: usize| -> Vec<f32> {
        let mut out = vec![0.0; values.len()];
        for i in 0..SIDE {
            for j in 0..SIDE {
                let near = |d: i32| values[i * other + inside(j as i32 + d) * line];
                let sum: f32 = weights.iter().map(|(d, weight)| weight * near(*d)).sum();
                out[i * other + j * line] = sum / total;
            }
        }
        out
    };
    let values: Vec<f32> = image.pixels().iter().map(|v| f32::from(*v)).collect();
    let blurred = along(&along(&values, 1, SIDE), SIDE, 1);
    let pixels: Vec<u8> = blurred.into_iter().map(to_pixel).collect();
    GrayImage::from_pixels(&pixels).expect("as many pixels as before")
}

/// Move the picture's points `(x, y)` from its middle to `matrix (x, y)`: bilinear, black from outside.
fn transform(image: &GrayImage, matrix: [[f32; 2]; 2]) -> GrayImage {
    let [[a, b], [c, d]] = matrix;
    let determinant = a * d - b * c;
    let middle = (SIDE - 1) as f32 / 2.0;
    let pixel = |x: i32, y: i32| {
        let is_inside = |at: i32| (0..SIDE as i32).contains(&at);
        if is_inside(x) && is_inside(y) {
            f32::from(image.pixels()[y as usize * SIDE + x as usize])
        } else {
            0.0
        }
    };
    let mut out = GrayImage::black();
    for (i, value) in out.pixels_mut().iter_mut().enumerate() {
        let (x, y) = ((i % SIDE) as f32 - middle, (i / SIDE) as f32 - middle);
        let from_x = (d * x - b * y) / determinant + middle;
        let from_y = (a * y - c * x) / determinant + middle;
        let (left, top) = (from_x.floor(), from_y.floor());
        let (dx, dy) = (from_x - left, from_y - top);
        let (left, top) = (left as i32, top as i32);
        let upper = pixel(left, top) * (1.0 - dx) + pixel(left + 1, top) * dx;
        let lower = pixel(left, top + 1) * (1.0 - dx) + pixel(left + 1, top + 1) * dx;
        *value = to_pixel(upper * (1.0 - dy) + lower * dy);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A light square of 10x10 in the middle, of brightness 200.
    fn square() -> GrayImage {
        let mut image = GrayImage::black();
        for y in 9..19 {
            image.pixels_mut()[y * SIDE + 9..y * SIDE + 19].fill(200);
        }
        image
    }

    fn at(image: &GrayImage, x: usize, y: usize) -> u8 {
        image.pixels()[y * SIDE + x]
    }

    fn sum(image: &GrayImage) -> f32 {
        image.pixels().iter().map(|v| f32::from(*v)).sum()
    }

    /// Mean absolute difference of two pictures' pixels.
    fn distance(a: &GrayImage, b: &GrayImage) -> f32 {
        let pairs = a.pixels().iter().zip(b.pixels());
        pairs.map(|(a, b)| f32::from(a.abs_diff(*b))).sum::<f32>() / a.pixels().len() as f32
    }

    #[test]
    fn a_change_follows_from_the_seed_and_grows_with_the_severity() {
        for corruption in Corruption::ALL {
            let spoiled = |severity, seed| corruption.apply(&square(), severity, seed);
            assert_eq!(spoiled(2, 7), spoiled(2, 7), "{corruption:?}");
            // The same seed turns the same way, so severities can be compared; a fading garment comes
            // closer to white, which is where an inverted picture is compared.
            let before = match corruption {
                Corruption::Inversion => map(&square(), |v| 255.0 - v),
                _ => square(),
            };
            let change: Vec<f32> = (0..SEVERITIES)
                .map(|severity| distance(&spoiled(severity, 7), &before))
                .collect();
            assert!(change.is_sorted(), "{corruption:?}: {change:?}");
            assert!(
                change[SEVERITIES - 1] > change[0],
                "{corruption:?}: {change:?}"
            );
        }
    }

    #[test]
    fn noise_has_the_stated_deviation() {
        let gray = map(&GrayImage::black(), |_| 128.0);
        let noisy = Corruption::Noise.apply(&gray, 4, 1);
        let squares: f32 = noisy
            .pixels()
            .iter()
            .map(|v| (f32::from(*v) - 128.0).powi(2))
            .sum();
        let deviation = (squares / noisy.pixels().len() as f32).sqrt();
        assert!((deviation - 25.5).abs() < 2.0, "{deviation}");
        let mean = sum(&noisy) / noisy.pixels().len() as f32;
        assert!((mean - 128.0).abs() < 3.0, "{mean}");
    }

    #[test]
    fn blur_keeps_the_light_and_softens_the_edge() {
        let blurred = Corruption::Blur.apply(&square(), 4, 1);
        assert!((sum(&blurred) / sum(&square()) - 1.0).abs() < 0.01);
        assert_eq!(at(&blurred, 14, 14), 200);
        // The edge of a step is half of it, between the two pixels beside it.
        let (inside, outside) = (at(&blurred, 9, 14), at(&blurred, 8, 14));
        assert!(
            (i32::from(inside) + i32::from(outside) - 200).abs() <= 1,
            "{inside} {outside}"
        );
        assert!(outside > 40);
    }

    #[test]
    fn brightness_contrast_and_inversion_are_as_stated() {
        let bright = Corruption::Brightness.apply(&square(), 4, 1);
        assert_eq!((at(&bright, 0, 0), at(&bright, 14, 14)), (77, 255));
        let flat = Corruption::Contrast.apply(&square(), 1, 1);
        assert_eq!(at(&flat, 14, 14) - at(&flat, 0, 0), 100);
        assert!((sum(&flat) / sum(&square()) - 1.0).abs() < 0.02);
        let inverted = Corruption::Inversion.apply(&square(), 0, 1);
        assert_eq!((at(&inverted, 0, 0), at(&inverted, 14, 14)), (255, 55));
        let faded = Corruption::Inversion.apply(&square(), 4, 1);
        assert_eq!((at(&faded, 0, 0), at(&faded, 14, 14)), (255, 175));
    }

    #[test]
    fn a_quarter_turn_and_a_doubling_move_the_pixel_they_should() {
        let mut image = GrayImage::black();
        image.pixels_mut()[13 * SIDE + 20] = 90;
        let turned = transform(&image, [[0.0, -1.0], [1.0, 0.0]]);
        // (6.5, -0.5) from the middle goes to (0.5, 6.5).
        assert_eq!(at(&turned, 14, 20), 90);
        assert_eq!(sum(&turned), 90.0);
        let doubled = transform(&square(), [[2.0, 0.0], [0.0, 2.0]]);
        assert!((sum(&doubled) / sum(&square()) - 4.0).abs() < 0.1);
        let sheared = transform(&image, [[1.0, 2.0], [0.0, 1.0]]);
        // Half a row above the middle, a shear of two moves by one pixel.
        assert_eq!(at(&sheared, 19, 13), 90);
    }
}
