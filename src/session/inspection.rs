//! Looks inside a model, as far as the page knows them: its activations, its occlusion map.

use crate::occlusion::Occlusion;
use crate::protocol::{Activations, Inspected, InspectionNumber, PictureNumber};

/// A look inside a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What is looked at.
    pub inspected: Inspected,
    /// The model.
    pub model: &'static str,
    /// Whether the visitor sees this part of the page.
    pub is_open: bool,
    /// The number of the latest request; 0 before the first.
    pub number: InspectionNumber,
    /// The picture that was asked for; none when nothing was.
    pub picture: Option<PictureNumber>,
    /// Whether all is there.
    pub is_done: bool,
    /// Why there is nothing.
    pub problem: Option<String>,
    /// What the network's steps make of the picture.
    pub activations: Option<Box<Activations>>,
    /// The share of the time that each step takes, 0 to 1; empty until it is measured.
    pub time_shares: Vec<f64>,
    /// What each place of the picture costs, as far as it is known.
    pub occlusion: Option<Occlusion>,
}

impl Look {
    /// A look that nothing was asked for yet.
    pub fn new(inspected: Inspected, model: &'static str) -> Self {
        Self {
            inspected,
            model,
            is_open: false,
            number: 0,
            picture: None,
            is_done: false,
            problem: None,
            activations: None,
            time_shares: Vec::new(),
            occlusion: None,
        }
    }

    /// Whether something is still to come.
    pub fn is_pending(&self) -> bool {
        self.picture.is_some() && !self.is_done
    }

    /// The picture that something was found of.
    pub fn found_of(&self) -> Option<PictureNumber> {
        let has_any = self.activations.is_some() || self.occlusion.is_some();
        self.picture.filter(|_| has_any)
    }

    /// How it stands: the hook `data-state`.
    pub fn state(&self) -> &'static str {
        match (self.picture, self.is_done) {
            (_, true) if self.problem.is_some() => "error",
            (Some(_), true) => "ready",
            (Some(_), false) => "busy",
            (None, _) => "idle",
        }
    }

    /// Forget what was found: it is of another picture or another model.
    pub fn forget(&mut self) {
        *self = Self {
            is_open: self.is_open,
            number: self.number,
            ..Self::new(self.inspected, self.model)
        };
    }
}
