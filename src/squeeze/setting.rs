//! How much a network is squeezed: bits for each weight, the share of weights that is cut, and what shares a scale.

use super::error::SqueezeError;
use serde::{Deserialize, Serialize};

/// The bits of a weight in half precision. With nothing cut they stand for as trained, also where the released file holds
/// codes of fewer bits.
pub const AS_TRAINED_BITS: u8 = 16;
/// Every number of bits that a weight may have, from half precision to the fewest.
pub const BITS: [u8; 8] = [AS_TRAINED_BITS, 8, 7, 6, 5, 4, 3, 2];
/// The most weights that are cut, in percent.
pub const MOST_CUT: u8 = 90;

/// The bits that a network's dial offers, from most to fewest; one that was trained on codes, which have fewer bits than
/// half precision, has no weights of half precision to offer.
pub fn bit_stops(trained: u8) -> impl Iterator<Item = u8> + Clone {
    let is_offered = move |bits: &u8| trained == AS_TRAINED_BITS || *bits < AS_TRAINED_BITS;
    BITS.into_iter().filter(is_offered)
}

/// What shares a scale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// The weights of one output channel.
    #[default]
    Channel,
    /// All weights of a layer.
    Layer,
}

/// How much a network is squeezed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Setting {
    bits: u8,
    cut: u8,
    scale: Scale,
}

impl Setting {
    /// As trained.
    pub const AS_TRAINED: Self = Self {
        bits: AS_TRAINED_BITS,
        cut: 0,
        scale: Scale::Channel,
    };

    /// So many bits for each weight after `cut` percent of each layer's weights were cut.
    ///
    /// # Errors
    /// [`SqueezeError::Bits`] for bits that are not in [`BITS`], [`SqueezeError::Cut`] above [`MOST_CUT`].
    pub fn new(bits: u8, cut: u8, scale: Scale) -> Result<Self, SqueezeError> {
        if !BITS.contains(&bits) {
            return Err(SqueezeError::Bits(bits));
        }
        if cut > MOST_CUT {
            return Err(SqueezeError::Cut(cut));
        }
        Ok(Self { bits, cut, scale })
    }

    /// Bits for each weight: 2 to 8, or 16 as trained.
    pub fn bits(self) -> u8 {
        self.bits
    }

    /// The share of each layer's weights that is cut, in percent.
    pub fn cut(self) -> u8 {
        self.cut
    }

    /// What shares a scale.
    pub fn scale(self) -> Scale {
        self.scale
    }

    /// Whether nothing is squeezed; what would share a scale does not matter then.
    pub fn is_as_trained(self) -> bool {
        self.bits == AS_TRAINED_BITS && self.cut == 0
    }

    /// The same for a network that was trained with so many bits: one that was trained on codes has no weights of half
    /// precision to cut, so its codes are.
    #[must_use]
    pub fn of_trained(self, bits: u8) -> Self {
        if self.is_as_trained() {
            return self;
        }
        Self {
            bits: if self.bits == AS_TRAINED_BITS {
                bits
            } else {
                self.bits
            },
            ..self
        }
    }

    /// Whether both are one stop of the dials of a network that was trained with so many bits: as trained is the stop of
    /// those bits, and where there are no scales, nothing shares one.
    pub fn is_same_stop(self, other: Self, trained: u8) -> bool {
        let without_scales = [self, other].iter().any(|s| s.bits == AS_TRAINED_BITS);
        let bits = |setting: Self| match setting.bits {
            AS_TRAINED_BITS => trained,
            bits => bits,
        };
        bits(self) == bits(other)
            && self.cut == other.cut
            && (self.scale == other.scale || without_scales)
    }

    /// In words: `4 bits, 30 % cut, one scale a layer`; `as trained`.
    pub fn words(self) -> String {
        let bits = match self.bits {
            AS_TRAINED_BITS => "16 bits".to_owned(),
            bits => format!("{bits} bits"),
        };
        let cut = match self.cut {
            0 => String::new(),
            cut => format!(", {cut} % cut"),
        };
        let scale = match self.scale {
            Scale::Layer if self.bits < AS_TRAINED_BITS => ", one scale a layer",
            _ => "",
        };
        if self.is_as_trained() {
            "as trained".to_owned()
        } else {
            format!("{bits}{cut}{scale}")
        }
    }

    /// The name of a squeezed network's file, without an ending: `pocket-4-bits-30-cut`.
    pub fn file_stem(self, model: &str) -> String {
        let words = self.words();
        let word = |c: char| !c.is_ascii_alphanumeric();
        let words: Vec<&str> = words.split(word).filter(|word| !word.is_empty()).collect();
        format!("{model}-{}", words.join("-"))
    }
}
