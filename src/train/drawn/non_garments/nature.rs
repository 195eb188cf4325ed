//! Plants, animals, people and weather, as people draw them.

use super::figure::{circle, of};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point};
use crate::train::drawn::random::Random;

/// The families.
pub const FAMILIES: [Family; 10] = [
    training("tree", tree),
    training("fish", fish),
    training("flower", flower),
    training("sun", sun),
    training("apple", apple),
    training("cat", cat),
    training("face", face),
    training("figure", figure),
    training("cloud", cloud),
    held_out("mushroom", mushroom),
];

fn tree(random: &mut Random) -> Garment {
    let wide = random.within(0.05, 0.12);
    let trunk = Path::rectangle((-wide, 0.0), (wide, random.within(0.3, 0.6)));
    let mut garment = of([(trunk, Tone::Second)]);
    if random.chance(0.5) {
        garment.area(circle((0.0, -0.25), random.within(0.3, 0.45)), Tone::Main);
    } else {
        for i in 0..random.count(1, 3) {
            let (y, half) = (-0.3 * i as f32, 0.45 - 0.09 * i as f32);
            garment.area(
                Path::polygon(&[(-half, y), (0.0, y - 0.5), (half, y)]),
                Tone::Main,
            );
        }
    }
    garment
}

fn fish(random: &mut Random) -> Garment {
    let (long, high) = (random.within(0.4, 0.55), random.within(0.18, 0.3));
    let mut garment = of([
        (
            Path::polygon(&[
                (long * 0.8, 0.0),
                (long + 0.28, -0.22),
                (long + 0.2, 0.0),
                (long + 0.28, 0.22),
            ]),
            Tone::Second,
        ),
        (
            Path::at((-long, 0.0))
                .curve((0.0, -2.0 * high), (long, 0.0))
                .curve((0.0, 2.0 * high), (-long, 0.0))
                .close(),
            Tone::Main,
        ),
    ]);
    garment.dot((-long * 0.6, -0.04), 0.04, Tone::Trim, Rank::Key);
    garment
}

fn flower(random: &mut Random) -> Garment {
    let count = random.count(5, 8);
    let mut garment = Garment::default();
    garment.strap(
        Path::at((0.0, 0.0)).curve((0.06, 0.4), (0.0, 0.9)),
        0.05,
        Tone::Second,
    );
    for i in 0..count {
        let angle = i as f32 * 360.0 / count as f32;
        let petal = Path::ellipse((0.0, -0.26), 0.12, 0.2);
        garment.area(
            petal.map(|p| crate::train::drawn::path::turned(p, (0.0, 0.0), angle)),
            Tone::Main,
        );
    }
    garment.area(circle((0.0, 0.0), random.within(0.1, 0.16)), Tone::Trim);
    garment
}

fn sun(random: &mut Random) -> Garment {
    let (radius, rays) = (random.within(0.22, 0.35), random.count(7, 14));
    let mut garment = of([(circle((0.0, 0.0), radius), Tone::Main)]);
    for i in 0..rays {
        let (sin, cos) = (i as f32 * std::f32::consts::TAU / rays as f32).sin_cos();
        let ray = [radius + 0.08, radius + 0.25].map(|r| (r * cos, r * sin));
        garment.strap(Path::open(&ray), 0.05, Tone::Main);
    }
    garment
}

fn apple(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    garment.strap(
        Path::at((0.0, -0.3)).curve((0.02, -0.45), (0.1, -0.52)),
        0.05,
        Tone::Second,
    );
    if random.chance(0.6) {
        garment.area(
            Path::at((0.05, -0.4))
                .curve((0.2, -0.62), (0.38, -0.5))
                .curve((0.25, -0.32), (0.05, -0.4)),
            Tone::Trim,
        );
    }
    let half = Path::at((0.0, -0.28))
        .cubic((0.15, -0.42), (0.5, -0.4), (0.48, 0.0))
        .cubic((0.46, 0.35), (0.2, 0.55), (0.0, random.within(0.4, 0.48)));
    garment.area(half.with_mirror(), Tone::Main);
    garment
}

