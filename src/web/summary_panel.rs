//! Sentences about all models together: who agrees, what the networks answer, what compression wins.

use super::say;
use crate::report::{agreement, comparison};
use crate::session::{Model, Session};

/// The networks that are compared: the published large one, and the one that does the same with separable convolutions.
const COMPARED: [&str; 2] = ["baseline", "lightweight"];

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

/// Compare the two networks once both are loaded and timed.
pub fn compare(session: &Session) {
    let timed = |name: &str| {
        let model = session.models().iter().find(|model| model.name == name)?;
        Some((model.card()?, model.timed?.latency.median_ms))
    };
    let [large, small] = COMPARED.map(timed);
    let sentence = large
        .zip(small)
        .map(|(large, small)| comparison(large, small));
    say("comparison", &sentence.unwrap_or_default());
}
