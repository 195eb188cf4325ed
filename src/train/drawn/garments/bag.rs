//! Bags: a body to put things in and something to carry it by.

use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 15] = [
    training("tote", tote).weighing(1.5),
    training("handbag", handbag).weighing(1.6),
    training("clutch", clutch),
    training("backpack", backpack).weighing(1.4),
    training("messenger", messenger),
    training("duffel", duffel),
    training("purse with clasp", purse),
    training("shopping bag", shopping_bag),
    training("hobo", hobo),
    training("chain bag", chain_bag),
    training("dome bag", dome_bag),
    training("suitcase", suitcase).weighing(0.4),
    training("satchel", satchel),
    held_out("bucket bag", bucket_bag),
    held_out("briefcase", briefcase),
];

/// A body with straight sides: half widths above and below, height, roundness of the lower corners.
fn body(top: f32, bottom: f32, high: f32, round: f32) -> Path {
    let r = round.min(bottom * 0.9).min(high * 0.45);
    Path::at((0.0, 0.0))
        .line((top, 0.0))
        .line((bottom + (top - bottom) * r / high, high - r))
        .curve((bottom, high), (bottom - r, high))
        .line((0.0, high))
        .with_mirror()
}

/// A handle that rises from (-x, y) to (x, y).
fn arc(x: f32, y: f32, high: f32, square: f32) -> Path {
    Path::at((-x, y)).cubic(
        (-x * square, y - high * 1.32),
        (x * square, y - high * 1.32),
        (x, y),
    )
}

fn any_tone(random: &mut Random) -> Tone {
    random.pick(&[Tone::Main, Tone::Second, Tone::Trim])
}

fn clasp(garment: &mut Garment, (x, y): (f32, f32), random: &mut Random) {
    let size = random.within(0.03, 0.06);
    match random.count(0, 2) {
        0 => garment.dot((x, y), size * 0.8, Tone::Metal, Rank::Usual),
        1 => garment.detail(
            Path::rectangle((x - size, y - size * 0.7), (x + size, y + size * 0.7)),
            Tone::Metal,
            Rank::Usual,
        ),
        _ => {
            let strap =
                Path::rectangle((x - size * 0.6, y - size * 2.0), (x + size * 0.6, y + size));
            garment.detail(strap, Tone::Second, Rank::Usual);
            garment.dot((x, y + size * 0.3), size * 0.35, Tone::Metal, Rank::Fine);
        }
    }
}

/// Two handles, one before and one behind.
fn tote(random: &mut Random) -> Garment {
    let (top, high) = (random.within(0.38, 0.5), random.within(0.55, 0.95));
    let bottom = top * random.within(0.75, 1.1);
    let (x, rise) = (top * random.within(0.4, 0.62), random.within(0.25, 0.55));
    let (width, square) = (random.within(0.03, 0.07), random.within(0.6, 1.15));
    let tone = any_tone(random);
    let mut garment = Garment::default();
    let shift = random.within(0.0, 0.08);
    if random.chance(0.7) {
        let behind = arc(x * 0.92, 0.02, rise * 0.9, square).map(|(x, y)| (x + shift, y));
        garment.strap(behind, width, tone);
    }
    if random.chance(0.3) {
        garment.detail(
            Path::ellipse((0.0, 0.0), top, 0.06),
            Tone::Inside,
            Rank::Usual,
        );
    }
    garment.area(
        body(top, bottom, high, random.within(0.0, 0.12)),
        Tone::Main,
    );
    let foot = random.pick(&[0.02, 0.06, 0.14, high * 0.98]);
    let front = Path::at((-x, foot))
        .line((-x, 0.02))
        .then(&arc(x, 0.0, rise, square))
        .line((x, foot));
    garment.strap(front, width, tone);
    if random.chance(0.4) {
        let y = random.within(0.06, 0.12);
        garment.line(Path::open(&[(-top, y), (top, y)]), Rank::Usual);
    }
    if random.chance(0.3) {
        let size = random.within(0.08, 0.16);
        garment.dot((0.0, high * 0.55), size, any_tone(random), Rank::Usual);
    }
    if random.chance(0.25) {
        let y = high * random.within(0.65, 0.8);
        let band = Path::polygon(&[
            (-bottom, high),
            (-bottom * 1.01, y),
            (bottom * 1.01, y),
            (bottom, high),
        ]);
        garment.detail(band, Tone::Second, Rank::Usual);
    }
    garment
}

