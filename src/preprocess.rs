//! From any picture to what a model sees: RGBA to a 28x28 light garment on black, to features.
//!
//! The data set was made by trimming, resizing the longest side to 28, centering and negating photos
//! on white; [`preprocess`] does the same to a visitor's picture. It is the only path from a picture
//! to a model, and [`normalize`] the only one from 28x28 pixels to features: the page, the trainer
//! and the tests share both. `tests/golden.rs` holds it to pictures under `tests/golden/`.

use crate::background::Background;
use crate::contour::Cut;
use crate::image::{GrayImage, PIXELS, RgbaImage, SIDE};
use crate::mask::Mask;
use crate::outline;
use crate::plane::Plane;
use serde::{Deserialize, Serialize};

/// Mean of the training pixels divided by 255.
///
/// **Source**: `tests/dataset.rs` computes it from the 60,000 training images.
pub const MEAN: f32 = 0.286_04;
/// Standard deviation of the training pixels divided by 255; same source.
pub const STANDARD_DEVIATION: f32 = 0.353_02;

/// Brightness of the data set's pixels below which they are ground, of 255.
const LEAST_CONTRAST: f32 = 20.0;
/// Longest side at which outlines are looked for, in pixels.
const WORKING_SIDE: usize = 112;
/// On an uneven ground, the least size of a part of the garment, as a share of the largest part.
const LEAST_PART: f32 = 0.05;
/// The least median brightness of a garment, of 255: nine in ten photographs of the data set are brighter.
const LEAST_MEDIAN: f32 = 130.0;

/// A model's input: 784 normalized pixels in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Features(Box<[f32; PIXELS]>);

impl Features {
    /// The values, in row-major order, about -0.81 to 2.02.
    pub fn values(&self) -> &[f32; PIXELS] {
        &self.0
    }

    /// Take values that [`normalize`] made elsewhere: contenders of the benchmark are handed out the same ones.
    #[cfg(all(feature = "bench", feature = "burn"))]
    pub fn from_values(values: [f32; PIXELS]) -> Self {
        Self(Box::new(values))
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

/// What a step of [`preprocess`] makes of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The picture as it was given.
    Original,
    /// How much each pixel differs from the ground.
    Difference,
    /// The garment alone, the ground around it cut off.
    Trimmed,
    /// An outline filled, or a faint garment made brighter.
    Filled,
    /// The longest side 28 pixels, in the middle of a black picture.
    Centered,
}

/// Find the garment in a picture and bring it into the data set's form.
///
/// What differs from the ground in brightness or color becomes light on black and the rest is trimmed; an outline is
/// filled, a faint garment made brighter; the longest side becomes 28 pixels by area averaging, the aspect is kept and
/// the garment centered. A 28x28 gray picture on black is already in that form and is taken as it is.
pub fn preprocess(picture: &RgbaImage) -> Preprocessed {
    preprocess_showing(picture, |_, _| ())
}

/// The same as [`preprocess`], telling what each step makes of the picture.
///
/// # Panics
/// Never: what is centered has 28x28 pixels.
pub fn preprocess_showing(picture: &RgbaImage, mut show: impl FnMut(Step, &Plane)) -> Preprocessed {
    if let Some(image) = already_prepared(picture) {
        let levels = image.pixels().map(f32::from);
        let blank = levels.iter().all(|v| *v < LEAST_CONTRAST);
        show(Step::Centered, &Plane::new(SIDE, SIDE, levels.to_vec()));
        return if blank {
            Preprocessed::Blank
        } else {
            Preprocessed::Garment {
                image,
                filled: false,
            }
        };
    }
    let background = Background::of(picture);
    let difference = background.difference(picture);
    show(Step::Difference, &difference);
    let garment = if background.is_textured {
        without_specks(&difference, background.threshold)
    } else {
        difference
    };
    let Some((trimmed, cut)) = trim(&garment, background.threshold) else {
        return Preprocessed::Blank;
    };
    let longest = trimmed.width().max(trimmed.height());
    let working = if longest > WORKING_SIDE {
        trimmed.fit(WORKING_SIDE)
    } else {
        trimmed
    };
    show(Step::Trimmed, &working);
    let outlined = outline::fill(&working, background.threshold, cut);
    let filled = outlined.is_some();
    let toned = outlined.unwrap_or_else(|| brightened(&working, background.threshold));
    show(Step::Filled, &toned);
    let centered = center(&toned.fit(SIDE));
    show(Step::Centered, &centered);
    let pixels: Vec<u8> = centered.values().iter().map(|v| v.round() as u8).collect();
    let image = GrayImage::from_pixels(&pixels).expect("28x28 pixels");
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

/// A picture on an uneven ground, such as wood or cloth, without the specks that differ from it.
fn without_specks(difference: &Plane, threshold: f32) -> Plane {
    let longest = difference.width().max(difference.height());
    let small = difference.fit(longest.min(WORKING_SIDE));
    let (width, height) = (small.width(), small.height());
    let differs = Mask::new(&small.smoothed(), |v| v > threshold);
    let parts = differs.parts();
    let largest = parts.iter().map(Vec::len).max().unwrap_or(0);
    let large: Vec<usize> = parts
        .into_iter()
        .filter(|part| part.len() as f32 >= LEAST_PART * largest as f32)
        .flatten()
        .collect();
    let steps = differs.distances(large.into_iter(), Mask::neighbors, |_, d| d <= 2);
    let values = difference.values().iter().enumerate().map(|(at, &v)| {
        let (x, y) = (at % difference.width(), at / difference.width());
        let near = y * height / difference.height() * width + x * width / difference.width();
        if steps[near] < usize::MAX { v } else { 0.0 }
    });
    Plane::new(difference.width(), difference.height(), values.collect())
}

/// A garment that is faint as a whole, made as bright as others; every level keeps its place among the others.
fn brightened(garment: &Plane, threshold: f32) -> Plane {
    let mut levels: Vec<f32> = garment
        .values()
        .iter()
        .copied()
        .filter(|v| *v > threshold)
        .collect();
    levels.sort_by(f32::total_cmp);
    let Some(&middle) = levels.get(levels.len() / 2) else {
        return garment.clone();
    };
    let gain = (LEAST_MEDIAN / middle).max(1.0);
    garment.map(|v| (v * gain).min(255.0))
}

/// The smallest part with all rows and columns that show a garment.
///
/// In a large picture a row or column needs more than one such pixel, so that a speck does not count.
///
/// Beside it stands at which sides the picture cuts the garment off.
fn trim(garment: &Plane, threshold: f32) -> Option<(Plane, Cut)> {
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
    let (columns, rows) = (span(&columns)?, span(&rows)?);
    let cut = [
        columns.start == 0,
        rows.start == 0,
        columns.end == garment.width(),
        rows.end == garment.height(),
    ];
    Some((garment.crop(columns, rows), cut))
}

/// Put a plane of at most 28x28 into the middle of a black picture.
fn center(plane: &Plane) -> Plane {
    let (left, top) = ((SIDE - plane.width()) / 2, (SIDE - plane.height()) / 2);
    let mut values = vec![0.0; SIDE * SIDE];
    for (y, row) in plane.rows().enumerate() {
        values[(top + y) * SIDE + left..][..row.len()].copy_from_slice(row);
    }
    Plane::new(SIDE, SIDE, values)
}
