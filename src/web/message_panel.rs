//! The message on top of the page.

use super::{by_id, listen};
use web_sys::{Event, HtmlElement};

/// Let the button close the message.
pub fn start() {
    listen(&by_id("message-close"), "click", |_: Event| tell(""));
}

/// Show a message until the next picture or until it is closed; an empty one hides it.
pub fn tell(text: &str) {
    by_id::<HtmlElement>("message-text").set_inner_text(text);
    by_id::<HtmlElement>("message").set_hidden(text.is_empty());
}