/// Stiff, with one arched handle.
fn handbag(random: &mut Random) -> Garment {
    let (top, high) = (random.within(0.32, 0.48), random.within(0.45, 0.7));
    let bottom = top * random.within(1.0, 1.4);
    let (x, rise) = (top * random.within(0.45, 0.85), random.within(0.2, 0.48));
    let width = random.within(0.035, 0.08);
    let mut garment = Garment::default();
    let tone = any_tone(random);
    garment.strap(arc(x, 0.04, rise, random.within(0.75, 1.2)), width, tone);
    garment.area(
        body(top, bottom, high, random.within(0.04, 0.2)),
        Tone::Main,
    );
    if random.chance(0.5) {
        for sign in [-1.0, 1.0] {
            garment.dot((sign * x, 0.05), width * 0.6, Tone::Metal, Rank::Usual);
        }
    }
    match random.count(0, 3) {
        0 => {
            let low = high * random.within(0.35, 0.6);
            let flap = Path::at((-top, 0.0))
                .line((top, 0.0))
                .line((top * 1.02, low * 0.5))
                .curve((top * 0.8, low), (0.0, low))
                .curve((-top * 0.8, low), (-top * 1.02, low * 0.5))
                .close();
            garment.detail(flap, random.pick(&[Tone::Main, Tone::Second]), Rank::Usual);
            clasp(&mut garment, (0.0, low * 0.9), random);
        }
        1 => {
            let y = high * random.within(0.12, 0.25);
            garment.line(
                Path::open(&[(-top * 1.03, y), (top * 1.03, y)]),
                Rank::Usual,
            );
            clasp(&mut garment, (0.0, y), random);
        }
        2 => {
            for sign in [-1.0, 1.0] {
                let seam = Path::open(&[(sign * top * 0.6, 0.0), (sign * bottom * 0.65, high)]);
                garment.line(seam, Rank::Fine);
            }
            clasp(&mut garment, (0.0, high * 0.15), random);
        }
        _ => clasp(&mut garment, (0.0, random.within(0.08, 0.2)), random),
    }
    garment
}

/// A flat pouch with a flap and, sometimes, a loop for the wrist.
fn clutch(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.5, 0.58), random.within(0.5, 0.72));
    let mut garment = Garment::default();
    if random.chance(0.5) {
        let wrist = Path::at((half - 0.02, 0.1)).cubic(
            (half + 0.3, 0.0),
            (half + 0.32, 0.5),
            (half - 0.01, 0.14),
        );
        garment.strap(wrist, 0.035, Tone::Second);
    }
    garment.area(
        body(
            half,
            half * random.within(0.95, 1.03),
            high,
            random.within(0.02, 0.12),
        ),
        Tone::Main,
    );
    let low = high * random.within(0.45, 0.75);
    let flap = if random.chance(0.5) {
        Path::polygon(&[
            (-half, 0.0),
            (half, 0.0),
            (half, low * 0.15),
            (0.0, low),
            (-half, low * 0.15),
        ])
    } else {
        Path::at((-half, 0.0))
            .line((half, 0.0))
            .line((half, low * 0.5))
            .cubic(
                (half * 0.8, low * 1.1),
                (-half * 0.8, low * 1.1),
                (-half, low * 0.5),
            )
            .close()
    };
    garment.area(flap, random.pick(&[Tone::Main, Tone::Main, Tone::Second]));
    clasp(&mut garment, (0.0, low * 0.9), random);
    garment
}

