//! Sentences about all models together: who agrees, what the networks answer, what compression wins.

use super::by_id;
use super::model_panel::{Input, ModelPanel};
use crate::catalog;
use crate::report::{agreement, comparison};
use web_sys::HtmlElement;

type Models = [(String, ModelPanel)];

/// Say how many of the models that answered picture `input` agree.
pub fn agree(models: &Models, input: Input) {
    let named: Vec<_> = models
        .iter()
        .filter_map(|(name, panel)| {
            let answer = panel.answer_to(input)?;
            Some((name.as_str(), answer.label().name()))
        })
        .collect();
    by_id::<HtmlElement>("agreement").set_inner_text(&agreement(&named));
}

/// Let a screen reader say a text.
pub fn announce(text: &str) {
    let live: HtmlElement = by_id("announcement");
    if live.inner_text() != text {
        live.set_inner_text(text);
    }
}

/// Let a screen reader say what the networks answer to picture `input`.
pub fn announce_answers(models: &Models, input: Input) {
    let networks = models.iter().filter(|(name, _)| catalog::is_network(name));
    let answers: Vec<String> = networks
        .filter_map(|(name, panel)| {
            let prediction = panel.answer_to(input)?;
            let confidence = prediction.confidence() * 100.0;
            Some(format!(
                "{name}: {}, {confidence:.0} %",
                prediction.label().name()
            ))
        })
        .collect();
    announce(&answers.join("; "));
}

/// Compare each small network with the large one once both are loaded and timed.
pub fn compare(models: &Models) {
    let timed = |name: &str| {
        let (_, panel) = models.iter().find(|(n, _)| n == name)?;
        Some((panel.card.as_ref()?, panel.latency?.median_ms))
    };
    let sentences: Vec<String> = ["lightweight", "compact", "pocket"]
        .into_iter()
        .filter_map(|name| Some(comparison(timed("baseline")?, timed(name)?)))
        .collect();
    by_id::<HtmlElement>("comparison").set_inner_text(&sentences.join(" "));
}
