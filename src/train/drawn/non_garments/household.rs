//! Food, tools, furniture and devices.

use super::figure::{circle, of};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point};
use crate::train::drawn::random::Random;

/// The families.
pub const FAMILIES: [Family; 14] = [
    training("pear", pear),
    training("cherries", cherries),
    training("carrot", carrot),
    training("ice cream", ice_cream),
    training("slice", slice),
    training("fork", fork),
    training("pencil", pencil),
    training("saw", saw),
    training("magnifier", magnifier),
    training("bell", bell),
    training("table", table),
    training("television", television),
    held_out("burger", burger),
    held_out("hourglass", hourglass),
];

fn pear(random: &mut Random) -> Garment {
    let (top, wide) = (random.within(0.1, 0.2), random.within(0.3, 0.45));
    let mut garment = Garment::default();
    garment.strap(
        Path::at((0.0, -0.5)).curve((0.02, -0.65), (0.1, -0.72)),
        0.05,
        Tone::Second,
    );
    let half = Path::at((0.0, -0.55))
        .cubic((top * 1.4, -0.55), (top, -0.2), (wide * 0.8, 0.0))
        .cubic((wide * 1.4, 0.35), (wide * 0.6, 0.55), (0.0, 0.52));
    garment.area(half.with_mirror(), Tone::Main);
    garment
}

fn cherries(random: &mut Random) -> Garment {
    let top = (random.around_zero(0.15), -0.7);
    let radius = random.within(0.15, 0.25);
    let mut garment = Garment::default();
    for x in [-0.28, 0.28] {
        let at = (x + random.around_zero(0.05), random.within(0.1, 0.35));
        garment.strap(Path::at(top).curve((x * 0.4, -0.2), at), 0.04, Tone::Second);
        garment.area(circle(at, radius), Tone::Main);
    }
    garment
}

fn carrot(random: &mut Random) -> Garment {
    let half = random.within(0.12, 0.25);
    let mut garment = Garment::default();
    for _ in 0..random.count(2, 5) {
        let tip = (random.around_zero(0.25), -random.within(0.2, 0.45));
        garment.strap(
            Path::at((0.0, 0.0)).curve((tip.0 * 0.3, -0.2), tip),
            0.06,
            Tone::Second,
        );
    }
    garment.area(
        Path::at((-half, 0.0))
            .curve((0.0, -0.1), (half, 0.0))
            .curve((half * 0.6, 0.6), (0.0, 0.95)),
        Tone::Main,
    );
    for i in 1..random.count(1, 5) {
        let y = 0.15 * i as f32;
        garment.line(
            Path::open(&[(-half * 0.5, y), (half * 0.1, y + 0.02)]),
            Rank::Fine,
        );
    }
    garment
}

fn ice_cream(random: &mut Random) -> Garment {
    let half = random.within(0.2, 0.32);
    let mut garment = of([(
        Path::polygon(&[(-half, 0.0), (half, 0.0), (0.0, random.within(0.5, 0.9))]),
        Tone::Second,
    )]);
    for i in 0..random.count(1, 3) {
        let y = -half * (0.4 + 0.9 * i as f32);
        garment.area(
            circle(
                (random.around_zero(0.04), y),
                half * random.within(0.9, 1.1),
            ),
            Tone::Main,
        );
    }
    garment
}

/// Of pizza, cake or melon.
fn slice(random: &mut Random) -> Garment {
    let half = random.within(0.25, 0.5);
    let mut garment = of([
        (
            Path::at((-half, 0.0))
                .curve((0.0, -0.25), (half, 0.0))
                .line((0.0, random.within(0.6, 1.0))),
            Tone::Main,
        ),
        (
            Path::at((-half, 0.0))
                .curve((0.0, -0.25), (half, 0.0))
                .line((half, 0.1))
                .curve((0.0, -0.13), (-half, 0.1)),
            Tone::Trim,
        ),
    ]);
    for _ in 0..random.count(0, 5) {
        let at = (random.around_zero(half * 0.4), random.within(0.08, 0.4));
        garment.dot(at, random.within(0.03, 0.08), Tone::Second, Rank::Usual);
    }
    garment
}

/// A fork, or a spoon with no prongs.
fn fork(random: &mut Random) -> Garment {
    let wide = random.within(0.05, 0.1);
    let mut garment = Garment::default();
    garment.strap(
        Path::open(&[(0.0, 0.0), (0.0, random.within(0.6, 1.0))]),
        wide,
        Tone::Main,
    );
    let prongs = random.pick(&[0, 3, 4]);
    if prongs == 0 {
        let bowl = Path::ellipse((0.0, -0.15), random.within(0.14, 0.22), 0.26);
        garment.area(bowl, Tone::Main);
        return garment;
    }
    let half = random.within(0.14, 0.22);
    garment.area(
        Path::at((-half, -0.2))
            .line((half, -0.2))
            .curve((half, 0.1), (0.0, 0.12))
            .curve((-half, 0.1), (-half, -0.2)),
        Tone::Main,
    );
    for i in 0..prongs {
        let x = -half + 2.0 * half * i as f32 / (prongs - 1) as f32;
        garment.strap(Path::open(&[(x, -0.15), (x, -0.55)]), 0.05, Tone::Main);
    }
    garment
}

fn pencil(random: &mut Random) -> Garment {
    let (half, long) = (random.within(0.06, 0.14), random.within(0.7, 1.2));
    of([
        (Path::rectangle((-half, -0.1), (half, 0.0)), Tone::Trim),
        (Path::rectangle((-half, 0.0), (half, long)), Tone::Main),
        (
            Path::polygon(&[(-half, long), (half, long), (0.0, long + 2.5 * half)]),
            Tone::Second,
        ),
    ])
}