/// Round above, with pockets in front and straps for both shoulders.
fn backpack(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.32, 0.42), random.within(0.85, 1.1));
    let top = half * random.within(0.75, 0.95);
    let mut garment = Garment::default();
    let width = random.within(0.04, 0.07);
    garment.strap(
        arc(
            random.within(0.07, 0.12),
            0.03,
            random.within(0.08, 0.16),
            1.1,
        ),
        width * 0.8,
        Tone::Second,
    );
    if random.chance(0.6) {
        for sign in [-1.0, 1.0] {
            let strap = Path::at((sign * top * 0.8, 0.1)).cubic(
                (sign * (half + 0.18), 0.2),
                (sign * (half + 0.16), high * 0.75),
                (sign * half * 0.9, high * 0.88),
            );
            garment.strap(strap, width, Tone::Second);
        }
    }
    if random.chance(0.5) {
        for sign in [-1.0, 1.0] {
            let side =
                Path::rectangle((half * 0.9, high * 0.5), (half + 0.09, high * 0.92)).rounded(0.06);
            garment.area(side.map(|(x, y)| (sign * x, y)), Tone::Second);
        }
    }
    let body = Path::at((0.0, 0.0))
        .cubic((top * 0.9, 0.0), (half, 0.08), (half, high * 0.4))
        .line((half, high * 0.88))
        .curve((half, high), (half * 0.75, high))
        .line((0.0, high))
        .with_mirror();
    garment.area(body, Tone::Main);
    let (pocket_top, inset) = (
        high * random.within(0.48, 0.6),
        half * random.within(0.65, 0.85),
    );
    let pocket = Path::rectangle((-inset, pocket_top), (inset, high * 0.93))
        .rounded(random.within(0.03, 0.1));
    garment.detail(pocket, random.pick(&[Tone::Main, Tone::Second]), Rank::Key);
    let y = pocket_top + random.within(0.05, 0.1);
    garment.line(
        Path::open(&[(-inset * 0.8, y), (inset * 0.8, y)]),
        Rank::Fine,
    );
    if random.chance(0.6) {
        let y = high * random.within(0.22, 0.36);
        let zip = Path::at((-half * 0.98, y))
            .curve((0.0, y - random.within(0.0, 0.25)), (half * 0.98, y));
        garment.line(zip, Rank::Usual);
    } else {
        let low = high * 0.4;
        let flap = Path::at((-half, low * 0.5))
            .cubic((-half, -0.06), (half, -0.06), (half, low * 0.5))
            .curve((half * 0.9, low), (0.0, low))
            .curve((-half * 0.9, low), (-half, low * 0.5))
            .close();
        garment.detail(flap, Tone::Second, Rank::Usual);
        for sign in [-1.0, 1.0] {
            clasp(&mut garment, (sign * half * 0.5, low), random);
        }
    }
    garment
}

/// A flap over most of the front and one long strap.
fn messenger(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.46, 0.56), random.within(0.55, 0.75));
    let mut garment = Garment::default();
    let rise = random.within(0.4, 0.85);
    let strap = arc(
        half * random.within(0.85, 1.0),
        0.05,
        rise,
        random.within(0.5, 1.0),
    );
    garment.strap(strap, random.within(0.04, 0.08), any_tone(random));
    garment.area(
        body(half, half, high, random.within(0.02, 0.12)),
        Tone::Main,
    );
    let low = high * random.within(0.5, 0.8);
    let flap = body(half * 1.02, half * 1.02, low, random.within(0.03, 0.15));
    garment.area(flap, random.pick(&[Tone::Main, Tone::Second]));
    if random.chance(0.6) {
        for sign in [-1.0, 1.0] {
            let x = sign * half * 0.55;
            garment.thin_strap(
                Path::open(&[(x, low * 0.5), (x, low + 0.08)]),
                0.06,
                Tone::Trim,
                Rank::Usual,
            );
            garment.dot((x, low), 0.025, Tone::Metal, Rank::Fine);
        }
    } else {
        clasp(&mut garment, (0.0, low * 0.92), random);
    }
    garment
}

/// A long roll with two handles in the middle.
fn duffel(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.6, 0.75), random.within(0.42, 0.6));
    let mut garment = Garment::default();
    let (x, rise) = (half * random.within(0.28, 0.42), random.within(0.18, 0.36));
    let (width, tone) = (random.within(0.04, 0.06), any_tone(random));
    if random.chance(0.4) {
        garment.strap(arc(half * 0.9, 0.1, rise * 1.7, 0.6), width * 0.8, tone);
    }
    garment.strap(arc(x * 0.95, 0.04, rise * 0.85, 1.0), width, tone);
    let round = random.within(0.14, 0.24);
    garment.area(
        Path::rectangle((-half, 0.0), (half, high)).rounded(round),
        Tone::Main,
    );
    for sign in [-1.0, 1.0] {
        let end = Path::at((sign * half * 0.74, 0.02)).curve(
            (sign * half * 0.66, high / 2.0),
            (sign * half * 0.74, high - 0.02),
        );
        garment.line(end, Rank::Usual);
    }
    let front = Path::at((-x, high))
        .line((-x, 0.05))
        .then(&arc(x, 0.04, rise, 1.0))
        .line((x, high));
    if random.chance(0.6) {
        garment.strap(front, width, tone);
    } else {
        garment.strap(arc(x, 0.12, rise, 1.0), width, tone);
    }
    if random.chance(0.5) {
        let y = random.within(0.05, 0.1);
        garment.line(Path::open(&[(-half * 0.7, y), (half * 0.7, y)]), Rank::Fine);
    }
    garment
}

