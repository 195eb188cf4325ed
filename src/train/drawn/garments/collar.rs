//! Collars, lapels, hoods, buttons and zips for garments of the upper body.

use super::upper::Upper;
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point};
use crate::train::drawn::random::Random;

/// Add a path and its mirror image as areas.
fn both_areas(garment: &mut Garment, path: &Path, tone: Tone) {
    garment.area(path.mirrored(), tone);
    garment.area(path.clone(), tone);
}

/// Two pointed leaves over the neckline, with the inside of the collar behind.
pub fn shirt_collar(garment: &mut Garment, upper: &Upper, random: &mut Random) {
    let neck = upper.neck;
    let rise = random.within(0.02, 0.08);
    let meet = upper.depth * random.within(0.5, 0.95) + 0.02;
    let tip = (
        neck * random.within(0.65, 1.25),
        meet + random.within(0.03, 0.14),
    );
    let inside = Path::at((-neck * 0.85, -rise))
        .curve((0.0, -rise - 0.04), (neck * 0.85, -rise))
        .line((0.0, meet));
    garment.detail(inside, Tone::Inside, Rank::Usual);
    let leaf = Path::at((0.0, meet))
        .curve((neck * 0.55, meet * 0.4), (neck * 0.8, -rise))
        .curve((neck * 1.12, -rise * 0.6), (neck * 1.16, 0.02))
        .line(tip)
        .close();
    let tone = random.weighted(&[(Tone::Main, 4.0), (Tone::Trim, 1.5), (Tone::Second, 1.0)]);
    both_areas(garment, &leaf, tone);
}

/// Buttons along x from one height to another.
pub fn buttons(garment: &mut Garment, x: f32, (from, to): (f32, f32), random: &mut Random) {
    let count = random.count(3, 7);
    let radius = random.within(0.013, 0.03);
    for i in 0..count {
        let y = from + (to - from) * (i as f32 + 0.3) / count as f32;
        garment.dot((x, y), radius, Tone::Metal, Rank::Usual);
    }
}

/// The front edge, as one line or as a strip, with or without buttons.
pub fn placket(garment: &mut Garment, upper: &Upper, top: f32, random: &mut Random) {
    let bottom = upper.length + upper.hem_curve;
    let half = random.within(0.025, 0.05);
    if random.chance(0.4) {
        garment.line(Path::open(&[(-half, top), (-half, bottom)]), Rank::Usual);
        garment.line(Path::open(&[(half, top), (half, bottom)]), Rank::Key);
    } else {
        garment.line(Path::open(&[(0.0, top), (0.0, bottom)]), Rank::Key);
    }
    if random.chance(0.75) {
        let x = random.pick(&[0.0, half]);
        buttons(garment, x, (top + 0.05, bottom - 0.05), random);
    }
}

/// Lapels with a notch down to where the coat is closed; what is worn below is seen between them.
pub fn lapels(garment: &mut Garment, upper: &Upper, close: Point, random: &mut Random) {
    let neck = upper.neck;
    let wide = random.within(0.12, 0.22);
    let notch = close.1 * random.within(0.3, 0.45);
    let shirt = Path::polygon(&[(-neck, -0.02), (neck, -0.02), close]);
    let tone = random.pick(&[Tone::Inside, Tone::Inside, Tone::Trim]);
    garment.detail(shirt, tone, Rank::Usual);
    let lapel = |sign: f32| {
        Path::polygon(&[
            (sign * neck * 0.9, -0.04),
            (sign * (neck + 0.07), 0.0),
            (sign * (neck + wide * 0.55), notch - 0.02),
            (sign * (neck * 0.8 + wide * 0.35), notch),
            (sign * (neck * 0.8 + wide), notch + 0.05),
            close,
        ])
    };
    let tone = random.weighted(&[(Tone::Main, 4.0), (Tone::Second, 1.0)]);
    garment.area(lapel(-1.0), tone);
    garment.area(lapel(1.0), tone);
}

