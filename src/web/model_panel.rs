//! One model's rows in the table: its figures, its ten probabilities and its card, from `<template id="model-template">`.

use super::bars::{Bars, part_of};
use super::{by_id, listen, part, set};
use crate::card::WeightsFile;
use crate::catalog;
use crate::format::{interval, kilobytes, milliseconds, percent, thousands};
use crate::protocol::Ready;
use crate::report::operations;
use crate::session::{Model, Stage};
use crate::timing::{Latency, Thoroughness};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlTemplateElement};

/// The rows of one model.
pub struct ModelPanel {
    root: Element,
    bars: Bars,
    /// What was shown last.
    shown: Option<Model>,
}

impl ModelPanel {
    /// Add rows for the model `name`.
    ///
    /// # Panics
    /// When `www/index.html` lacks the template.
    pub fn new(name: &'static str) -> Self {
        let template: HtmlTemplateElement = by_id("model-template");
        let row = template
            .content()
            .first_element_child()
            .expect("a template with an element");
        let root: Element = row
            .clone_node_with_deep(true)
            .expect("elements can be cloned")
            .unchecked_into();
        by_id::<Element>("models")
            .append_child(&root)
            .expect("a list takes items");
        set(&root, "data-row", name);
        if catalog::is_network(name) {
            root.set_class_name("model own");
        }
        let button = part(&root, "name");
        button.set_inner_text(name);
        let details = part(&root, "details");
        let id = format!("details-{name}");
        set(&details, "id", &id);
        set(&button, "aria-controls", &id);
        expand(&button, &details, false);
        let toggled = button.clone();
        listen(&button, "click", move |_: Event| {
            expand(&toggled, &details, details.hidden());
        });
        let counted = catalog::find(name).map_or("", |model| model.parameters);
        part(&root, "parameters-are").set_inner_text(counted);
        let list = part(&root, "bars");
        let bars = Bars::new(&list);
        Self {
            root,
            bars,
            shown: None,
        }
    }

    /// Show what is known of the model; what has not changed is left as it is.
    pub fn show(&mut self, model: &Model) {
        let before = self.shown.replace(model.clone());
        let changed = |differs: fn(&Model, &Model) -> bool| {
            before.as_ref().is_none_or(|before| differs(before, model))
        };
        if changed(|a, b| a.stage != b.stage)
            && let Stage::Ready(ready) = &model.stage
        {
            self.loaded(ready);
        }
        if changed(|a, b| a.answer != b.answer) {
            let answer = model.answer.as_ref().map(|(_, prediction)| prediction);
            self.bars.show(answer, |_, share| part_of(share));
        }
        if changed(|a, b| a.timed != b.timed) {
            if let Some(timed) = model.timed {
                self.measured(timed.latency, timed.thoroughness);
            } else {
                self.say("latency", "–");
                self.say("latency-detail", "not measured yet");
            }
        }
    }

    /// Show the card of a model that is ready, what it computes in, and what the worker's memory has grown
    /// to with it.
    fn loaded(&self, ready: &Ready) {
        let Ready { card, path, .. } = ready;
        for place in ["parameters", "parameters-again"] {
            self.say(place, &thousands(card.parameters));
        }
        for place in ["macs", "macs-again"] {
            self.say(place, &operations(card));
        }
        self.say("size", &kilobytes(card.weights.size_bytes));
        let stored = format!("{} ({})", card.weights.file, card.weights.dtype);
        self.say("file", &stored);
        let computed_in = if ready.integers {
            "3x3 convolutions, wide pointwise and large dense layers in integers, the rest in single precision"
        } else {
            catalog::computed_in(&card.name)
        };
        let probe = ready.probe.map_or_else(String::new, |probe| {
            let [integers, float] = [probe.quantized_ms, probe.float_ms].map(milliseconds);
            format!(
                "; a test at the start took {integers} in integers, {float} in single precision"
            )
        });
        self.say("arithmetic", &format!("{path}; {computed_in}{probe}"));
        if let Some(drawings) = &card.drawings {
            let WeightsFile {
                file,
                size_bytes,
                dtype,
                ..
            } = &drawings.weights;
            self.say(
                "drawings",
                &format!(
                    "{file} ({dtype}), {}; in single precision {} of the validation images right",
                    kilobytes(*size_bytes),
                    percent(drawings.validation),
                ),
            );
        }
        if let (Some(test), Some(range)) = (card.accuracy.test, card.accuracy.test_interval) {
            self.say("accuracy", &percent(test));
            self.say("interval", &format!("({})", interval(range)));
        }
        if let Some(drawn) = card.drawn_accuracy {
            for place in ["drawn", "drawn-again"] {
                self.say(place, &format!("{:.0} %", drawn * 100.0));
            }
        }
        let right = |share| format!("{} right", percent(share));
        self.say("validation", &right(card.accuracy.validation));
        self.say("training", &right(card.accuracy.train));
        self.say("cold", &milliseconds(ready.cold_ms));
        let memory = format!("{:.1} MB", ready.memory_bytes as f64 / 1e6);
        self.say("memory", &memory);
    }

    /// Show a measured time.
    fn measured(&self, latency: Latency, thoroughness: Thoroughness) {
        self.say("latency", &milliseconds(latency.median_ms));
        let mut detail = match thoroughness {
            Thoroughness::Quick => format!("median of {} runs", latency.runs),
            Thoroughness::Full => format!(
                "median of {} runs; p95 {}, fastest {}",
                latency.runs,
                milliseconds(latency.p95_ms),
                milliseconds(latency.min_ms)
            ),
        };
        if latency.batch > 1 {
            detail += &format!(
                "; timed {} at once, because this browser's clock is coarse",
                latency.batch
            );
        }
        self.say("latency-detail", &detail);
    }

    fn say(&self, name: &str, text: &str) {
        part(&self.root, name).set_inner_text(text);
    }
}

/// Show or hide a model's details.
fn expand(button: &HtmlElement, details: &HtmlElement, open: bool) {
    details.set_hidden(!open);
    set(button, "aria-expanded", if open { "true" } else { "false" });
}
