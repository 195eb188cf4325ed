//! Pictures of other things than clothing, for knowing when not to answer.
//!
//! They are drawn by the same hand as garments: the same places, styles and grounds.

mod figure;
mod glyphs;
mod marks;
mod nature;
mod objects;

use super::family::Family;

/// The families of other things: objects, plants and animals, letters and digits, marks without meaning.
pub fn families() -> impl Iterator<Item = &'static Family> {
    objects::FAMILIES
        .iter()
        .chain(&nature::FAMILIES)
        .chain(&glyphs::FAMILIES)
        .chain(&marks::FAMILIES)
}
