//! Checks a fetched card: what it says must be possible, as far as the card alone can tell.
//!
//! A card is a file like the weights: a server may send an old one, another model's, or a changed one. What is
//! wrong here would show nonsense or turn the answers around.

use super::{Accuracy, Summary, WeightsFile};
use crate::decode::offered::short_name;
use crate::familiarity::SCORES;

/// The endings of weights files: single numbers, and packed codes.
const ENDINGS: [&str; 2] = ["safetensors", "thrd"];

/// What is wrong with a card.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CardError {
    /// It is another model's.
    #[error("it is the card of {}, expected {expected}", short_name(found))]
    OtherModel {
        /// The name in the card.
        found: String,
        /// The name of its file.
        expected: String,
    },
    /// A number outside its range.
    #[error("{name} is {found:?}, expected {expected}")]
    OutOfRange {
        /// Which number.
        name: &'static str,
        /// Its value.
        found: f64,
        /// The range.
        expected: &'static str,
    },
    /// The two ends of the interval are not in order.
    #[error("the interval of the test accuracy goes from {low} to {high}")]
    Interval {
        /// The first number.
        low: f64,
        /// The second number.
        high: f64,
    },
    /// The weights file has another name than its model.
    #[error("its weights file is {}", short_name(_0))]
    File(String),
    /// Not 64 hexadecimal digits.
    #[error("the sha256 of its weights is no sha256")]
    Sha256,
}

impl Summary {
    /// Check that the card is that of a model and that every figure is possible.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self, model: &str) -> Result<(), CardError> {
        if self.name != model {
            return Err(CardError::OtherModel {
                found: self.name.clone(),
                expected: model.to_owned(),
            });
        }
        within("parameters", self.parameters as f64, &COUNT)?;
        within("macs", self.macs as f64, &COUNT)?;
        within("temperature", self.temperature, &TEMPERATURE)?;
        self.weights.validate(model)?;
        if let Some(drawings) = &self.drawings {
            within(
                "temperature on drawings",
                drawings.temperature,
                &TEMPERATURE,
            )?;
            within(
                "validation accuracy of the weights for drawings",
                drawings.validation,
                &SHARE,
            )?;
            drawings.weights.validate(&format!("{model}-drawings"))?;
        }
        self.accuracy.validate()?;
        if let Some(drawn) = self.drawn_accuracy {
            within("accuracy on drawings", drawn, &SHARE)?;
        }
        let of_drawings = self.drawings.as_ref();
        let of_drawings = of_drawings.and_then(|drawings| drawings.familiarity.as_ref());
        for familiarity in self.familiarity.iter().chain(of_drawings) {
            let scores = familiarity.weights.len() as f64;
            within("number of weights of the scores", scores, &SCORE_COUNT)?;
        }
        self.integer_accuracy
            .as_ref()
            .map_or(Ok(()), Accuracy::validate)
    }
}

impl WeightsFile {
    fn validate(&self, model: &str) -> Result<(), CardError> {
        let is_named = |ending| self.file == format!("{model}.{ending}");
        if !ENDINGS.into_iter().any(is_named) {
            return Err(CardError::File(self.file.clone()));
        }
        within("size_bytes", self.size_bytes as f64, &FILE_SIZE)?;
        if let Some(bits) = self.bits {
            within("bits", f64::from(bits), &CODE_BITS)?;
        }
        let is_sum = self.sha256.len() == 64 && self.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        if is_sum {
            Ok(())
        } else {
            Err(CardError::Sha256)
        }
    }
}

impl Accuracy {
    fn validate(&self) -> Result<(), CardError> {
        within("train accuracy", self.train, &SHARE)?;
        within("validation accuracy", self.validation, &SHARE)?;
        if let Some(test) = self.test {
            within("test accuracy", test, &SHARE)?;
        }
        if let Some([low, high]) = self.test_interval {
            within("low end of the test interval", low, &SHARE)?;
            within("high end of the test interval", high, &SHARE)?;
            if low > high {
                return Err(CardError::Interval { low, high });
            }
        }
        Ok(())
    }
}

