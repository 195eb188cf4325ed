//! Marks without meaning: plain shapes, strokes, scribbles, textures, garments of which most is cut away.

use crate::label::Label;
use crate::train::drawn::family::{Family, FamilySplit, held_out, training};
use crate::train::drawn::garment::{Form, Garment, Rank, Tone};
use crate::train::drawn::garments;
use crate::train::drawn::path::{Path, Point, turned};
use crate::train::drawn::random::Random;

/// The families of marks.
pub const FAMILIES: [Family; 12] = [
    training("shape", shape).weighing(3.0),
    training("star", star),
    training("arrow", arrow),
    training("heart", heart),
    training("strokes", strokes).weighing(2.0),
    training("scribble", scribble).weighing(3.0),
    training("blob", blob).weighing(2.0),
    training("grid", grid),
    training("dots", dots),
    training("cut garment", cut_garment).weighing(2.0),
    held_out("spiral", spiral),
    held_out("shapes", shapes),
];

/// A regular polygon, a circle, a rectangle or a ring.
fn shape(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let turn = random.within(0.0, 360.0);
    match random.count(0, 3) {
        0 => garment.area(
            Path::ellipse((0.0, 0.0), 0.5, random.within(0.2, 0.5)),
            Tone::Main,
        ),
        1 => {
            let corners = random.count(3, 8);
            let corner = |i: usize| {
                let angle = turn + i as f32 * 360.0 / corners as f32;
                turned((0.5, 0.0), (0.0, 0.0), angle)
            };
            garment.area(
                Path::polygon(&(0..corners).map(corner).collect::<Vec<_>>()),
                Tone::Main,
            );
        }
        2 => {
            let (w, h) = (random.within(0.15, 0.5), random.within(0.15, 0.5));
            garment.area(Path::rectangle((-w, -h), (w, h)), Tone::Main);
        }
        _ => {
            let radius = random.within(0.15, 0.4);
            garment.area(Path::ellipse((0.0, 0.0), 0.5, 0.5), Tone::Main);
            garment.hole(Path::ellipse((0.0, 0.0), radius, radius));
        }
    }
    garment
}

fn star(random: &mut Random) -> Garment {
    let (points, inner) = (random.count(4, 9), random.within(0.15, 0.35));
    let corner = |i: usize| {
        let radius = if i.is_multiple_of(2) { 0.5 } else { inner };
        turned((0.0, -radius), (0.0, 0.0), i as f32 * 180.0 / points as f32)
    };
    let mut garment = Garment::default();
    garment.area(
        Path::polygon(&(0..2 * points).map(corner).collect::<Vec<_>>()),
        Tone::Main,
    );
    garment
}

fn arrow(random: &mut Random) -> Garment {
    let (half, head) = (random.within(0.05, 0.15), random.within(0.2, 0.4));
    let outline = Path::polygon(&[
        (-0.6, -half),
        (0.6 - head, -half),
        (0.6 - head, -head),
        (0.6, 0.0),
        (0.6 - head, head),
        (0.6 - head, half),
        (-0.6, half),
    ]);
    let angle = random.within(0.0, 360.0);
    let mut garment = Garment::default();
    garment.area(outline.map(|p| turned(p, (0.0, 0.0), angle)), Tone::Main);
    garment
}

fn heart(random: &mut Random) -> Garment {
    let high = random.within(0.8, 1.2);
    let half = Path::at((0.0, -0.4))
        .cubic((0.3, -1.1), (1.3, -0.7), (0.9, 0.0))
        .line((0.0, high));
    let mut garment = Garment::default();
    garment.area(half.with_mirror(), Tone::Main);
    garment
}

fn anywhere(random: &mut Random) -> Point {
    (random.within(-0.5, 0.5), random.within(-0.5, 0.5))
}

