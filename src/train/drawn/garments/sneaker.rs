//! Sneakers: flat soles of rubber, laces or what replaces them, an opening below or at the ankle.

use super::shoe::{self, Last};
use super::sneaker_parts::{any_tone, base, decorate, laced, panels, sole};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 11] = [
    training("low", low).weighing(2.0),
    training("high-top", high_top),
    training("runner", runner).weighing(1.5),
    training("chunky runner", chunky_runner),
    training("skate shoe", skate_shoe),
    training("canvas", canvas),
    training("slip-on", slip_on),
    training("sock runner", sock_runner),
    training("from above", from_above).weighing(0.6),
    held_out("straps", straps),
    held_out("paneled", paneled),
];

fn low(random: &mut Random) -> Garment {
    let last = Last::low(random);
    laced(&last, random)
}

fn high_top(random: &mut Random) -> Garment {
    let plain = Last::low(random);
    let back = random.within(0.58, 0.78);
    let last = Last {
        back,
        dip: back - random.within(0.0, 0.06),
        throat: (random.within(0.34, 0.42), back + random.within(-0.03, 0.08)),
        lean: random.within(0.02, 0.07),
        ..plain
    };
    let mut garment = base(&last, random);
    if random.chance(0.4) {
        let radius = random.within(0.05, 0.08);
        garment.dot((0.18, -back * 0.68), radius, Tone::Trim, Rank::Usual);
    }
    panels(&last, &mut garment, random);
    last.laces(&mut garment, Rank::Key, random);
    sole(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}

/// A sole that is thicker at the heel.
fn runner(random: &mut Random) -> Garment {
    let last = Last {
        sole: random.within(0.08, 0.12),
        drop: random.within(0.04, 0.1),
        toe: random.within(0.13, 0.18),
        ..Last::low(random)
    };
    laced(&last, random)
}

fn chunky_runner(random: &mut Random) -> Garment {
    let plain = Last::low(random);
    let sole_height = random.within(0.15, 0.22);
    let lift = sole_height - plain.sole;
    let last = Last {
        sole: sole_height,
        drop: random.within(0.02, 0.06),
        back: plain.back + lift,
        dip: plain.dip + lift,
        throat: (plain.throat.0, plain.throat.1 + lift),
        vamp: (plain.vamp.0, plain.vamp.1 + lift),
        toe: plain.toe + lift * 0.5,
        ..plain
    };
    let mut garment = base(&last, random);
    panels(&last, &mut garment, random);
    last.laces(&mut garment, Rank::Usual, random);
    garment.area(last.sole_path(random), Tone::Trim);
    let count = random.count(2, 4);
    for i in 0..count {
        let x = 0.08 + i as f32 * 0.25;
        let wave = Path::at((x, -sole_height * 0.75)).curve(
            (x + 0.1, -sole_height * 0.2),
            (x + 0.22, -sole_height * 0.65),
        );
        garment.line(wave, Rank::Usual);
    }
    shoe::one_or_two(garment, random)
}

/// Low and flat with a bumper at the toe.
fn skate_shoe(random: &mut Random) -> Garment {
    let last = Last {
        sole: random.within(0.08, 0.11),
        drop: 0.0,
        back: random.within(0.34, 0.4),
        dip: random.within(0.3, 0.34),
        throat: (random.within(0.32, 0.4), random.within(0.38, 0.46)),
        vamp: (random.within(0.58, 0.66), random.within(0.23, 0.27)),
        toe: random.within(0.18, 0.22),
        lean: random.within(0.0, 0.03),
    };
    let mut garment = base(&last, random);
    decorate(&last, &mut garment, random);
    let line = shoe::across(&last, 0.9, random.within(0.5, 0.62));
    garment.line(line, Rank::Usual);
    last.laces(&mut garment, Rank::Usual, random);
    sole(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}

/// Of canvas, with a rubber cap.
fn canvas(random: &mut Random) -> Garment {
    let last = Last {
        sole: random.within(0.08, 0.11),
        drop: 0.0,
        ..Last::low(random)
    };
    let mut garment = base(&last, random);
    last.toe_cap(&mut garment, Tone::Trim, random);
    last.eyestay(&mut garment, any_tone(random), random);
    last.laces(&mut garment, Rank::Key, random);
    garment.area(last.sole_path(random), Tone::Trim);
    let y = -last.sole * random.within(0.55, 0.75);
    garment.line(Path::open(&[(0.0, y), (1.0, y)]), Rank::Usual);
    shoe::one_or_two(garment, random)
}

/// No laces, elastic at the sides.
fn slip_on(random: &mut Random) -> Garment {
    let last = Last {
        throat: (random.within(0.42, 0.5), random.within(0.34, 0.4)),
        dip: random.within(0.28, 0.33),
        back: random.within(0.34, 0.42),
        ..Last::low(random)
    };
    let mut garment = Garment::default();
    garment.area(last.upper(), Tone::Main);
    let (x, y) = last.opening().along(0.75);
    let elastic = Path::polygon(&[(x - 0.06, y), (x + 0.06, y - 0.01), (x, y + 0.13)]);
    garment.detail(elastic, Tone::Second, Rank::Usual);
    if random.chance(0.5) {
        last.toe_cap(&mut garment, any_tone(random), random);
    }
    if random.chance(0.4) {
        last.heel_counter(&mut garment, any_tone(random), random);
    }
    sole(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}

/// A knitted upper that reaches up the ankle, on a thick sole.
fn sock_runner(random: &mut Random) -> Garment {
    let plain = Last::low(random);
    let back = random.within(0.5, 0.62);
    let last = Last {
        sole: random.within(0.11, 0.16),
        drop: random.within(0.02, 0.06),
        back,
        dip: back - 0.01,
        throat: (random.within(0.34, 0.4), back + random.within(0.0, 0.06)),
        ..plain
    };
    let mut garment = Garment::default();
    garment.area(last.upper(), Tone::Main);
    let band = last.opening().map(|(x, y)| (x, y + 0.06));
    garment.line(band, Rank::Usual);
    if random.chance(0.5) {
        last.laces(&mut garment, Rank::Usual, random);
    }
    last.heel_counter(&mut garment, Tone::Second, random);
    garment.area(last.sole_path(random), Tone::Trim);
    shoe::one_or_two(garment, random)
}

/// Broad straps instead of laces.
fn straps(random: &mut Random) -> Garment {
    let last = Last::low(random);
    let mut garment = base(&last, random);
    panels(&last, &mut garment, random);
    let slope = last.slope();
    for t in [0.2, 0.65] {
        let (x, y) = slope.along(t);
        let strap = Path::open(&[(x + 0.01, y - 0.01), (x - 0.17, y + 0.15)]);
        garment.strap(strap, random.within(0.07, 0.1), any_tone(random));
    }
    sole(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}

/// Cut from many pieces.
fn paneled(random: &mut Random) -> Garment {
    let last = Last {
        drop: random.within(0.02, 0.07),
        ..Last::low(random)
    };
    let mut garment = base(&last, random);
    last.toe_cap(&mut garment, Tone::Second, random);
    last.heel_counter(&mut garment, Tone::Second, random);
    last.eyestay(&mut garment, Tone::Trim, random);
    garment.line(
        shoe::across(&last, 0.95, random.within(0.45, 0.55)),
        Rank::Usual,
    );
    garment.line(
        shoe::across(&last, 0.5, random.within(0.25, 0.35)),
        Rank::Usual,
    );
    last.laces(&mut garment, Rank::Usual, random);
    sole(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}

/// A pair as one sees one's own feet.
fn from_above(random: &mut Random) -> Garment {
    let wide = random.within(0.2, 0.25);
    let outline = Path::ring(&[
        (-0.02, -0.62),
        (wide * 0.85, -0.48),
        (wide, -0.15),
        (wide * 0.8, 0.2),
        (wide * 0.72, 0.5),
        (0.0, 0.64),
        (-wide * 0.72, 0.5),
        (-wide * 0.8, 0.2),
        (-wide * 0.92, -0.15),
        (-wide * 0.8, -0.46),
    ]);
    let mut shoe = Garment::default();
    shoe.area(outline.map(|(x, y)| (x * 1.12, y * 1.05)), Tone::Trim);
    shoe.area(outline, Tone::Main);
    shoe.detail(
        Path::ellipse((0.0, 0.36), wide * 0.52, 0.2),
        Tone::Inside,
        Rank::Key,
    );
    let tongue = Path::polygon(&[(-0.08, 0.2), (0.08, 0.2), (0.07, -0.18), (-0.07, -0.18)]);
    shoe.detail(tongue, Tone::Second, Rank::Usual);
    for i in 0..random.count(3, 5) {
        let y = 0.12 - i as f32 * 0.08;
        shoe.thin_strap(
            Path::open(&[(-0.1, y), (0.1, y)]),
            0.025,
            Tone::Trim,
            Rank::Key,
        );
    }
    let cap = Path::at((-wide * 0.8, -0.34)).curve((0.0, -0.22), (wide * 0.82, -0.34));
    shoe.line(cap, Rank::Usual);
    let apart = wide * random.within(1.25, 1.6);
    let splay = random.within(-4.0, 10.0);
    let right = shoe.turned((0.0, 0.0), splay).moved((apart, 0.0));
    let mut pair = right.map(|(x, y)| (-x, y));
    pair.put(right);
    pair
}
