//! Pictures of other things than clothing, for knowing when not to answer.
//!
//! They are drawn by the same hand as garments: the same places, styles and grounds.

mod glyphs;
mod marks;
mod objects;

use super::family::Family;

/// The families of other things: objects, letters and digits, marks without meaning.
pub fn families() -> impl Iterator<Item = &'static Family> {
    objects::FAMILIES
        .iter()
        .chain(&glyphs::FAMILIES)
        .chain(&marks::FAMILIES)
}
