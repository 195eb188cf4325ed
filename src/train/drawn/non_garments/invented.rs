//! Things that nobody has seen: shapes put together at random, so that other things are not a short list.

use super::figure::circle;
use crate::train::drawn::family::{Family, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point, turned};
use crate::train::drawn::random::Random;

/// The families.
pub const FAMILIES: [Family; 4] = [
    training("invented thing", thing).weighing(8.0),
    training("invented stack", stack).weighing(4.0),
    training("invented wheel", wheel).weighing(2.0),
    training("invented branch", branch).weighing(3.0),
];

const TONES: [Tone; 4] = [Tone::Main, Tone::Second, Tone::Trim, Tone::Inside];

/// A closed shape of about the given half width and half height, around the origin.
fn solid((rx, ry): Point, random: &mut Random) -> Path {
    match random.count(0, 5) {
        0 => Path::ellipse((0.0, 0.0), rx, ry),
        1 => Path::rectangle((-rx, -ry), (rx, ry)),
        2 => {
            let top = random.within(0.1, 1.2);
            Path::polygon(&[(-rx * top, -ry), (rx * top, -ry), (rx, ry), (-rx, ry)])
        }
        3 => {
            let lean = random.around_zero(0.6);
            Path::polygon(&[(rx * lean, -ry), (rx, ry), (-rx, ry)])
        }
        4 => {
            let sides = random.count(5, 9);
            let corner = |i: usize| {
                let (sin, cos) = (i as f32 * std::f32::consts::TAU / sides as f32).sin_cos();
                (rx * cos, ry * sin)
            };
            Path::polygon(&(0..sides).map(corner).collect::<Vec<_>>())
        }
        _ => {
            let count = random.count(5, 9);
            let mut knob = |i: usize| {
                let (sin, cos) = (i as f32 * std::f32::consts::TAU / count as f32).sin_cos();
                let out = random.within(0.6, 1.25);
                (rx * out * cos, ry * out * sin)
            };
            let knobs: Vec<Point> = (0..count).map(&mut knob).collect();
            Path::ring(&knobs)
        }
    }
}

fn placed(path: &Path, angle: f32, by: Point) -> Path {
    path.map(|p| {
        let (x, y) = turned(p, (0.0, 0.0), angle);
        (x + by.0, y + by.1)
    })
}

/// A limb: a strap or a long shape from `at` in a direction in degrees; behind or before what is there.
fn limb(garment: &mut Garment, at: Point, angle: f32, random: &mut Random) {
    let (long, wide) = (random.within(0.15, 0.7), random.within(0.03, 0.16));
    let tone = random.pick(&TONES);
    let bend = random.around_zero(0.35);
    let to = |x: f32, y: f32| {
        let (x, y) = turned((x, y), (0.0, 0.0), angle);
        (x + at.0, y + at.1)
    };
    let path = Path::at(at).curve(to(long * 0.5, bend), to(long, bend * 0.5));
    if random.chance(0.7) {
        garment.strap(path, wide, tone);
    } else {
        let shape = solid((long * 0.5, wide), random);
        let center = to(long * 0.5, 0.0);
        garment.area(placed(&shape, angle, center), tone);
    }
    if random.chance(0.4) {
        let (rx, ry) = (random.within(0.05, 0.18), random.within(0.05, 0.18));
        let shape = solid((rx, ry), random);
        garment.area(
            placed(&shape, angle, to(long, bend * 0.5)),
            random.pick(&TONES),
        );
    }
}

