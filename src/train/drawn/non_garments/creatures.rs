//! Animals, and parts of bodies.

use super::figure::{circle, of};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point, turned};
use crate::train::drawn::random::Random;

/// The families.
pub const FAMILIES: [Family; 9] = [
    training("four-legged animal", four_legged).weighing(3.0),
    training("duck", duck),
    training("snake", snake),
    training("spider", spider),
    training("whale", whale),
    training("eye", eye),
    training("bone", bone),
    training("ghost", ghost),
    held_out("butterfly", butterfly),
];

/// A trunk on legs with head, ears and tail; from a mouse to a giraffe.
fn four_legged(random: &mut Random) -> Garment {
    let (rx, ry) = (random.within(0.3, 0.55), random.within(0.14, 0.32));
    let (leg, wide) = (random.within(0.1, 0.5), random.within(0.06, 0.14));
    let neck = random.log_within(0.08, 0.6);
    let head = random.within(0.12, 0.26);
    let mut garment = Garment::default();
    for share in [-0.85, -0.5, 0.45, 0.8] {
        let x = rx * share + random.around_zero(0.05);
        let foot = (x + random.around_zero(0.08), ry + leg);
        garment.strap(Path::open(&[(x, 0.0), foot]), wide, Tone::Main);
    }
    let tail = (-rx - random.within(0.05, 0.35), random.around_zero(0.4));
    let bend = (-rx - 0.2, random.around_zero(0.3));
    garment.strap(
        Path::at((-rx * 0.9, -0.05)).curve(bend, tail),
        random.within(0.03, 0.1),
        Tone::Main,
    );
    let top = (rx + neck * random.within(0.2, 0.8), -ry * 0.5 - neck);
    garment.strap(
        Path::open(&[(rx * 0.7, -ry * 0.3), top]),
        head * random.within(0.7, 1.2),
        Tone::Main,
    );
    garment.area(Path::ellipse((0.0, 0.0), rx, ry), Tone::Main);
    let long = random.within(1.0, 1.7);
    garment.area(
        Path::ellipse((top.0 + head * 0.3, top.1), head * long, head * 0.8),
        Tone::Main,
    );
    for side in [-0.6, 0.1] {
        let at = (top.0 + head * side, top.1 - head * 0.5);
        let (thin, tall) = (random.within(0.04, 0.1), random.within(0.08, 0.3));
        let ear = Path::ellipse((at.0, at.1 - tall * 0.6), thin, tall);
        let angle = random.around_zero(40.0);
        garment.area(ear.map(|p| turned(p, at, angle)), Tone::Second);
    }
    garment.dot(
        (top.0 + head * 0.6, top.1 - head * 0.1),
        0.03,
        Tone::Trim,
        Rank::Key,
    );
    garment
}

/// A bird that swims or stands.
fn duck(random: &mut Random) -> Garment {
    let (rx, head) = (random.within(0.35, 0.5), random.within(0.12, 0.2));
    let at = (rx * 0.9, -random.within(0.3, 0.5));
    let mut garment = Garment::default();
    if random.chance(0.5) {
        for x in [-0.08, 0.12] {
            garment.strap(
                Path::open(&[(x, 0.2), (x, 0.55), (x + 0.12, 0.55)]),
                0.04,
                Tone::Trim,
            );
        }
    }
    garment.area(
        Path::polygon(&[
            (at.0 + head * 0.7, at.1 - 0.05),
            (at.0 + head * 0.7 + random.within(0.12, 0.3), at.1 + 0.02),
            (at.0 + head * 0.7, at.1 + 0.08),
        ]),
        Tone::Trim,
    );
    garment.strap(Path::open(&[at, (rx * 0.6, 0.0)]), head * 1.2, Tone::Main);
    garment.area(
        Path::at((-rx - random.within(0.05, 0.25), -0.2))
            .curve((0.0, -0.2), (rx, -0.05))
            .curve((rx * 0.9, 0.3), (0.0, 0.3))
            .curve((-rx * 0.8, 0.3), (-rx - 0.1, -0.2))
            .close(),
        Tone::Main,
    );
    garment.area(circle(at, head), Tone::Main);
    garment.dot(
        (at.0 + head * 0.3, at.1 - head * 0.2),
        0.03,
        Tone::Inside,
        Rank::Key,
    );
    garment.detail(
        Path::ellipse((-0.1, 0.0), rx * 0.5, 0.12),
        Tone::Second,
        Rank::Usual,
    );
    garment
}

fn snake(random: &mut Random) -> Garment {
    let (bends, high) = (random.count(3, 6), random.within(0.12, 0.3));
    let points: Vec<Point> = (0..=bends)
        .map(|i| {
            let side = if i.is_multiple_of(2) { 1.0 } else { -1.0 };
            (i as f32 * 0.3, side * high * random.within(0.6, 1.2))
        })
        .collect();
    let end = points[bends];
    let mut garment = Garment::default();
    garment.strap(
        Path::through(&points),
        random.within(0.06, 0.16),
        Tone::Main,
    );
    garment.area(
        Path::ellipse(end, random.within(0.1, 0.18), 0.1),
        Tone::Main,
    );
    garment.dot((end.0, end.1 - 0.03), 0.03, Tone::Trim, Rank::Key);
    garment
}