fn cat(random: &mut Random) -> Garment {
    let ear = random.within(0.3, 0.42);
    let mut garment = Garment::default();
    for sign in [-1.0, 1.0] {
        garment.area(
            Path::polygon(&[
                (sign * 0.4, 0.0),
                (sign * 0.36, -ear - 0.15),
                (sign * 0.08, -0.3),
            ]),
            Tone::Main,
        );
    }
    garment.area(Path::ellipse((0.0, 0.0), 0.44, 0.38), Tone::Main);
    for sign in [-1.0, 1.0] {
        garment.dot((sign * 0.16, -0.06), 0.05, Tone::Trim, Rank::Key);
        for y in [0.08, 0.14] {
            garment.line(
                Path::open(&[(sign * 0.14, y), (sign * 0.5, y + 0.02)]),
                Rank::Usual,
            );
        }
    }
    garment.detail(
        Path::polygon(&[(-0.05, 0.06), (0.05, 0.06), (0.0, 0.12)]),
        Tone::Metal,
        Rank::Key,
    );
    garment
}

fn face(random: &mut Random) -> Garment {
    let mut garment = of([(
        Path::ellipse((0.0, 0.0), 0.5, random.within(0.45, 0.6)),
        Tone::Main,
    )]);
    for sign in [-1.0, 1.0] {
        garment.dot(
            (sign * 0.18, -0.12),
            random.within(0.04, 0.08),
            Tone::Inside,
            Rank::Key,
        );
    }
    let smile = random.within(-0.2, 0.3);
    garment.line(
        Path::at((-0.24, 0.2)).curve((0.0, 0.2 + smile), (0.24, 0.2)),
        Rank::Key,
    );
    garment
}

fn figure(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let width = random.within(0.03, 0.1);
    let arms = random.within(-0.25, 0.25);
    let lines: [&[Point]; 3] = [
        &[(0.0, 0.0), (0.0, 0.6)],
        &[(-0.35, 0.2 + arms), (0.0, 0.15), (0.35, 0.2 - arms)],
        &[(-0.25, 1.1), (0.0, 0.6), (0.25, 1.1)],
    ];
    for line in lines {
        garment.strap(Path::open(line), width, Tone::Main);
    }
    garment.area(circle((0.0, -0.18), random.within(0.14, 0.22)), Tone::Main);
    garment
}

fn cloud(random: &mut Random) -> Garment {
    let count = random.count(6, 9);
    let bumps = (0..count).map(|i| {
        let (sin, cos) = (i as f32 * std::f32::consts::TAU / count as f32).sin_cos();
        let out = random.within(0.9, 1.15);
        (0.6 * out * cos, 0.32 * out * sin)
    });
    let corners: Vec<Point> = bumps.collect();
    let path = (0..count).fold(Path::at(corners[0]), |path, i| {
        let (a, b) = (corners[i], corners[(i + 1) % count]);
        let middle = (f32::midpoint(a.0, b.0) * 1.5, f32::midpoint(a.1, b.1) * 1.6);
        path.curve(middle, b)
    });
    of([(path.close(), Tone::Main)])
}

fn mushroom(random: &mut Random) -> Garment {
    let stem = random.within(0.12, 0.2);
    let mut garment = of([
        (
            Path::at((-stem, 0.0))
                .line((stem, 0.0))
                .curve((stem * 0.8, 0.3), (stem * 1.2, 0.55))
                .line((-stem * 1.2, 0.55))
                .curve((-stem * 0.8, 0.3), (-stem, 0.0))
                .close(),
            Tone::Trim,
        ),
        (
            Path::at((-0.5, 0.03))
                .cubic((-0.5, -0.62), (0.5, -0.62), (0.5, 0.03))
                .close(),
            Tone::Main,
        ),
    ]);
    for (x, y) in [(-0.2, -0.15), (0.1, -0.3), (0.25, -0.1)] {
        garment.dot((x, y), random.within(0.05, 0.09), Tone::Second, Rank::Usual);
    }
    garment
}
