//! What the models see of a picture.

use crate::image::GrayImage;
use crate::preprocess::Preprocessed;
use serde::{Deserialize, Serialize};

/// What preprocessing made of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Seen {
    /// There is nothing in it.
    Blank,
    /// What the models see.
    Garment {
        /// The 28x28 picture.
        image: GrayImage,
        /// Whether an outline was filled.
        filled: bool,
    },
}

impl Seen {
    /// The 28x28 picture; none of a blank one.
    pub fn image(&self) -> Option<&GrayImage> {
        match self {
            Self::Blank => None,
            Self::Garment { image, .. } => Some(image),
        }
    }
}

impl From<Preprocessed> for Seen {
    fn from(prepared: Preprocessed) -> Self {
        match prepared {
            Preprocessed::Blank => Self::Blank,
            Preprocessed::Garment { image, filled } => Self::Garment { image, filled },
        }
    }
}
