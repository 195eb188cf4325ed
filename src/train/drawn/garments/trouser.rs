//! Trousers: a waistband, two legs and a crotch between them.

use super::legs::{Legs, both, worn};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, between};
use crate::train::drawn::random::Random;

/// The ways to build them.
pub const FAMILIES: [Family; 13] = [
    training("straight", straight).weighing(2.0),
    training("skinny", skinny),
    training("flared", flared),
    training("wide leg", wide_leg),
    training("cargo", cargo),
    training("joggers", joggers),
    training("leggings", leggings),
    training("shorts", shorts).weighing(0.5),
    training("folded", folded).weighing(0.6),
    training("apart", apart),
    training("one stroke", one_stroke),
    held_out("suit", suit),
    held_out("turn-ups", turn_ups),
];

fn straight(random: &mut Random) -> Garment {
    let legs = Legs::plain(random);
    worn(&legs, random)
}

fn skinny(random: &mut Random) -> Garment {
    let plain = Legs::plain(random);
    let inner = random.within(0.03, 0.12);
    let legs = Legs {
        knee: (inner + random.within(0.16, 0.2), inner),
        hem: (inner + random.within(0.11, 0.15), inner * 1.1),
        length: random.within(1.75, 2.2),
        ..plain
    };
    worn(&legs, random)
}

fn flared(random: &mut Random) -> Garment {
    let plain = Legs::plain(random);
    let inner = random.within(0.03, 0.09);
    let legs = Legs {
        knee: (inner + random.within(0.17, 0.21), inner),
        hem: (
            inner + random.within(0.3, 0.42),
            inner * random.within(0.1, 0.8),
        ),
        length: random.within(1.75, 2.1),
        ..plain
    };
    worn(&legs, random)
}

fn wide_leg(random: &mut Random) -> Garment {
    let plain = Legs::plain(random);
    let width = random.within(0.3, 0.4);
    let legs = Legs {
        hip: plain.waist * random.within(1.15, 1.35),
        knee: (width * 1.0, 0.02),
        hem: (width * random.within(1.0, 1.2), 0.025),
        ..plain
    };
    worn(&legs, random)
}

/// Pockets on the thighs.
fn cargo(random: &mut Random) -> Garment {
    let legs = Legs::plain(random);
    let mut garment = worn(&legs, random);
    let outer = legs.across(random.within(0.12, 0.25)).points[0];
    let (wide, tall) = (random.within(0.12, 0.17), random.within(0.2, 0.28));
    let bulge = random.within(0.0, 0.05);
    let pocket = Path::polygon(&[
        (outer.0 + bulge - wide, outer.1),
        (outer.0 + bulge, outer.1),
        (outer.0 + bulge, outer.1 + tall),
        (outer.0 + bulge - wide, outer.1 + tall),
    ]);
    let tone = random.pick(&[Tone::Main, Tone::Second]);
    for pocket in [pocket.clone(), pocket.mirrored()] {
        let flap = Path::open(&[
            between(pocket.points[0], pocket.points[3], 0.3),
            between(pocket.points[1], pocket.points[2], 0.3),
        ]);
        garment.detail(pocket, tone, Rank::Usual);
        garment.line(flap, Rank::Fine);
    }
    garment
}

/// Ribbed ends and a drawstring.
fn joggers(random: &mut Random) -> Garment {
    let plain = Legs::plain(random);
    let inner = random.within(0.05, 0.1);
    let legs = Legs {
        knee: (inner + random.within(0.2, 0.26), inner * 0.7),
        hem: (inner + random.within(0.14, 0.18), inner),
        ..plain
    };
    let mut garment = Garment::default();
    garment.area(legs.outline(), Tone::Main);
    let tone = random.pick(&[Tone::Main, Tone::Trim, Tone::Second]);
    let (x0, x1) = (inner - 0.005, legs.hem.0 - 0.01);
    let cuff = Path::polygon(&[
        (x0, legs.length - 0.02),
        (x1, legs.length - 0.02),
        (x1 - 0.02, legs.length + 0.09),
        (x0 + 0.02, legs.length + 0.09),
    ]);
    garment.area(cuff.mirrored(), tone);
    garment.area(cuff, tone);
    let waist = legs.waist + 0.005;
    garment.detail(
        Path::rectangle((-waist, 0.0), (waist, 0.09)),
        tone,
        Rank::Usual,
    );
    for sign in [-1.0, 1.0] {
        let end = (sign * random.within(0.02, 0.07), random.within(0.22, 0.34));
        garment.thin_strap(
            Path::at((sign * 0.015, 0.08)).curve((sign * 0.05, 0.15), end),
            0.015,
            Tone::Trim,
            Rank::Usual,
        );
    }
    if random.chance(0.5) {
        let stripe = legs.outer().map(|(x, y)| (x - 0.04, y));
        both(&mut garment, &stripe, Rank::Fine);
    }
    garment
}

