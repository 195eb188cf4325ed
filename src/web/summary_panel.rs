//! Sentences about all models together: who agrees, what the networks answer, what compression wins.

use super::say;
use crate::catalog;
use crate::report::{agreement, comparison};
use crate::session::{Model, Session};

/// The network that the others are compared with.
const LARGEST: &str = "baseline";

/// Say how many of the models that answered the current picture agree.
pub fn agree(session: &Session) {
    let current = session.shown().map(|shown| shown.number);
    let answer = |model: &Model| {
        let answer = model.answer_to(current?)?;
        Some((model.name, answer.label().name()))
    };
    let named: Vec<_> = session.models().iter().filter_map(answer).collect();
    say("agreement", &agreement(&named));
}

/// Let a screen reader say a text.
pub fn announce(text: &str) {
    say("announcement", text);
}

/// Compare each small network with the large one once both are loaded and timed.
pub fn compare(session: &Session) {
    let timed = |name: &str| {
        let model = session.models().iter().find(|model| model.name == name)?;
        Some((model.card()?, model.timed?.latency.median_ms))
    };
    let sentences: Vec<String> = catalog::networks()
        .filter(|name| *name != LARGEST && catalog::is_in_book(name))
        .filter_map(|name| Some(comparison(timed(LARGEST)?, timed(name)?)))
        .collect();
    say("comparison", &sentences.join(" "));
}
