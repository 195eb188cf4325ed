//! The current picture, and the drawing and the file that are on their way to take its place.

use crate::card::WeightSet;
use crate::drawing::Levels;
use crate::image::GrayImage;
use crate::protocol::{PictureNumber, Seen};
use crate::steps::{Shot, shots_of_image};

/// What the models see of a picture, which of their weights answer it, and how it came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What the models see of it.
    pub seen: Seen,
    /// Which of a model's weights answer it.
    pub set: WeightSet,
    /// What each step of preprocessing made of it.
    pub shots: Vec<Shot>,
    /// Duration of decoding and preprocessing in milliseconds; none when it came in the models' form.
    pub duration_ms: Option<f64>,
}

impl Picture {
    /// A drawing or a file after preprocessing.
    pub fn preprocessed(seen: Seen, shots: Vec<Shot>, duration_ms: f64) -> Self {
        Self {
            seen,
            set: WeightSet::Drawings,
            shots,
            duration_ms: Some(duration_ms),
        }
    }

    /// A picture that came in the models' form, from the data set or in a link.
    pub fn of_image(image: GrayImage, set: WeightSet) -> Self {
        let shots = shots_of_image(&image);
        let filled = false;
        Self {
            seen: Seen::Garment { image, filled },
            set,
            shots,
            duration_ms: None,
        }
    }
}

/// The picture that the models answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Its number.
    pub number: PictureNumber,
    /// The picture.
    pub picture: Picture,
}

/// A file that is neither seen nor refused yet.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingFile {
    /// Its number as a picture.
    pub number: PictureNumber,
    /// Its bytes, which the decoder has or gets when it has started; none while the browser reads them.
    pub bytes: Option<Vec<u8>>,
}

/// The current picture, and what is on its way to take its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pictures {
    /// The number of the newest picture that was chosen: the page's `data-input`.
    pub newest: PictureNumber,
    /// The current picture.
    pub shown: Option<Shown>,
    /// The newest drawing, until it is seen. The worker has it, or gets it as soon as it is free.
    pub drawing: Option<(PictureNumber, Levels)>,
    /// The newest file. A drawing that is older goes on: it is what stays when the file is refused.
    pub file: Option<PendingFile>,
    /// The drawing that the worker is busy with. Newer ones wait until it has an answer, so that a slow machine
    /// answers some drawings of a long stroke instead of none.
    pub in_flight: Option<PictureNumber>,
    /// Whether a pointer, a key or our own hand draws, so that more is to come.
    pub is_held: bool,
}

impl Pictures {
    /// Count a new picture.
    pub fn choose(&mut self) -> PictureNumber {
        self.newest += 1;
        self.newest
    }

    /// Whether a picture is neither seen nor refused yet.
    pub fn any_pending(&self) -> bool {
        self.drawing.is_some() || self.file.is_some()
    }

    /// The file on its way, if it has this number.
    pub fn file_is(&mut self, number: PictureNumber) -> Option<&mut PendingFile> {
        self.file.as_mut().filter(|file| file.number == number)
    }

    /// Make a picture the current one, which ends those that are older; false when the picture itself is older
    /// than the current one.
    pub fn show(&mut self, number: PictureNumber, picture: Picture) -> bool {
        if self
            .shown
            .as_ref()
            .is_some_and(|shown| shown.number >= number)
        {
            return false;
        }
        self.drawing.take_if(|(pending, _)| *pending <= number);
        self.file.take_if(|file| file.number <= number);
        self.shown = Some(Shown { number, picture });
        true
    }

    /// The number of the current picture, if there is a garment in it.
    pub fn garment(&self) -> Option<PictureNumber> {
        self.shown
            .as_ref()
            .filter(|shown| shown.picture.seen.image().is_some())
            .map(|shown| shown.number)
    }

    /// Whether a picture is the current one.
    pub fn is_current(&self, number: PictureNumber) -> bool {
        self.shown
            .as_ref()
            .is_some_and(|shown| shown.number == number)
    }
}
