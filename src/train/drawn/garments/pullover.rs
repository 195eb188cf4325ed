//! Pullovers: long sleeves and no opening in front but a short one.

use super::collar;
use super::knit::{folds, hem_band, ribs, set_in, shape, sleeve_tone};
use super::upper::{Neckline, SetIn, Upper};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 12] = [
    training("crew neck", crew_neck).weighing(1.5),
    training("sweatshirt", sweatshirt).weighing(1.5),
    training("hoodie", hoodie).weighing(1.5),
    training("turtleneck", turtleneck),
    training("raglan", raglan),
    training("v-neck", v_neck),
    training("striped", striped),
    training("folded sleeves", folded_sleeves),
    training("oversized", oversized),
    training("yoke", yoke),
    held_out("cable knit", cable_knit),
    held_out("quarter zip", quarter_zip),
];

fn crew_neck(random: &mut Random) -> Garment {
    let upper = shape(random);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    if random.chance(0.5) {
        upper.back_of_neck(&mut garment, random);
    }
    if random.chance(0.6) {
        upper.neck_band(
            &mut garment,
            random.within(0.04, 0.06),
            Tone::Main,
            Rank::Usual,
        );
    }
    if random.chance(0.2) {
        let center = (0.0, upper.armpit + random.within(0.1, 0.25));
        let size = random.within(0.1, 0.2);
        super::trimming::print(&mut garment, center, size, Tone::Second, random);
    }
    if random.chance(0.5) {
        upper.cuff_lines(&mut garment, random.within(0.06, 0.12), Rank::Usual);
        let y = upper.length - random.within(0.07, 0.12);
        let half = upper.half_width(y);
        garment.line(Path::open(&[(-half, y), (half, y)]), Rank::Usual);
    }
    folds(&upper, &mut garment, random);
    garment
}

fn sweatshirt(random: &mut Random) -> Garment {
    let upper = shape(random);
    let mut garment = Garment::default();
    upper.back_of_neck(&mut garment, random);
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    ribs(&upper, &mut garment, random);
    if random.chance(0.3) {
        let (y, tall) = (upper.depth + 0.03, random.within(0.06, 0.1));
        let patch = Path::polygon(&[(-0.05, y), (0.05, y), (0.0, y + tall)]);
        garment.detail(patch, Tone::Second, Rank::Fine);
    }
    folds(&upper, &mut garment, random);
    garment
}

/// A hood and a pocket in front.
fn hoodie(random: &mut Random) -> Garment {
    let upper = Upper {
        neck: random.within(0.17, 0.22),
        depth: random.within(0.08, 0.18),
        ..shape(random)
    };
    let mut garment = Garment::default();
    let behind = random.chance(0.7);
    let opening = if behind {
        let opening = collar::hood(&mut garment, &upper, random);
        upper.lay(&mut garment, set_in(random), sleeve_tone(random));
        opening
    } else {
        upper.lay(&mut garment, set_in(random), sleeve_tone(random));
        collar::hood(&mut garment, &upper, random)
    };
    garment.detail(opening, Tone::Inside, Rank::Key);
    let (half, top) = (
        upper.hem * random.within(0.45, 0.68),
        upper.length * random.within(0.58, 0.66),
    );
    let (bottom, notch) = (upper.length - 0.1, random.within(0.08, 0.16));
    let pocket = Path::polygon(&[
        (-half + notch, top),
        (half - notch, top),
        (half, top + notch),
        (half, bottom),
        (-half, bottom),
        (-half, top + notch),
    ]);
    garment.detail(pocket, Tone::Main, Rank::Usual);
    if random.chance(0.7) {
        collar::hood_strings(&mut garment, &upper, random);
    }
    let tone = random.weighted(&[(Tone::Main, 3.0), (Tone::Second, 1.0)]);
    upper.cuffs(&mut garment, random.within(0.07, 0.12), tone, Rank::Usual);
    hem_band(
        &upper,
        &mut garment,
        random.within(0.07, 0.12),
        tone,
        random,
    );
    garment
}

