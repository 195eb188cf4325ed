//! Coats and jackets: long sleeves and a front that opens from top to bottom.

use super::collar;
use super::upper::{Neckline, SetIn, Upper};
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

fn set_in(random: &mut Random) -> SetIn {
    random.weighted(&[
        (SetIn::OnePiece, 3.0),
        (SetIn::Behind, 2.0),
        (SetIn::Before, 2.0),
    ])
}

/// Hip to calf in length.
fn shape(random: &mut Random, length: f32) -> Upper {
    let plain = Upper::plain(random);
    let chest = random.within(0.42, 0.54);
    let waist = chest * random.within(0.82, 1.02);
    let mut upper = Upper {
        neck: random.within(0.14, 0.19),
        depth: random.within(0.04, 0.1),
        chest,
        shoulder: chest * random.within(0.84, 0.98),
        waist: (length.min(1.5) * random.within(0.5, 0.65), waist),
        hem: waist * random.within(1.0, 1.0 + 0.25 * length),
        hem_curve: random.within(-0.01, 0.03),
        length,
        sleeves: Some(Upper::long_sleeves(random)),
        ..plain
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.cuff = random.within(0.17, 0.24);
        sleeve.length = random.within(0.95, 1.2);
    }
    upper
}

fn finish(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    if random.chance(0.45) {
        upper.cuff_lines(garment, random.within(0.1, 0.18), Rank::Usual);
    }
    for sleeve in upper.sleeve_sides().iter().flatten() {
        if random.chance(0.3) {
            garment.line(sleeve.fold(random.within(0.35, 0.65)), Rank::Fine);
        }
    }
}

fn hips(upper: &Upper, random: &mut Random) -> (f32, f32) {
    let y = (upper.length * 0.62).clamp(0.75, 1.05) + random.around_zero(0.06);
    (upper.hem * random.within(0.5, 0.62), y)
}

/// A belt with loose ends or a buckle.
fn belt(upper: &Upper, garment: &mut Garment, y: f32, random: &mut Random) {
    let half = upper.half_width(y) * 1.03;
    let tall = random.within(0.07, 0.12);
    let tone = random.pick(&[Tone::Main, Tone::Second, Tone::Trim]);
    garment.area(
        Path::rectangle((-half, y - tall / 2.0), (half, y + tall / 2.0)),
        tone,
    );
    let x = random.within(-0.08, 0.08);
    if random.chance(0.5) {
        let buckle = Path::rectangle((x - 0.05, y - tall * 0.6), (x + 0.05, y + tall * 0.6));
        garment.detail(buckle, Tone::Metal, Rank::Usual);
    } else {
        for by in [-0.06, 0.09] {
            let end = Path::at((x, y)).curve((x + by, y + 0.1), (x + by * 1.3, y + 0.3));
            garment.thin_strap(end, tall * 0.7, tone, Rank::Usual);
        }
    }
}

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

/// Quilted in rows, with a zip.
fn puffer(random: &mut Random) -> Garment {
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

fn zip_jacket(random: &mut Random) -> Garment {
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
fn bomber(random: &mut Random) -> Garment {
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

/// A collar, breast pockets, seams and buttons, as jackets of denim have.
fn blouson(random: &mut Random) -> Garment {
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

/// A slanting zip below broad lapels.
fn biker(random: &mut Random) -> Garment {
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
