//! Bags for more than what one needs in the hand: on the back, on wheels, of paper.

use super::bag_parts::{any_tone, arc, body, clasp};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// Round above, with pockets in front and straps for both shoulders.
pub fn backpack(random: &mut Random) -> Garment {
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
pub fn messenger(random: &mut Random) -> Garment {
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
pub fn duffel(random: &mut Random) -> Garment {
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

/// A hard case with wheels or a handle on top.
pub fn suitcase(random: &mut Random) -> Garment {
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
pub fn satchel(random: &mut Random) -> Garment {
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

/// Flat and hard, a short handle, two locks.
pub fn briefcase(random: &mut Random) -> Garment {
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

/// Of paper: straight sides, folds, cords.
pub fn shopping_bag(random: &mut Random) -> Garment {
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
    if random.chance(0.3) {
        // Handles that hang down in front.
        let hanging = arc(x, 0.0, rise, square).map(|(x, y)| (x, 0.1 - y));
        garment.line(hanging, Rank::Key);
    } else {
        let front = arc(x, random.within(0.02, 0.1), rise, square);
        garment.strap(front, width, Tone::Trim);
    }
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

/// A sack tied at the neck.
pub fn sack(random: &mut Random) -> Garment {
    let (wide, high, neck) = (
        random.within(0.4, 0.52),
        random.within(0.75, 0.95),
        random.within(0.12, 0.2),
    );
    let tuft = random.within(0.16, 0.26);
    let tie = random.within(0.14, 0.2);
    let half = Path::at((0.0, 0.03))
        .line((tuft, 0.0))
        .curve((neck, tie * 0.7), (neck, tie))
        .cubic(
            (wide * 0.9, tie + 0.12),
            (wide * 1.15, high),
            (wide * 0.6, high),
        )
        .line((0.0, high));
    let mut garment = Garment::default();
    garment.area(half.with_mirror(), Tone::Main);
    let band = Path::open(&[(-neck * 1.1, tie), (neck * 1.1, tie)]);
    garment.thin_strap(band, random.within(0.04, 0.07), Tone::Second, Rank::Key);
    for sign in [-1.0, 1.0] {
        let fold = Path::at((sign * neck * 0.5, tie + 0.04))
            .curve((sign * neck, tie + 0.15), (sign * wide * 0.55, tie + 0.3));
        garment.line(fold, Rank::Fine);
    }
    garment
}
