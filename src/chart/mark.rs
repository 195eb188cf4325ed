//! What stands in the chart of accuracy against size: a mark for each model, with its name and its words.

use super::axis::Axis;
use crate::format::percent;

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// One of our networks.
    Network,
    /// One of our classical models.
    Classical,
    /// A network of others, as published.
    Published,
    /// A published figure of an architecture that we trained: nobody is known to have repeated it.
    Claim,
}

/// A mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The model's name.
    pub name: String,
    /// What it stands for.
    pub kind: MarkKind,
    /// Its size on the axis, above 0.
    pub x: f64,
    /// Whether that was measured in a few runs only.
    pub is_rough: bool,
    /// Its accuracy, 0 to 1.
    pub accuracy: f64,
    /// The 95 % interval of that.
    pub interval: Option<[f64; 2]>,
}

impl Mark {
    /// What tells it from every other mark: a claim is of a network that has a mark of its own.
    pub(super) fn point(&self) -> String {
        match self.kind {
            MarkKind::Claim => format!("{}, claimed", self.name),
            _ => self.name.clone(),
        }
    }

    /// Half its side, or its radius, in px.
    pub(super) fn half(&self) -> f64 {
        match self.kind {
            MarkKind::Network => 5.5,
            MarkKind::Classical => 4.5,
            MarkKind::Published => 5.0,
            MarkKind::Claim => 7.0,
        }
    }

    /// The class of its label.
    pub(super) fn class(&self) -> &'static str {
        match self.kind {
            MarkKind::Network => "own",
            MarkKind::Claim => "claim",
            MarkKind::Classical | MarkKind::Published => "small",
        }
    }

    /// Its label, if there is room for one. On a phone there is none for figures: they are said, and in the table.
    pub(super) fn label(&self, narrow: bool, is_low: bool) -> Option<String> {
        let figure = percent(self.accuracy);
        let short = figure.trim_end_matches(" %");
        match self.kind {
            MarkKind::Claim => Some(format!("claimed {short}")),
            MarkKind::Published if narrow => None,
            MarkKind::Network if !narrow => Some(format!("{} {short}", self.name)),
            MarkKind::Classical if is_low => Some(format!("{} {short}", self.name)),
            _ => Some(self.name.clone()),
        }
    }

    /// What is said of it: name, accuracy and size.
    pub(super) fn words(&self, axis: Axis) -> String {
        let figure = percent(self.accuracy);
        let said = match self.kind {
            MarkKind::Claim => format!("{}, claimed {figure}", self.name),
            MarkKind::Published => format!("{}, published {figure}", self.name),
            MarkKind::Network | MarkKind::Classical => format!("{}: {figure}", self.name),
        };
        let size = axis.figure(self.x);
        if self.is_rough {
            format!("{said}, about {size}, of a few runs")
        } else {
            format!("{said}, {size}")
        }
    }
}

/// The mark of our network of a name.
pub(super) fn own<'a>(name: &str, marks: &'a [Mark]) -> Option<&'a Mark> {
    let is_own = |mark: &&Mark| mark.kind == MarkKind::Network && mark.name == name;
    marks.iter().find(is_own)
}
