//! The small charts above the dials: every stop that was tried, with its accuracy and its interval.

use super::svg::element;
use super::{by_id, set, theme};
use crate::metrics::wilson_interval;
use crate::session::Squeeze;
use crate::squeeze::{ImageSet, MOST_CUT, Score, Setting, bit_stops};
use web_sys::Element;

/// Percent between two stops of the dial for cuts.
const CUT_STEP: usize = 10;
/// Room below and above the accuracies, in px.
const BELOW: f64 = 12.0;
const ABOVE: f64 = 10.0;
/// How far below its mark the present accuracy stands, as a share of the chart's height.
const LABEL: f64 = 0.37;
/// Half the side of a mark, and of the mark of the present stop, in px.
const MARK: f64 = 3.0;
const MARK_NOW: f64 = 5.0;

/// Draw both charts, for a network that was trained with so many bits.
pub fn show(squeeze: &Squeeze, trained_bits: u8) {
    let setting = squeeze.setting;
    let with = |bits, cut| Setting::new(bits, cut, setting.scale()).ok();
    let bits = bit_stops(trained_bits).filter_map(|bits| with(bits, setting.cut()));
    let cuts = (0..=MOST_CUT).step_by(CUT_STEP);
    let cuts = cuts.filter_map(|cut| with(setting.bits(), cut));
    for (id, stops) in [
        ("squeeze-bits-plot", bits.collect::<Vec<_>>()),
        ("squeeze-cut-plot", cuts.collect()),
    ] {
        draw(id, squeeze, trained_bits, &stops);
    }
}

/// What is known of a stop.
fn score(squeeze: &Squeeze, trained_bits: u8, setting: Setting) -> Option<Score> {
    let is_stop = |other: Setting| setting.is_same_stop(other, trained_bits);
    let now = squeeze
        .score
        .filter(|j| j.done > 0 && j.on != ImageSet::Validation1000);
    if is_stop(squeeze.setting) && now.is_some() {
        return now;
    }
    let tried = squeeze.tried().find(|tried| is_stop(tried.setting));
    tried.and_then(|tried| tried.score)
}

/// Draw one chart, whose stops stand at even distances from left to right.
fn draw(id: &str, squeeze: &Squeeze, trained_bits: u8, stops: &[Setting]) {
    let svg: Element = by_id(id);
    let [width, height] = theme::size(&svg);
    svg.set_text_content(None);
    if width == 0.0 {
        return; // It is not shown.
    }
    set(&svg, "viewBox", &format!("0 0 {width} {height}"));
    let across = |stop: usize| stop as f64 / (stops.len() - 1) as f64 * width;
    let down = |accuracy: f64| height - BELOW - accuracy * (height - BELOW - ABOVE);
    let known = |stop: &Setting| score(squeeze, trained_bits, *stop);
    let trained = squeeze.score.filter(|score| score.done > 0);
    let trained = trained.or_else(|| stops.iter().find_map(known));
    if let Some(score) = trained {
        let y = down(score.as_trained as f64 / score.done as f64);
        line(&svg, "trained", [0.0, y, width, y]);
    }
    let mut before: Option<[f64; 2]> = None;
    let mut marks = Vec::new();
    for (stop, setting) in stops.iter().enumerate() {
        let Some(score) = known(setting) else {
            continue;
        };
        let place = [across(stop), down(score.accuracy())];
        if let Some([x, y]) = before {
            line(&svg, "between", [x, y, place[0], place[1]]);
        }
        before = Some(place);
        let is_now = setting.is_same_stop(squeeze.setting, trained_bits);
        marks.push((stop, is_now, place, score));
    }
    for (stop, is_now, [x, y], score) in marks {
        let [low, high] = wilson_interval(score.correct, score.done);
        line(&svg, "range", [x, down(low), x, down(high)]);
        mark(&svg, [x, y], is_now);
        if is_now {
            let anchor = match stop {
                0 => "start",
                _ if stop + 2 > stops.len() => "end",
                _ => "middle",
            };
            let below = score.accuracy() > 0.6;
            let y = if below { y + LABEL * height } else { y - 12.0 };
            let text = format!("{:.1}\u{a0}%", score.accuracy() * 100.0);
            label(&svg, [x, y], anchor, &text);
        }
    }
}

fn line(svg: &Element, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
    let line = add(svg, "line", class);
    for (name, value) in [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)] {
        set(&line, name, &value.to_string());
    }
}

fn mark(svg: &Element, [x, y]: [f64; 2], is_now: bool) {
    let half = if is_now { MARK_NOW } else { MARK };
    let mark = add(svg, "rect", if is_now { "stop now" } else { "stop" });
    let (left, top, side) = (x - half, y - half, 2.0 * half);
    for (name, value) in [("x", left), ("y", top), ("width", side), ("height", side)] {
        set(&mark, name, &value.to_string());
    }
}

fn label(svg: &Element, [x, y]: [f64; 2], anchor: &str, text: &str) {
    let label = add(svg, "text", "");
    set(&label, "x", &x.to_string());
    set(&label, "y", &y.to_string());
    set(&label, "text-anchor", anchor);
    label.set_text_content(Some(text));
}

/// Add an element of a drawing.
pub(super) fn add(svg: &Element, tag: &str, class: &str) -> Element {
    let element = element(tag);
    set(&element, "class", class);
    svg.append_child(&element).expect("a drawing takes shapes");
    element
}
