//! Vehicles, buildings and weather.

use super::figure::{circle, of};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, turned};
use crate::train::drawn::random::Random;

/// The families.
pub const FAMILIES: [Family; 12] = [
    training("bus", bus),
    training("train", train),
    training("tractor", tractor),
    training("hot-air balloon", hot_air_balloon),
    training("tower", tower),
    training("castle", castle),
    training("moon", moon),
    training("lightning", lightning),
    training("drop", drop),
    training("snowflake", snowflake),
    held_out("mountain", mountain),
    held_out("windmill", windmill),
];

fn bus(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.5, 0.75), random.within(0.2, 0.35));
    let windows = random.count(2, 5);
    let mut garment = of([(Path::rectangle((-half, -high), (half, high)), Tone::Main)]);
    for i in 0..windows {
        let x = -half + 2.0 * half * (i as f32 + 0.2) / windows as f32;
        let wide = 1.2 * half / windows as f32;
        let pane = Path::rectangle((x, -high * 0.7), (x + wide, -high * 0.05));
        garment.detail(pane, Tone::Inside, Rank::Usual);
    }
    for x in [-half * 0.6, half * 0.6] {
        garment.area(circle((x, high), random.within(0.1, 0.15)), Tone::Trim);
    }
    garment
}

/// An engine with chimney, cabin and wheels.
fn train(random: &mut Random) -> Garment {
    let (wheels, high) = (random.count(2, 4), random.within(0.2, 0.3));
    let mut garment = of([
        (
            Path::rectangle((0.3, -high - 0.25), (0.45, 0.0)),
            Tone::Second,
        ),
        (Path::rectangle((-0.2, -high), (0.6, high)), Tone::Main),
        (
            Path::rectangle((-0.6, -high - 0.3), (-0.15, high)),
            Tone::Second,
        ),
        (
            Path::rectangle((-0.5, -high - 0.18), (-0.25, -high + 0.05)),
            Tone::Inside,
        ),
    ]);
    for i in 0..wheels {
        let x = -0.45 + 0.9 * i as f32 / (wheels - 1) as f32;
        garment.area(circle((x, high), random.within(0.1, 0.14)), Tone::Trim);
    }
    garment
}

fn tractor(random: &mut Random) -> Garment {
    let (large, small) = (random.within(0.24, 0.34), random.within(0.12, 0.18));
    let mut garment = of([
        (Path::rectangle((-0.1, -0.1), (0.55, 0.2)), Tone::Main),
        (Path::rectangle((-0.45, -0.5), (-0.05, 0.2)), Tone::Main),
        (
            Path::rectangle((-0.38, -0.42), (-0.12, -0.12)),
            Tone::Inside,
        ),
    ]);
    for (x, radius) in [(-0.3, large), (0.45, small)] {
        garment.area(circle((x, 0.45 - radius), radius), Tone::Trim);
        garment.dot((x, 0.45 - radius), radius * 0.4, Tone::Metal, Rank::Usual);
    }
    garment
}

fn hot_air_balloon(random: &mut Random) -> Garment {
    let (half, basket) = (random.within(0.35, 0.5), random.within(0.08, 0.14));
    let end = random.within(0.7, 0.9);
    let mut garment = Garment::default();
    for side in [-1.0, 1.0] {
        garment.line(
            Path::open(&[(side * half * 0.5, 0.3), (side * basket, end)]),
            Rank::Key,
        );
    }
    garment.area(
        Path::rectangle((-basket, end), (basket, end + 1.6 * basket)),
        Tone::Second,
    );
    let outline = Path::at((0.0, -0.55))
        .cubic((half * 1.4, -0.55), (half * 1.2, 0.1), (basket, 0.45))
        .line((0.0, 0.45));
    garment.area(outline.with_mirror(), Tone::Main);
    for x in [-0.4, 0.4] {
        garment.line(
            Path::at((0.0, -0.55)).curve((x * half * 3.0, 0.0), (0.0, 0.45)),
            Rank::Usual,
        );
    }
    garment
}

/// A lighthouse, a steeple or a skyscraper.
fn tower(random: &mut Random) -> Garment {
    let (top, bottom) = (random.within(0.1, 0.25), random.within(0.15, 0.3));
    let mut garment = of([
        (
            Path::polygon(&[(-top, -0.5), (top, -0.5), (bottom, 0.6), (-bottom, 0.6)]),
            Tone::Main,
        ),
        (
            Path::polygon(&[
                (-top * 1.3, -0.5),
                (0.0, -random.within(0.55, 0.95)),
                (top * 1.3, -0.5),
            ]),
            Tone::Second,
        ),
    ]);
    for i in 0..random.count(0, 4) {
        let y = -0.35 + 0.22 * i as f32;
        garment.detail(
            Path::rectangle((-0.05, y), (0.05, y + 0.1)),
            Tone::Inside,
            Rank::Usual,
        );
    }
    garment
}

