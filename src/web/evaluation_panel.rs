//! The evaluation in this browser: test images through every model, with progress.

use super::protocol::Response;
use super::{by_id, set};
use crate::metrics::wilson_interval;
use web_sys::{Element, HtmlButtonElement, HtmlElement, HtmlSelectElement};

/// How many test images the visitor asked for.
pub fn chosen_images() -> usize {
    by_id::<HtmlSelectElement>("evaluation-images")
        .value()
        .parse()
        .unwrap_or(200)
}

/// Switch between "start" and "cancel".
pub fn set_running(running: bool) {
    by_id::<HtmlButtonElement>("evaluate").set_hidden(running);
    by_id::<HtmlButtonElement>("evaluation-cancel").set_hidden(!running);
    by_id::<HtmlElement>("evaluation-progress").set_hidden(!running);
}

/// Show an [`Response::Evaluated`]; other responses are none of this panel's.
pub fn show(response: &Response) {
    let Response::Evaluated {
        done,
        total,
        correct,
        ..
    } = response
    else {
        return;
    };
    let progress: Element = by_id("evaluation-progress");
    set(&progress, "max", &total.to_string());
    set(&progress, "value", &done.to_string());
    let parts: Vec<String> = correct
        .iter()
        .map(|(name, hits)| {
            let [low, high] = wilson_interval(*hits, *done).map(|v| v * 100.0);
            let share = *hits as f64 * 100.0 / *done as f64;
            format!("{name} {share:.1} % (95 % interval {low:.1} to {high:.1})")
        })
        .collect();
    let text = format!("{done} of {total} test images: {}", parts.join(", "));
    let output: HtmlElement = by_id("evaluation-result");
    output.set_inner_text(&text);
    set(&output, "data-done", &done.to_string());
}
