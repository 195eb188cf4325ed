//! Sandals as one sees them on one's own feet, mostly as a pair.

use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// A foot's outline from above, heel below.
fn sole_from_above(random: &mut Random) -> Path {
    let wide = random.within(0.19, 0.25);
    let waist = random.within(0.68, 0.9);
    let lean = random.within(-0.02, 0.05);
    Path::ring(&[
        (-0.04 + lean, -0.62),
        (wide * 0.75, -0.5),
        (wide, -0.22),
        (wide * waist, 0.15),
        (wide * 0.75, 0.48),
        (0.0, 0.62),
        (-wide * 0.75, 0.48),
        (-wide * waist * 0.9, 0.12),
        (-wide, -0.25),
        (-wide * 0.85, -0.52),
    ])
}

/// One or two soles beside each other; `lay` puts the straps on each.
fn from_above(
    random: &mut Random,
    single: f32,
    lay: impl Fn(&mut Garment, &mut Random),
) -> Garment {
    let mut shoe = Garment::default();
    shoe.area(sole_from_above(random), Tone::Trim);
    if random.chance(0.3) {
        let inner = sole_from_above(random).map(|(x, y)| (x * 0.82, y * 0.9));
        shoe.line(inner, Rank::Fine);
    }
    lay(&mut shoe, random);
    if random.chance(single) {
        return shoe;
    }
    let apart = random.within(0.27, 0.36);
    let right = shoe
        .turned((0.0, 0.0), random.within(-4.0, 14.0))
        .moved((apart, 0.0));
    let mut pair = right.map(|(x, y)| (-x, y));
    let ahead = if random.chance(0.3) {
        random.within(-0.25, 0.25)
    } else {
        0.0
    };
    pair.put(right.moved((0.0, ahead)));
    if random.chance(0.15) {
        pair = pair.turned((0.0, 0.0), 180.0);
    }
    pair
}

/// A strap from between the toes to both sides.
fn y_strap(shoe: &mut Garment, random: &mut Random) {
    let toe = (random.within(-0.05, 0.03), random.within(-0.46, -0.38));
    let end = random.within(-0.14, 0.08);
    let width = random.within(0.05, 0.09);
    for sign in [-1.0, 1.0] {
        let strap = Path::at(toe).curve((sign * 0.12, toe.1 + 0.06), (sign * 0.2, end));
        shoe.strap(strap, width, Tone::Main);
    }
    shoe.dot(toe, width * 0.6, Tone::Main, Rank::Usual);
}

pub fn flip_flops(random: &mut Random) -> Garment {
    from_above(random, 0.3, y_strap)
}

pub fn slides_from_above(random: &mut Random) -> Garment {
    from_above(random, 0.25, |shoe, random| {
        let (top, bottom) = (random.within(-0.42, -0.3), random.within(-0.1, 0.04));
        let bulge = random.within(0.03, 0.1);
        let band = Path::at((-0.25, top + 0.03))
            .curve((0.0, top - bulge), (0.25, top + 0.03))
            .line((0.25, bottom))
            .curve((0.0, bottom - bulge), (-0.25, bottom))
            .close();
        shoe.area(band, Tone::Main);
        if random.chance(0.4) {
            shoe.line(
                Path::at((-0.24, bottom - 0.12))
                    .curve((0.0, bottom - 0.12 - bulge), (0.24, bottom - 0.12)),
                Rank::Fine,
            );
        }
    })
}

pub fn straps_from_above(random: &mut Random) -> Garment {
    from_above(random, 0.25, |shoe, random| {
        let width = random.within(0.06, 0.1);
        let count = random.count(2, 3);
        for i in 0..count {
            let y = -0.36 + i as f32 * 0.17;
            let strap = Path::at((-0.24, y + 0.04)).curve((0.0, y - 0.06), (0.24, y + 0.04));
            shoe.strap(strap, width, Tone::Main);
        }
        if random.chance(0.6) {
            let back = Path::at((-0.19, 0.16)).curve((0.0, random.within(0.05, 0.3)), (0.19, 0.16));
            shoe.strap(back, width * 0.8, Tone::Main);
        }
    })
}
