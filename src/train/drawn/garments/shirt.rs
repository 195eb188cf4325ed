//! Shirts: a collar or a front with buttons. Blouses have a file of their own.

use super::blouse;
use super::collar;
use super::shirt_parts::{buttoned, cuffs, patch, set_in, shape, tie};
use super::upper::{SetIn, Upper};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 13] = [
    training("button-down", button_down).weighing(2.0),
    training("short sleeves", short_sleeves).weighing(1.5),
    training("polo", polo).weighing(1.3),
    training("folded", folded),
    training("blouse", blouse::gathered),
    training("with pockets", with_pockets),
    training("with tie", with_tie),
    training("open collar", open_collar),
    training("rolled sleeves", rolled_sleeves),
    training("folded sleeves", folded_sleeves),
    training("camp collar", camp_collar),
    held_out("band collar", band_collar),
    held_out("bow blouse", blouse::with_bow),
];

fn button_down(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::long_sleeves(random)),
        ..shape(random)
    };
    let mut garment = buttoned(&upper, random);
    cuffs(&upper, &mut garment, random);
    if random.chance(0.3) {
        let at = (upper.chest * 0.5, upper.armpit + 0.03);
        patch(&mut garment, at, false, random);
    }
    garment
}

fn short_sleeves(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        ..shape(random)
    };
    let mut garment = buttoned(&upper, random);
    if random.chance(0.5) {
        upper.cuff_lines(&mut garment, random.within(0.12, 0.2), Rank::Fine);
    }
    if random.chance(0.4) {
        let at = (upper.chest * 0.5, upper.armpit + 0.03);
        patch(&mut garment, at, false, random);
    }
    garment
}

