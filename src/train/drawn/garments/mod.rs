//! The garments: one file a class, each with its construction families.

mod coat;
mod collar;
mod dress;
mod pullover;
mod shirt;
mod trouser;
mod tshirt;
mod upper;

use super::family::Family;
use crate::label::Label;

/// The construction families of a class.
pub fn families(label: Label) -> &'static [Family] {
    match label.index() {
        0 => &tshirt::FAMILIES,
        1 => &trouser::FAMILIES,
        2 => &pullover::FAMILIES,
        3 => &dress::FAMILIES,
        4 => &coat::FAMILIES,
        6 => &shirt::FAMILIES,
        _ => &[],
    }
}
