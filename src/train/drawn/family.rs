//! What a construction family is: one way to build a garment, and whether training may see it.

use super::garment::Garment;
use super::random::Random;

/// Who sees the pictures of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FamilySplit {
    /// Networks are trained on it.
    Training,
    /// Held out: choices are made by it, and no network is ever trained on it.
    Development,
}

/// One way to build a garment.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// What it is called, in the words of the trade.
    pub name: &'static str,
    /// Who sees it.
    pub split: FamilySplit,
    /// How likely it is among the families of its class and split.
    pub weight: f32,
    /// Build one.
    pub build: fn(&mut Random) -> Garment,
}

/// A family to train on.
pub const fn training(name: &'static str, build: fn(&mut Random) -> Garment) -> Family {
    Family {
        name,
        split: FamilySplit::Training,
        weight: 1.0,
        build,
    }
}

/// A family that is held out.
pub const fn held_out(name: &'static str, build: fn(&mut Random) -> Garment) -> Family {
    Family {
        name,
        split: FamilySplit::Development,
        weight: 1.0,
        build,
    }
}

impl Family {
    /// The same family, so many times as likely.
    pub const fn weighing(self, weight: f32) -> Self {
        Self { weight, ..self }
    }
}
