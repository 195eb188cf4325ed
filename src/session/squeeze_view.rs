//! What the page says of the squeezed network, derived from the state.

use super::event::Effect;
use super::model::{Model, Timed};
use super::squeeze::{Edge, Squeeze};
use super::state::Session;
use crate::chart::Ghost;
use crate::format::{kilobytes, milliseconds, thousands};
use crate::metrics::wilson_interval;
use crate::prediction::Prediction;
use crate::squeeze::{AS_TRAINED_BITS, ImageSet, Score};
use crate::timing::Thoroughness;

/// From so many points of accuracy on, what is lost is said beside the answer.
const POINTS_SAID: f64 = 3.0;
/// Images from which on a loss is said.
const IMAGES_SAID: usize = 200;

/// What is said of the squeezed network and the current picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqueezeLine {
    /// The new answer, when squeezing changed it: `Now Coat`.
    pub flip: Option<String>,
    /// The rest.
    pub rest: String,
}

impl SqueezeLine {
    /// All of it.
    pub fn text(&self) -> String {
        match &self.flip {
            Some(flip) => format!("{flip} {}", self.rest),
            None => self.rest.clone(),
        }
    }
}

/// A figure and what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The figure; a dash when it is not known yet.
    pub figure: String,
    /// What it is of.
    pub note: String,
}

impl Session {
    /// The squeezed network, once the dials have a stop.
    pub fn squeeze(&self) -> Option<&Squeeze> {
        self.squeeze.as_ref()
    }

    /// Whether a stop is being made or scored.
    pub(super) fn is_squeezing(&self) -> bool {
        self.squeeze.as_ref().is_some_and(Squeeze::is_pending)
    }

    /// The network that is squeezed, as trained.
    fn squeezed_model(&self) -> Option<(&Squeeze, &Model)> {
        let squeeze = self.squeeze.as_ref()?;
        let model = self
            .models
            .iter()
            .find(|model| model.name == squeeze.network);
        Some((squeeze, model?))
    }

    /// Bits for each weight of the network as trained: those of its file's codes, or of half precision.
    pub fn trained_bits(&self) -> u8 {
        let model = self.squeezed_model().map(|(_, model)| model);
        let bits = model.and_then(|model| model.card()?.weights.bits);
        bits.unwrap_or(AS_TRAINED_BITS)
    }

    /// The answers of the squeezed network and of the network as trained to the current picture.
    fn squeezed_answers(&self) -> Option<[Prediction; 2]> {
        let (squeeze, model) = self.squeezed_model()?;
        let number = self.pictures.garment()?;
        Some([squeeze.answer_to(number)?, model.answer_to(number)?])
    }

    /// Whether squeezing changed the answer to the current picture.
    pub fn is_flipped(&self) -> bool {
        let answers = self.squeezed_answers();
        answers.is_some_and(|[squeezed, trained]| squeezed.label() != trained.label())
    }

    /// What is said of the squeezed network and the current picture: two lines at most on the first screen. The answer
    /// comes before the bytes are known.
    pub fn squeeze_line(&self) -> SqueezeLine {
        let said = |rest: String| SqueezeLine { flip: None, rest };
        let Some((squeeze, model)) = self.squeezed_model() else {
            return SqueezeLine::default();
        };
        if let Some(problem) = &squeeze.problem {
            return said(problem.clone());
        }
        let (name, at) = (squeeze.network, at(squeeze));
        let sizes = squeeze.made.as_ref().zip(model.card());
        let sizes = sizes.map(|(made, card)| (made.size_bytes, card.weights.size_bytes));
        let bytes = sizes.map_or_else(String::new, |(bytes, _)| format!(" {}.", kilobytes(bytes)));
        let share = sizes.map_or_else(String::new, |(bytes, file)| {
            let share = percents(bytes as f64 / file as f64);
            format!(" {}, {share} of its file.", kilobytes(bytes))
        });
        let is_squeezed = !squeeze.setting.is_as_trained();
        match (self.squeezed_answers().filter(|_| is_squeezed), sizes) {
            (None, None) => said(match model.failure() {
                _ if self.worker.has_failed() => "No network can be squeezed now.".to_owned(),
                Some(_) => format!("{name} did not arrive."),
                None => format!("{name} is on its way."),
            }),
            (None, Some(_)) if is_squeezed => said(format!("{name} {at}:{share}")),
            (None, Some(_)) => said(format!("{name} as released:{bytes}")),
            (Some([squeezed, trained]), _) if squeezed.label() != trained.label() => SqueezeLine {
                flip: Some(format!("Now {}", squeezed.label().name())),
                rest: format!("{at}.{share}"),
            },
            (Some([squeezed, _]), _) => {
                let class = squeezed.label().name();
                let score = squeeze.score.filter(|score| score.done >= IMAGES_SAID);
                let lost = score.map(|score| score.points_lost());
                said(match lost.filter(|points| *points >= POINTS_SAID) {
                    Some(points) => {
                        format!("Still {class} {at}, but {points:.0} more in 100 go wrong.{bytes}")
                    }
                    None => format!("Still {class} {at}.{share}"),
                })
            }
        }
    }