/// Close to the leg and without any seam to be seen.
fn leggings(random: &mut Random) -> Garment {
    let plain = Legs::plain(random);
    let inner = random.within(0.02, 0.07);
    let legs = Legs {
        waist: random.within(0.22, 0.28),
        hip: random.within(0.3, 0.36),
        knee: (inner + random.within(0.15, 0.18), inner + 0.01),
        hem: (inner + random.within(0.08, 0.12), inner),
        length: random.within(1.7, 2.1),
        ..plain
    };
    let mut garment = Garment::default();
    garment.area(legs.outline(), Tone::Main);
    if random.chance(0.6) {
        let y = random.within(0.07, 0.16);
        garment.line(
            Path::open(&[(-legs.waist * 1.08, y), (legs.waist * 1.08, y)]),
            Rank::Usual,
        );
    }
    garment
}

fn shorts(random: &mut Random) -> Garment {
    let plain = Legs::plain(random);
    let length = plain.crotch + random.within(0.28, 0.6);
    let outer = plain.hip * random.within(1.02, 1.3);
    let inner = random.within(0.02, 0.08);
    let legs = Legs {
        knee: (outer, inner * 0.6),
        hem: (outer * 1.03, inner),
        length,
        ..plain
    };
    worn(&legs, random)
}

/// One leg laid over the other.
fn folded(random: &mut Random) -> Garment {
    let length = random.within(1.5, 1.9);
    let (waist, hem) = (random.within(0.36, 0.46), random.within(0.2, 0.3));
    let rise = random.within(0.42, 0.55);
    let leg = Path::at((0.0, 0.0))
        .line((waist, random.within(-0.05, 0.02)))
        .spline(&[
            (waist + 0.08, rise),
            (hem + 0.1, length * 0.65),
            (hem + 0.05, length),
        ])
        .line((0.05, length))
        .spline(&[(0.02, length * 0.5), (0.0, 0.0)]);
    let mut garment = Garment::default();
    let shift = random.within(0.03, 0.09);
    garment.area(leg.map(|(x, y)| (x + shift, y + shift * 0.4)), Tone::Main);
    garment.area(leg, Tone::Main);
    garment.line(
        Path::open(&[(0.0, 0.09), (waist + 0.01, 0.07)]),
        Rank::Usual,
    );
    let pocket = Path::polygon(&[
        (waist * 0.35, 0.18),
        (waist * 0.85, 0.17),
        (waist * 0.86, 0.36),
        (waist * 0.6, 0.42),
        (waist * 0.36, 0.37),
    ]);
    garment.detail(pocket, Tone::Main, Rank::Usual);
    garment
}

/// Legs apart, as if walking or standing wide.
fn apart(random: &mut Random) -> Garment {
    let plain = Legs::plain(random);
    let spread = random.within(0.1, 0.3);
    let width = plain.hem.0 - plain.hem.1;
    let legs = Legs {
        knee: (width * 1.1 + spread * 0.55, spread * 0.45),
        hem: (width + spread, spread),
        ..plain
    };
    worn(&legs, random)
}

/// What is left when somebody draws trousers without lifting the pen.
fn one_stroke(random: &mut Random) -> Garment {
    let (waist, hem) = (random.within(0.24, 0.36), random.within(0.24, 0.42));
    let (crotch, length) = (random.within(0.35, 0.7), random.within(1.2, 2.0));
    let inner = random.within(0.02, 0.14);
    let mut at = |x: f32, y: f32| (x + random.around_zero(0.05), y + random.around_zero(0.06));
    let outline = Path::polygon(&[
        at(-waist, 0.0),
        at(waist, 0.0),
        at(hem, length),
        at(inner, length),
        at(0.0, crotch),
        at(-inner, length),
        at(-hem, length),
    ]);
    let mut garment = Garment::default();
    garment.area(outline, Tone::Main);
    if random.chance(0.3) {
        garment.line(Path::open(&[(-waist, 0.1), (waist, 0.1)]), Rank::Usual);
    }
    garment
}

/// A crease along each leg.
fn suit(random: &mut Random) -> Garment {
    let legs = Legs::plain(random);
    let mut garment = worn(&legs, random);
    let middle = |(outer, inner): (f32, f32)| f32::midpoint(outer, inner);
    let crease = Path::at((legs.waist * 0.6, 0.12)).spline(&[
        (middle(legs.knee), legs.knee_y()),
        (middle(legs.hem), legs.length),
    ]);
    both(&mut garment, &crease, Rank::Usual);
    garment
}

/// Hems turned up.
fn turn_ups(random: &mut Random) -> Garment {
    let legs = Legs::plain(random);
    let mut garment = worn(&legs, random);
    let (x0, x1) = (legs.hem.1 - 0.02, legs.hem.0 + 0.02);
    let y = legs.length;
    let cuff = Path::rectangle((x0, y - random.within(0.08, 0.16)), (x1, y + 0.02));
    let tone = random.pick(&[Tone::Second, Tone::Trim, Tone::Main]);
    garment.area(cuff.mirrored(), tone);
    garment.area(cuff, tone);
    garment
}