/// A collar that runs into the front without a notch.
pub fn shawl(garment: &mut Garment, upper: &Upper, close: Point, random: &mut Random) {
    let neck = upper.neck;
    let wide = random.within(0.08, 0.16);
    let inside = Path::polygon(&[(-neck, -0.02), (neck, -0.02), close]);
    garment.detail(inside, Tone::Inside, Rank::Usual);
    let side = |sign: f32| {
        Path::at((sign * neck * 0.85, -0.04))
            .line((sign * (neck + wide * 0.5), 0.02))
            .curve((sign * (neck + wide), close.1 * 0.6), close)
            .close()
    };
    let tone = random.pick(&[Tone::Main, Tone::Trim, Tone::Second]);
    garment.area(side(-1.0), tone);
    garment.area(side(1.0), tone);
}

/// A hood that stands behind the neck, with its opening.
pub fn hood(garment: &mut Garment, upper: &Upper, random: &mut Random) -> Path {
    let neck = upper.neck;
    let high = random.within(0.22, 0.42);
    let wide = neck * random.within(1.15, 1.6);
    let back = Path::at((0.0, -high))
        .cubic(
            (wide * 0.8, -high),
            (wide * 1.15, -high * 0.35),
            (neck * 1.2, 0.03),
        )
        .line((0.0, upper.depth + random.within(0.02, 0.12)))
        .with_mirror();
    garment.area(back, Tone::Main);
    let inner = random.within(0.55, 0.75);
    Path::at((0.0, -high * inner))
        .cubic(
            (wide * 0.65 * inner, -high * inner),
            (wide * inner, -high * 0.2),
            (neck * 0.8, 0.03),
        )
        .line((0.0, upper.depth + 0.0))
        .with_mirror()
}

/// Strings that hang from a hood.
pub fn hood_strings(garment: &mut Garment, upper: &Upper, random: &mut Random) {
    for sign in [-1.0, 1.0] {
        let start = (sign * upper.neck * 0.4, upper.depth * 0.8 + 0.02);
        let end = (
            sign * upper.neck * random.within(0.3, 0.6),
            upper.depth + random.within(0.15, 0.3),
        );
        garment.thin_strap(Path::open(&[start, end]), 0.018, Tone::Trim, Rank::Usual);
    }
}

/// A zip along the front: a line, or a thin strip with a puller.
pub fn zip(garment: &mut Garment, top: f32, bottom: f32, random: &mut Random) {
    garment.line(Path::open(&[(0.0, top), (0.0, bottom)]), Rank::Key);
    if random.chance(0.4) {
        garment.line(Path::open(&[(0.03, top), (0.03, bottom)]), Rank::Fine);
    }
    if random.chance(0.4) {
        let puller = Path::rectangle((-0.018, top), (0.018, top + 0.07));
        garment.detail(puller, Tone::Metal, Rank::Fine);
    }
}

/// A collar that stands up around the neck.
pub fn standing(garment: &mut Garment, upper: &Upper, high: f32, tone: Tone) {
    let neck = upper.neck;
    let band = Path::at((-neck * 0.9, -high))
        .curve((0.0, -high + 0.05), (neck * 0.9, -high))
        .line((neck * 1.06, 0.02))
        .curve((0.0, upper.depth + 0.04), (-neck * 1.06, 0.02))
        .close();
    garment.area(band, tone);
}

/// Two pockets: patches, or slits with or without flaps.
pub fn pockets(garment: &mut Garment, (x, y): Point, random: &mut Random) {
    let (half, tall) = (random.within(0.09, 0.14), random.within(0.16, 0.24));
    let kind = random.count(0, 2);
    let slant = random.within(-0.02, 0.06);
    for sign in [-1.0, 1.0] {
        let mirrored = |p: Point| (sign * p.0, p.1);
        match kind {
            0 => garment.detail(
                Path::polygon(
                    &[
                        (x - half, y),
                        (x + half, y),
                        (x + half, y + tall),
                        (x - half, y + tall),
                    ]
                    .map(mirrored),
                ),
                Tone::Main,
                Rank::Usual,
            ),
            1 => garment.detail(
                Path::polygon(
                    &[
                        (x - half, y),
                        (x + half, y + slant),
                        (x + half, y + slant + 0.08),
                        (x - half, y + 0.08),
                    ]
                    .map(mirrored),
                ),
                Tone::Main,
                Rank::Usual,
            ),
            _ => garment.line(
                Path::open(&[(x - half * 0.6, y), (x + half * 0.3, y + tall)].map(mirrored)),
                Rank::Usual,
            ),
        }
    }
}
