//! Dresses: a bodice and a skirt in one.

use super::collar;
use super::skirt::{Skirt, belt, bodice, joined, pleats};
use super::sleeve::Sleeve;
use super::upper::{Neckline, SetIn, Upper};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 13] = [
    training("a-line", a_line).weighing(1.5),
    training("slip dress", slip_dress),
    training("sheath", sheath).weighing(1.5),
    training("ball gown", ball_gown),
    training("long sleeves", long_sleeves),
    training("halter", halter),
    training("shirt dress", shirt_dress),
    training("belted", belted),
    training("skater", skater),
    training("strapless", strapless),
    training("t-shirt dress", tshirt_dress),
    held_out("wrap", wrap),
    held_out("tiered", tiered),
];

fn a_line(random: &mut Random) -> Garment {
    let (upper, skirt) = (bodice(random), Skirt::any(random));
    joined(&upper, &skirt, SetIn::OnePiece, random)
}

/// Thin straps.
fn slip_dress(random: &mut Random) -> Garment {
    let top = random.within(0.25, 0.36);
    let chest = random.within(0.28, 0.38);
    let waist = (
        chest * random.within(0.78, 0.95),
        top + random.within(0.4, 0.5),
    );
    let skirt = Skirt {
        length: random.within(1.5, 2.1),
        hem: random.within(0.34, 0.75),
        bell: random.within(-0.05, 0.1),
    };
    let inner = chest * random.within(0.55, 0.85);
    let (dip, rise) = (random.within(0.0, 0.14), random.within(0.0, 0.1));
    let mut garment = Garment::default();
    let neck = inner * random.within(0.5, 1.0);
    let width = random.within(0.03, 0.07);
    for sign in [-1.0, 1.0] {
        let strap = Path::at((inner * 0.93, top - rise + 0.03)).curve((inner, 0.12), (neck, 0.0));
        garment.strap(strap.map(|(x, y)| (sign * x, y)), width, Tone::Main);
    }
    let body = Path::at((0.0, top + dip))
        .curve((inner * 0.6, top + dip * 0.4), (inner, top - rise))
        .curve((chest * 0.97, top + 0.03), (chest, top + 0.12))
        .spline(&[
            waist,
            (skirt.hem * 0.85 + waist.0 * 0.15, skirt.length * 0.8),
            (skirt.hem, skirt.length),
        ])
        .line((0.0, skirt.length + random.within(0.0, 0.08)))
        .with_mirror();
    garment.area(body, Tone::Main);
    if random.chance(0.5) {
        garment.line(
            Path::at((-waist.0, waist.1)).curve((0.0, waist.1 + 0.05), waist),
            Rank::Usual,
        );
    }
    if random.chance(0.4) {
        pleats(&mut garment, waist, &skirt, random);
    }
    garment
}

/// Narrow from top to bottom.
fn sheath(random: &mut Random) -> Garment {
    let upper = bodice(random);
    let skirt = Skirt {
        hem: upper.hem * random.within(0.95, 1.3),
        length: random.within(1.5, 1.95),
        bell: random.within(0.2, 0.5),
    };
    joined(&upper, &skirt, SetIn::OnePiece, random)
}

/// A skirt down to the ground.
fn ball_gown(random: &mut Random) -> Garment {
    let upper = bodice(random);
    let skirt = Skirt {
        hem: random.within(0.75, 1.05),
        length: random.within(1.9, 2.3),
        bell: random.within(0.05, 0.3),
    };
    let mut garment = joined(&upper, &skirt, SetIn::OnePiece, random);
    if random.chance(0.4) {
        belt(&mut garment, &upper, random);
    }
    garment
}

fn long_sleeves(random: &mut Random) -> Garment {
    let mut upper = bodice(random);
    let sleeve = Sleeve {
        length: random.within(0.75, 1.0),
        angle: random.within(8.0, 32.0),
        bend: random.within(-10.0, 8.0),
        cuff: random.within(0.11, 0.2),
    };
    upper.sleeves = Some([sleeve; 2]);
    let skirt = Skirt::any(random);
    let set_in = random.pick(&[SetIn::Behind, SetIn::Before]);
    joined(&upper, &skirt, set_in, random)
}

/// Straps that meet behind the neck.
fn halter(random: &mut Random) -> Garment {
    let chest = random.within(0.3, 0.38);
    let neck = random.within(0.08, 0.14);
    let armpit = random.within(0.4, 0.5);
    let depth = random.within(0.1, 0.4);
    let waist = (chest * random.within(0.75, 0.9), random.within(0.75, 0.9));
    let skirt = Skirt::any(random);
    let half = Path::at((0.0, depth))
        .line((neck * 0.75, 0.0))
        .line((neck + 0.05, 0.0))
        .curve((neck + 0.07, armpit * 0.7), (chest, armpit))
        .spline(&[waist])
        .curve(
            (waist.0 + (skirt.hem - waist.0) * 0.45, waist.1 + 0.4),
            (skirt.hem, skirt.length),
        )
        .line((0.0, skirt.length + random.within(0.0, 0.08)));
    let mut garment = Garment::default();
    garment.area(half.with_mirror(), Tone::Main);
    if random.chance(0.6) {
        garment.line(Path::open(&[(-waist.0, waist.1), waist]), Rank::Usual);
    }
    if random.chance(0.5) {
        pleats(&mut garment, waist, &skirt, random);
    }
    garment
}