fn strokes(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    for _ in 0..random.count(1, 5) {
        let (from, control, to) = (anywhere(random), anywhere(random), anywhere(random));
        garment.strap(
            Path::at(from).curve(control, to),
            random.within(0.02, 0.12),
            Tone::Main,
        );
    }
    garment
}

fn scribble(random: &mut Random) -> Garment {
    let points: Vec<Point> = (0..random.count(5, 16)).map(|_| anywhere(random)).collect();
    let mut garment = Garment::default();
    garment.strap(
        Path::through(&points),
        random.within(0.02, 0.09),
        Tone::Main,
    );
    garment
}

fn blob(random: &mut Random) -> Garment {
    let count = random.count(5, 10);
    let ring: Vec<Point> = (0..count)
        .map(|i| {
            turned(
                (random.within(0.2, 0.6), 0.0),
                (0.0, 0.0),
                i as f32 * 360.0 / count as f32,
            )
        })
        .collect();
    let mut garment = Garment::default();
    garment.area(Path::ring(&ring), Tone::Main);
    if random.chance(0.4) {
        garment.line(
            Path::at(anywhere(random)).curve(anywhere(random), anywhere(random)),
            Rank::Usual,
        );
    }
    garment
}

fn grid(random: &mut Random) -> Garment {
    let (columns, rows) = (random.count(0, 6), random.count(1, 6));
    let width = random.within(0.02, 0.08);
    let mut garment = Garment::default();
    for i in 0..=columns {
        let x = i as f32 / columns.max(1) as f32 - 0.5;
        garment.strap(Path::open(&[(x, -0.5), (x, 0.5)]), width, Tone::Main);
    }
    for i in 0..=rows {
        let y = i as f32 / rows as f32 - 0.5;
        garment.strap(Path::open(&[(-0.5, y), (0.5, y)]), width, Tone::Main);
    }
    garment
}

fn dots(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    for _ in 0..random.count(2, 20) {
        let radius = random.within(0.03, 0.12);
        garment.area(Path::ellipse(anywhere(random), radius, radius), Tone::Main);
    }
    garment
}

/// A garment seen through a small window, so that nobody could name it.
fn cut_garment(random: &mut Random) -> Garment {
    let label = Label::new(random.count(0, 9) as u8).unwrap_or_else(|| unreachable!("ten classes"));
    let choices: Vec<(&Family, f32)> = garments::families(label)
        .iter()
        .filter(|family| family.split == FamilySplit::Training)
        .map(|family| (family, family.weight))
        .collect();
    let whole = (random.weighted(&choices).build)(random);
    let ((left, top), (right, bottom)) = whole.bounds();
    let (w, h) = (
        (right - left) * random.within(0.2, 0.35),
        (bottom - top) * random.within(0.2, 0.35),
    );
    let x = random.within(left, right - w);
    let y = random.within(top, bottom - h);
    let mut cut = whole.map(|(px, py)| (px.clamp(x, x + w), py.clamp(y, y + h)));
    for part in &mut cut.parts {
        part.path.points.dedup();
        if let Form::Strap(width) = &mut part.form {
            *width = width.min(0.1 * w.min(h));
        }
    }
    cut.parts.retain(|part| part.path.points.len() > 2);
    cut
}

fn spiral(random: &mut Random) -> Garment {
    let turns = random.within(2.0, 5.0);
    let points: Vec<Point> = (0..=80)
        .map(|i| {
            let t = i as f32 / 80.0;
            turned((0.5 * t, 0.0), (0.0, 0.0), t * turns * 360.0)
        })
        .collect();
    let mut garment = Garment::default();
    garment.strap(Path::open(&points), random.within(0.02, 0.08), Tone::Main);
    garment
}

/// Several plain shapes at once.
fn shapes(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    for _ in 0..random.count(2, 4) {
        let (by, size) = (anywhere(random), random.within(0.3, 0.8));
        let one = shape(random).map(|(x, y)| (x * size + by.0, y * size + by.1));
        garment.put(one);
    }
    garment
}
