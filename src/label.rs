//! The ten classes of Fashion-MNIST, in the order of its label files.
//!
//! The names are part of the page's stable hooks; `tests/page.rs` reads them back.

use serde::{Deserialize, Serialize};

/// Number of classes.
pub const CLASSES: usize = 10;

/// Class names, indexed by label.
///
/// **Source**: Xiao, Rasul and Vollgraf, "Fashion-MNIST", 2017, table 2 (<https://arxiv.org/abs/1708.07747>).
pub const NAMES: [&str; CLASSES] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// One of the ten classes: an index below [`CLASSES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Label(u8);

impl Label {
    /// Make a label from its index, or `None` when the index is not below [`CLASSES`].
    pub fn new(index: u8) -> Option<Self> {
        (usize::from(index) < CLASSES).then_some(Self(index))
    }

    /// The index of the class, 0 to 9.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The English name of the class.
    pub fn name(self) -> &'static str {
        NAMES[self.index()]
    }

    /// All labels in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CLASSES as u8).map(Self)
    }
}

impl TryFrom<u8> for Label {
    type Error = String;

    fn try_from(index: u8) -> Result<Self, String> {
        Self::new(index).ok_or_else(|| format!("expected a label below {CLASSES}, got {index}"))
    }
}

impl From<Label> for u8 {
    fn from(label: Label) -> Self {
        label.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cover_the_names_and_nothing_else() {
        assert_eq!(Label::all().map(Label::name).collect::<Vec<_>>(), NAMES);
        assert_eq!(Label::new(10), None);
        assert!(serde_json::from_str::<Label>("10").is_err());
    }
}