fn castle(random: &mut Random) -> Garment {
    let (half, high) = (random.within(0.4, 0.6), random.within(0.3, 0.5));
    let merlons = random.count(3, 5);
    let step = 2.0 * half / (2 * merlons - 1) as f32;
    let mut outline = Path::at((-half, high));
    for i in 0..2 * merlons - 1 {
        let x = -half + step * i as f32;
        let y = if i.is_multiple_of(2) { -0.2 } else { -0.05 };
        outline = outline.line((x, y)).line((x + step, y));
    }
    let mut garment = of([(outline.line((half, high)), Tone::Main)]);
    garment.area(
        Path::at((-0.1, high))
            .line((-0.1, high - 0.2))
            .curve((0.0, high - 0.35), (0.1, high - 0.2))
            .line((0.1, high)),
        Tone::Inside,
    );
    if random.chance(0.6) {
        garment.strap(Path::open(&[(0.0, -0.2), (0.0, -0.65)]), 0.04, Tone::Trim);
        garment.area(
            Path::polygon(&[(0.0, -0.65), (0.3, -0.55), (0.0, -0.45)]),
            Tone::Second,
        );
    }
    garment
}

fn moon(random: &mut Random) -> Garment {
    let inner = random.within(0.1, 0.7);
    of([(
        Path::at((0.0, -0.5))
            .cubic((-0.66, -0.5), (-0.66, 0.5), (0.0, 0.5))
            .cubic((-0.66 * inner, 0.3), (-0.66 * inner, -0.3), (0.0, -0.5)),
        Tone::Main,
    )])
}

fn lightning(random: &mut Random) -> Garment {
    let (wide, kink) = (random.within(0.15, 0.3), random.within(0.05, 0.2));
    of([(
        Path::polygon(&[
            (0.1, -0.6),
            (-wide, 0.05 + kink * 0.5),
            (-0.02, 0.0),
            (-0.12, 0.6),
            (wide, -0.05 - kink * 0.5),
            (0.03, -0.05),
        ]),
        Tone::Main,
    )])
}

fn drop(random: &mut Random) -> Garment {
    let half = random.within(0.25, 0.42);
    let side = Path::at((0.0, -0.6))
        .cubic((half * 0.3, -0.2), (half, 0.0), (half, 0.25))
        .cubic((half, 0.5), (half * 0.5, 0.6), (0.0, 0.6));
    let mut garment = of([(side.with_mirror(), Tone::Main)]);
    if random.chance(0.4) {
        garment.line(
            Path::at((-half * 0.5, 0.2)).curve((-half * 0.5, 0.42), (-half * 0.1, 0.46)),
            Rank::Usual,
        );
    }
    garment
}

fn snowflake(random: &mut Random) -> Garment {
    let (wide, twigs) = (random.within(0.03, 0.08), random.count(0, 3));
    let mut arm = Garment::default();
    arm.strap(Path::open(&[(0.0, 0.0), (0.0, -0.55)]), wide, Tone::Main);
    for i in 0..twigs {
        let y = -0.2 - 0.13 * i as f32;
        arm.strap(
            Path::open(&[(-0.14, y - 0.12), (0.0, y), (0.14, y - 0.12)]),
            wide,
            Tone::Main,
        );
    }
    let mut garment = Garment::default();
    for i in 0..6 {
        garment.put(arm.map(|p| turned(p, (0.0, 0.0), 60.0 * i as f32)));
    }
    garment
}

fn mountain(random: &mut Random) -> Garment {
    let (left, right) = (random.within(0.3, 0.6), random.within(0.5, 0.9));
    let mut garment = of([
        (
            Path::polygon(&[(-0.75, 0.4), (-0.3, 0.4 - left), (0.2, 0.4)]),
            Tone::Second,
        ),
        (
            Path::polygon(&[(-0.4, 0.4), (0.15, 0.4 - right), (0.75, 0.4)]),
            Tone::Main,
        ),
    ]);
    let top = 0.4 - right;
    garment.detail(
        Path::polygon(&[
            (0.15, top),
            (0.03, top + 0.2),
            (0.13, top + 0.15),
            (0.2, top + 0.22),
            (0.28, top + 0.2),
        ]),
        Tone::Trim,
        Rank::Usual,
    );
    garment
}

fn windmill(random: &mut Random) -> Garment {
    let (top, turn) = (random.within(0.12, 0.2), random.within(0.0, 90.0));
    let mut garment = of([(
        Path::polygon(&[
            (-top, -0.2),
            (top, -0.2),
            (top * 1.7, 0.75),
            (-top * 1.7, 0.75),
        ]),
        Tone::Main,
    )]);
    for i in 0..4 {
        let sail = Path::rectangle((-0.02, -0.3), (0.13, -0.75));
        let angle = turn + 90.0 * i as f32;
        garment.area(
            sail.map(|(x, y)| turned((x, y), (0.0, -0.2), angle)),
            Tone::Second,
        );
    }
    garment.dot((0.0, -0.2), 0.06, Tone::Trim, Rank::Key);
    garment
}
