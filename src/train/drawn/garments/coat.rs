//! Coats and jackets: long sleeves and a front that opens from top to bottom.

use super::collar;
use super::jacket::{biker, blouson, bomber, puffer, zip_jacket};
use super::outerwear::{belt, finish, hips, set_in, shape};
use super::upper::{Neckline, Upper};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 13] = [
    training("trench", trench),
    training("lapels", with_lapels).weighing(1.5),
    training("open", open).weighing(1.3),
    training("puffer", puffer),
    training("parka", parka),
    training("double-breasted", double_breasted),
    training("robe", robe).weighing(0.8),
    training("zip jacket", zip_jacket).weighing(1.3),
    training("bomber", bomber),
    training("overcoat", overcoat),
    training("blouson with collar", blouson),
    held_out("duffle", duffle),
    held_out("biker", biker),
];

fn trench(random: &mut Random) -> Garment {
    let length = random.within(1.5, 1.95);
    let mut upper = shape(random, length);
    let waist = random.within(0.75, 0.9);
    upper.waist = (waist, upper.chest * random.within(0.75, 0.9));
    upper.hem = upper.chest * random.within(1.0, 1.3);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let close = (random.within(-0.12, 0.0), random.within(0.35, 0.6));
    garment.line(Path::open(&[close, (close.0, length)]), Rank::Key);
    for x in [close.0 - 0.06, close.0 + 0.16] {
        collar::buttons(&mut garment, x, (close.1 + 0.05, waist + 0.3), random);
    }
    collar::pockets(&mut garment, (upper.hem * 0.6, waist + 0.15), random);
    collar::lapels(&mut garment, &upper, close, random);
    belt(&upper, &mut garment, waist, random);
    finish(&upper, &mut garment, random);
    garment
}

/// One row of buttons below notched lapels.
fn with_lapels(random: &mut Random) -> Garment {
    let length = random.within(1.2, 1.8);
    let upper = shape(random, length);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let close = (0.0, random.within(0.35, 0.75));
    let cut = random.within(0.0, 0.12);
    let edge = Path::at(close)
        .line((0.0, length - 0.2))
        .curve((0.0, length), (cut, length));
    garment.line(edge, Rank::Key);
    collar::lapels(&mut garment, &upper, close, random);
    let last = close.1 + random.within(0.2, 0.5);
    collar::buttons(
        &mut garment,
        0.0,
        (close.1 + 0.03, last.min(length - 0.15)),
        random,
    );
    if random.chance(0.8) {
        collar::pockets(&mut garment, hips(&upper, random), random);
    }
    if random.chance(0.4) {
        let y = upper.armpit + 0.05;
        garment.line(Path::open(&[(0.16, y), (0.3, y - 0.02)]), Rank::Fine);
    }
    finish(&upper, &mut garment, random);
    garment
}

/// Worn open: the lining or a shirt is seen between both sides.
fn open(random: &mut Random) -> Garment {
    let length = random.within(1.2, 1.9);
    let upper = shape(random, length);
    let mut garment = Garment::default();
    let gap = random.within(0.08, 0.2);
    let cut_out = random.chance(0.35);
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let wedge = |top: f32, bottom: f32| {
        Path::at((-top, -0.03))
            .line((top, -0.03))
            .spline(&[(gap * 0.8, length * 0.45), (bottom, length + 0.03)])
            .line((-bottom, length + 0.03))
            .spline(&[(-gap * 0.8, length * 0.45), (-top, -0.03)])
            .close()
    };
    let bottom = gap * random.within(0.8, 1.3);
    if cut_out {
        let below = Path::at((0.0, upper.depth + 0.12)).line((gap * 0.85, length * 0.4));
        let hole = below
            .line((bottom, length + 0.05))
            .line((0.0, length + 0.05));
        garment.area(wedge(upper.neck * 0.9, bottom), Tone::Inside);
        garment.hole(hole.with_mirror());
    } else {
        let tone = random.pick(&[Tone::Inside, Tone::Inside, Tone::Trim, Tone::Second]);
        garment.area(wedge(upper.neck * 0.9, bottom), tone);
    }
    if random.chance(0.7) {
        let wide = random.within(0.08, 0.16);
        for sign in [-1.0, 1.0] {
            let lapel = Path::polygon(&[
                (upper.neck * 0.85, -0.04),
                (upper.neck + 0.06, 0.0),
                (upper.neck + wide, 0.2),
                (upper.neck + wide * 0.6, 0.24),
                (gap * 0.85, length * random.within(0.3, 0.5)),
            ]);
            garment.area(lapel.map(|(x, y)| (sign * x, y)), Tone::Main);
        }
    }
    if random.chance(0.6) {
        collar::pockets(&mut garment, hips(&upper, random), random);
    }
    finish(&upper, &mut garment, random);
    garment
}