    /// What the button says that scores all test images.
    pub fn score_all_label(&self) -> String {
        let all = ImageSet::Test10000;
        let score = self.squeeze.as_ref().and_then(|squeeze| squeeze.score);
        let done = score
            .filter(|score| score.on == all)
            .map_or(0, |score| score.done);
        let is_under_way = |squeeze: &Squeeze| squeeze.on == all && squeeze.is_pending();
        let images = thousands(all.count());
        if done == all.count() {
            format!("Tested on {images} images")
        } else if self.squeeze.as_ref().is_some_and(is_under_way) {
            format!("Cancel ({} of {images})", thousands(done))
        } else {
            format!("Test on {images} images")
        }
    }

    /// The squeezed network for the chart, while it is looked at and as soon as it has classified images.
    pub fn ghost(&self) -> Option<Ghost> {
        let squeeze = self.squeeze.as_ref().filter(|squeeze| squeeze.is_shown())?;
        let score = squeeze.score.filter(|score| score.done > 0)?;
        Some(Ghost {
            network: squeeze.network,
            setting: at(squeeze),
            size_bytes: squeeze.made.as_ref()?.size_bytes,
            images: score.done,
            correct: score.correct,
            kind: score.on.kind(),
        })
    }

    /// What is said of the search for the edge; empty when there is nothing to say.
    pub fn edge_line(&self) -> String {
        let Some(squeeze) = &self.squeeze else {
            return String::new();
        };
        let scored = |score: Score| {
            let on = format!("{} {}", thousands(score.done), score.on.kind());
            format!("{} of {on}, {}", tenths(score.accuracy()), against(score))
        };
        match squeeze.edge {
            Edge::Idle => String::new(),
            Edge::Cancelled => "The search was ended.".to_owned(),
            Edge::Walking(_) => {
                let bits = squeeze.setting.bits().min(self.trained_bits());
                let so_far = squeeze
                    .score
                    .map_or_else(String::new, |j| format!(": {}", scored(j)));
                format!("Looking for the edge, at {bits} bits{so_far}.")
            }
            Edge::Found(bits, score) => {
                format!("The edge is {bits} bits: {}.", scored(score))
            }
        }
    }

    /// Accuracy, size, answer and time of the squeezed network.
    pub fn squeeze_readings(&self) -> [Reading; 4] {
        let unknown = |note: &str| Reading {
            figure: "–".to_owned(),
            note: note.to_owned(),
        };
        let Some((squeeze, model)) = self.squeezed_model() else {
            return ["", "", "", ""].map(unknown);
        };
        let accuracy = squeeze.score.filter(|score| score.done > 0);
        let missing = if squeeze.unscored.is_some() {
            "no test images are here"
        } else {
            "test images are on their way"
        };
        let accuracy = accuracy.map_or_else(|| unknown(missing), accuracy_reading);
        let size = size_reading(squeeze, model).unwrap_or_else(|| unknown("not packed yet"));
        let answer = self.squeezed_answers();
        let answer = answer.map_or_else(|| unknown("no answer yet"), answer_reading);
        [accuracy, size, answer, time_reading(squeeze, model)]
    }

