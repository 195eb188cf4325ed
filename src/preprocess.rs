//! From any picture to what a model sees: RGBA to a 28x28 light garment on black, to features.
//!
//! The data set was made by trimming, resizing the longest side to 28, centering and negating photos
//! on white; [`preprocess`] does the same to a visitor's picture. It is the only path from a picture
//! to a model, and [`normalize`] the only one from 28x28 pixels to features: the page, the trainer
//! and the tests share both. `tests/golden.rs` holds it to pictures under `tests/golden/`.

use crate::image::{GrayImage, PIXELS, RgbaImage, SIDE};
use crate::outline;
use crate::plane::Plane;

/// Mean of the training pixels divided by 255.
///
/// **Source**: `tests/dataset.rs` computes it from the 60,000 training images.
pub const MEAN: f32 = 0.286_04;
/// Standard deviation of the training pixels divided by 255; same source.
pub const STANDARD_DEVIATION: f32 = 0.353_02;

/// Smallest difference from the border that counts as garment, of 255.
const LEAST_CONTRAST: f32 = 20.0;
/// Largest difference that noise in the border may ask for, of 255.
const MOST_CONTRAST: f32 = 96.0;
/// Longest side at which outlines are looked for, in pixels.
const WORKING_SIDE: usize = 112;

/// A model's input: 784 normalized pixels in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Features(Box<[f32; PIXELS]>);

impl Features {
    /// The values, in row-major order, about -0.81 to 2.02.
    pub fn values(&self) -> &[f32; PIXELS] {
        &self.0
    }
}

/// Turn pixels into features: `(pixel / 255 - mean) / standard deviation`.
pub fn normalize(image: &GrayImage) -> Features {
    Features(Box::new(
        image.pixels().map(|v| normalize_pixel(f32::from(v))),
    ))
}

/// The feature of a brightness of 0 to 255.
pub fn normalize_pixel(brightness: f32) -> f32 {
    (brightness / 255.0 - MEAN) / STANDARD_DEVIATION
}

/// What became of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preprocessed {
    /// Nothing in it differs from its border: an empty drawing, a blank sheet.
    Blank,
    /// A garment.
    Garment {
        /// As the models see it.
        image: GrayImage,
        /// Whether it was an outline drawing that was filled.
        filled: bool,
    },
}

/// Find the garment in a picture and bring it into the data set's form.
///
/// Alpha is composited on white; luminance is taken; the border's median is the background; what
/// matches it is trimmed; what differs from it becomes light on black; a closed outline is filled;
/// the longest side becomes 28 pixels by area averaging, the aspect is kept and the garment centered.
/// A 28x28 gray picture on black is already in that form and is taken as it is.
pub fn preprocess(picture: &RgbaImage) -> Preprocessed {
    if let Some(image) = already_prepared(picture) {
        let blank = image
            .pixels()
            .iter()
            .all(|v| f32::from(*v) < LEAST_CONTRAST);
        return if blank {
            Preprocessed::Blank
        } else {
            Preprocessed::Garment {
                image,
                filled: false,
            }
        };
    }
    let luminance = luminance(picture);
    let background = Background::of(&luminance);
    let garment = luminance.map(|v| background.difference(v));
    let Some(trimmed) = trim(&garment, background.threshold) else {
        return Preprocessed::Blank;
    };
    let longest = trimmed.width().max(trimmed.height());
    let working = if longest > WORKING_SIDE {
        fit(&trimmed, WORKING_SIDE)
    } else {
        trimmed
    };
    let outlined = outline::fill(&working, background.threshold);
    let filled = outlined.is_some();
    let image = center(&fit(outlined.as_ref().unwrap_or(&working), SIDE));
    Preprocessed::Garment { image, filled }
}

