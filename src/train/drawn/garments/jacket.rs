//! Jackets: they end at the hip.

use super::collar;
use super::outerwear::{belt, finish, set_in, shape};
use super::upper::Neckline;
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// Quilted in rows, with a zip.
pub fn puffer(random: &mut Random) -> Garment {
    let length = random.within(1.05, 1.6);
    let mut upper = shape(random, length);
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.cuff = random.within(0.2, 0.28);
        sleeve.angle = sleeve.angle.max(12.0);
    }
    let mut garment = Garment::default();
    let hooded = random.chance(0.35);
    if hooded {
        let opening = collar::hood(&mut garment, &upper, random);
        garment.detail(opening, Tone::Inside, Rank::Key);
    }
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let rows = random.count(4, 8);
    for i in 1..rows {
        let y = upper.armpit * 0.6 + (length - upper.armpit * 0.6) * i as f32 / rows as f32;
        let half = if y < upper.armpit {
            upper.shoulder * 0.95
        } else {
            upper.half_width(y)
        };
        let line = Path::at((-half, y)).curve((0.0, y + random.within(0.0, 0.06)), (half, y));
        garment.line(line, Rank::Usual);
    }
    for sleeve in upper.sleeve_sides().iter().flatten() {
        for i in 1..rows {
            garment.line(sleeve.across(i as f32 / rows as f32), Rank::Usual);
        }
    }
    if !hooded {
        collar::standing(&mut garment, &upper, random.within(0.08, 0.16), Tone::Main);
    }
    collar::zip(&mut garment, -0.05, length, random);
    garment
}

pub fn zip_jacket(random: &mut Random) -> Garment {
    let length = random.within(1.1, 1.4);
    let upper = shape(random, length);
    let mut garment = Garment::default();
    let hooded = random.chance(0.45);
    if hooded {
        let opening = collar::hood(&mut garment, &upper, random);
        garment.detail(opening, Tone::Inside, Rank::Key);
    }
    let sleeve_tone = random.weighted(&[(Tone::Main, 4.0), (Tone::Second, 1.0)]);
    upper.lay(&mut garment, set_in(random), sleeve_tone);
    if !hooded {
        let tone = random.pick(&[Tone::Main, Tone::Second]);
        collar::standing(&mut garment, &upper, random.within(0.08, 0.15), tone);
    }
    collar::zip(&mut garment, upper.depth * 0.5 - 0.02, length, random);
    if random.chance(0.3) {
        let y = upper.armpit + random.within(0.0, 0.15);
        let half = upper.half_width(y) * 0.99;
        garment.line(Path::open(&[(-half, y), (half, y)]), Rank::Usual);
    }
    collar::pockets(
        &mut garment,
        (upper.hem * 0.55, length - random.within(0.35, 0.5)),
        random,
    );
    finish(&upper, &mut garment, random);
    garment
}

/// Short, with ribs at neck, cuffs and hem.
pub fn bomber(random: &mut Random) -> Garment {
    let length = random.within(0.98, 1.2);
    let mut upper = shape(random, length);
    upper.hem = upper.waist.1 * random.within(0.85, 0.95);
    let mut garment = Garment::default();
    let sleeve_tone = random.weighted(&[(Tone::Main, 3.0), (Tone::Second, 1.0)]);
    upper.lay(&mut garment, set_in(random), sleeve_tone);
    let tone = random.pick(&[Tone::Trim, Tone::Second, Tone::Main]);
    let half = upper.hem * 0.98;
    garment.area(
        Path::polygon(&[
            (-half, length - 0.05),
            (half, length - 0.05),
            (half * 0.95, length + 0.08),
            (-half * 0.95, length + 0.08),
        ]),
        tone,
    );
    upper.cuffs(&mut garment, random.within(0.08, 0.13), tone, Rank::Usual);
    collar::standing(&mut garment, &upper, random.within(0.05, 0.1), tone);
    collar::zip(&mut garment, -0.02, length + 0.08, random);
    collar::pockets(
        &mut garment,
        (upper.hem * 0.55, length - random.within(0.3, 0.42)),
        random,
    );
    garment
}

/// A collar, breast pockets, seams and buttons, as jackets of denim have.
pub fn blouson(random: &mut Random) -> Garment {
    let length = random.within(1.0, 1.25);
    let mut upper = shape(random, length);
    upper.neckline = Neckline::Pointed;
    upper.hem = upper.waist.1 * random.within(0.88, 1.0);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    collar::placket(&mut garment, &upper, upper.depth, random);
    collar::shirt_collar(&mut garment, &upper, random);
    let (x, y) = (upper.chest * 0.5, upper.armpit);
    for sign in [-1.0, 1.0] {
        let flap = Path::polygon(&[
            (x - 0.1, y),
            (x + 0.1, y),
            (x + 0.1, y + 0.06),
            (x, y + 0.1),
            (x - 0.1, y + 0.06),
        ]);
        garment.detail(flap.map(|(x, y)| (sign * x, y)), Tone::Main, Rank::Usual);
        let seam = Path::open(&[(x - 0.04, y + 0.1), (x * 0.6, length - 0.1)]);
        garment.line(seam.map(|(x, y)| (sign * x, y)), Rank::Fine);
    }
    let top = length - random.within(0.08, 0.12);
    garment.line(
        Path::open(&[(-upper.hem, top), (upper.hem, top)]),
        Rank::Key,
    );
    finish(&upper, &mut garment, random);
    garment
}

/// A slanting zip below broad lapels.
pub fn biker(random: &mut Random) -> Garment {
    let length = random.within(1.0, 1.2);
    let upper = shape(random, length);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let close = (random.within(0.08, 0.16), random.within(0.4, 0.55));
    collar::lapels(&mut garment, &upper, close, random);
    let end = (random.within(-0.1, 0.05), length);
    garment.line(Path::open(&[close, end]), Rank::Key);
    for (x, y) in [(0.3, 0.8), (-0.3, 0.8), (-0.28, 0.5)] {
        garment.thin_strap(
            Path::open(&[(x - 0.07, y + 0.06), (x + 0.07, y - 0.03)]),
            0.025,
            Tone::Metal,
            Rank::Usual,
        );
    }
    belt(&upper, &mut garment, length - 0.06, random);
    finish(&upper, &mut garment, random);
    garment
}