/// A collar rolled over around the neck.
fn turtleneck(random: &mut Random) -> Garment {
    let upper = Upper {
        neck: random.within(0.13, 0.18),
        depth: random.within(0.04, 0.08),
        ..shape(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    let high = random.within(0.09, 0.2);
    let tone = random.weighted(&[(Tone::Main, 4.0), (Tone::Second, 1.0)]);
    collar::standing(&mut garment, &upper, high, tone);
    if random.chance(0.5) {
        let y = -high * 0.4;
        let fold = Path::at((-upper.neck, y)).curve((0.0, y + 0.08), (upper.neck, y));
        garment.line(fold, Rank::Fine);
    }
    if random.chance(0.6) {
        upper.cuffs(
            &mut garment,
            random.within(0.07, 0.14),
            Tone::Main,
            Rank::Usual,
        );
        hem_band(
            &upper,
            &mut garment,
            random.within(0.07, 0.12),
            Tone::Main,
            random,
        );
    }
    folds(&upper, &mut garment, random);
    garment
}

/// Sleeves that run up to the neck.
fn raglan(random: &mut Random) -> Garment {
    let upper = shape(random);
    let mut garment = Garment::default();
    upper.lay(&mut garment, SetIn::Behind, Tone::Second);
    let tone = random.weighted(&[(Tone::Second, 3.0), (Tone::Main, 1.0)]);
    for sign in [-1.0, 1.0] {
        let piece = Path::at((upper.neck, 0.0))
            .line((upper.shoulder, upper.slope))
            .line((upper.chest, upper.armpit))
            .curve(
                (upper.chest * 0.72, upper.armpit * 0.7),
                (upper.neck * 0.85, upper.depth * 0.5),
            )
            .map(|(x, y)| (sign * x, y));
        if tone == Tone::Second {
            garment.area(piece, tone);
        } else {
            garment.line(
                Path::at((upper.chest, upper.armpit))
                    .curve((upper.chest * 0.72, upper.armpit * 0.7), (upper.neck, 0.02))
                    .map(|(x, y)| (sign * x, y)),
                Rank::Usual,
            );
        }
    }
    ribs(&upper, &mut garment, random);
    garment
}

fn v_neck(random: &mut Random) -> Garment {
    let upper = Upper {
        neckline: Neckline::Pointed,
        neck: random.within(0.13, 0.19),
        depth: random.within(0.2, 0.4),
        ..shape(random)
    };
    let mut garment = Garment::default();
    if random.chance(0.6) {
        upper.back_of_neck(&mut garment, random);
    }
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    ribs(&upper, &mut garment, random);
    folds(&upper, &mut garment, random);
    garment
}

/// Bands of another color across body and sleeves.
fn striped(random: &mut Random) -> Garment {
    let upper = shape(random);
    let mut garment = Garment::default();
    upper.lay(&mut garment, SetIn::Behind, Tone::Main);
    let count = random.count(1, 5);
    let tall = random.within(0.04, 0.1);
    let first = upper.armpit + random.within(0.02, 0.12);
    let tone = random.pick(&[Tone::Second, Tone::Trim]);
    for i in 0..count {
        let y = first + i as f32 * tall * random.within(1.8, 2.2);
        if y + tall > upper.length - 0.12 {
            break;
        }
        let (a, b) = (upper.half_width(y), upper.half_width(y + tall));
        garment.detail(
            Path::polygon(&[(-a, y), (a, y), (b, y + tall), (-b, y + tall)]),
            tone,
            Rank::Usual,
        );
    }
    for sleeve in upper.sleeve_sides().iter().flatten() {
        for i in 0..count.min(3) {
            let from = 0.35 + i as f32 * 0.16;
            garment.detail(sleeve.part(from, from + 0.08), tone, Rank::Usual);
        }
    }
    ribs(&upper, &mut garment, random);
    garment
}

/// Sleeves laid over the front, as in a shop.
fn folded_sleeves(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::folded_sleeves(random)),
        ..shape(random)
    };
    let mut garment = Garment::default();
    upper.back_of_neck(&mut garment, random);
    upper.lay(&mut garment, SetIn::Before, Tone::Main);
    ribs(&upper, &mut garment, random);
    garment
}

fn oversized(random: &mut Random) -> Garment {
    let chest = random.within(0.54, 0.66);
    let plain = shape(random);
    let upper = Upper {
        chest,
        shoulder: chest * random.within(0.94, 1.02),
        slope: random.within(0.1, 0.18),
        armpit: random.within(0.45, 0.55),
        waist: (plain.length * 0.7, chest * 0.98),
        hem: chest * random.within(0.85, 0.98),
        ..plain
    };
    let mut garment = Garment::default();
    upper.back_of_neck(&mut garment, random);
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    ribs(&upper, &mut garment, random);
    garment
}

/// A pattern around the shoulders: zigzag or diamonds.
fn yoke(random: &mut Random) -> Garment {
    let upper = shape(random);
    let mut garment = Garment::default();
    upper.lay(&mut garment, SetIn::Behind, Tone::Main);
    let rows = random.count(1, 3);
    let count = random.count(5, 9);
    for row in 0..rows {
        let y = upper.armpit * 0.75 + row as f32 * 0.13;
        let half = upper.shoulder.min(upper.chest) * 0.88;
        let points: Vec<_> = (0..=2 * count)
            .map(|i| {
                let x = -half + half * i as f32 / count as f32;
                (x, y + if i % 2 == 0 { 0.0 } else { 0.06 })
            })
            .collect();
        garment.thin_strap(Path::open(&points), 0.03, Tone::Second, Rank::Usual);
    }
    ribs(&upper, &mut garment, random);
    garment
}

/// Plaits from the neck to the hem.
fn cable_knit(random: &mut Random) -> Garment {
    let upper = shape(random);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    let columns = random.count(2, 4);
    let waves = random.within(3.0, 5.0);
    for column in 0..columns {
        let x = ((column as f32 + 0.5) / columns as f32 - 0.5) * 1.5 * upper.chest;
        for phase in [0.0, 3.1] {
            let wave = |i: usize| {
                let t = i as f32 / 24.0;
                let y = upper.armpit * 0.7 + t * (upper.length - 0.16 - upper.armpit * 0.7);
                (
                    x + 0.045 * (t * waves * std::f32::consts::TAU + phase).sin(),
                    y,
                )
            };
            garment.line(
                Path::open(&(0..=24).map(wave).collect::<Vec<_>>()),
                Rank::Usual,
            );
        }
    }
    ribs(&upper, &mut garment, random);
    garment
}

/// A standing collar and a zip to the chest.
fn quarter_zip(random: &mut Random) -> Garment {
    let upper = Upper {
        depth: random.within(0.04, 0.08),
        ..shape(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    let high = random.within(0.08, 0.15);
    let tone = random.pick(&[Tone::Main, Tone::Second]);
    collar::standing(&mut garment, &upper, high, tone);
    let bottom = upper.depth + random.within(0.2, 0.4);
    collar::zip(&mut garment, -high + 0.03, bottom, random);
    ribs(&upper, &mut garment, random);
    garment
}