/// A gathered pouch below a metal frame with two balls.
fn purse(random: &mut Random) -> Garment {
    let (top, wide) = (random.within(0.28, 0.38), random.within(0.42, 0.55));
    let high = random.within(0.5, 0.75);
    let mut garment = Garment::default();
    if random.chance(0.5) {
        garment.strap(
            arc(top, 0.05, random.within(0.25, 0.6), 0.8),
            random.within(0.025, 0.045),
            Tone::Metal,
        );
    }
    let pouch = Path::at((0.0, 0.05))
        .line((top, 0.05))
        .cubic(
            (wide * 1.15, high * 0.4),
            (wide * 1.1, high),
            (wide * 0.5, high),
        )
        .line((0.0, high))
        .with_mirror();
    garment.area(pouch, Tone::Main);
    let tone = random.pick(&[Tone::Metal, Tone::Trim]);
    let frame = Path::at((-top * 1.04, 0.14))
        .curve((-top * 1.02, 0.0), (-top * 0.8, 0.0))
        .line((top * 0.8, 0.0))
        .curve((top * 1.02, 0.0), (top * 1.04, 0.14))
        .line((-top * 1.04, 0.14))
        .close();
    garment.area(frame, tone);
    let size = random.within(0.035, 0.055);
    for x in [-0.035, 0.035] {
        garment.dot((x, -0.03), size, Tone::Metal, Rank::Key);
    }
    if random.chance(0.5) {
        for t in [-0.5, 0.0, 0.5] {
            let fold =
                Path::at((t * top, 0.16)).line((t * wide * 1.1, high * random.within(0.4, 0.7)));
            garment.line(fold, Rank::Fine);
        }
    }
    garment
}

/// Of paper: straight sides, folds, cords.
fn shopping_bag(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.32, 0.45), random.within(0.75, 1.05));
    let mut garment = Garment::default();
    let (x, rise) = (half * random.within(0.4, 0.6), random.within(0.18, 0.34));
    let (width, square) = (random.within(0.02, 0.04), random.within(0.7, 1.3));
    garment.strap(arc(x * 0.9, 0.02, rise * 0.85, square), width, Tone::Trim);
    let bottom = half * random.within(0.92, 1.0);
    garment.area(body(half, bottom, high, 0.0), Tone::Main);
    if random.chance(0.5) {
        let side = half * random.within(0.6, 0.75);
        let panel = Path::polygon(&[(side, 0.0), (half, 0.0), (bottom, high), (side, high)]);
        garment.detail(panel, Tone::Inside, Rank::Usual);
    }
    let front = arc(x, random.within(0.02, 0.1), rise, square);
    garment.strap(front, width, Tone::Trim);
    if random.chance(0.4) {
        garment.line(Path::open(&[(-half, 0.1), (half, 0.1)]), Rank::Fine);
    }
    if random.chance(0.3) {
        garment.dot(
            (0.0, high * 0.55),
            random.within(0.08, 0.14),
            Tone::Second,
            Rank::Usual,
        );
    }
    garment
}

