//! One model's rows in the table: its answer, its size and its time, from `<template id="model-template">`.

use super::{by_id, document, listen, part, set};
use crate::catalog;
use crate::format::{self, interval, kilobytes, milliseconds, thousands};
use crate::label::{Label, NAMES};
use crate::prediction::Prediction;
use crate::protocol::{PictureNumber, Ready};
use crate::report::operations;
use crate::session::{Model, Stage};
use crate::timing::{Latency, Thoroughness};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlTemplateElement};

/// The panel of one model.
pub struct ModelPanel {
    name: &'static str,
    root: Element,
    bars: Vec<(HtmlElement, HtmlElement)>,
    /// What was shown last.
    shown: Option<Model>,
}

impl ModelPanel {
    /// Add a panel for the model `name`.
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
        set(&root, "data-model", name);
        set(&root, "data-state", "idle");
        let button = part(&root, "name");
        button.set_inner_text(name);
        let details = part(&root, "details");
        let id = format!("details-{name}");
        set(&details, "id", &id);
        set(&button, "aria-controls", &id);
        expand(&button, &details, catalog::is_network(name));
        let toggled = button.clone();
        listen(&button, "click", move |_: Event| {
            expand(&toggled, &details, details.hidden());
        });
        let list = part(&root, "bars");
        let bars = NAMES.map(|class| add_bar(&list, class)).into();
        Self {
            name,
            root,
            bars,
            shown: None,
        }
    }

    /// The model's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Call back when the model's button to try again is pressed.
    pub fn on_retry(&self, retry: impl Fn() + 'static) {
        listen(&part(&self.root, "retry"), "click", move |_: Event| retry());
    }

    /// Show what is known of the model; what has not changed is left as it is.
    pub fn show(&mut self, model: &Model) {
        let before = self.shown.replace(model.clone());
        let changed = |differs: fn(&Model, &Model) -> bool| {
            before.as_ref().is_none_or(|before| differs(before, model))
        };
        if changed(|a, b| a.stage != b.stage) {
            self.show_stage(&model.stage);
        }
        if changed(|a, b| a.answer != b.answer) {
            match &model.answer {
                Some((number, prediction)) => self.predicted(*number, prediction),
                None => self.clear(),
            }
        }
        if changed(|a, b| a.timed != b.timed) {
            match model.timed {
                Some(timed) => self.measured(timed.latency, timed.thoroughness),
                None => self.forget_time(),
            }
        }
    }

    fn show_stage(&self, stage: &Stage) {
        let state = match stage {
            Stage::Idle => "idle",
            Stage::Loading { .. } | Stage::Stalled { .. } => "loading",
            Stage::Ready(_) => "ready",
            Stage::Failed { .. } => "error",
        };
        set(&self.root, "data-state", state);
        let may_retry = matches!(stage, Stage::Stalled { .. } | Stage::Failed { .. });
        part(&self.root, "retry").set_hidden(!may_retry);
        match stage {
            Stage::Idle => self.say("Starting…"),
            Stage::Loading { received, total } => self.loading(*received, *total),
            Stage::Stalled { retry_in_ms } => self.say(&format!(
                "Nothing arrives. It is asked for again in {} s.",
                retry_in_ms.div_ceil(1000)
            )),
            Stage::Ready(ready) => self.loaded(ready),
            Stage::Failed { message } => self.say(message),
        }
    }

    fn forget_time(&self) {
        part(&self.root, "latency").set_inner_text("–");
        part(&self.root, "latency-detail").set_inner_text("not measured yet");
        for figure in ["latency-ms", "latency-p95-ms", "latency-runs"] {
            // A name of an attribute that may be absent is always accepted.
            let _ = self.root.remove_attribute(&format!("data-{figure}"));
        }
    }

    /// Show how much of the model has arrived.
    fn loading(&self, received: usize, total: usize) {
        let progress = part(&self.root, "progress");
        set(&progress, "max", &total.to_string());
        set(&progress, "value", &received.to_string());
        self.say(&format!(
            "Loading: {} of {}",
            kilobytes(received),
            kilobytes(total)
        ));
    }

    /// Show the card of a model that is ready, what it computes in, and what the worker's memory has grown
    /// to with it.
    fn loaded(&self, ready: &Ready) {
        let Ready {
            card,
            cold_ms,
            integers,
            memory_bytes,
            path,
        } = ready;
        set(&self.root, "data-parameters", &card.parameters.to_string());
        set(&self.root, "data-macs", &card.macs.to_string());
        set(
            &self.root,
            "data-size-bytes",
            &card.weights.size_bytes.to_string(),
        );
        part(&self.root, "parameters").set_inner_text(&thousands(card.parameters));
        part(&self.root, "macs").set_inner_text(&operations(card));
        part(&self.root, "size").set_inner_text(&kilobytes(card.weights.size_bytes));
        let stored = format!("{} ({})", card.weights.file, card.weights.dtype);
        part(&self.root, "file").set_inner_text(&stored);
        let arithmetic = if *integers {
            "pointwise layers in 8-bit integers, the rest in single precision"
        } else {
            "single precision"
        };
        let computed = format!("{path}; {arithmetic}");
        part(&self.root, "arithmetic").set_inner_text(&computed);
        let counted = catalog::find(&card.name).map_or("", |model| model.parameters);
        part(&self.root, "parameters-are").set_inner_text(counted);
        if let (Some(test), Some(range)) = (card.accuracy.test, card.accuracy.test_interval) {
            set(&self.root, "data-test-accuracy", &test.to_string());
            let accuracy = part(&self.root, "accuracy");
            accuracy.set_inner_text(&format::percent(test));
            set(
                &accuracy,
                "title",
                &format!("95 % interval {}", interval(range)),
            );
        }
        part(&self.root, "cold").set_inner_text(&milliseconds(*cold_ms));
        set(&self.root, "data-memory-bytes", &memory_bytes.to_string());
        let memory = format!("{:.1} MB", *memory_bytes as f64 / 1e6);
        part(&self.root, "memory").set_inner_text(&memory);
        self.say("");
    }

    /// Forget the answer, because the picture is blank or new.
    fn clear(&self) {
        part(&self.root, "class").set_inner_text("–");
        part(&self.root, "confidence").set_inner_text("");
        for name in ["data-prediction", "data-confidence", "data-input"] {
            // Removing an absent attribute does nothing.
            let _ = self.root.remove_attribute(name);
        }
        for (bar, value) in &self.bars {
            set(bar, "style", "--share: 0");
            value.set_inner_text("");
        }
    }

    /// Show an answer to picture `input`.
    fn predicted(&self, input: PictureNumber, prediction: &Prediction) {
        let label = prediction.label();
        set(&self.root, "data-prediction", label.name());
        set(
            &self.root,
            "data-confidence",
            &prediction.confidence().to_string(),
        );
        set(&self.root, "data-input", &input.to_string());
        part(&self.root, "class").set_inner_text(label.name());
        part(&self.root, "confidence").set_inner_text(&percent(prediction.confidence()));
        for (class, (bar, value)) in Label::all().zip(&self.bars) {
            let p = prediction.probabilities[class.index()];
            set(bar, "style", &format!("--share: {p}"));
            set(
                bar,
                "data-top",
                if class == label { "true" } else { "false" },
            );
            value.set_inner_text(&percent(p));
        }
    }

    /// Show a measured time.
    fn measured(&self, latency: Latency, thoroughness: Thoroughness) {
        set(
            &self.root,
            "data-latency-ms",
            &latency.median_ms.to_string(),
        );
        set(
            &self.root,
            "data-latency-p95-ms",
            &latency.p95_ms.to_string(),
        );
        set(&self.root, "data-latency-runs", &latency.runs.to_string());
        part(&self.root, "latency").set_inner_text(&milliseconds(latency.median_ms));
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
        part(&self.root, "latency-detail").set_inner_text(&detail);
    }

    fn say(&self, text: &str) {
        part(&self.root, "status").set_inner_text(text);
    }
}

/// Show or hide a model's details.
fn expand(button: &HtmlElement, details: &HtmlElement, open: bool) {
    details.set_hidden(!open);
    set(button, "aria-expanded", if open { "true" } else { "false" });
}

fn add_bar(list: &Element, class: &str) -> (HtmlElement, HtmlElement) {
    let item = document().create_element("li").expect("a valid tag");
    let create = |name: &str, text: &str| -> HtmlElement {
        let element: HtmlElement = document()
            .create_element("span")
            .expect("a valid tag")
            .unchecked_into();
        element.set_class_name(name);
        element.set_inner_text(text);
        item.append_child(&element).expect("an item takes spans");
        element
    };
    create("bar-name", class);
    let bar = create("bar", "");
    set(&bar, "aria-hidden", "true");
    let value = create("bar-value", "");
    list.append_child(&item).expect("a list takes items");
    (bar, value)
}

fn percent(share: f32) -> String {
    match share * 100.0 {
        p if p > 99.9 && share < 1.0 => String::from("> 99.9 %"),
        p if p < 0.1 => String::from("< 0.1 %"),
        p => format!("{p:.1} %"),
    }
}