/// Small shapes and lines on a body.
fn decorate(garment: &mut Garment, (rx, ry): Point, random: &mut Random) {
    for _ in 0..random.count(0, 5) {
        let at = (random.around_zero(rx * 0.7), random.around_zero(ry * 0.7));
        match random.count(0, 2) {
            0 => {
                let radius = random.within(0.02, 0.1);
                let rank = random.pick(&[Rank::Key, Rank::Usual]);
                garment.dot(at, radius, random.pick(&TONES), rank);
            }
            1 => {
                let to = (random.around_zero(rx), random.around_zero(ry));
                garment.line(Path::at(at).curve((at.0, to.1), to), Rank::Usual);
            }
            _ => {
                let shape = solid(
                    (rx * random.within(0.1, 0.5), ry * random.within(0.1, 0.5)),
                    random,
                );
                let tone = random.pick(&[Tone::Second, Tone::Trim, Tone::Inside, Tone::Metal]);
                garment.detail(placed(&shape, 0.0, at), tone, Rank::Usual);
            }
        }
    }
}

/// A body with limbs to all sides, more often than not the same on the left as on the right.
fn thing(random: &mut Random) -> Garment {
    let (rx, ry) = (random.within(0.15, 0.6), random.within(0.15, 0.6));
    let is_mirrored = random.chance(0.6);
    let mut limbs = Garment::default();
    for _ in 0..random.count(1, 4) {
        let angle = random.within(0.0, 360.0);
        let (sin, cos) = angle.to_radians().sin_cos();
        let out = random.within(0.5, 1.0);
        let at = (rx * out * cos, ry * out * sin);
        let mut one = Garment::default();
        limb(&mut one, at, angle + random.around_zero(40.0), random);
        if is_mirrored {
            limbs.put(one.map(|(x, y)| (-x, y)));
        }
        limbs.put(one);
    }
    let mut body = Garment::default();
    body.area(solid((rx, ry), random), Tone::Main);
    decorate(&mut body, (rx, ry), random);
    let (mut behind, before) = if random.chance(0.7) {
        (limbs, body)
    } else {
        (body, limbs)
    };
    behind.put(before);
    behind
}

/// Shapes on top of each other, about one axis.
fn stack(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let mut y = 0.0;
    let is_even = random.chance(0.7);
    for _ in 0..random.count(2, 5) {
        let (rx, ry) = (random.log_within(0.05, 0.6), random.log_within(0.05, 0.4));
        y += ry * random.within(0.6, 1.0);
        let x = if is_even {
            0.0
        } else {
            random.around_zero(0.2)
        };
        let shape = solid((rx, ry), random);
        garment.area(placed(&shape, 0.0, (x, y)), random.pick(&TONES));
        y += ry * random.within(0.6, 1.0);
    }
    if random.chance(0.3) {
        let at = (0.0, random.within(0.0, y));
        limb(
            &mut garment,
            at,
            random.pick(&[0.0, 180.0, 30.0, 150.0]),
            random,
        );
    }
    garment
}

/// The same part several times around a center.
fn wheel(random: &mut Random) -> Garment {
    let count = random.count(3, 12);
    let mut part = Garment::default();
    let start = random.within(0.0, 0.3);
    limb(&mut part, (start, 0.0), random.around_zero(50.0), random);
    let mut garment = Garment::default();
    for i in 0..count {
        garment.put(part.turned((0.0, 0.0), i as f32 * 360.0 / count as f32));
    }
    match random.count(0, 2) {
        0 => garment.area(circle((0.0, 0.0), random.within(0.08, 0.35)), Tone::Second),
        1 => {
            let radius = random.within(0.15, 0.6);
            garment.strap(
                circle((0.0, 0.0), radius),
                random.within(0.03, 0.1),
                Tone::Main,
            );
        }
        _ => {}
    }
    garment
}

/// A bent line from which others leave.
fn branch(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let mut at: Point = (0.0, 0.0);
    let mut angle = random.within(0.0, 360.0);
    for _ in 0..random.count(2, 6) {
        let long = random.within(0.15, 0.5);
        let (sin, cos) = angle.to_radians().sin_cos();
        let to = (at.0 + long * cos, at.1 + long * sin);
        garment.strap(Path::open(&[at, to]), random.within(0.03, 0.12), Tone::Main);
        if random.chance(0.5) {
            limb(&mut garment, to, angle + random.around_zero(100.0), random);
        }
        at = to;
        angle += random.around_zero(90.0);
    }
    garment
}
