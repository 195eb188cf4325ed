//! What both looks inside a model have on the page: the hooks of their element, the chosen model, and a sentence.

use super::{by_id, say, set};
use crate::protocol::Inspected;
use crate::session::{Look, Session};
use web_sys::{Element, HtmlSelectElement};

/// Say on a look's element how it stands, and of which picture it is.
pub fn mark(element: &Element, look: &Look) {
    set(element, "data-state", look.state());
    match look.found_of() {
        Some(number) => set(element, "data-input", &number.to_string()),
        // Removing an absent attribute does nothing.
        None => drop(element.remove_attribute("data-input")),
    }
}

/// Show the chosen model in the list `choice`, and the sentence on the look in `line`.
///
/// # Panics
/// When `www/index.html` lacks one of them.
pub fn say_of(session: &Session, inspected: Inspected, choice: &str, line: &str) {
    let model = session.look(inspected).model;
    let choice: HtmlSelectElement = by_id(choice);
    if choice.value() != model {
        choice.set_value(model);
    }
    say(line, &session.inspection_line(inspected));
}
