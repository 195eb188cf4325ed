//! Preprocessing step by step, for the eye: a small picture of what each step makes of a visitor's picture.
//!
//! [`shots`] runs the same code as [`preprocess`](crate::preprocess::preprocess) and only looks on; the last shot is
//! what the models are given. `tests/golden.rs` and `tests/page/steps.rs` hold it to that.

use crate::image::{GrayImage, RgbaImage};
use crate::plane::Plane;
use crate::preprocess::{Preprocessed, Step, preprocess_showing};
use serde::{Deserialize, Serialize};

/// Longest side of a shot, in pixels.
const MOST_SIDE: usize = 84;

/// What a step made of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Sent", into = "Sent")]
pub struct Shot {
    /// The step.
    pub step: Step,
    /// Its picture, reduced where it is larger.
    pub picture: RgbaImage,
}

/// A shot as it goes from a worker to the page.
#[derive(Serialize, Deserialize)]
struct Sent {
    step: Step,
    width: usize,
    height: usize,
    #[serde(with = "serde_bytes")]
    pixels: Vec<u8>,
}

impl From<Shot> for Sent {
    fn from(Shot { step, picture }: Shot) -> Self {
        Self {
            step,
            width: picture.width(),
            height: picture.height(),
            pixels: picture.pixels().to_vec(),
        }
    }
}

impl TryFrom<Sent> for Shot {
    type Error = String;

    fn try_from(sent: Sent) -> Result<Self, String> {
        let picture = RgbaImage::new(sent.width, sent.height, sent.pixels)?;
        Ok(Self {
            step: sent.step,
            picture,
        })
    }
}

/// Preprocess a picture and show every step; the first shot is the picture itself.
pub fn shots(picture: &RgbaImage) -> (Preprocessed, Vec<Shot>) {
    let mut shots = vec![Shot {
        step: Step::Original,
        picture: reduced(picture),
    }];
    let prepared = preprocess_showing(picture, |step, plane| {
        let picture = gray(&small(plane));
        shots.push(Shot { step, picture });
    });
    (prepared, shots)
}

/// The shot of a picture that is in the models' form already.
pub fn shots_of_image(image: &GrayImage) -> Vec<Shot> {
    vec![Shot {
        step: Step::Centered,
        picture: image.to_rgba(),
    }]
}

fn small(plane: &Plane) -> Plane {
    if plane.width().max(plane.height()) > MOST_SIDE {
        plane.fit(MOST_SIDE)
    } else {
        plane.clone()
    }
}

fn gray(plane: &Plane) -> RgbaImage {
    let level = |v: &f32| v.round().clamp(0.0, 255.0) as u8;
    let pixels = plane
        .values()
        .iter()
        .map(level)
        .flat_map(|v| [v, v, v, 255]);
    picture(plane, pixels.collect())
}

fn picture(size: &Plane, pixels: Vec<u8>) -> RgbaImage {
    RgbaImage::new(size.width(), size.height(), pixels).expect("four bytes a pixel")
}

/// A picture reduced by area averaging, color weighted by alpha.
fn reduced(given: &RgbaImage) -> RgbaImage {
    let (pixels, _) = given.pixels().as_chunks::<4>();
    let channel = |value: &dyn Fn(&[u8; 4]) -> f32| {
        let values = pixels.iter().map(value).collect();
        small(&Plane::new(given.width(), given.height(), values))
    };
    let alpha = channel(&|p| f32::from(p[3]));
    let colors: [Plane; 3] =
        std::array::from_fn(|i| channel(&|p| f32::from(p[i]) * f32::from(p[3])));
    let pixels = alpha.values().iter().enumerate().flat_map(|(at, &a)| {
        let [r, g, b] = [0, 1, 2].map(|i: usize| colors[i].values()[at] / a.max(1e-3));
        [r, g, b, a].map(|v| v.round().clamp(0.0, 255.0) as u8)
    });
    picture(&alpha, pixels.collect())
}