    /// Say once after a dial was let go what came of it, as soon as enough is known.
    pub(super) fn announce_stop(&mut self) {
        let Some(squeeze) = &self.squeeze else { return };
        let scored = squeeze.score.is_some_and(|score| score.done >= IMAGES_SAID);
        let answered = self
            .pictures
            .garment()
            .is_none_or(|number| squeeze.answer_to(number).is_some());
        let known = squeeze.problem.is_some() || (squeeze.made.is_some() && scored && answered);
        if known && std::mem::take(&mut self.announce_squeeze) {
            let text = format!("{} {}", self.squeeze_line().text(), self.edge_line());
            self.act(Effect::Announce(text.trim_end().to_owned()));
        }
    }
}

/// `at 4 bits with 30 % cut`.
pub(super) fn at(squeeze: &Squeeze) -> String {
    let setting = squeeze.setting;
    let bits =
        (setting.bits() < AS_TRAINED_BITS).then(|| format!("at {}\u{a0}bits", setting.bits()));
    let cut = (setting.cut() > 0).then(|| format!("with {}\u{a0}% cut", setting.cut()));
    [bits, cut]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn percents(share: f64) -> String {
    format!("{:.0}\u{a0}%", share * 100.0)
}

fn tenths(share: f64) -> String {
    format!("{:.1}\u{a0}%", share * 100.0)
}

/// The difference to the same images as trained.
fn against(score: Score) -> String {
    let points = score.points_lost();
    if points.abs() < 0.05 {
        return "as many as trained".to_owned();
    }
    let word = if points > 0.0 { "fewer" } else { "more" };
    format!("{:.1} points {word} than as trained", points.abs())
}

fn accuracy_reading(score: Score) -> Reading {
    let [low, high] = wilson_interval(score.correct, score.done).map(|share| share * 100.0);
    let (done, kind) = (thousands(score.done), score.on.kind());
    Reading {
        figure: tenths(score.accuracy()),
        note: format!(
            "right of {done} {kind} ({low:.1} to {high:.1}), {}",
            against(score)
        ),
    }
}

fn size_reading(squeeze: &Squeeze, model: &Model) -> Option<Reading> {
    let bytes = squeeze.made.as_ref()?.size_bytes;
    let file = model.card()?.weights.size_bytes;
    let gzipped = squeeze.gzipped_bytes;
    let gzipped = gzipped.map_or_else(String::new, |bytes| {
        format!(" Gzipped {}.", kilobytes(bytes))
    });
    let note = if squeeze.setting.is_as_trained() {
        format!("its file as released.{gzipped}")
    } else {
        let share = percents(bytes as f64 / file as f64);
        let file = kilobytes(file);
        format!("packed, scales and offsets included: {share} of its {file} file.{gzipped}")
    };
    let figure = kilobytes(bytes);
    Some(Reading { figure, note })
}

fn answer_reading([squeezed, trained]: [Prediction; 2]) -> Reading {
    let sure = |p: Prediction| percents(f64::from(p.confidence()));
    let other = if squeezed.label() == trained.label() {
        String::new()
    } else {
        format!(" of {}", trained.label().name())
    };
    Reading {
        figure: squeezed.label().name().to_owned(),
        note: format!(
            "{} sure of this picture; {}{other} as trained",
            sure(squeezed),
            sure(trained)
        ),
    }
}

/// The time beside that of the network as trained, which was measured in the same way; as trained, its own.
fn time_reading(squeeze: &Squeeze, model: &Model) -> Reading {
    let is_full = |timed: &Timed| timed.thoroughness == Thoroughness::Full;
    let own = model.timed.filter(is_full).map(|timed| timed.latency);
    let (latency, note) = match (squeeze.setting.is_as_trained(), own, squeeze.latencies) {
        (true, Some(own), _) => (Some(own), "as trained".to_owned()),
        (false, _, Some([squeezed, trained])) => {
            let unchanged = match squeeze.setting.cut() {
                _ if !squeezed.agrees_with(&trained) => "",
                0 => ": unchanged, the engine unpacks the codes first",
                _ => ": unchanged, zeros are not skipped",
            };
            let trained = milliseconds(trained.median_ms);
            (Some(squeezed), format!("{trained} as trained{unchanged}"))
        }
        _ => (None, "measured when nothing else runs".to_owned()),
    };
    let after_cut = match squeeze.setting.cut() {
        0 => "",
        _ => ". Cut without training again.",
    };
    Reading {
        figure: latency.map_or_else(|| "–".to_owned(), |l| milliseconds(l.median_ms)),
        note: note + after_cut,
    }
}
