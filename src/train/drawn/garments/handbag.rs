//! Bags carried in the hand or over one shoulder.

use super::bag_parts::{any_tone, arc, body, clasp};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// Two handles, one before and one behind.
pub fn tote(random: &mut Random) -> Garment {
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
pub fn handbag(random: &mut Random) -> Garment {
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
pub fn clutch(random: &mut Random) -> Garment {
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

/// A gathered pouch below a metal frame with two balls.
pub fn purse(random: &mut Random) -> Garment {
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

/// A crescent that hangs from its own strap.
pub fn hobo(random: &mut Random) -> Garment {
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
pub fn chain_bag(random: &mut Random) -> Garment {
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
pub fn dome_bag(random: &mut Random) -> Garment {
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

/// Drawn together by a cord.
pub fn bucket_bag(random: &mut Random) -> Garment {
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