/// A collar, buttons all the way, a belt.
fn shirt_dress(random: &mut Random) -> Garment {
    let mut upper = bodice(random);
    upper.neckline = Neckline::Pointed;
    upper.neck = random.within(0.12, 0.17);
    upper.depth = random.within(0.1, 0.2);
    upper.sleeves = Some(Upper::short_sleeves(random));
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.cuff = random.within(0.16, 0.22);
    }
    let skirt = Skirt::any(random);
    let mut garment = joined(&upper, &skirt, SetIn::Behind, random);
    let front = [(0.0, upper.depth), (0.0, skirt.length)];
    garment.line(Path::open(&front), Rank::Usual);
    collar::buttons(
        &mut garment,
        0.0,
        (upper.depth + 0.08, skirt.length - 0.1),
        random,
    );
    collar::shirt_collar(&mut garment, &upper, random);
    belt(&mut garment, &upper, random);
    garment
}

fn belted(random: &mut Random) -> Garment {
    let mut upper = bodice(random);
    if random.chance(0.5) {
        upper.sleeves = Some(Upper::short_sleeves(random));
        for sleeve in upper.sleeves.iter_mut().flatten() {
            sleeve.length *= 0.75;
            sleeve.cuff = random.within(0.16, 0.22);
        }
    }
    let skirt = Skirt::any(random);
    let mut garment = joined(&upper, &skirt, SetIn::Behind, random);
    belt(&mut garment, &upper, random);
    garment
}

/// Short and wide.
fn skater(random: &mut Random) -> Garment {
    let upper = bodice(random);
    let skirt = Skirt {
        hem: random.within(0.6, 0.85),
        length: random.within(1.25, 1.5),
        bell: random.within(-0.1, 0.15),
    };
    joined(&upper, &skirt, SetIn::OnePiece, random)
}

/// A top edge and no straps.
fn strapless(random: &mut Random) -> Garment {
    let chest = random.within(0.28, 0.36);
    let waist = (chest * random.within(0.74, 0.9), random.within(0.45, 0.55));
    let heart = random.within(-0.02, 0.12);
    let skirt = Skirt {
        hem: random.within(0.5, 0.95),
        length: random.within(1.3, 1.9),
        bell: random.within(-0.05, 0.2),
    };
    let half = Path::at((0.0, heart))
        .curve((chest * 0.55, -heart.abs() * 0.8), (chest, 0.02))
        .spline(&[waist])
        .curve(
            (
                waist.0 + (skirt.hem - waist.0) * (0.5 + skirt.bell),
                waist.1 + 0.3,
            ),
            (skirt.hem, skirt.length),
        )
        .line((0.0, skirt.length + random.within(0.0, 0.1)));
    let mut garment = Garment::default();
    garment.area(half.with_mirror(), Tone::Main);
    garment.line(Path::open(&[(-waist.0, waist.1), waist]), Rank::Usual);
    if random.chance(0.6) {
        pleats(&mut garment, waist, &skirt, random);
    }
    garment
}

/// As a T-shirt, but down to the thighs or knees.
fn tshirt_dress(random: &mut Random) -> Garment {
    let plain = Upper::plain(random);
    let chest = random.within(0.36, 0.44);
    let length = random.within(1.6, 2.0);
    let mut upper = Upper {
        chest,
        shoulder: chest * random.within(0.85, 0.98),
        waist: (length * 0.5, chest * random.within(0.85, 0.98)),
        hem: chest * random.within(1.05, 1.5),
        length,
        sleeves: Some(Upper::short_sleeves(random)),
        ..plain
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.length = random.within(0.22, 0.42);
        sleeve.cuff = random.within(0.17, 0.24);
    }
    let mut garment = Garment::default();
    upper.lay(&mut garment, SetIn::OnePiece, Tone::Main);
    if random.chance(0.5) {
        upper.back_of_neck(&mut garment, random);
    }
    garment
}

/// One front laid over the other and tied at the side.
fn wrap(random: &mut Random) -> Garment {
    let mut upper = bodice(random);
    upper.neckline = Neckline::Pointed;
    upper.depth = random.within(0.3, 0.45);
    let skirt = Skirt::any(random);
    let mut garment = joined(&upper, &skirt, SetIn::OnePiece, random);
    let waist = (upper.hem, upper.length);
    garment.line(
        Path::open(&[(0.0, upper.depth), (waist.0 * 0.8, waist.1)]),
        Rank::Key,
    );
    let edge = Path::at((waist.0 * 0.7, waist.1)).curve(
        (waist.0 * 0.8, waist.1 + 0.4),
        (skirt.hem * random.within(0.0, 0.4), skirt.length),
    );
    garment.line(edge, Rank::Key);
    belt(&mut garment, &upper, random);
    garment
}

/// The skirt in several rows.
fn tiered(random: &mut Random) -> Garment {
    let upper = bodice(random);
    let rows = random.count(2, 4);
    let (tall, step) = (random.within(0.28, 0.42), random.within(0.07, 0.16));
    let mut garment = Garment::default();
    for i in (0..rows).rev() {
        let tier = Skirt {
            hem: upper.hem + step * (i + 2) as f32,
            length: upper.length + tall * (i + 1) as f32,
            bell: 0.1,
        };
        let top = (
            (upper.hem + step * i as f32) * 0.98,
            upper.length + tall * i as f32 - 0.02,
        );
        garment.area(tier.path(top, 0.05), Tone::Main);
    }
    upper.lay(&mut garment, SetIn::OnePiece, Tone::Main);
    garment
}
