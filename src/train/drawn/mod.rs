//! Drawn pictures by generator: garments as people draw them, for training and for choosing.
//!
//! A seed becomes a garment of one of its class's construction families ([`garments::families`]), is placed and drawn
//! in a style ([`Style`]) on some ground, and then goes through [`preprocess`], as a visitor's picture does. Families
//! marked [`FamilySplit::Development`] are never drawn for training. No set of icons, emoji or clip art is used or imitated: garments are drawn as they are built.

mod canvas;
mod cloth;
mod color;
pub mod family;
mod from_photograph;
pub mod garment;
pub mod garments;
mod ground;
mod line_looks;
mod look;
pub mod non_garments;
pub mod path;
mod pen;
mod placement;
pub mod random;
mod render;
mod solid_looks;
mod style;

pub use family::FamilySplit;
pub use style::Style;

use crate::image::{GrayImage, RgbaImage};
use crate::label::{CLASSES, Label};
use crate::preprocess::{Preprocessed, preprocess};
use family::Family;
use garment::{Form, Garment, Part, Rank};
use look::Look;
use random::Random;

/// How often a degenerate picture is drawn anew.
const MOST_TRIES: u64 = 100;
/// After how many tries any shape will do.
const STRICT_TRIES: u64 = 20;
/// The least and the largest mean brightness of a picture, of 255, that shows a garment.
const BRIGHTNESS: std::ops::Range<f32> = 8.0..230.0;
/// How much the shape after preprocessing may differ from the garment's: width over height.
const ASPECT: f32 = 1.35;

/// One drawn picture.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// As a visitor would give it.
    pub picture: RgbaImage,
    /// As the networks see it: the same picture after [`preprocess`].
    pub image: GrayImage,
    /// What it shows.
    pub label: Label,
    /// The construction family.
    pub family: &'static str,
    /// The style.
    pub style: Style,
}

/// The picture of a seed; over many seeds all classes are equally frequent.
///
/// # Panics
/// Never: there are so many classes.
pub fn drawn(split: FamilySplit, seed: u64) -> Drawn {
    let index = Random::new(&[seed, 0]).count(0, CLASSES - 1) as u8;
    let label = Label::new(index).expect("below the number of classes");
    drawn_of(split, label, seed)
}

/// The picture of a seed and a class.
pub fn drawn_of(split: FamilySplit, label: Label, seed: u64) -> Drawn {
    let mut random = Random::new(&[seed, 1]);
    let choices: Vec<(&Family, f32)> = garments::families(label)
        .iter()
        .filter(|family| family.split == split)
        .map(|family| (family, family.weight))
        .collect();
    let family = random.weighted(&choices);
    let style = Style::any(&mut random);
    drawn_as(family, label, style, seed)
}

/// The picture of a seed by family and style.
///
/// # Panics
/// When none of many tries gives a picture, which no seed of the tests does.
pub fn drawn_as(family: &Family, label: Label, style: Style, seed: u64) -> Drawn {
    let (picture, image) = tried(
        |random| garments::build(family, label, random),
        family,
        style,
        seed,
        ASPECT,
    );
    Drawn {
        picture,
        image,
        label,
        family: family.name,
        style,
    }
}

/// One drawn picture of something that is no clothing.
#[derive(Clone, Debug)]
pub struct NonGarment {
    /// As a visitor would give it.
    pub picture: RgbaImage,
    /// As the networks see it.
    pub image: GrayImage,
    /// What it shows.
    pub family: &'static str,
    /// The style.
    pub style: Style,
}

/// The picture of something else than clothing that belongs to a seed.
pub fn non_garment(split: FamilySplit, seed: u64) -> NonGarment {
    let mut random = Random::new(&[seed, 3]);
    let choices: Vec<(&Family, f32)> = non_garments::families()
        .filter(|family| family.split == split)
        .map(|family| (family, family.weight))
        .collect();
    let family = random.weighted(&choices);
    let style = Style::any(&mut random);
    non_garment_as(family, style, seed)
}

/// The picture of a seed by family of [`non_garments`] and style.
///
/// # Panics
/// When none of many tries gives a picture, which no seed of the tests does.
pub fn non_garment_as(family: &Family, style: Style, seed: u64) -> NonGarment {
    let build = |random: &mut Random| non_garments::build(family, random);
    let (picture, image) = tried(build, family, style, seed, f32::MAX);
    NonGarment {
        picture,
        image,
        family: family.name,
        style,
    }
}