fn spider(random: &mut Random) -> Garment {
    let (radius, reach) = (random.within(0.12, 0.3), random.within(0.4, 0.7));
    let mut garment = Garment::default();
    for side in [-1.0, 1.0] {
        for i in 0..random.count(3, 4) {
            let y = -0.45 + 0.3 * i as f32;
            let knee = (side * reach * 0.6, y - 0.15);
            let leg = Path::open(&[(0.0, 0.0), knee, (side * reach, y + 0.1)]);
            garment.strap(leg, random.within(0.03, 0.06), Tone::Main);
        }
    }
    garment.area(Path::ellipse((0.0, 0.05), radius, radius * 1.2), Tone::Main);
    garment.area(circle((0.0, -radius * 1.1), radius * 0.6), Tone::Second);
    garment
}

fn whale(random: &mut Random) -> Garment {
    let high = random.within(0.3, 0.5);
    let mut garment = of([
        (
            Path::at((-0.55, 0.0))
                .curve((-0.5, -high), (-0.1, -high))
                .curve((0.35, -high), (0.6, -0.15))
                .curve((0.4, high * 0.8), (-0.1, high * 0.7))
                .curve((-0.55, high * 0.7), (-0.55, 0.0))
                .close(),
            Tone::Main,
        ),
        (
            Path::polygon(&[(0.55, -0.1), (0.8, -0.4), (0.68, -0.12), (0.9, 0.0)]),
            Tone::Main,
        ),
    ]);
    garment.dot((-0.35, -0.05), 0.04, Tone::Inside, Rank::Key);
    garment.line(
        Path::at((-0.54, 0.08)).curve((-0.3, 0.2), (-0.1, 0.1)),
        Rank::Usual,
    );
    garment
}

fn eye(random: &mut Random) -> Garment {
    let (high, iris) = (random.within(0.2, 0.4), random.within(0.14, 0.24));
    let mut garment = of([
        (
            Path::at((-0.6, 0.0))
                .curve((0.0, -2.0 * high), (0.6, 0.0))
                .curve((0.0, 2.0 * high), (-0.6, 0.0)),
            Tone::Main,
        ),
        (circle((0.0, 0.0), iris), Tone::Second),
        (circle((0.0, 0.0), iris * 0.45), Tone::Inside),
    ]);
    for i in 0..random.count(0, 5) {
        let x = -0.4 + 0.2 * i as f32;
        let root = (x, -high * 0.95 + x.abs() * 0.3);
        garment.line(Path::open(&[root, (x * 1.3, root.1 - 0.15)]), Rank::Usual);
    }
    garment
}

fn bone(random: &mut Random) -> Garment {
    let (radius, wide) = (random.within(0.1, 0.18), random.within(0.1, 0.2));
    let mut garment = Garment::default();
    garment.strap(Path::open(&[(-0.5, 0.0), (0.5, 0.0)]), wide, Tone::Main);
    for (x, y) in [(-0.52, -1.0), (-0.52, 1.0), (0.52, -1.0), (0.52, 1.0)] {
        garment.area(circle((x, y * radius * 0.8), radius), Tone::Main);
    }
    garment
}

/// A dome with a wavy hem and eyes.
fn ghost(random: &mut Random) -> Garment {
    let (half, long) = (random.within(0.3, 0.45), random.within(0.4, 0.8));
    let waves = random.count(2, 5);
    let step = 2.0 * half / waves as f32;
    let dome = Path::at((-half, long)).cubic((-half, -0.9), (half, -0.9), (half, long));
    let outline = (0..waves).fold(dome, |path, i| {
        let x = half - step * i as f32;
        path.curve(
            (x - step / 2.0, long - random.within(0.1, 0.3)),
            (x - step, long),
        )
    });
    let mut garment = of([(outline, Tone::Main)]);
    for x in [-0.13, 0.13] {
        let eye = Path::ellipse((x, -0.05), 0.06, random.within(0.06, 0.1));
        garment.detail(eye, Tone::Inside, Rank::Key);
    }
    garment
}

fn butterfly(random: &mut Random) -> Garment {
    let (upper, lower) = (random.within(0.3, 0.5), random.within(0.2, 0.4));
    let mut garment = Garment::default();
    for side in [-1.0, 1.0] {
        for (angle, long) in [(-40.0, upper), (40.0, lower)] {
            let wing = Path::ellipse((long, 0.0), long, long * 0.55);
            let wing = wing.map(|p| turned(p, (0.0, 0.0), angle));
            garment.area(wing.map(|(x, y)| (side * x, y)), Tone::Main);
        }
        garment.line(
            Path::at((0.0, -0.25)).curve((side * 0.1, -0.5), (side * 0.2, -0.55)),
            Rank::Usual,
        );
    }
    garment.area(Path::ellipse((0.0, 0.0), 0.05, 0.32), Tone::Second);
    garment
}
