//! What the page shows of a session. Everything here is derived from the state, so that nothing can contradict it.

use super::event::Program;
use super::model::{Model, Stage};
use super::picture::Shown;
use super::squeeze_view::at;
use super::state::Session;
use super::task::{Evaluation, EvaluationStage};
use crate::format::{kilobytes, thousands, word};
use crate::prediction::{Prediction, Verdict};
use crate::protocol::{PictureNumber, Seen};

/// What the page is busy with: the hook `data-state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// No model can answer yet.
    Loading,
    /// Everything asked for is done.
    Ready,
    /// A picture, a measurement or an evaluation is under way.
    Busy,
    /// No model can answer until something is done about it; a notice says what.
    Error,
}

impl PageState {
    /// The value of the hook.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Busy => "busy",
            Self::Error => "error",
        }
    }
}

impl Session {
    /// The number of the newest picture that was chosen.
    pub fn newest(&self) -> PictureNumber {
        self.pictures.newest
    }

    /// The current picture.
    pub fn shown(&self) -> Option<&Shown> {
        self.pictures.shown.as_ref()
    }

    /// All models, in the order in which they were given.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The program that computes.
    pub fn program(&self) -> Program {
        self.worker.program
    }

    /// The evaluation.
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// Whether an evaluation goes on or waits for its turn.
    pub fn is_evaluating(&self) -> bool {
        matches!(
            self.evaluation.stage,
            EvaluationStage::Queued | EvaluationStage::Running
        )
    }

    /// The page's state.
    pub fn state(&self) -> PageState {
        let mut stages = self.models.iter().map(|model| &model.stage);
        if self.worker.has_failed() || stages.all(|s| matches!(s, Stage::Failed { .. })) {
            PageState::Error
        } else if self.ready_models().next().is_none() {
            PageState::Loading
        } else if self.pictures.any_pending() || self.queued.is_some() || self.is_working() {
            PageState::Busy
        } else {
            PageState::Ready
        }
    }

    /// Whether the worker owes an answer: to a drawing that it was sent, or of a model that is ready to the current
    /// picture.
    pub(super) fn unanswered(&self) -> bool {
        let owes = |number| self.ready_models().any(|m| m.answer_to(number).is_none());
        self.pictures.in_flight.is_some() || self.pictures.garment().is_some_and(owes)
    }

    /// The verdict on the latest picture that every loaded network answered: the hook `data-verdict`.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The verdict in words: what the networks that give it say, and a sentence about it.
    pub fn words(&self) -> (String, String) {
        let plain = |verdict: &str, note: &str| (verdict.to_owned(), note.to_owned());
        let shown = self.pictures.shown.as_ref();
        let blank = shown.is_none_or(|shown| shown.picture.seen == Seen::Blank);
        if self.worker.has_failed() {
            return plain("The networks cannot answer now.", "");
        }
        if self.pictures.file.is_some() {
            return plain("Reading the picture.", "");
        }
        let book: Vec<&Model> = self.models.iter().filter(|m| self.is_in_book(m)).collect();
        let absent = self.absent(&book);
        if blank && !self.pictures.any_pending() {
            let note = "Draw a garment, or take a sample.";
            return plain("Nothing to wear yet.", absent.as_deref().unwrap_or(note));
        }
        if !book.iter().any(|model| model.is_ready()) {
            let note = "They answer as soon as they are here.";
            return plain("The networks are on their way.", note);
        }
        let answers: Vec<(&Model, Prediction)> = book
            .iter()
            .filter_map(|model| Some((*model, model.answer?.1)))
            .collect();
        if answers.is_empty() {
            return plain("The networks are looking at it.", "");
        }
        let waits = book.iter().any(|model| !model.is_ready());
        let others = waits.then(|| "The others are on their way.".to_owned());
        self.judged(&answers, book.len(), absent.or(others))
    }

    /// That a network of these did not arrive, and why, unless a notice says it.
    fn absent(&self, book: &[&Model]) -> Option<String> {
        let (name, fault) = book.iter().find_map(|model| model.failure())?;
        Some(
            match self.models.iter().filter_map(Model::failure).count() {
                1 => format!("{name} did not arrive: {fault}"),
                _ => format!("{name} did not arrive."),
            },
        )
    }