/// A photograph of the data set as a drawing, by a seed: posterized, traced, cut out, inverted or contoured.
///
/// A photograph that no drawing comes of is given back as it is.
pub fn drawn_from(photograph: &GrayImage, label: Label, seed: u64) -> Drawn {
    let found = (0..MOST_TRIES).find_map(|attempt| {
        let mut random = Random::new(&[seed, 4, attempt]);
        let (picture, style) = from_photograph::turned(photograph, &mut random);
        let aspect = shown_aspect(photograph)?;
        let image = prepared(&picture, aspect, ASPECT)?;
        Some((picture, image, style))
    });
    let (picture, image, style) =
        found.unwrap_or_else(|| (photograph.to_rgba(), photograph.clone(), Style::Color));
    Drawn {
        picture,
        image,
        label,
        family: "photograph",
        style,
    }
}

/// The first picture of a seed, a family and a style that shows what it should: as drawn and after preprocessing.
fn tried(
    build: impl Fn(&mut Random) -> Garment,
    family: &Family,
    style: Style,
    seed: u64,
    most: f32,
) -> (RgbaImage, GrayImage) {
    let found = (0..MOST_TRIES).find_map(|attempt| {
        let mut random = Random::new(&[seed, 2, attempt]);
        let garment = build(&mut random);
        let placed = placement::place(&garment, &style.freedom(), &mut random);
        let mut look = look(style, family.split, placed.size, &mut random);
        look.pen.width = (look.pen.width * fineness(&placed.garment)).max(1.0);
        let picture = render::render(&placed, &look, &mut random);
        let ((left, top), (right, bottom)) = placed.garment.bounds();
        let most = if attempt < STRICT_TRIES {
            most
        } else {
            f32::MAX
        };
        let image = prepared(&picture, (right - left) / (bottom - top), most)?;
        Some((picture, image))
    });
    found.unwrap_or_else(|| {
        panic!(
            "{} in style {style:?}, seed {seed}: no picture",
            family.name
        )
    })
}

/// How much thinner than usual a pen must be for all the parts that a garment can't be without.
fn fineness(garment: &Garment) -> f32 {
    let is_needed =
        |part: &&Part| part.rank == Rank::Key && matches!(part.form, Form::Area | Form::Strap(_));
    match garment.parts.iter().filter(is_needed).count() {
        0..=4 => 1.0,
        5..=8 => 0.75,
        _ => 0.55,
    }
}

/// The picture as the networks see it, or `None` when what was found is not what was drawn: when it is blank, all
/// light, or of another shape by more than `most`, width over height.
fn prepared(picture: &RgbaImage, aspect: f32, most: f32) -> Option<GrayImage> {
    let Preprocessed::Garment { image, .. } = preprocess(picture) else {
        return None;
    };
    let pixels = image.pixels();
    let mean = pixels.iter().map(|v| f32::from(*v)).sum::<f32>() / pixels.len() as f32;
    let found = shown_aspect(&image)?;
    let fits = found / aspect < most && aspect / found < most;
    (BRIGHTNESS.contains(&mean) && fits).then_some(image)
}

/// Width over height of what is lit.
fn shown_aspect(image: &GrayImage) -> Option<f32> {
    use crate::image::SIDE;
    let lit = |x: usize, y: usize| image.pixels()[y * SIDE + x] > 16;
    let columns = (0..SIDE).filter(|x| (0..SIDE).any(|y| lit(*x, y))).count();
    let rows = (0..SIDE).filter(|y| (0..SIDE).any(|x| lit(x, *y))).count();
    (columns > 0 && rows > 0).then(|| columns as f32 / rows as f32)
}

/// The choices for a picture in a style; `size` is the garment's longest side in pixels.
fn look(style: Style, split: FamilySplit, size: f32, random: &mut Random) -> Look {
    match style {
        Style::Line => Look::line(split, size, random),
        Style::Mouse => Look::mouse(split, size, random),
        Style::Silhouette => Look::silhouette(size, random),
        Style::Color => Look::color(split, size, random),
        Style::Icon => Look::icon(size, random),
    }
}
