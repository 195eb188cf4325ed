//! The evaluation in this browser: test images through the models, with progress, and each accuracy beside the card's.

use super::matrix_panel::MatrixPanel;
use super::{by_id, create, document, listen, now_ms, set};
use crate::format::{interval, percent, thousands};
use crate::metrics::wilson_interval;
use crate::session::{Evaluation, EvaluationStage, Session};
use std::cell::Cell;
use web_sys::{Element, Event, HtmlElement, HtmlSelectElement};

/// The panel.
pub struct EvaluationPanel {
    /// When the evaluation that goes on began, on the page's clock.
    begin_ms: Cell<Option<f64>>,
    matrix: MatrixPanel,
}

impl EvaluationPanel {
    /// A panel whose pictures go to `choose` when they are pressed.
    pub fn new(matrix: MatrixPanel) -> Self {
        Self {
            begin_ms: Cell::new(None),
            matrix,
        }
    }

    /// Wire both buttons; `begin` gets the number of test images.
    pub fn start(&self, begin: impl Fn(usize) + 'static, cancel: impl Fn() + 'static) {
        listen(&by_id("evaluate"), "click", move |_: Event| {
            begin(chosen());
        });
        listen(&by_id("evaluation-cancel"), "click", move |_: Event| {
            cancel();
        });
        listen(&by_id("evaluation-images"), "change", |_: Event| name());
        name();
    }

    /// Show how the evaluation stands.
    pub fn show(&self, session: &Session) {
        let running = session.is_evaluating();
        show_buttons(running);
        let evaluation = session.evaluation();
        if evaluation.done == 0 {
            let goes_on = evaluation.stage == EvaluationStage::Running;
            self.begin_ms.set(goes_on.then(now_ms));
        }
        let progress: HtmlElement = by_id("evaluation-progress");
        progress.set_hidden(!running);
        set(&progress, "max", &evaluation.total.max(1).to_string());
        set(&progress, "value", &evaluation.done.to_string());
        let output: Element = by_id("evaluation-result");
        output.set_text_content(Some(&self.sentence(evaluation)));
        set(&output, "data-done", &evaluation.done.to_string());
        show_table(session);
        self.matrix.show(evaluation, running);
    }

    fn sentence(&self, evaluation: &Evaluation) -> String {
        let (done, total) = (evaluation.done, evaluation.total);
        let state = match evaluation.stage {
            EvaluationStage::Idle => return String::new(),
            EvaluationStage::Queued => {
                return "It starts as soon as the picture and a model are ready.".to_owned();
            }
            EvaluationStage::Running | EvaluationStage::Finished => "",
            EvaluationStage::Cancelled => "Cancelled. ",
            EvaluationStage::Failed => "Stopped. ",
        };
        if done == 0 {
            return format!("{state}No image is classified yet.");
        }
        let elapsed_ms = self.begin_ms.get().map(|begin| now_ms() - begin);
        let speed = match elapsed_ms.filter(|ms| *ms > 0.0) {
            Some(ms) => {
                let each = format!(
                    "; {} images a second",
                    thousands((done as f64 / ms * 1e3) as usize)
                );
                let left = ms / done as f64 * (total - done) as f64 / 1e3;
                match evaluation.stage {
                    EvaluationStage::Running if done < total => {
                        format!("{each}, about {left:.0} s left")
                    }
                    EvaluationStage::Finished => format!("{each}, {:.1} s in all", ms / 1e3),
                    _ => String::new(),
                }
            }
            None => String::new(),
        };
        let left_out = if evaluation.missing.is_empty() {
            String::new()
        } else {
            format!(
                " Not loaded when it began: {}.",
                evaluation.missing.join(", ")
            )
        };
        format!(
            "{state}{} of {} test images{speed}.{left_out}",
            thousands(done),
            thousands(total)
        )
    }
}

/// The number of test images that is chosen.
fn chosen() -> usize {
    let choice: HtmlSelectElement = by_id("evaluation-images");
    choice.value().parse().unwrap_or(100)
}

/// The button says what it does.
fn name() {
    let text = format!("Classify {} images", thousands(chosen()));
    by_id::<HtmlElement>("evaluate").set_inner_text(&text);
}

fn show_buttons(running: bool) {
    let (start, cancel): (HtmlElement, HtmlElement) =
        (by_id("evaluate"), by_id("evaluation-cancel"));
    // The two take turns in one place; the keyboard's focus stays there.
    let focused = document().active_element();
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
}

/// A row for each model: what it gets right here, and what its card says.
fn show_table(session: &Session) {
    let evaluation = session.evaluation();
    let table: HtmlElement = by_id("evaluation-table");
    table.set_hidden(evaluation.done == 0);
    by_id::<HtmlElement>("evaluation-empty").set_hidden(evaluation.done > 0);
    let rows: Element = by_id("evaluation-rows");
    rows.set_text_content(None);
    if evaluation.done == 0 {
        return;
    }
    for (name, hits) in &evaluation.correct {
        let share = *hits as f64 / evaluation.done as f64;
        let model = session.models().iter().find(|model| model.name == name);
        let card = model.and_then(|model| model.card()?.accuracy.test);
        // The card's figure is of all 10,000 images.
        let verdict = match card {
            Some(card) if evaluation.done == 10_000 => {
                if (share - card).abs() < 1e-9 {
                    "equal"
                } else {
                    "different"
                }
            }
            _ => "",
        };
        let row = create("tr", &rows);
        set(&row, "data-evaluated", name);
        set(&row, "data-correct", &hits.to_string());
        if model.is_some_and(|model| model.is_network) {
            row.set_class_name("own");
        }
        let head = create("th", &row);
        set(&head, "scope", "row");
        head.set_text_content(Some(name));
        let range = interval(wilson_interval(*hits, evaluation.done));
        for text in [
            format!("{} ({range})", percent(share)),
            card.map_or_else(|| "–".to_owned(), percent),
            verdict.to_owned(),
        ] {
            create("td", &row).set_text_content(Some(&text));
        }
    }
}
