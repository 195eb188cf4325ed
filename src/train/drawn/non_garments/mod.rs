//! Pictures of other things than clothing, for knowing when not to answer.
//!
//! They are drawn by the same hand as garments: the same places, styles and grounds.

mod creatures;
mod figure;
mod glyphs;
mod household;
mod invented;
mod marks;
mod nature;
mod objects;
mod outdoors;

use super::family::Family;
use super::garment::Garment;
use super::random::Random;

/// The families of other things: objects, animals and plants, letters and digits, marks without meaning, and what is
/// put together at random.
pub fn families() -> impl Iterator<Item = &'static Family> {
    objects::FAMILIES
        .iter()
        .chain(&household::FAMILIES)
        .chain(&outdoors::FAMILIES)
        .chain(&nature::FAMILIES)
        .chain(&creatures::FAMILIES)
        .chain(&glyphs::FAMILIES)
        .chain(&marks::FAMILIES)
        .chain(&invented::FAMILIES)
}

/// Something of a family, its points moved as no two people draw alike: up to a third wider or narrower, leaning by up to
/// 0.15 of its height, and in waves of up to 0.06 of its size.
pub fn build(family: &Family, random: &mut Random) -> Garment {
    let thing = (family.build)(random);
    let (stretch, slant) = (random.log_within(0.75, 1.33), random.around_zero(0.15));
    let (bend, phase) = (
        random.around_zero(0.06),
        random.within(0.0, std::f32::consts::TAU),
    );
    thing.map(|(x, y)| {
        let x = x * stretch + y * slant;
        (
            x + bend * (3.0 * y + phase).sin(),
            y + bend * (3.0 * x + phase).sin(),
        )
    })
}