/// A range of numbers, both ends included, and how it is called.
struct Range(f64, f64, &'static str);

const SCORE_COUNT: Range = Range(SCORES as f64, SCORES as f64, "as many as there are scores");
const SHARE: Range = Range(0.0, 1.0, "0 to 1");
const COUNT: Range = Range(1.0, 1e12, "at least 1");
/// What `squeeze` rounds to.
const CODE_BITS: Range = Range(2.0, 8.0, "2 to 8");
const FILE_SIZE: Range = Range(1.0, 1e8, "1 to 100,000,000");
/// Naive Bayes needs 290; a temperature of 0 or below divides by zero or turns the order of the classes around.
const TEMPERATURE: Range = Range(1e-6, 1e6, "0.000001 to 1,000,000");

fn within(name: &'static str, found: f64, range: &Range) -> Result<(), CardError> {
    let Range(least, most, expected) = *range;
    // A NaN is in no range.
    if (least..=most).contains(&found) {
        Ok(())
    } else {
        Err(CardError::OutOfRange {
            name,
            found,
            expected,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// A released card's summary with one value replaced.
    fn changed(path: &str, value: Value) -> Result<(), String> {
        let mut card: Value =
            serde_json::from_slice(include_bytes!("../../models/lightweight.json")).unwrap();
        *card.pointer_mut(path).unwrap() = value;
        let summary: Summary = serde_json::from_value(card).map_err(|e| e.to_string())?;
        summary.validate("lightweight").map_err(|e| e.to_string())
    }

    #[test]
    fn every_released_card_is_valid() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let mut cards = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "json") {
                let summary: Summary =
                    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                let name = path.file_stem().unwrap().to_str().unwrap();
                assert_eq!(summary.validate(name), Ok(()), "{name}");
                cards += 1;
            }
        }
        assert!(cards >= 12, "{cards}");
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let sum = "0".repeat(64);
        assert_eq!(changed("/weights/sha256", json!(sum)), Ok(()));
        for (path, value, part) in [
            ("/name", json!("baseline"), "the card of baseline"),
            ("/name", json!(""), "expected lightweight"),
            ("/parameters", json!(0), "parameters is 0"),
            ("/macs", json!(0), "macs is 0.0"),
            ("/temperature", json!(-1.0), "temperature is -1"),
            ("/temperature", json!(0.0), "temperature is 0"),
            ("/temperature", json!(1e308), "temperature is 1e308"),
            ("/accuracy/train", json!(1.01), "train accuracy is 1.01"),
            ("/accuracy/validation", json!(-0.1), "validation accuracy"),
            ("/accuracy/test", json!(1e308), "test accuracy is 1e308"),
            (
                "/accuracy/test_interval",
                json!([0.9, 0.8]),
                "from 0.9 to 0.8",
            ),
            ("/accuracy/test_interval", json!([-0.9, 0.8]), "low end"),
            ("/accuracy/test_interval", json!([0.9, 1.1]), "high end"),
            (
                "/integer_accuracy/test",
                json!(91.9),
                "test accuracy is 91.9",
            ),
            ("/drawn_accuracy", json!(88), "accuracy on drawings is 88"),
            (
                "/weights/file",
                json!("baseline.safetensors"),
                "weights file is baseline",
            ),
            (
                "/weights/file",
                json!("../x/lightweight.safetensors"),
                "weights file is ../x",
            ),
            (
                "/weights/file",
                json!("lightweight.bin"),
                "weights file is lightweight.bin",
            ),
            ("/weights/size_bytes", json!(0), "size_bytes is 0"),
            ("/weights/bits", json!(1), "bits is 1"),
            ("/weights/bits", json!(16), "bits is 16"),
            (
                "/weights/size_bytes",
                json!(10_000_000_000_u64),
                "size_bytes is 10000000000.0",
            ),
            ("/weights/sha256", json!("abc"), "sha256"),
            ("/weights/sha256", json!("é".repeat(32)), "sha256"),
            ("/weights/sha256", json!("g".repeat(64)), "sha256"),
        ] {
            let problem = changed(path, value.clone()).expect_err(path);
            assert!(problem.contains(part), "{path} = {value}: {problem}");
        }
    }

    #[test]
    fn a_weights_file_may_hold_numbers_or_packed_codes() {
        for ending in ENDINGS {
            changed("/weights/file", json!(format!("lightweight.{ending}"))).unwrap();
        }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        let mut summary: Summary =
            serde_json::from_slice(include_bytes!("../../models/lightweight.json")).unwrap();
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            summary.temperature = number;
            assert!(summary.validate("lightweight").is_err(), "{number}");
        }
    }
}