/// A hood, pockets and a string at the waist.
fn parka(random: &mut Random) -> Garment {
    let length = random.within(1.3, 1.7);
    let upper = Upper {
        neck: random.within(0.17, 0.22),
        ..shape(random, length)
    };
    let mut garment = Garment::default();
    let opening = collar::hood(&mut garment, &upper, random);
    upper.lay(&mut garment, set_in(random), Tone::Main);
    garment.detail(opening, Tone::Inside, Rank::Key);
    collar::zip(&mut garment, upper.depth, length, random);
    if random.chance(0.5) {
        let x = random.within(0.06, 0.1);
        garment.line(Path::open(&[(x, upper.depth), (x, length)]), Rank::Usual);
        collar::buttons(&mut garment, x * 0.5, (0.3, length - 0.1), random);
    }
    if random.chance(0.5) {
        let y = upper.waist.0;
        let half = upper.half_width(y);
        garment.line(Path::open(&[(-half, y), (half, y)]), Rank::Usual);
    }
    collar::pockets(&mut garment, hips(&upper, random), random);
    if random.chance(0.5) {
        collar::hood_strings(&mut garment, &upper, random);
    }
    finish(&upper, &mut garment, random);
    garment
}

/// Two rows of buttons.
fn double_breasted(random: &mut Random) -> Garment {
    let length = random.within(1.25, 1.9);
    let upper = shape(random, length);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let close = (random.within(-0.14, -0.06), random.within(0.35, 0.55));
    garment.line(Path::open(&[close, (close.0, length)]), Rank::Key);
    let (radius, apart) = (random.within(0.022, 0.04), random.within(0.09, 0.14));
    let count = random.count(2, 4);
    for i in 0..count {
        let y = close.1 + 0.06 + i as f32 * random.within(0.15, 0.18);
        for x in [-apart, apart] {
            garment.dot((x, y), radius, Tone::Metal, Rank::Usual);
        }
    }
    collar::lapels(&mut garment, &upper, close, random);
    collar::pockets(&mut garment, hips(&upper, random), random);
    finish(&upper, &mut garment, random);
    garment
}

/// A shawl collar and a belt tied at the waist.
fn robe(random: &mut Random) -> Garment {
    let length = random.within(1.5, 2.0);
    let upper = shape(random, length);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let waist = random.within(0.75, 0.9);
    let close = (random.within(-0.05, 0.05), waist);
    garment.line(Path::open(&[close, (close.0 + 0.08, length)]), Rank::Key);
    collar::shawl(&mut garment, &upper, close, random);
    belt(&upper, &mut garment, waist, random);
    collar::pockets(&mut garment, (upper.hem * 0.6, waist + 0.2), random);
    upper.cuffs(
        &mut garment,
        0.12,
        random.pick(&[Tone::Main, Tone::Trim]),
        Rank::Usual,
    );
    garment
}

/// Long and straight, closed up to the neck.
fn overcoat(random: &mut Random) -> Garment {
    let length = random.within(1.6, 2.05);
    let mut upper = shape(random, length);
    upper.neckline = Neckline::Pointed;
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    collar::placket(&mut garment, &upper, upper.depth, random);
    collar::shirt_collar(&mut garment, &upper, random);
    collar::pockets(
        &mut garment,
        (upper.hem * 0.55, random.within(0.9, 1.1)),
        random,
    );
    finish(&upper, &mut garment, random);
    garment
}

/// Toggles and a hood.
fn duffle(random: &mut Random) -> Garment {
    let length = random.within(1.35, 1.7);
    let upper = shape(random, length);
    let mut garment = Garment::default();
    let opening = collar::hood(&mut garment, &upper, random);
    upper.lay(&mut garment, set_in(random), Tone::Main);
    garment.detail(opening, Tone::Inside, Rank::Key);
    garment.line(Path::open(&[(0.0, upper.depth), (0.0, length)]), Rank::Key);
    let count = random.count(3, 4);
    for i in 0..count {
        let y = 0.3 + i as f32 * 0.21;
        garment.thin_strap(
            Path::open(&[(-0.13, y), (0.13, y)]),
            0.025,
            Tone::Trim,
            Rank::Key,
        );
        garment.thin_strap(
            Path::open(&[(-0.03, y), (0.05, y)]),
            0.05,
            Tone::Metal,
            Rank::Usual,
        );
    }
    collar::pockets(&mut garment, hips(&upper, random), random);
    finish(&upper, &mut garment, random);
    garment
}
