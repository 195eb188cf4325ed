//! One model's rows in the table: its answer, its size and its time, from `<template id="model-template">`.

use super::protocol::Ready;
use super::{by_id, document, listen, part, set};
use crate::card::Summary;
use crate::catalog;
use crate::format::{self, interval, kilobytes, milliseconds, thousands};
use crate::label::{Label, NAMES};
use crate::prediction::Prediction;
use crate::report::operations;
use crate::timing::{Latency, Thoroughness};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlTemplateElement};

/// The number of a picture; larger is newer.
pub type Input = u64;

/// The panel of one model, and what it shows.
pub struct ModelPanel {
    root: Element,
    bars: Vec<(HtmlElement, HtmlElement)>,
    /// The model's card, once it is loaded.
    pub card: Option<Summary>,
    answer: Option<(Input, Prediction)>,
    /// The latest figures, of this or an earlier picture.
    pub latency: Option<Latency>,
}

impl ModelPanel {
    /// Add a panel for the model `name`.
    ///
    /// # Panics
    /// When `www/index.html` lacks the template.
    pub fn new(name: &str) -> Self {
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
            root,
            bars,
            card: None,
            answer: None,
            latency: None,
        }
    }

    /// Forget the model and what it said, until it is loaded anew.
    pub fn unload(&mut self) {
        self.clear();
        self.card = None;
        self.latency = None;
        set(&self.root, "data-state", "idle");
        self.say("Starting…");
        part(&self.root, "latency").set_inner_text("not measured yet");
        part(&self.root, "latency-detail").set_inner_text("");
        for figure in ["latency-ms", "latency-p95-ms", "latency-runs"] {
            // A name of an attribute that may be absent is always accepted.
            let _ = self.root.remove_attribute(&format!("data-{figure}"));
        }
    }

    /// Show how much of the model has arrived.
    pub fn loading(&self, received: usize, total: usize) {
        set(&self.root, "data-state", "loading");
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
    pub fn loaded(&mut self, ready: Ready) {
        let Ready {
            card,
            cold_ms,
            integers,
            memory_bytes,
            ..
        } = ready;
        set(&self.root, "data-state", "ready");
        set(&self.root, "data-parameters", &card.parameters.to_string());
        set(&self.root, "data-macs", &card.macs.to_string());
        set(
            &self.root,
            "data-size-bytes",
            &card.weights.size_bytes.to_string(),
        );
        part(&self.root, "parameters").set_inner_text(&thousands(card.parameters));
        part(&self.root, "macs").set_inner_text(&operations(&card));
        part(&self.root, "size").set_inner_text(&kilobytes(card.weights.size_bytes));
        let stored = format!("{} ({})", card.weights.file, card.weights.dtype);
        part(&self.root, "file").set_inner_text(&stored);
        let arithmetic = if integers {
            "pointwise layers in 8-bit integers, the rest in single precision"
        } else {
            "single precision"
        };
        part(&self.root, "arithmetic").set_inner_text(arithmetic);
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
        part(&self.root, "cold").set_inner_text(&milliseconds(cold_ms));
        set(&self.root, "data-memory-bytes", &memory_bytes.to_string());
        let memory = format!("{:.1} MB", memory_bytes as f64 / 1e6);
        part(&self.root, "memory").set_inner_text(&memory);
        self.say("");
        self.card = Some(card);
    }

    /// Show that the model cannot be used.
    pub fn failed(&self, message: &str) {
        set(&self.root, "data-state", "error");
        self.say(message);
    }

    /// Forget the answer, because the picture is blank or new.
    pub fn clear(&mut self) {
        self.answer = None;
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
    pub fn predicted(&mut self, input: Input, prediction: Prediction) {
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
        self.answer = Some((input, prediction));
    }

    /// The answer, if it is to picture `input`.
    pub fn answer_to(&self, input: Input) -> Option<Prediction> {
        self.answer
            .filter(|(of, _)| *of == input)
            .map(|(_, prediction)| prediction)
    }

    /// Show a measured time.
    pub fn measured(&mut self, latency: Latency, thoroughness: Thoroughness) {
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
        self.latency = Some(latency);
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
