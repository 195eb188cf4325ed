//! Ten bars, one for each class: its name, a thread as long as its probability, and what is said of it.

use super::{create, set};
use crate::label::{CLASSES, Label, NAMES};
use crate::prediction::Prediction;
use web_sys::{Element, HtmlElement};

/// The bars of a list.
pub struct Bars([(HtmlElement, HtmlElement); CLASSES]);

impl Bars {
    /// Add ten bars to a list.
    pub fn new(list: &Element) -> Self {
        Self(NAMES.map(|class| add_bar(list, class)))
    }

    /// Show probabilities, or that there are none; `say` gives the text of a class with its probability.
    pub fn show(&self, prediction: Option<&Prediction>, say: impl Fn(Label, f32) -> String) {
        for (class, (item, value)) in Label::all().zip(&self.0) {
            let share = prediction.map(|p| p.probabilities[class.index()]);
            let top = prediction.is_some_and(|p| p.label() == class);
            set(item, "data-top", if top { "true" } else { "false" });
            let length = share.unwrap_or(0.0).to_string();
            // A custom property takes any value.
            let _ = item.style().set_property("--share", &length);
            value.set_inner_text(&share.map(|share| say(class, share)).unwrap_or_default());
        }
    }
}

/// Add a class; returns its item and the place of its probability.
fn add_bar(list: &Element, class: &str) -> (HtmlElement, HtmlElement) {
    let create = |tag: &str, name: &str, parent: &Element| -> HtmlElement {
        let element = create(tag, parent);
        element.set_class_name(name);
        element
    };
    let item = create("li", "", list);
    create("span", "bar-name", &item).set_inner_text(class);
    let line = create("span", "bar-line", &item);
    set(&line, "aria-hidden", "true");
    create("i", "", &line);
    let value = create("span", "bar-value", &item);
    (item, value)
}

/// A probability as percent, never quite 0 or 100 when it is not.
pub fn part_of(share: f32) -> String {
    match share * 100.0 {
        p if p > 99.9 && share < 1.0 => String::from("> 99.9 %"),
        p if p < 0.1 => String::from("< 0.1 %"),
        p => format!("{p:.1} %"),
    }
}
