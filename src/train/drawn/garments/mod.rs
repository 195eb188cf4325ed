//! The garments: one file a class, each with its construction families.

mod bag;
mod bag_parts;
mod blouse;
mod boot;
mod boot_parts;
mod coat;
mod collar;
mod dress;
mod handbag;
mod jacket;
mod knit;
mod laced_boot;
mod legs;
mod luggage;
mod outerwear;
mod pullover;
mod sandal;
mod sandal_from_above;
mod shirt;
mod shirt_parts;
mod shoe;
mod skirt;
mod sleeve;
mod sneaker;
mod sneaker_parts;
mod strap;
mod trimming;
mod trouser;
mod tshirt;
mod upper;

use super::family::Family;
use super::garment::{Garment, Tone};
use super::path::Path;
use super::random::Random;
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

/// How often garments with shoulders are drawn on a hanger.
const HUNG: f32 = 0.04;

/// A garment of a family; those with shoulders hang on a hanger now and then.
pub fn build(family: &Family, label: Label, random: &mut Random) -> Garment {
    let garment = (family.build)(random);
    let has_shoulders = matches!(label.index(), 0 | 2 | 3 | 4 | 6);
    if !has_shoulders || !random.chance(HUNG) {
        return garment;
    }
    let high = random.within(0.12, 0.2);
    let hook = Path::at((0.0, 0.04))
        .line((0.0, -high * 0.4))
        .cubic((0.12, -high * 0.5), (0.1, -high * 1.2), (-0.02, -high))
        .line((-0.06, -high * 0.75));
    let mut hung = Garment::default();
    let ((_, top), _) = garment.bounds();
    hung.strap(
        hook.map(|(x, y)| (x, y + top.min(0.0))),
        random.within(0.025, 0.04),
        Tone::Metal,
    );
    hung.put(garment);
    hung
}
