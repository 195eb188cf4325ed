//! Simple things made by people: what is drawn when no clothing is.

use super::figure::{circle, of};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The families.
pub const FAMILIES: [Family; 14] = [
    training("house", house),
    training("car", car),
    training("cup", cup),
    training("key", key),
    training("umbrella", umbrella),
    training("boat", boat),
    training("book", book),
    training("lamp", lamp),
    training("bottle", bottle),
    training("guitar", guitar),
    training("glasses", glasses),
    held_out("rocket", rocket),
    held_out("clock", clock),
    held_out("chair", chair),
];

fn house(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.35, 0.55), random.within(0.4, 0.8));
    let (eaves, roof) = (random.within(0.0, 0.12), random.within(0.25, 0.5));
    let door = random.within(0.07, 0.12);
    of([
        (Path::rectangle((-half, 0.0), (half, high)), Tone::Main),
        (
            Path::polygon(&[(-half - eaves, 0.0), (0.0, -roof), (half + eaves, 0.0)]),
            Tone::Second,
        ),
        (
            Path::rectangle((-door, high * 0.45), (door, high)),
            Tone::Inside,
        ),
        (
            Path::rectangle((half * 0.4, high * 0.2), (half * 0.8, high * 0.5)),
            Tone::Trim,
        ),
    ])
}

fn car(random: &mut Random) -> Garment {
    let (roof, high) = (random.within(0.2, 0.35), random.within(0.2, 0.3));
    let wheel = random.within(0.1, 0.16);
    of([
        (
            Path::at((-0.65, high))
                .line((-0.65, 0.05))
                .curve((-0.6, 0.0), (-0.4, 0.0))
                .curve((-0.25, -roof), (-0.15, -roof))
                .line((0.15, -roof))
                .curve((0.25, -roof), (0.4, 0.0))
                .curve((0.68, 0.0), (0.68, high))
                .close(),
            Tone::Main,
        ),
        (
            Path::polygon(&[
                (-0.28, 0.0),
                (-0.15, -roof * 0.8),
                (0.14, -roof * 0.8),
                (0.28, 0.0),
            ]),
            Tone::Inside,
        ),
        (circle((-0.36, high), wheel), Tone::Trim),
        (circle((0.36, high), wheel), Tone::Trim),
    ])
}

fn cup(random: &mut Random) -> Garment {
    let (top, bottom) = (random.within(0.3, 0.42), random.within(0.2, 0.4));
    let high = random.within(0.45, 0.8);
    let mut garment = Garment::default();
    let handle = Path::at((top * 0.9, high * 0.2)).cubic(
        (top + 0.32, high * 0.1),
        (top + 0.3, high * 0.75),
        (bottom * 0.95, high * 0.75),
    );
    garment.strap(handle, random.within(0.05, 0.09), Tone::Main);
    garment.area(
        Path::at((-top, 0.0))
            .line((top, 0.0))
            .line((bottom, high * 0.9))
            .curve((bottom * 0.9, high), (0.0, high))
            .curve((-bottom * 0.9, high), (-bottom, high * 0.9))
            .close(),
        Tone::Main,
    );
    for i in 0..random.count(0, 3) {
        let x = -0.15 + 0.15 * i as f32;
        garment.line(
            Path::at((x, -0.06)).cubic((x + 0.08, -0.15), (x - 0.08, -0.22), (x, -0.32)),
            Rank::Usual,
        );
    }
    garment
}

fn key(random: &mut Random) -> Garment {
    let radius = random.within(0.18, 0.26);
    let mut garment = Garment::default();
    garment.strap(
        circle((0.0, 0.0), radius),
        random.within(0.07, 0.1),
        Tone::Main,
    );
    garment.strap(Path::open(&[(radius, 0.0), (1.0, 0.0)]), 0.08, Tone::Main);
    for i in 0..random.count(1, 3) {
        let x = 0.95 - 0.14 * i as f32;
        garment.strap(
            Path::open(&[(x, 0.0), (x, random.within(0.12, 0.2))]),
            0.07,
            Tone::Main,
        );
    }
    garment
}

fn umbrella(random: &mut Random) -> Garment {
    let half = random.within(0.5, 0.65);
    let mut garment = Garment::default();
    let stick = Path::at((0.0, 0.0))
        .line((0.0, 0.6))
        .cubic((0.0, 0.8), (0.2, 0.8), (0.2, 0.62));
    garment.strap(stick, 0.06, Tone::Second);
    let scallops = (0..3).fold(Path::at((half, 0.0)), |path, i| {
        let x = half - 2.0 * half * i as f32 / 3.0;
        path.curve((x - half / 3.0, -0.14), (x - 2.0 * half / 3.0, 0.0))
    });
    let canopy = scallops
        .cubic((-half, -0.75), (half, -0.75), (half, 0.0))
        .close();
    garment.area(canopy, Tone::Main);
    garment
}

fn boat(random: &mut Random) -> Garment {
    let sail = random.within(0.6, 0.9);
    let mut garment = Garment::default();
    garment.strap(
        Path::open(&[(0.0, 0.0), (0.0, -sail - 0.1)]),
        0.04,
        Tone::Trim,
    );
    garment.area(
        Path::polygon(&[
            (0.06, -0.06),
            (0.06, -sail),
            (random.within(0.35, 0.5), -0.06),
        ]),
        Tone::Second,
    );
    garment.area(
        Path::at((-0.6, 0.0))
            .line((0.6, 0.0))
            .curve((0.5, 0.25), (0.35, 0.25))
            .line((-0.35, 0.25))
            .curve((-0.5, 0.25), (-0.6, 0.0))
            .close(),
        Tone::Main,
    );
    garment
}