/// A crescent that hangs from its own strap.
fn hobo(random: &mut Random) -> Garment {
    let (half, low) = (random.within(0.48, 0.58), random.within(0.55, 0.75));
    let dip = random.within(0.12, 0.25);
    let mut garment = Garment::default();
    let rise = random.within(0.3, 0.55);
    garment.strap(
        arc(half * 0.93, 0.02, rise, random.within(0.6, 0.95)),
        random.within(0.05, 0.1),
        Tone::Main,
    );
    let body = Path::at((-half, 0.0))
        .curve((0.0, 2.0 * dip), (half, 0.0))
        .cubic((half * 1.25, low * 0.75), (half * 0.5, low), (0.0, low))
        .cubic((-half * 0.5, low), (-half * 1.25, low * 0.75), (-half, 0.0))
        .close();
    garment.area(body, Tone::Main);
    if random.chance(0.6) {
        let zip =
            Path::at((-half * 0.85, 0.07)).curve((0.0, 2.0 * dip + 0.09), (half * 0.85, 0.07));
        garment.line(zip, Rank::Usual);
    }
    garment
}

/// Small, quilted or plain, on a long thin strap or chain.
fn chain_bag(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.36, 0.46), random.within(0.42, 0.6));
    let mut garment = Garment::default();
    let chain = arc(
        half * 0.95,
        0.04,
        random.within(0.5, 1.0),
        random.within(0.3, 0.9),
    );
    garment.strap(chain, random.within(0.02, 0.035), Tone::Metal);
    garment.area(
        body(
            half,
            half * random.within(0.95, 1.1),
            high,
            random.within(0.04, 0.15),
        ),
        Tone::Main,
    );
    if random.chance(0.4) {
        for i in -2..=2 {
            let x = i as f32 * half * 0.4;
            garment.line(Path::open(&[(x - 0.1, high), (x + 0.15, 0.0)]), Rank::Fine);
            garment.line(Path::open(&[(x + 0.1, high), (x - 0.15, 0.0)]), Rank::Fine);
        }
    }
    let low = high * random.within(0.45, 0.65);
    let flap = Path::at((-half * 1.01, 0.0))
        .line((half * 1.01, 0.0))
        .line((half * 1.01, low * 0.7))
        .curve((half, low), (half * 0.75, low))
        .line((-half * 0.75, low))
        .curve((-half, low), (-half * 1.01, low * 0.7))
        .close();
    garment.detail(flap, Tone::Main, Rank::Usual);
    clasp(&mut garment, (0.0, low), random);
    garment
}

/// Round above, a zip along the curve, two handles.
fn dome_bag(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.5, 0.6), random.within(0.55, 0.7));
    let mut garment = Garment::default();
    let (x, rise) = (half * random.within(0.35, 0.5), random.within(0.28, 0.42));
    let (width, tone) = (random.within(0.03, 0.05), any_tone(random));
    garment.strap(arc(x, high * 0.12, rise, 1.0), width, tone);
    let body = Path::at((0.0, 0.0))
        .cubic((half * 0.75, 0.0), (half, high * 0.45), (half, high * 0.9))
        .curve((half, high), (half * 0.88, high))
        .line((0.0, high))
        .with_mirror();
    garment.area(body, Tone::Main);
    let zip = Path::at((-half * 0.93, high * 0.62)).cubic(
        (-half * 0.75, 0.02),
        (half * 0.75, 0.02),
        (half * 0.93, high * 0.62),
    );
    garment.line(zip, Rank::Usual);
    if random.chance(0.6) {
        garment.strap(arc(x, high * 0.4, rise * 1.2, 1.0), width, tone);
    }
    if random.chance(0.4) {
        let band = Path::rectangle((-half * 0.99, high * 0.8), (half * 0.99, high));
        garment.detail(band, Tone::Second, Rank::Usual);
    }
    garment
}

/// A hard case with wheels or a handle on top.
fn suitcase(random: &mut Random) -> Garment {
    let upright = random.chance(0.6);
    let (half, high) = if upright {
        (random.within(0.32, 0.4), random.within(0.9, 1.1))
    } else {
        (random.within(0.52, 0.62), random.within(0.7, 0.85))
    };
    let mut garment = Garment::default();
    let rise = random.within(0.1, if upright { 0.4 } else { 0.16 });
    let x = half * random.within(0.25, 0.5);
    let handle = Path::open(&[(-x, 0.03), (-x, -rise), (x, -rise), (x, 0.03)]);
    garment.strap(handle.rounded(0.05), 0.05, Tone::Trim);
    if upright {
        for sign in [-1.0, 1.0] {
            garment.dot(
                (sign * half * 0.7, high + 0.03),
                0.06,
                Tone::Trim,
                Rank::Usual,
            );
        }
    }
    garment.area(
        Path::rectangle((-half, 0.0), (half, high)).rounded(random.within(0.04, 0.12)),
        Tone::Main,
    );
    let lines = random.count(2, 4);
    for i in 0..lines {
        let x = half * (2.0 * (i as f32 + 0.5) / lines as f32 - 1.0);
        garment.line(Path::open(&[(x, 0.1), (x, high - 0.1)]), Rank::Usual);
    }
    garment
}