    /// What the smallest network that answered takes, squeezed as it is shown, and how much more the largest does.
    fn cost(&self, answers: &[(&Model, Prediction)]) -> String {
        let squeezed = |model: &Model| {
            let squeeze = self.squeeze.as_ref()?;
            let is_shown = squeeze.is_shown() && squeeze.network == model.name;
            let made = squeeze.made.as_ref()?;
            (is_shown && !self.is_flipped()).then_some(made.size_bytes)
        };
        let sizes = answers.iter().filter_map(|(model, _)| {
            let trained = model.card()?.weights.size_bytes;
            Some((squeezed(model).unwrap_or(trained), model.name))
        });
        let (Some(small), Some(large)) = (sizes.clone().min(), sizes.max()) else {
            return String::new();
        };
        let times = large.0 as f64 / small.0.max(1) as f64;
        format!(
            "{} says so with {}. {} takes {} times as much cloth.",
            small.1,
            kilobytes(small.0),
            large.1,
            thousands(times.round() as usize),
        )
    }

    /// What the squeezed network says, where it is shown, is one of those who answered, and squeezing changed its answer.
    fn stray(&self, answers: &[(&Model, Prediction)]) -> Option<String> {
        let squeeze = self.squeeze.as_ref()?;
        let name = &squeeze.network;
        let is_among = answers.iter().any(|(model, _)| model.name == *name);
        if !is_among || !squeeze.is_shown() || !self.is_flipped() {
            return None;
        }
        let answer = squeeze.answer_to(self.pictures.garment()?)?;
        let class = answer.label().name();
        Some(format!("{name} {} says {class}.", at(squeeze)))
    }

    /// The verdict on answers of networks of which there are `all`; `note` goes with agreement, or else what it costs.
    /// Those that give the verdict decide, if there are any; who else says something else is named.
    fn judged(
        &self,
        answers: &[(&Model, Prediction)],
        all: usize,
        note: Option<String>,
    ) -> (String, String) {
        let of_judges = answers.iter().filter(|(model, _)| model.is_judge());
        let mut judges: Vec<_> = of_judges.copied().collect();
        if judges.is_empty() {
            judges = answers.to_vec();
        }
        let votes = votes(&judges);
        let (class, most) = votes[0];
        if votes.len() > 1 {
            let each = |(i, (class, n)): (usize, &(&str, usize))| match (i, n) {
                (0, 1) => format!("1 says {class}"),
                (0, n) => format!("{n} say {class}"),
                (_, n) => format!("{n} {class}"),
            };
            let each: Vec<String> = votes.iter().enumerate().map(each).collect();
            let note = "It may be between two classes, or no garment they know.";
            return (
                "They disagree.".to_owned(),
                format!("{}. {note}", each.join(", ")),
            );
        }
        if self.verdict == Verdict::Unsure && most > 1 {
            let note = format!("They all lean to {class}, with little confidence.");
            return ("Not sure.".to_owned(), note);
        }
        let agrees = |(_, answer): &&(&Model, Prediction)| answer.label().name() == class;
        let agreeing: Vec<_> = answers.iter().filter(agrees).copied().collect();
        let most = agreeing.len();
        if let Some(stray) = self.stray(&agreeing) {
            let verdict = match most {
                0 | 1 => "Squeezed, it says something else.".to_owned(),
                2 => format!("One says {class}."),
                _ => format!("{} say {class}.", capital(&word(most - 1))),
            };
            return (verdict, stray);
        }
        let verdict = match (&*agreeing, most == all) {
            ([(model, _)], _) => format!("{} says {class}.", model.name),
            (_, true) => format!("All {} say {class}.", word(all)),
            (_, false) => format!("{} say {class}.", capital(&word(most))),
        };
        let dissent = answers.iter().find(|answer| !agrees(answer));
        let dissent = dissent.map(|(model, answer)| {
            let size = model.card().map_or(0, |card| card.weights.size_bytes);
            let (name, class) = (model.name, answer.label().name());
            format!("{name}, with {}, says {class}.", kilobytes(size))
        });
        let note = note.or(dissent).unwrap_or_else(|| self.cost(&agreeing));
        (verdict, note)
    }

    /// The networks of the first screen that answered the current picture, with their answers, in the models' order.
    pub fn network_answers(&self) -> impl Iterator<Item = (&'static str, Prediction)> {
        let number = self.pictures.garment();
        self.ready_models()
            .filter(|model| self.is_in_book(model))
            .filter_map(move |model| Some((model.name, model.answer_to(number?)?)))
    }
}

/// The classes that were named, each with how often, the most frequent first.
fn votes(answers: &[(&Model, Prediction)]) -> Vec<(&'static str, usize)> {
    let mut votes: Vec<(&'static str, usize)> = Vec::new();
    for (_, answer) in answers {
        let class = answer.label().name();
        match votes.iter_mut().find(|(name, _)| *name == class) {
            Some((_, n)) => *n += 1,
            None => votes.push((class, 1)),
        }
    }
    votes.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    votes
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
