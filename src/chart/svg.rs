//! Elements of SVG as text.

use std::fmt::Write as _;

/// A drawing that grows.
#[derive(Default)]
pub struct Svg(String);

impl Svg {
    /// An element without content.
    pub fn element(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.open(tag, attributes);
        self.0.truncate(self.0.len() - 1);
        self.0 += "/>";
    }

    /// The beginning of an element.
    pub fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        write!(self.0, "<{tag}").expect("writing to a string");
        for (name, value) in attributes {
            write!(self.0, " {name}=\"{}\"", escaped(value)).expect("writing to a string");
        }
        self.0.push('>');
    }

    /// The end of an element.
    pub fn close(&mut self, tag: &str) {
        write!(self.0, "</{tag}>").expect("writing to a string");
    }

    /// A line.
    pub fn line(&mut self, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(number);
        let ends = [("x1", &*x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)];
        self.element("line", &[&[("class", class)], &ends[..]].concat());
    }

    /// A rectangle from its left and top, with its width and height.
    pub fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4]) {
        let [x, y, width, height] = [x, y, width, height].map(number);
        let sides = [
            ("x", &*x),
            ("y", &y),
            ("width", &width),
            ("height", &height),
        ];
        self.element("rect", &[&[("class", class)], &sides[..]].concat());
    }

    /// A square around a middle.
    pub fn square(&mut self, class: &str, [x, y]: [f64; 2], half: f64) {
        self.rect(class, [x - half, y - half, 2.0 * half, 2.0 * half]);
    }

    /// A circle.
    pub fn circle(&mut self, class: &str, [x, y]: [f64; 2], radius: f64) {
        let [x, y, radius] = [x, y, radius].map(number);
        self.element(
            "circle",
            &[("class", class), ("cx", &x), ("cy", &y), ("r", &radius)],
        );
    }

    /// A text; the anchor is `start`, `middle` or `end`.
    pub fn text(&mut self, class: &str, [x, y]: [f64; 2], anchor: &str, content: &str) {
        let [x, y] = [x, y].map(number);
        self.open(
            "text",
            &[
                ("class", class),
                ("x", &x),
                ("y", &y),
                ("text-anchor", anchor),
            ],
        );
        self.0 += &escaped(content);
        self.close("text");
    }

    /// All of it.
    pub fn finish(self) -> String {
        self.0
    }
}

/// A length with a digit after the point.
pub fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
