//! What is to be said at the edge of the page. It lies over the page and moves nothing.

use super::{by_id, listen};
use crate::session::{Notice, Retry};
use web_sys::{Event, HtmlElement};

/// Wire both buttons.
pub fn start(close: impl Fn() + 'static, retry: impl Fn() + 'static) {
    listen(&by_id("message-close"), "click", move |_: Event| close());
    listen(&by_id("message-retry"), "click", move |_: Event| retry());
}

/// Show notices; without any the box is hidden.
pub fn show(notices: &[Notice]) {
    let lines: Vec<&str> = notices.iter().map(|notice| notice.text.as_str()).collect();
    say(&lines.join("\n"));
    let retry = notices.iter().any(|notice| notice.retry == Retry::Offered);
    by_id::<HtmlElement>("message-retry").set_hidden(!retry);
    let close = notices.iter().any(|notice| notice.closable);
    by_id::<HtmlElement>("message-close").set_hidden(!close);
}

/// Show that the page itself met a fault.
pub fn tell_fault(text: &str) {
    say(text);
    for button in ["message-retry", "message-close"] {
        by_id::<HtmlElement>(button).set_hidden(true);
    }
}

fn say(text: &str) {
    let place: HtmlElement = by_id("message-text");
    if place.text_content().as_deref() != Some(text) {
        place.set_text_content(Some(text));
        by_id::<HtmlElement>("message").set_hidden(text.is_empty());
    }
}