fn book(random: &mut Random) -> Garment {
    let (half, high, dip) = (
        random.within(0.5, 0.65),
        random.within(0.5, 0.8),
        random.within(0.04, 0.14),
    );
    let page = |sign: f32| {
        Path::at((0.0, dip))
            .curve((sign * half * 0.5, -dip), (sign * half, 0.0))
            .line((sign * half, high))
            .curve((sign * half * 0.5, high - dip), (0.0, high + dip))
            .close()
    };
    let mut garment = of([(page(-1.0), Tone::Main), (page(1.0), Tone::Main)]);
    for i in 1..random.count(1, 4) {
        let y = high * i as f32 / 5.0 + 0.08;
        garment.line(Path::open(&[(half * 0.2, y), (half * 0.8, y)]), Rank::Fine);
    }
    garment
}

fn lamp(random: &mut Random) -> Garment {
    let top = random.within(0.12, 0.25);
    let mut garment = Garment::default();
    garment.strap(
        Path::open(&[(0.0, 0.0), (0.0, 0.6)]),
        random.within(0.04, 0.08),
        Tone::Second,
    );
    garment.area(Path::ellipse((0.0, 0.62), 0.26, 0.07), Tone::Second);
    garment.area(
        Path::polygon(&[(-top, -0.45), (top, -0.45), (0.42, 0.02), (-0.42, 0.02)]),
        Tone::Main,
    );
    garment
}

fn bottle(random: &mut Random) -> Garment {
    let (half, neck) = (random.within(0.16, 0.26), random.within(0.06, 0.1));
    let mut garment = of([
        (
            Path::at((0.0, 0.0))
                .line((neck, 0.0))
                .line((neck, 0.3))
                .curve((half, 0.38), (half, 0.6))
                .line((half, 1.2))
                .line((0.0, 1.2))
                .with_mirror(),
            Tone::Main,
        ),
        (
            Path::rectangle((-neck * 1.2, -0.08), (neck * 1.2, 0.04)),
            Tone::Trim,
        ),
    ]);
    garment.detail(
        Path::rectangle((-half, 0.7), (half, 1.0)),
        Tone::Second,
        Rank::Usual,
    );
    garment
}

fn guitar(random: &mut Random) -> Garment {
    let neck = random.within(0.05, 0.08);
    of([
        (Path::rectangle((-neck, -1.0), (neck, 0.0)), Tone::Second),
        (
            Path::rectangle((-neck * 1.6, -1.15), (neck * 1.6, -0.95)),
            Tone::Trim,
        ),
        (
            Path::ring(&[
                (0.0, -0.1),
                (0.26, 0.02),
                (0.2, 0.25),
                (0.36, 0.5),
                (0.0, 0.78),
                (-0.36, 0.5),
                (-0.2, 0.25),
                (-0.26, 0.02),
            ]),
            Tone::Main,
        ),
        (circle((0.0, 0.3), 0.1), Tone::Inside),
    ])
}

fn glasses(random: &mut Random) -> Garment {
    let (rx, ry) = (random.within(0.22, 0.28), random.within(0.15, 0.25));
    let width = random.within(0.03, 0.07);
    let mut garment = Garment::default();
    for sign in [-1.0, 1.0] {
        garment.strap(Path::ellipse((sign * 0.34, 0.0), rx, ry), width, Tone::Main);
        garment.strap(
            Path::open(&[(sign * (0.34 + rx), -0.04), (sign * 0.8, -0.12)]),
            width,
            Tone::Main,
        );
    }
    garment.strap(
        Path::at((rx - 0.34, -0.02)).curve((0.0, -0.1), (0.34 - rx, -0.02)),
        width,
        Tone::Main,
    );
    garment
}

fn rocket(random: &mut Random) -> Garment {
    let half = random.within(0.18, 0.28);
    let mut garment = Garment::default();
    for sign in [-1.0, 1.0] {
        garment.area(
            Path::polygon(&[
                (sign * half * 0.9, 0.5),
                (sign * (half + 0.25), 0.9),
                (sign * half * 0.8, 0.8),
            ]),
            Tone::Second,
        );
    }
    garment.area(
        Path::polygon(&[(-0.1, 0.8), (0.1, 0.8), (0.0, 1.15)]),
        Tone::Trim,
    );
    garment.area(
        Path::at((0.0, -0.4))
            .curve((half, -0.1), (half, 0.3))
            .line((half * 0.8, 0.82))
            .line((0.0, 0.82))
            .with_mirror(),
        Tone::Main,
    );
    garment.area(circle((0.0, 0.15), half * 0.5), Tone::Inside);
    garment
}

fn clock(random: &mut Random) -> Garment {
    let mut garment = of([(circle((0.0, 0.0), 0.5), Tone::Main)]);
    for length in [0.25, 0.38] {
        let (sin, cos) = random.within(0.0, std::f32::consts::TAU).sin_cos();
        garment.line(
            Path::open(&[(0.0, 0.0), (length * cos, length * sin)]),
            Rank::Key,
        );
    }
    for i in 0..12 {
        let (sin, cos) = (i as f32 * std::f32::consts::TAU / 12.0).sin_cos();
        garment.line(
            Path::open(&[0.42, 0.47].map(|r| (r * cos, r * sin))),
            Rank::Usual,
        );
    }
    garment
}

fn chair(random: &mut Random) -> Garment {
    let width = random.within(0.05, 0.1);
    let (seat, back) = (random.within(0.4, 0.55), random.within(0.5, 0.8));
    let mut garment = Garment::default();
    for line in [
        [(0.0, -back), (0.0, 0.5)],
        [(seat, 0.0), (seat, 0.5)],
        [(0.0, 0.0), (seat, 0.0)],
    ] {
        garment.strap(Path::open(&line), width, Tone::Main);
    }
    garment
}
