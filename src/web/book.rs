//! Where the swatches stand: networks in the book of the first screen or on the ladder, classical models on the rack.

use super::by_id;
use super::swatch_panel::SwatchPanel;
use crate::catalog;
use crate::session::Session;
use web_sys::{Element, HtmlElement};

/// Take away what stands in the lists before the page's program runs: it is for browsers without scripts.
pub fn clear() {
    for id in ["book", "rack", "ladder"] {
        by_id::<Element>(id).set_text_content(None);
    }
}

/// Put a model's swatch where the catalog has it.
pub fn add(swatch: &SwatchPanel) {
    put(
        swatch,
        match catalog::is_network(swatch.name()) {
            true if catalog::is_in_book(swatch.name()) => "book",
            true => "ladder",
            false => "rack",
        },
    );
}

/// Give the last place of the book to the network that the session has there; nothing when it stands there.
pub fn arrange<'a>(session: &Session, swatches: impl Iterator<Item = &'a SwatchPanel>) {
    let last = session.last_in_book();
    let book: Element = by_id("book");
    let stands = book.last_element_child();
    let stands = stands.and_then(|swatch| swatch.get_attribute("data-model"));
    if stands.as_deref() == Some(last) {
        return;
    }
    let is_settled = |name| {
        catalog::is_in_book(name) && name != catalog::LAST_IN_BOOK || !catalog::is_network(name)
    };
    for swatch in swatches.filter(|swatch| !is_settled(swatch.name())) {
        put(
            swatch,
            if swatch.name() == last {
                "book"
            } else {
                "ladder"
            },
        );
    }
}

fn put(swatch: &SwatchPanel, list: &str) {
    let list: HtmlElement = by_id(list);
    list.set_hidden(false);
    list.append_child(swatch.root())
        .expect("a list takes items");
}
