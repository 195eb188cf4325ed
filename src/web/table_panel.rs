//! Sorts the table of models: a click on a column's heading sorts by that column, a second click reverses the order. The
//! figures are the `data-` attributes of the models' elements.

use super::{by_id, document, listen, set};
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, NodeList};

/// All elements that a selector finds.
///
/// # Panics
/// When the selector is not valid.
pub fn all(selector: &str) -> Vec<Element> {
    listed(document().query_selector_all(selector))
}

fn listed(found: Result<NodeList, JsValue>) -> Vec<Element> {
    let list = found.expect("a valid selector");
    (0..list.length())
        .filter_map(|i| list.item(i)?.dyn_into().ok())
        .collect()
}

/// What the markup says of a model: a page without it says no less.
#[derive(Clone, Default)]
pub struct Written {
    /// The size of its file.
    pub size: String,
    /// Its parameters.
    pub parameters: String,
}

/// Take away the rows for browsers without scripts; returns what they say, by the model's name.
pub fn take() -> HashMap<String, Written> {
    let mut written = HashMap::new();
    for row in all("#models tbody") {
        let texts: Vec<String> = listed(row.query_selector_all("th, td"))
            .iter()
            .map(|cell| cell.text_content().unwrap_or_default())
            .collect();
        // As the heads of the columns say.
        if let [name, _, _, parameters, size, ..] = &texts[..] {
            let parameters = format!("{parameters} parameters");
            let size = size.replace(' ', "\u{a0}");
            written.insert(name.clone(), Written { size, parameters });
        }
        row.remove();
    }
    written
}

/// Let every column's name sort the table.
pub fn start() {
    for button in all("[data-sort]") {
        let target = button.clone();
        listen(&target, "click", move |_: Event| sort(&button));
    }
}

fn sort(button: &Element) {
    let Some(head) = button.parent_element() else {
        return;
    };
    let key = button.get_attribute("data-sort").unwrap_or_default();
    let attribute = format!("data-{key}");
    let descending = head.get_attribute("aria-sort").as_deref() == Some("ascending");
    for other in all("#models thead [aria-sort]") {
        set(&other, "aria-sort", "none");
    }
    let order = if descending {
        "descending"
    } else {
        "ascending"
    };
    set(&head, "aria-sort", order);
    let mut rows = all("#models tbody");
    let text = |row: &Element| {
        let name = row.get_attribute("data-row").unwrap_or_default();
        if key == "model" {
            return name;
        }
        let model = all(&format!("[data-model=\"{name}\"]")).pop();
        let figure = model.and_then(|model| model.get_attribute(&attribute));
        figure.unwrap_or_default()
    };
    // A model without the figure comes last in either order.
    let number = |row: &Element| text(row).parse::<f64>().ok();
    rows.sort_by(|a, b| {
        let compared = match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (None, None) => text(a).cmp(&text(b)),
            (one, _) => return one.is_none().cmp(&true).reverse(),
        };
        if descending {
            compared.reverse()
        } else {
            compared
        }
    });
    let table: Element = by_id("models");
    for row in rows {
        // Moving a row to the end of its own table cannot fail.
        let _ = table.append_child(&row);
    }
}
