//! A squeezed network as its swatch shows it.

use crate::format::thousands;
use crate::prediction::Prediction;
use crate::squeeze::Score;
use crate::weave::Weave;

/// A network as it was squeezed.
#[derive(Clone, Debug, PartialEq)]
pub struct Squeezed {
    /// Bits of each weight.
    pub bits: u32,
    /// Percent of the weights that were cut.
    pub cut: u32,
    /// Its numbers as threads, and bytes of the packed file: known a moment after its answer.
    pub packed: Option<(Weave, usize)>,
    /// Its answer to the current picture.
    pub prediction: Option<Prediction>,
    /// What it gets right of the test images, once all of a set are classified.
    pub score: Option<Score>,
}

impl Squeezed {
    /// The hooks of a swatch; they are absent while its network is shown as trained.
    pub fn hooks(shown: Option<&Self>) -> [(&'static str, Option<String>); 5] {
        let packed = shown.and_then(|squeezed| squeezed.packed.as_ref());
        let score = shown.and_then(|squeezed| squeezed.score);
        let answer = shown.and_then(|squeezed| squeezed.prediction);
        [
            ("data-bits", shown.map(|s| s.bits.to_string())),
            ("data-cut", shown.map(|s| s.cut.to_string())),
            (
                "data-squeezed-bytes",
                packed.map(|(_, bytes)| bytes.to_string()),
            ),
            (
                "data-squeezed-accuracy",
                score.map(|score| score.accuracy().to_string()),
            ),
            (
                "data-squeezed-prediction",
                answer.map(|answer| answer.label().name().to_owned()),
            ),
        ]
    }

    /// What it gets right, with the number of test images, once it is known.
    pub fn right(&self) -> Option<String> {
        let score = self.score?;
        let images = thousands(score.done);
        let share = score.accuracy() * 100.0;
        Some(format!("{share:.1}\u{a0}% right of {images} images"))
    }

    /// What stands behind the network's name: ` at 4 bits, 30 % cut`.
    pub fn words(&self) -> String {
        match (self.bits < 16, self.cut) {
            (true, 0) => format!(" at {} bits", self.bits),
            (true, cut) => format!(" at {} bits, {cut}\u{a0}% cut", self.bits),
            (false, 0) => String::new(),
            (false, cut) => format!(" {cut}\u{a0}% cut"),
        }
    }
}