/// The picture itself when it is 28x28, opaque, gray and black along most of its border.
fn already_prepared(picture: &RgbaImage) -> Option<GrayImage> {
    if (picture.width(), picture.height()) != (SIDE, SIDE) {
        return None;
    }
    let (pixels, _) = picture.pixels().as_chunks::<4>();
    if pixels
        .iter()
        .any(|[r, g, b, a]| r != g || g != b || *a != 255)
    {
        return None;
    }
    let gray: Vec<u8> = pixels.iter().map(|p| p[0]).collect();
    let plane = Plane::new(SIDE, SIDE, gray.iter().map(|&v| f32::from(v)).collect());
    let dark = plane.border().filter(|v| *v < LEAST_CONTRAST).count();
    (2 * dark > plane.border().count())
        .then(|| GrayImage::from_pixels(&gray).expect("28x28 pixels"))
}

/// Brightness of each pixel over white, 0 to 255.
///
/// **Source**: ITU-R BT.601, section 2.5.1.
fn luminance(picture: &RgbaImage) -> Plane {
    let values = picture
        .pixels()
        .as_chunks::<4>()
        .0
        .iter()
        .map(|&[r, g, b, a]| {
            let y = 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
            let alpha = f32::from(a) / 255.0;
            y * alpha + 255.0 * (1.0 - alpha)
        });
    Plane::new(picture.width(), picture.height(), values.collect())
}

/// What a picture looks like where there is no garment.
struct Background {
    level: f32,
    threshold: f32,
}

impl Background {
    /// The median of the border, and a threshold above its noise.
    ///
    /// **Source** of 1.4826: the standard deviation of a normal variable over its median absolute
    /// deviation (Huber, "Robust Statistics", 1981, section 5.1). Four deviations leave out all but
    /// 1 in 16,000 pixels of such noise.
    fn of(plane: &Plane) -> Self {
        let level = median(plane.border().collect());
        let spread = median(plane.border().map(|v| (v - level).abs()).collect());
        let background = Self {
            level,
            threshold: 0.0,
        };
        let noise = background.difference(level + 4.0 * 1.4826 * spread);
        Self {
            level,
            threshold: noise.clamp(LEAST_CONTRAST, MOST_CONTRAST),
        }
    }

    /// How much a pixel differs from the background, 0 to 255: light on black whatever the polarity.
    fn difference(&self, value: f32) -> f32 {
        let range = self.level.max(255.0 - self.level);
        ((value - self.level).abs() * 255.0 / range).min(255.0)
    }
}

fn median(mut values: Vec<f32>) -> f32 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// The smallest part with all rows and columns that show a garment.
///
/// In a large picture a row or column needs more than one such pixel, so that a speck does not count.
fn trim(garment: &Plane, threshold: f32) -> Option<Plane> {
    let least = 1 + usize::from(garment.width().min(garment.height()) > 2 * SIDE);
    let (mut rows, mut columns) = (vec![0; garment.height()], vec![0; garment.width()]);
    for (y, row) in garment.rows().enumerate() {
        for (x, v) in row.iter().enumerate() {
            if *v > threshold {
                rows[y] += 1;
                columns[x] += 1;
            }
        }
    }
    let span = |counts: &[usize]| {
        let first = counts.iter().position(|n| *n >= least)?;
        let last = counts.iter().rposition(|n| *n >= least)?;
        Some(first..last + 1)
    };
    Some(garment.crop(span(&columns)?, span(&rows)?))
}

/// Resize so that the longest side is `side` and the aspect is kept; no side becomes zero.
fn fit(plane: &Plane, side: usize) -> Plane {
    let longest = plane.width().max(plane.height());
    let scaled = |length: usize| ((length * side + longest / 2) / longest).max(1);
    plane.resize(scaled(plane.width()), scaled(plane.height()))
}

/// Put a plane of at most 28x28 into the middle of a black picture.
fn center(plane: &Plane) -> GrayImage {
    let (left, top) = ((SIDE - plane.width()) / 2, (SIDE - plane.height()) / 2);
    let mut image = GrayImage::black();
    for (y, row) in plane.rows().enumerate() {
        for (x, v) in row.iter().enumerate() {
            image.pixels_mut()[(top + y) * SIDE + left + x] = v.round().clamp(0.0, 255.0) as u8;
        }
    }
    image
}
