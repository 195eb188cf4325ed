//! Elements of SVG, as text or for a page to make them one by one.
//!
//! A page with a strict policy takes no markup from a program, so there each element is made by itself.

use std::fmt::{Display, Formatter, Result};

/// A drawing that grows.
#[derive(Default)]
pub struct Svg(Vec<Piece>);

/// A piece of a drawing, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// An element begins; what comes before its [`Piece::Close`] is inside.
    Open(String, Attributes),
    /// An element without content.
    Element(String, Attributes),
    /// Text inside the element that is open.
    Text(String),
    /// The end of the element that began last.
    Close(String),
}

/// Names and values.
pub type Attributes = Vec<(String, String)>;

impl Svg {
    /// An element without content.
    pub fn element(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.0
            .push(Piece::Element(tag.to_owned(), owned(attributes)));
    }

    /// The beginning of an element.
    pub fn open(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.0.push(Piece::Open(tag.to_owned(), owned(attributes)));
    }

    /// The end of an element.
    pub fn close(&mut self, tag: &str) {
        self.0.push(Piece::Close(tag.to_owned()));
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
        self.0.push(Piece::Text(content.to_owned()));
        self.close("text");
    }

    /// All of it.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }
}

impl Display for Svg {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let begin = |f: &mut Formatter<'_>, tag: &str, attributes: &Attributes| {
            write!(f, "<{tag}")?;
            attributes
                .iter()
                .try_for_each(|(name, value)| write!(f, " {name}=\"{}\"", escaped(value)))
        };
        for piece in &self.0 {
            match piece {
                Piece::Open(tag, attributes) => {
                    begin(f, tag, attributes)?;
                    write!(f, ">")?;
                }
                Piece::Element(tag, attributes) => {
                    begin(f, tag, attributes)?;
                    write!(f, "/>")?;
                }
                Piece::Text(text) => write!(f, "{}", escaped(text))?,
                Piece::Close(tag) => write!(f, "</{tag}>")?,
            }
        }
        Ok(())
    }
}

fn owned(attributes: &[(&str, &str)]) -> Attributes {
    let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
    attributes.iter().map(owned).collect()
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
