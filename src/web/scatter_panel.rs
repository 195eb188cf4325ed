//! The scatter plot: accuracy of every model against its parameters or its time here, as SVG.
//!
//! It is drawn from the attributes of the table's rows, so both show the same figures.

use super::table_panel::all;
use super::{by_id, document, listen, set, tools};
use crate::catalog;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

const SVG: &str = "http://www.w3.org/2000/svg";
/// Left, top, right and bottom end of the plot in the figure's 640 x 300.
const PLOT: [f64; 4] = [56.0, 14.0, 620.0, 262.0];
/// Lowest and highest accuracy of the vertical axis.
const ACCURACY: [f64; 2] = [0.6, 1.0];

/// Draw anew whenever another axis is chosen.
pub fn start() {
    listen(&by_id("chart-axis"), "change", |_: Event| draw());
    // The dots are made anew with every drawing, so their figure listens for them.
    for event in ["pointerover", "focusin"] {
        listen(&by_id::<HtmlElement>("scatter"), event, |event: Event| {
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let dot = target.filter(|element| element.has_attribute("data-point"));
            if let Some(label) = dot.and_then(|dot| dot.get_attribute("aria-label")) {
                by_id::<HtmlElement>("scatter-point").set_inner_text(&label);
            }
        });
    }
}

/// Draw the models whose figures are known.
pub fn draw() {
    let axis = tools::checked("axis");
    let Some(svg) = all("#scatter svg").pop() else {
        return;
    };
    let focused = document()
        .active_element()
        .and_then(|e| e.get_attribute("data-point"));
    svg.set_inner_html("");
    let figure = |row: &Element, name: &str| -> Option<f64> {
        row.get_attribute(&format!("data-{name}"))?.parse().ok()
    };
    let points: Vec<(String, f64, f64)> = all("[data-model]")
        .iter()
        .filter_map(|row| {
            let name = row.get_attribute("data-model")?;
            Some((name, figure(row, &axis)?, figure(row, "test-accuracy")?))
        })
        .collect();
    let logs = || points.iter().map(|(_, x, _)| x.log10());
    let low = logs().fold(f64::INFINITY, f64::min).floor();
    let high = logs()
        .fold(f64::NEG_INFINITY, f64::max)
        .ceil()
        .max(low + 1.0);
    if points.is_empty() {
        return;
    }
    let [left, top, right, bottom] = PLOT;
    let across = |x: f64| left + (x.log10() - low) / (high - low) * (right - left);
    let [least, most] = ACCURACY;
    let down = |y: f64| bottom - (y - least) / (most - least) * (bottom - top);
    for power in low as i32..=high as i32 {
        let x = 10_f64.powi(power);
        line(&svg, [across(x), top, across(x), bottom]);
        text(&svg, [across(x), bottom + 20.0], "middle", &short(x));
    }
    for step in 6..=10 {
        let y = f64::from(step) / 10.0;
        line(&svg, [left, down(y), right, down(y)]);
        text(
            &svg,
            [left - 8.0, down(y) + 4.0],
            "end",
            &format!("{:.0} %", y * 100.0),
        );
    }
    for (name, x, y) in &points {
        let dot = element(&svg, "circle");
        let label = format!("{name}: {:.2} %, {} {}", y * 100.0, short(*x), unit(&axis));
        set(&dot, "cx", &across(*x).to_string());
        set(&dot, "cy", &down(y.max(least)).to_string());
        set(&dot, "r", "7");
        set(&dot, "tabindex", "0");
        set(&dot, "role", "img");
        set(&dot, "aria-label", &label);
        set(&dot, "data-point", name);
        if catalog::is_network(name) {
            set(&dot, "class", "network");
        }
        if focused.as_deref() == Some(name) {
            // The dot was made anew; a browser that refuses the focus only loses the place.
            let _ = js_sys::Reflect::get(&dot, &"focus".into())
                .and_then(|focus| js_sys::Function::from(focus).call0(&dot));
        }
    }
}

fn unit(axis: &str) -> &'static str {
    if axis == "parameters" {
        "parameters"
    } else {
        "ms"
    }
}

/// A number of any size in few characters.
fn short(value: f64) -> String {
    match value {
        v if v >= 1e6 => format!("{} M", rounded(v / 1e6)),
        v if v >= 1e3 => format!("{} k", rounded(v / 1e3)),
        v => rounded(v),
    }
}

/// Two significant digits at least.
fn rounded(value: f64) -> String {
    let decimals = (1.0 - value.log10().floor()).max(0.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn element(svg: &Element, tag: &str) -> Element {
    let element = document().create_element_ns(Some(SVG), tag);
    let element = element.expect("a valid tag");
    // Appending an element that was just made cannot fail.
    let _ = svg.append_child(&element);
    element
}

fn line(svg: &Element, ends: [f64; 4]) {
    let line = element(svg, "line");
    for (name, value) in ["x1", "y1", "x2", "y2"].into_iter().zip(ends) {
        set(&line, name, &value.to_string());
    }
}

fn text(svg: &Element, [x, y]: [f64; 2], anchor: &str, content: &str) {
    let text = element(svg, "text");
    set(&text, "x", &x.to_string());
    set(&text, "y", &y.to_string());
    set(&text, "text-anchor", anchor);
    text.set_text_content(Some(content));
}