/// A soft collar and a short row of buttons.
fn polo(random: &mut Random) -> Garment {
    let long = random.chance(0.15);
    let sleeves = if long {
        Upper::long_sleeves(random)
    } else {
        Upper::short_sleeves(random)
    };
    let upper = Upper {
        sleeves: Some(sleeves),
        hem_curve: 0.0,
        ..shape(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let end = upper.depth + random.within(0.16, 0.32);
    let half = random.within(0.03, 0.05);
    let strip = Path::rectangle((-half, upper.depth * 0.7), (half, end));
    if random.chance(0.6) {
        garment.detail(strip, random.pick(&[Tone::Main, Tone::Trim]), Rank::Key);
    } else {
        garment.line(Path::open(&[(0.0, upper.depth), (0.0, end)]), Rank::Key);
    }
    for i in 0..random.count(2, 3) {
        let y = upper.depth + 0.05 + i as f32 * 0.08;
        if y < end - 0.01 {
            garment.dot((0.0, y), 0.016, Tone::Metal, Rank::Fine);
        }
    }
    collar::shirt_collar(&mut garment, &upper, random);
    if random.chance(0.5) {
        let tone = random.pick(&[Tone::Trim, Tone::Second, Tone::Main]);
        upper.cuffs(&mut garment, random.within(0.1, 0.16), tone, Rank::Usual);
    }
    garment
}

/// Folded into a rectangle, as shirts are sold.
fn folded(random: &mut Random) -> Garment {
    let upper = Upper {
        neck: random.within(0.17, 0.22),
        depth: random.within(0.1, 0.16),
        ..shape(random)
    };
    let (half, length) = (random.within(0.38, 0.48), random.within(0.95, 1.3));
    let body = Path::at((0.0, upper.depth))
        .line((upper.neck, 0.0))
        .curve((half * 0.9, 0.02), (half, random.within(0.06, 0.12)))
        .line((half, length))
        .line((0.0, length))
        .with_mirror();
    let mut garment = Garment::default();
    garment.area(body, Tone::Main);
    let upper = Upper { length, ..upper };
    collar::placket(
        &mut garment,
        &Upper {
            hem_curve: 0.0,
            ..upper.clone()
        },
        upper.depth,
        random,
    );
    if random.chance(0.35) {
        tie(&mut garment, &upper, random);
    }
    collar::shirt_collar(&mut garment, &upper, random);
    if random.chance(0.5) {
        patch(
            &mut garment,
            (half * 0.5, random.within(0.3, 0.42)),
            false,
            random,
        );
    }
    if random.chance(0.4) {
        for sign in [-1.0, 1.0] {
            let edge = Path::open(&[(half * 0.86, 0.08), (half * 0.8, length)]);
            garment.line(edge.map(|(x, y)| (sign * x, y)), Rank::Fine);
        }
    }
    garment
}

/// Two pockets with flaps, as work shirts have.
fn with_pockets(random: &mut Random) -> Garment {
    let sleeves = if random.chance(0.7) {
        Upper::long_sleeves(random)
    } else {
        Upper::short_sleeves(random)
    };
    let upper = Upper {
        sleeves: Some(sleeves),
        ..shape(random)
    };
    let mut garment = buttoned(&upper, random);
    let (x, y) = (upper.chest * 0.5, upper.armpit + 0.03);
    let flap = random.chance(0.7);
    patch(&mut garment, (x, y), flap, random);
    patch(&mut garment, (-x, y), flap, random);
    cuffs(&upper, &mut garment, random);
    garment
}

/// A tie below the collar.
fn with_tie(random: &mut Random) -> Garment {
    let sleeves = if random.chance(0.6) {
        Upper::long_sleeves(random)
    } else {
        Upper::short_sleeves(random)
    };
    let upper = Upper {
        sleeves: Some(sleeves),
        ..shape(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    if random.chance(0.6) {
        collar::placket(&mut garment, &upper, upper.depth, random);
    }
    tie(&mut garment, &upper, random);
    collar::shirt_collar(&mut garment, &upper, random);
    garment
}

/// The upper buttons undone.
fn open_collar(random: &mut Random) -> Garment {
    let sleeves = if random.chance(0.6) {
        Upper::long_sleeves(random)
    } else {
        Upper::short_sleeves(random)
    };
    let upper = Upper {
        sleeves: Some(sleeves),
        depth: random.within(0.22, 0.36),
        ..shape(random)
    };
    let mut garment = Garment::default();
    if random.chance(0.7) {
        upper.back_of_neck(&mut garment, random);
    }
    upper.lay(&mut garment, set_in(random), Tone::Main);
    collar::placket(&mut garment, &upper, upper.depth, random);
    for sign in [-1.0, 1.0] {
        let leaf = Path::polygon(&[
            (upper.neck * 0.85, -0.05),
            (upper.neck * 1.25, 0.0),
            (
                upper.neck + random.within(0.08, 0.16),
                random.within(0.14, 0.24),
            ),
            (upper.neck * 0.45, upper.depth * 0.55),
        ]);
        garment.area(leaf.map(|(x, y)| (sign * x, y)), Tone::Main);
    }
    cuffs(&upper, &mut garment, random);
    garment
}

/// Sleeves rolled up to the elbows.
fn rolled_sleeves(random: &mut Random) -> Garment {
    let mut upper = Upper {
        sleeves: Some(Upper::long_sleeves(random)),
        ..shape(random)
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.length = random.within(0.55, 0.75);
        sleeve.cuff = random.within(0.2, 0.26);
        sleeve.angle = random.within(10.0, 45.0);
        sleeve.bend = random.around_zero(8.0);
    }
    let mut garment = buttoned(&upper, random);
    upper.cuffs(
        &mut garment,
        random.within(0.14, 0.22),
        Tone::Main,
        Rank::Usual,
    );
    garment
}

/// Sleeves laid over the front.
fn folded_sleeves(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::folded_sleeves(random)),
        ..shape(random)
    };
    let mut garment = Garment::default();
    garment.area(upper.body(), Tone::Main);
    collar::placket(&mut garment, &upper, upper.depth, random);
    let mut sleeves = Garment::default();
    upper.lay(&mut sleeves, SetIn::Before, Tone::Main);
    sleeves.parts.remove(0);
    garment.put(sleeves);
    collar::shirt_collar(&mut garment, &upper, random);
    cuffs(&upper, &mut garment, random);
    garment
}

/// A flat collar, short wide sleeves, often with a pattern.
fn camp_collar(random: &mut Random) -> Garment {
    let mut upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        depth: random.within(0.18, 0.28),
        hem_curve: 0.0,
        ..shape(random)
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.cuff = random.within(0.28, 0.36);
    }
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let close = (0.0, upper.depth);
    garment.line(Path::open(&[close, (0.0, upper.length)]), Rank::Key);
    collar::buttons(
        &mut garment,
        0.0,
        (close.1 + 0.05, upper.length - 0.05),
        random,
    );
    collar::lapels(&mut garment, &upper, close, random);
    garment
}

/// No leaves: a low standing band.
fn band_collar(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::long_sleeves(random)),
        depth: random.within(0.05, 0.09),
        ..shape(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    collar::placket(&mut garment, &upper, upper.depth, random);
    collar::standing(&mut garment, &upper, random.within(0.04, 0.07), Tone::Main);
    cuffs(&upper, &mut garment, random);
    garment
}