fn saw(random: &mut Random) -> Garment {
    let (teeth, high) = (random.count(6, 12), random.within(0.15, 0.3));
    let mut points: Vec<Point> = vec![(-0.6, -high), (0.6, -high * 0.3), (0.6, 0.0)];
    for i in 0..teeth {
        let x = 0.6 - 1.2 * i as f32 / teeth as f32;
        points.push((x, 0.0));
        points.push((x - 0.6 / teeth as f32, 0.07));
    }
    points.push((-0.6, 0.0));
    let mut garment = of([(Path::polygon(&points), Tone::Main)]);
    let grip = Path::ellipse((-0.72, -high * 0.4), 0.16, random.within(0.18, 0.26));
    garment.strap(grip, random.within(0.07, 0.11), Tone::Second);
    garment
}

fn magnifier(random: &mut Random) -> Garment {
    let radius = random.within(0.3, 0.42);
    let mut garment = Garment::default();
    garment.strap(
        Path::open(&[(radius * 0.7, radius * 0.7), (0.75, 0.75)]),
        random.within(0.08, 0.16),
        Tone::Second,
    );
    if random.chance(0.6) {
        garment.area(circle((0.0, 0.0), radius), Tone::Trim);
    }
    garment.strap(
        circle((0.0, 0.0), radius),
        random.within(0.05, 0.1),
        Tone::Main,
    );
    garment
}

fn bell(random: &mut Random) -> Garment {
    let (top, wide) = (random.within(0.12, 0.22), random.within(0.35, 0.5));
    let mut garment = Garment::default();
    garment.area(circle((0.0, 0.55), random.within(0.07, 0.12)), Tone::Second);
    garment.area(circle((0.0, -0.42), random.within(0.05, 0.09)), Tone::Main);
    let half = Path::at((0.0, -0.42))
        .cubic((top * 2.0, -0.42), (top, 0.25), (wide, 0.45))
        .line((0.0, 0.45));
    garment.area(half.with_mirror(), Tone::Main);
    if random.chance(0.6) {
        garment.line(
            Path::open(&[(-wide * 0.8, 0.32), (wide * 0.8, 0.32)]),
            Rank::Usual,
        );
    }
    garment
}

fn table(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.45, 0.7), random.within(0.3, 0.6));
    let thick = random.within(0.04, 0.12);
    let mut garment = Garment::default();
    for side in [-1.0, 1.0] {
        let (top, foot) = (side * half * 0.85, side * half * random.within(0.75, 1.0));
        garment.strap(
            Path::open(&[(top, 0.0), (foot, high)]),
            random.within(0.05, 0.1),
            Tone::Second,
        );
    }
    garment.area(Path::rectangle((-half, -thick), (half, thick)), Tone::Main);
    garment
}

/// A screen on a foot, with or without aerials.
fn television(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.4, 0.6), random.within(0.28, 0.42));
    let edge = random.within(0.04, 0.1);
    let mut garment = Garment::default();
    if random.chance(0.5) {
        for side in [-1.0, 1.0] {
            garment.strap(
                Path::open(&[(0.0, -high), (side * 0.3, -high - 0.35)]),
                0.04,
                Tone::Trim,
            );
        }
    } else {
        garment.area(
            Path::rectangle((-0.07, high), (0.07, high + 0.15)),
            Tone::Second,
        );
        garment.area(
            Path::rectangle((-0.25, high + 0.12), (0.25, high + 0.2)),
            Tone::Second,
        );
    }
    garment.area(Path::rectangle((-half, -high), (half, high)), Tone::Main);
    let screen = Path::rectangle((-half + edge, -high + edge), (half - edge, high - edge));
    garment.area(screen, Tone::Inside);
    garment
}

fn burger(random: &mut Random) -> Garment {
    let half = random.within(0.4, 0.55);
    let mut garment = of([
        (
            Path::at((-half, 0.0)).cubic((-half, -0.55), (half, -0.55), (half, 0.0)),
            Tone::Main,
        ),
        (
            Path::rectangle((-half * 1.05, 0.0), (half * 1.05, 0.1)),
            Tone::Second,
        ),
        (Path::rectangle((-half, 0.1), (half, 0.2)), Tone::Trim),
        (
            Path::at((-half, 0.2))
                .line((half, 0.2))
                .curve((half, 0.42), (half * 0.6, 0.42))
                .line((-half * 0.6, 0.42))
                .curve((-half, 0.42), (-half, 0.2)),
            Tone::Main,
        ),
    ]);
    for _ in 0..random.count(0, 6) {
        let at = (random.around_zero(half * 0.6), random.within(-0.3, -0.15));
        garment.dot(at, 0.025, Tone::Inside, Rank::Fine);
    }
    garment
}

fn hourglass(random: &mut Random) -> Garment {
    let (half, waist) = (random.within(0.25, 0.4), random.within(0.03, 0.08));
    let glass = Path::at((0.0, -0.6))
        .line((half, -0.6))
        .curve((half, -0.15), (waist, 0.0))
        .curve((half, 0.15), (half, 0.6))
        .line((0.0, 0.6))
        .with_mirror();
    of([
        (glass, Tone::Main),
        (
            Path::rectangle((-half * 1.2, -0.7), (half * 1.2, -0.58)),
            Tone::Second,
        ),
        (
            Path::rectangle((-half * 1.2, 0.58), (half * 1.2, 0.7)),
            Tone::Second,
        ),
    ])
}
