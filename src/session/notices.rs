//! What the page says at its edge: conditions, for as long as they last, and the message about the latest action.

use super::event::Program;
use super::model::Model;
use super::programs::WorkerStage;
use super::state::Session;

/// Whether a notice has a button that tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// [`super::Event::RetryPressed`] may help.
    Offered,
    /// There is nothing to try again.
    None,
}

/// A sentence at the edge of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// Whether it has a button.
    pub retry: Retry,
    /// Whether the visitor can close it; a condition shows for as long as it lasts.
    pub closable: bool,
}

impl Session {
    /// What is to be said at the edge of the page: first the conditions, then the message. Of a single model that is
    /// missing, its swatch and the verdict's lines tell.
    pub fn notices(&self) -> Vec<Notice> {
        let condition = |text: String, retry| Notice {
            text,
            retry,
            closable: false,
        };
        let mut notices = Vec::new();
        match &self.worker.stage {
            WorkerStage::Failed(fault) => {
                let text = if self.worker.program == Program::Burn {
                    format!("Burn's program stopped ({fault}). Try again, or let our engine compute. Your drawing is kept.")
                } else {
                    format!("The part of the page that computes stopped ({fault}). Your drawing is kept.")
                };
                notices.push(condition(text, Retry::Offered));
            }
            WorkerStage::Late => notices.push(condition(
                "The part of the page that computes has not started yet. It may still be on its way. Your drawing is kept."
                    .to_owned(),
                Retry::Offered,
            )),
            _ => {}
        }
        if self.is_decoder_late() {
            let text = "The part of the page that reads files has not answered yet. It may still be on its way, or the picture is a large one.";
            notices.push(condition(text.to_owned(), Retry::Offered));
        }
        let failed: Vec<(&str, &str)> = self.models.iter().filter_map(Model::failure).collect();
        if !self.online && self.models.iter().any(|model| !model.is_ready()) {
            let text = "You are offline. The models that have not arrived load when the connection is back.";
            notices.push(condition(text.to_owned(), Retry::Offered));
        } else if let [(first, fault), _, ..] = failed[..] {
            let n = failed.len();
            let text = format!("{n} models could not be loaded; of {first}: {fault}");
            notices.push(condition(text, Retry::Offered));
        }
        notices.extend(self.message.iter().map(|text| Notice {
            text: text.clone(),
            retry: Retry::None,
            closable: true,
        }));
        notices
    }
}
