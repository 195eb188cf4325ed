//! Drawings of `crate::chart` as elements of the page, made one by one: the page's policy takes no markup from a program.

use super::{document, set};
use crate::chart::{Piece, Svg};
use web_sys::Element;

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// A new element of a drawing, not on the page yet.
///
/// # Panics
/// Never for a valid tag.
pub fn element(tag: &str) -> Element {
    let element = document().create_element_ns(Some(NAMESPACE), tag);
    element.expect("a valid tag")
}

/// Put a drawing before everything else in `parent`.
pub fn draw_first(parent: &Element, svg: &Svg) {
    // Those that are open, the outermost first.
    let mut open: Vec<Element> = Vec::new();
    for piece in svg.pieces() {
        match piece {
            Piece::Open(tag, attributes) | Piece::Element(tag, attributes) => {
                let element = element(tag);
                for (name, value) in attributes {
                    set(&element, name, value);
                }
                // An element that was just made goes anywhere.
                let _ = match open.last() {
                    Some(outer) => outer.append_child(&element).map(drop),
                    None => parent.prepend_with_node_1(&element),
                };
                if matches!(piece, Piece::Open(..)) {
                    open.push(element);
                }
            }
            Piece::Text(text) => {
                if let Some(element) = open.last() {
                    element.set_text_content(Some(text));
                }
            }
            Piece::Close(_) => drop(open.pop()),
        }
    }
}
