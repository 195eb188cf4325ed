//! The garments: one file a class, each with its construction families.

mod bag;
mod boot;
mod coat;
mod collar;
mod dress;
mod pullover;
mod sandal;
mod shirt;
mod shoe;
mod sneaker;
mod trouser;
mod tshirt;
mod upper;

use super::family::Family;
use crate::label::{CLASSES, Label};

/// The construction families of a class.
pub fn families(label: Label) -> &'static [Family] {
    const BY_LABEL: [&[Family]; CLASSES] = [
        &tshirt::FAMILIES,
        &trouser::FAMILIES,
        &pullover::FAMILIES,
        &dress::FAMILIES,
        &coat::FAMILIES,
        &sandal::FAMILIES,
        &shirt::FAMILIES,
        &sneaker::FAMILIES,
        &bag::FAMILIES,
        &boot::FAMILIES,
    ];
    BY_LABEL[label.index()]
}
