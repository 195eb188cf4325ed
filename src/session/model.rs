//! One model, as far as the page knows it: whether it is here, what it answered, how fast it is.

use crate::card::Summary;
use crate::catalog;
use crate::prediction::Prediction;
use crate::protocol::{PictureNumber, Ready};
use crate::timing::{Latency, Thoroughness};

/// Where a model is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// Nothing of it was asked for yet.
    #[default]
    Idle,
    /// It is on its way: bytes that have arrived, and bytes in all.
    Loading {
        /// Bytes that have arrived.
        received: usize,
        /// Bytes in all.
        total: usize,
    },
    /// Nothing arrives; it is asked for again after a pause.
    Stalled {
        /// The pause, in milliseconds.
        retry_in_ms: u32,
    },
    /// It answers.
    Ready(Box<Ready>),
    /// It cannot be used.
    Failed {
        /// What is wrong and what to do.
        message: String,
    },
}

/// A measured time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timed {
    /// The picture that it was measured on.
    pub number: PictureNumber,
    /// The figures.
    pub latency: Latency,
    /// A few runs, or the full measurement.
    pub thoroughness: Thoroughness,
}

/// A model and what it said.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its name in the catalog.
    pub name: &'static str,
    /// Whether it is a network.
    pub is_network: bool,
    /// Where it is.
    pub stage: Stage,
    /// The answer that is shown, and the picture that it is of.
    pub answer: Option<(PictureNumber, Prediction)>,
    /// The latest measured time.
    pub timed: Option<Timed>,
}

impl Model {
    /// A model that nothing is known of yet.
    pub fn new(name: &'static str, is_network: bool) -> Self {
        Self {
            name,
            is_network,
            stage: Stage::Idle,
            answer: None,
            timed: None,
        }
    }

    /// Whether it has a place on the first screen: a network, unless the catalog has it for another place.
    pub fn is_in_book(&self) -> bool {
        self.is_network && (catalog::is_in_book(self.name) || catalog::find(self.name).is_none())
    }

    /// Whether it is one of the networks that give the verdict together: one with a place on the first screen, unless
    /// the catalog says that it is none of them.
    pub fn is_judge(&self) -> bool {
        self.is_in_book() && (catalog::is_judge(self.name) || catalog::find(self.name).is_none())
    }

    /// Whether it answers.
    pub fn is_ready(&self) -> bool {
        matches!(self.stage, Stage::Ready(_))
    }

    /// Whether nothing more of it comes by itself: it answers, or has failed.
    pub fn is_settled(&self) -> bool {
        matches!(self.stage, Stage::Ready(_) | Stage::Failed { .. })
    }

    /// Its card, once it is ready.
    pub fn card(&self) -> Option<&Summary> {
        self.ready().map(|ready| &ready.card)
    }

    /// What the worker said of it, once it is ready.
    pub fn ready(&self) -> Option<&Ready> {
        match &self.stage {
            Stage::Ready(ready) => Some(ready),
            _ => None,
        }
    }

    /// Its name and why it cannot be used, if so.
    pub fn failure(&self) -> Option<(&'static str, &str)> {
        match &self.stage {
            Stage::Failed { message } => Some((self.name, message)),
            _ => None,
        }
    }

    /// Its answer to one picture.
    pub fn answer_to(&self, number: PictureNumber) -> Option<Prediction> {
        self.answer
            .filter(|(of, _)| *of == number)
            .map(|(_, prediction)| prediction)
    }

    /// Whether it was fully measured on one picture.
    pub fn is_measured_on(&self, number: PictureNumber) -> bool {
        self.timed
            .is_some_and(|t| t.number == number && t.thoroughness == Thoroughness::Full)
    }

    /// Forget everything but the name: another program computes from now on.
    pub fn unload(&mut self) {
        *self = Self::new(self.name, self.is_network);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_and_the_classical_models_give_no_verdict() {
        let is_in_book = |name, is_network| Model::new(name, is_network).is_in_book();
        assert!(is_in_book("pocket", true));
        assert!(is_in_book("stitch", true));
        assert!(!is_in_book("tiny-1k", true));
        assert!(!is_in_book("knn", false));
        assert!(Model::new("pocket", true).is_judge());
        assert!(
            !Model::new("stitch", true).is_judge(),
            "its card does not tell clothing from other things"
        );
        assert!(!Model::new("knn", false).is_judge());
    }
}
