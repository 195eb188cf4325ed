//! What the networks see, step by step: a small picture of each step of preprocessing, with its name.
//!
//! The markup of the section is in `www/index.html`; this fills its list and shows it once there is a picture.

use super::canvas::paint;
use super::{by_id, document, say, set};
use crate::card::WeightSet;
use crate::preprocess::Step;
use crate::protocol::Seen;
use crate::session::Shown;
use crate::steps::Shot;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};

/// Show the steps of the current picture; a blank one has none.
pub fn show(shown: &Shown) {
    let list: HtmlElement = by_id("steps-list");
    list.set_text_content(None);
    let picture = &shown.picture;
    let is_blank = picture.seen == Seen::Blank;
    if !is_blank {
        let mut before = None;
        for shot in &picture.shots {
            let is_same = before.replace(&shot.picture) == Some(&shot.picture);
            // A drawing has no ground to remove.
            if is_same && shot.step == Step::Difference {
                continue;
            }
            // Appending an element that was just made cannot fail.
            let _ = list.append_child(&item(shot, &picture.seen, is_same));
        }
    }
    say("seen-set", answered_by(picture.set));
    let section: HtmlElement = by_id("steps");
    section.set_hidden(is_blank);
}

/// Which weights answer a picture.
fn answered_by(set: WeightSet) -> &'static str {
    match set {
        WeightSet::Drawings => {
            "The networks above answer a drawing or an upload by weights that were trained on drawings; \
             all other models have one set. The table has each network's files and their accuracies."
        }
        WeightSet::Photographs => {
            "The networks above answer an image of the data set by their weights for photographs. \
             The table has each network's files and their accuracies."
        }
    }
}

/// A step; `is_same` when it has left the picture as it was.
fn item(shot: &Shot, seen: &Seen, is_same: bool) -> Element {
    let create = |tag| document().create_element(tag).expect("a valid tag");
    let canvas: HtmlCanvasElement = create("canvas").unchecked_into();
    paint(&canvas, &shot.picture);
    let (name, sentence) = words(
        shot.step,
        matches!(seen, Seen::Garment { filled: true, .. }),
    );
    let sentence = if is_same && shot.step != Step::Centered {
        "Nothing to do: the picture stays as it is."
    } else {
        sentence
    };
    // The words beside it say what the picture shows.
    set(&canvas, "aria-hidden", "true");
    let (title, text) = (create("b"), create("span"));
    title.set_text_content(Some(name));
    text.set_text_content(Some(sentence));
    let item = create("li");
    set(&item, "data-step", name);
    let _ = item.append_child(&canvas);
    for part in [&title, &text] {
        let _ = item.append_child(part);
    }
    item
}

/// A step's name, and a sentence about it.
fn words(step: Step, filled: bool) -> (&'static str, &'static str) {
    match step {
        Step::Original => ("Original", "The picture as it came."),
        Step::Difference => (
            "Ground removed",
            "The brighter a pixel, the more its color differs from the ground along the picture\u{2019}s border.",
        ),
        Step::Trimmed => (
            "Trimmed",
            "What is left of the ground around it is cut off.",
        ),
        Step::Filled if filled => (
            "Outline filled",
            "What the line encloses becomes cloth, lines inside become darker detail.",
        ),
        Step::Filled => (
            "Not an outline",
            "It stays as it is, only brighter if it was faint.",
        ),
        Step::Centered => (
            "28 by 28",
            "The longest side 28 pixels, in the middle: what the networks get.",
        ),
    }
}