/// A short handle and two buckled straps over a flap.
fn satchel(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.48, 0.58), random.within(0.6, 0.78));
    let mut garment = Garment::default();
    garment.strap(
        arc(
            half * random.within(0.2, 0.35),
            0.02,
            random.within(0.12, 0.22),
            1.1,
        ),
        0.06,
        Tone::Second,
    );
    garment.area(
        body(half, half, high, random.within(0.03, 0.12)),
        Tone::Main,
    );
    let low = high * random.within(0.4, 0.6);
    garment.area(
        body(half * 1.02, half * 1.02, low, 0.12),
        random.pick(&[Tone::Main, Tone::Second]),
    );
    for sign in [-1.0, 1.0] {
        let x = sign * half * random.within(0.45, 0.6);
        garment.thin_strap(
            Path::open(&[(x, 0.0), (x, low + 0.14)]),
            random.within(0.06, 0.09),
            Tone::Trim,
            Rank::Usual,
        );
        let buckle = Path::rectangle((x - 0.06, low - 0.02), (x + 0.06, low + 0.07));
        garment.detail(buckle, Tone::Metal, Rank::Fine);
    }
    garment
}

/// Drawn together by a cord.
fn bucket_bag(random: &mut Random) -> Garment {
    let (top, high) = (random.within(0.32, 0.4), random.within(0.7, 0.9));
    let bottom = top * random.within(0.85, 1.15);
    let mut garment = Garment::default();
    garment.strap(
        arc(top * 0.85, 0.05, random.within(0.4, 0.8), 0.7),
        random.within(0.03, 0.06),
        Tone::Second,
    );
    let count = 5;
    let scallops = (0..count).fold(Path::at((-top * 1.1, 0.0)), |path, i| {
        let step = 2.2 * top / count as f32;
        let x = -top * 1.1 + step * i as f32;
        path.curve((x + step / 2.0, 0.06), (x + step, 0.0))
    });
    let outline = scallops
        .spline(&[
            (top * 0.92, 0.16),
            (bottom, high * 0.7),
            (bottom * 0.95, high),
        ])
        .line((-bottom * 0.95, high))
        .spline(&[
            (-bottom, high * 0.7),
            (-top * 0.92, 0.16),
            (-top * 1.1, 0.0),
        ])
        .close();
    garment.area(outline, Tone::Main);
    garment.thin_strap(
        Path::open(&[(-top * 0.93, 0.16), (top * 0.93, 0.16)]),
        0.03,
        Tone::Trim,
        Rank::Key,
    );
    for sign in [-1.0, 1.0] {
        let end = Path::at((0.0, 0.16)).curve((sign * 0.04, 0.26), (sign * 0.07, 0.4));
        garment.thin_strap(end, 0.025, Tone::Trim, Rank::Usual);
    }
    garment
}

/// Flat and hard, a short handle, two locks.
fn briefcase(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.55, 0.65), random.within(0.65, 0.82));
    let mut garment = Garment::default();
    let (x, rise) = (half * random.within(0.22, 0.35), random.within(0.12, 0.2));
    let handle = Path::open(&[(-x, 0.02), (-x, -rise), (x, -rise), (x, 0.02)]);
    garment.strap(
        handle.rounded(random.within(0.03, 0.1)),
        0.06,
        any_tone(random),
    );
    garment.area(
        Path::rectangle((-half, 0.0), (half, high)).rounded(random.within(0.02, 0.1)),
        Tone::Main,
    );
    let y = high * random.within(0.3, 0.5);
    garment.line(Path::open(&[(-half, y), (half, y)]), Rank::Key);
    for sign in [-1.0, 1.0] {
        let x = sign * half * 0.5;
        let lock = Path::rectangle((x - 0.05, y - 0.05), (x + 0.05, y + 0.06));
        garment.detail(lock, Tone::Metal, Rank::Usual);
    }
    garment
}
