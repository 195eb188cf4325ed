//! The chart of accuracy against size, drawn anew for its width with what is known of every model here.
//!
//! Figures are those of the models' elements; what others published stands in the markup.

use super::table_panel::all;
use super::{by_id, document, listen, set, svg, theme, tools};
use crate::catalog;
use crate::chart::{Axis, Mark, MarkKind, scatter};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

/// The widest that the chart is drawn, in px.
const WIDEST: f64 = 792.0;

/// Draw anew whenever another axis is chosen, and say what a mark stands for.
pub fn start() {
    listen(&by_id("chart-axis"), "change", |_: Event| draw());
    say(if theme::is_touched() {
        "Tap a mark."
    } else {
        "Point at a mark, or move to it with Tab."
    });
    // The marks are made anew with every drawing, so their figure listens for them.
    for event in ["pointerover", "focusin", "click"] {
        listen(&by_id::<HtmlElement>("scatter"), event, |event: Event| {
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let mark = target.and_then(|t| t.closest("[data-point]").ok().flatten());
            if let Some(label) = mark.and_then(|mark| mark.get_attribute("aria-label")) {
                say(&label);
            }
        });
    }
}

fn say(text: &str) {
    by_id::<HtmlElement>("scatter-point").set_inner_text(text);
}

/// Draw the models whose figures are known; nothing when that is what stands there.
pub fn draw() {
    let figure: HtmlElement = by_id("scatter");
    let (axis, attribute) = match tools::checked("axis").as_str() {
        "size-bytes" => (Axis::Bytes, "data-size-bytes"),
        "macs" => (Axis::Operations, "data-macs"),
        "latency-ms" => (Axis::Time, "data-latency-ms"),
        _ => (Axis::Parameters, "data-parameters"),
    };
    let marks = marks(axis, attribute);
    let width = theme::size(&figure)[0].min(WIDEST);
    if !marks.iter().any(|mark| mark.kind == MarkKind::Network) || width < 100.0 {
        return; // What stands there was drawn from the same files.
    }
    let drawn = scatter(&marks, axis, width);
    let text = drawn.to_string();
    let sum = text.len().to_string() + &checksum(&text).to_string();
    if figure.get_attribute("data-drawn").as_deref() == Some(&sum) {
        return;
    }
    set(&figure, "data-drawn", &sum);
    let focused = document()
        .active_element()
        .and_then(|e| e.get_attribute("data-point"));
    for old in all("#scatter > svg") {
        old.remove();
    }
    svg::draw_first(&figure, &drawn);
    if let Some(name) = focused {
        let mark = all("#scatter [data-point]")
            .into_iter()
            .find(|mark| mark.get_attribute("data-point").as_deref() == Some(&name));
        // The mark was made anew; a browser that refuses the focus only loses the place.
        let focus = mark.and_then(|mark| {
            let focus = js_sys::Reflect::get(&mark, &"focus".into()).ok()?;
            js_sys::Function::from(focus).call0(&mark).ok()
        });
        drop(focus);
    }
}

fn marks(axis: Axis, attribute: &str) -> Vec<Mark> {
    let number = |element: &Element, name: &str| -> Option<f64> {
        let value: f64 = element.get_attribute(name)?.parse().ok()?;
        (value > 0.0).then_some(value)
    };
    let models = all("[data-model]");
    let own = models.iter().filter_map(|model| {
        let name = model.get_attribute("data-model")?;
        let interval = [
            number(model, "data-interval-low"),
            number(model, "data-interval-high"),
        ];
        let kind = if catalog::is_network(&name) {
            MarkKind::Network
        } else {
            MarkKind::Classical
        };
        Some(Mark {
            kind,
            x: number(model, attribute)?,
            accuracy: number(model, "data-test-accuracy")?,
            interval: match interval {
                [Some(low), Some(high)] => Some([low, high]),
                _ => None,
            },
            name,
        })
    });
    let own: Vec<Mark> = own.collect();
    let published = all("[data-published]").into_iter().filter_map(|row| {
        let name = row.get_attribute("data-published")?;
        let claim = row.get_attribute("data-kind").as_deref() == Some("claim");
        // A claim stands above our own network; of other networks only the numbers are known.
        let x = if claim {
            own.iter().find(|mark| mark.name == name)?.x
        } else if axis == Axis::Parameters {
            number(&row, "data-x")?
        } else {
            return None;
        };
        Some(Mark {
            kind: if claim {
                MarkKind::Claim
            } else {
                MarkKind::Published
            },
            x,
            accuracy: number(&row, "data-accuracy")?,
            interval: None,
            name,
        })
    });
    let published: Vec<Mark> = published.collect();
    own.iter().cloned().chain(published).collect()
}

/// A sum by which two drawings are told apart (FNV-1a).
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
