//! The published accuracies beside ours, filled in from each card as its model arrives.

use super::document;
use crate::card::Summary;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Fill the cells of a model: `data-claim="NAME-train"` and `data-claim="NAME-test"`.
pub fn show(card: &Summary) {
    let figures = [
        ("train", Some(card.accuracy.train)),
        ("test", card.accuracy.test),
    ];
    for (kind, share) in figures {
        let selector = format!("[data-claim='{}-{kind}']", card.name);
        let cell = document().query_selector(&selector).ok().flatten();
        if let (Some(cell), Some(share)) = (cell, share) {
            cell.unchecked_into::<HtmlElement>()
                .set_inner_text(&format!("{:.2} %", share * 100.0));
        }
    }
}
