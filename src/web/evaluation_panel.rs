//! The evaluation in this browser: test images through the models, with progress.

use super::{by_id, listen, set};
use crate::format::interval;
use crate::metrics::wilson_interval;
use crate::session::{Evaluation, EvaluationStage, Session};
use web_sys::{Element, Event, HtmlElement, HtmlSelectElement};

/// Wire both buttons; `start` gets the number of test images.
pub fn start(begin: impl Fn(usize) + 'static, cancel: impl Fn() + 'static) {
    listen(&by_id("evaluate"), "click", move |_: Event| {
        let choice: HtmlSelectElement = by_id("evaluation-images");
        begin(choice.value().parse().unwrap_or(100));
    });
    listen(&by_id("evaluation-cancel"), "click", move |_: Event| {
        cancel();
    });
}

/// Show how the evaluation stands.
pub fn show(session: &Session) {
    let running = session.is_evaluating();
    let (start, cancel): (HtmlElement, HtmlElement) =
        (by_id("evaluate"), by_id("evaluation-cancel"));
    // The two take turns in one place; the keyboard's focus stays there.
    let focused = super::document().active_element();
    let had_focus =
        focused.is_some_and(|e| ["evaluate", "evaluation-cancel"].contains(&e.id().as_str()));
    start.set_hidden(running);
    cancel.set_hidden(!running);
    if had_focus {
        // Focusing a visible button cannot fail.
        let _ = if running {
            cancel.focus()
        } else {
            start.focus()
        };
    }
    let evaluation = session.evaluation();
    let progress: HtmlElement = by_id("evaluation-progress");
    progress.set_hidden(!running);
    set(&progress, "max", &evaluation.total.max(1).to_string());
    set(&progress, "value", &evaluation.done.to_string());
    let output: Element = by_id("evaluation-result");
    output.set_text_content(Some(&sentence(evaluation)));
    set(&output, "data-done", &evaluation.done.to_string());
}

fn sentence(evaluation: &Evaluation) -> String {
    let Evaluation {
        stage,
        done,
        total,
        correct,
        missing,
    } = evaluation;
    let state = match stage {
        EvaluationStage::Idle => return String::new(),
        EvaluationStage::Queued => {
            return "It starts as soon as the picture and a model are ready.".to_owned();
        }
        EvaluationStage::Running | EvaluationStage::Finished => "",
        EvaluationStage::Cancelled => "Cancelled. ",
        EvaluationStage::Failed => "Stopped. ",
    };
    if *done == 0 {
        return format!("{state}No image is classified yet.");
    }
    let figures: Vec<String> = correct
        .iter()
        .map(|(name, hits)| {
            let range = interval(wilson_interval(*hits, *done));
            let percent = *hits as f64 * 100.0 / *done as f64;
            format!("{name} {percent:.1} % (95 % interval {range})")
        })
        .collect();
    let left_out = if missing.is_empty() {
        String::new()
    } else {
        format!(". Not loaded when it began: {}", missing.join(", "))
    };
    format!(
        "{state}{done} of {total} test images: {}{left_out}",
        figures.join(", ")
    )
}
