//! T-shirts and tops: short sleeves or none, no collar, no opening in front.

use super::trimming::{hem_line, print, side_folds};
use super::upper::{Neckline, SetIn, Upper};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 11] = [
    training("crew neck", crew_neck).weighing(2.0),
    training("v-neck", v_neck).weighing(1.5),
    training("tank top", tank_top),
    training("oversized", oversized),
    training("with print", with_print),
    training("cropped", cropped),
    training("muscle shirt", muscle_shirt),
    training("ringer", ringer),
    training("strappy top", strappy_top),
    held_out("pocket tee", pocket_tee),
    held_out("scoop neck", scoop_neck),
];

fn set_in(random: &mut Random) -> SetIn {
    random.weighted(&[
        (SetIn::OnePiece, 5.0),
        (SetIn::Behind, 1.5),
        (SetIn::Before, 1.5),
    ])
}

fn sleeve_tone(random: &mut Random) -> Tone {
    random.weighted(&[(Tone::Main, 5.0), (Tone::Second, 1.0)])
}

/// Neck, seams and folds that any of them may have.
fn finish(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    match random.count(0, 3) {
        0 => upper.back_of_neck(garment, random),
        1 => {
            let tone = random.pick(&[Tone::Main, Tone::Trim, Tone::Second]);
            upper.neck_band(garment, random.within(0.03, 0.06), tone, Rank::Usual);
        }
        2 => {
            upper.back_of_neck(garment, random);
            let wider = Upper {
                neck: upper.neck + 0.04,
                depth: upper.depth + 0.05,
                ..upper.clone()
            };
            garment.line(wider.neckline_path(), Rank::Usual);
        }
        _ => {}
    }
    if random.chance(0.4) {
        upper.cuff_lines(garment, random.within(0.1, 0.2), Rank::Fine);
    }
    if random.chance(0.3) {
        hem_line(upper, garment, random);
    }
    if random.chance(0.3) {
        side_folds(upper, garment, random);
    }
}

fn crew_neck(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        depth: random.within(0.05, 0.15),
        ..Upper::plain(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    finish(&upper, &mut garment, random);
    garment
}

fn v_neck(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        neckline: Neckline::Pointed,
        neck: random.within(0.14, 0.22),
        depth: random.within(0.18, 0.36),
        ..Upper::plain(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    finish(&upper, &mut garment, random);
    garment
}

fn scoop_neck(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        neckline: random.pick(&[Neckline::Round, Neckline::Square]),
        neck: random.within(0.22, 0.3),
        depth: random.within(0.2, 0.34),
        ..Upper::plain(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    finish(&upper, &mut garment, random);
    garment
}

/// Straps of the body's own cloth, wide armholes.
fn tank_top(random: &mut Random) -> Garment {
    let plain = Upper::plain(random);
    let neck = random.within(0.17, 0.25);
    let upper = Upper {
        neck,
        depth: random.within(0.18, 0.38),
        shoulder: neck + random.within(0.07, 0.16),
        slope: random.within(0.01, 0.05),
        armpit: random.within(0.4, 0.52),
        neckline: random.weighted(&[(Neckline::Round, 4.0), (Neckline::Square, 1.0)]),
        ..plain
    };
    let mut garment = Garment::default();
    if random.chance(0.5) {
        upper.back_of_neck(&mut garment, random);
    }
    upper.lay(&mut garment, SetIn::OnePiece, Tone::Main);
    if random.chance(0.5) {
        let (tone, width) = (
            random.pick(&[Tone::Trim, Tone::Second]),
            random.within(0.03, 0.06),
        );
        upper.neck_band(&mut garment, width, tone, Rank::Usual);
        let armhole = upper.armhole();
        garment.thin_strap(armhole.mirrored(), width, tone, Rank::Usual);
        garment.thin_strap(armhole, width, tone, Rank::Usual);
    }
    if random.chance(0.3) {
        side_folds(&upper, &mut garment, random);
    }
    garment
}

/// Thin straps on a straight or curved top edge.
fn strappy_top(random: &mut Random) -> Garment {
    let chest = random.within(0.38, 0.48);
    let top = random.within(0.28, 0.38);
    let inner = chest * random.within(0.5, 0.8);
    let dip = random.within(0.0, 0.12);
    let length = top + random.within(0.75, 1.05);
    let hem = chest * random.within(0.9, 1.2);
    let rise = random.within(0.0, 0.1);
    let body = Path::at((0.0, top + dip))
        .curve((inner * 0.6, top + dip * 0.5), (inner, top - rise))
        .curve((chest * 0.95, top + 0.02), (chest, top + 0.12))
        .spline(&[
            (chest * random.within(0.86, 1.0), top + 0.45),
            (hem, length),
        ])
        .line((0.0, length + random.within(0.0, 0.05)))
        .with_mirror();
    let mut garment = Garment::default();
    let neck = inner * random.within(0.55, 1.0);
    let width = random.within(0.03, 0.07);
    for sign in [-1.0, 1.0] {
        let strap = Path::at((inner * 0.94, top - rise + 0.02)).curve((inner, 0.15), (neck, 0.0));
        garment.strap(strap.map(|(x, y)| (sign * x, y)), width, Tone::Main);
    }
    garment.area(body, Tone::Main);
    if random.chance(0.4) {
        let y = top + 0.3;
        garment.line(
            Path::at((-chest * 0.95, y)).curve((0.0, y + 0.06), (chest * 0.95, y)),
            Rank::Usual,
        );
    }
    garment
}

fn oversized(random: &mut Random) -> Garment {
    let chest = random.within(0.56, 0.68);
    let length = random.within(1.15, 1.4);
    let mut upper = Upper {
        chest,
        shoulder: chest * random.within(0.95, 1.03),
        slope: random.within(0.1, 0.18),
        armpit: random.within(0.45, 0.55),
        waist: (length * 0.7, chest),
        hem: chest * random.within(0.96, 1.06),
        length,
        depth: random.within(0.06, 0.13),
        sleeves: Some(Upper::short_sleeves(random)),
        ..Upper::plain(random)
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.length = random.within(0.4, 0.52);
        sleeve.angle = random.within(25.0, 50.0);
        sleeve.cuff = random.within(0.3, 0.4);
    }
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    finish(&upper, &mut garment, random);
    garment
}

/// A figure on the chest.
fn with_print(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        ..Upper::plain(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    finish(&upper, &mut garment, random);
    let center = (
        random.around_zero(0.05),
        upper.armpit + random.within(0.1, 0.25),
    );
    let size = random.within(0.1, 0.24);
    let tone = random.pick(&[Tone::Second, Tone::Trim]);
    print(&mut garment, center, size, tone, random);
    garment
}

fn cropped(random: &mut Random) -> Garment {
    let plain = Upper::plain(random);
    let length = random.within(0.78, 0.95);
    let mut upper = Upper {
        length,
        waist: (plain.armpit + 0.15, plain.chest * random.within(0.86, 0.98)),
        hem: plain.chest * random.within(0.82, 0.98),
        sleeves: Some(Upper::short_sleeves(random)),
        neck: random.within(0.15, 0.24),
        ..plain
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.length = random.within(0.2, 0.4);
        sleeve.cuff = random.within(0.2, 0.3);
    }
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    finish(&upper, &mut garment, random);
    garment
}

/// Shoulders of full width and no sleeves.
fn muscle_shirt(random: &mut Random) -> Garment {
    let plain = Upper::plain(random);
    let upper = Upper {
        shoulder: plain.chest * random.within(0.8, 1.0),
        slope: random.within(0.05, 0.12),
        neckline: random.weighted(&[(Neckline::Round, 3.0), (Neckline::Pointed, 1.0)]),
        depth: random.within(0.08, 0.25),
        ..plain
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, SetIn::OnePiece, Tone::Main);
    finish(&upper, &mut garment, random);
    garment
}

/// Neck and cuffs in another color.
fn ringer(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        ..Upper::plain(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    let tone = random.pick(&[Tone::Trim, Tone::Second]);
    upper.neck_band(&mut garment, random.within(0.04, 0.07), tone, Rank::Usual);
    upper.cuffs(&mut garment, random.within(0.12, 0.22), tone, Rank::Usual);
    garment
}

fn pocket_tee(random: &mut Random) -> Garment {
    let upper = Upper {
        sleeves: Some(Upper::short_sleeves(random)),
        ..Upper::plain(random)
    };
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), sleeve_tone(random));
    finish(&upper, &mut garment, random);
    let (x, y) = (upper.chest * 0.45, upper.armpit + 0.05);
    let (half, tall) = (random.within(0.08, 0.11), random.within(0.18, 0.24));
    let pocket = Path::polygon(&[
        (x - half, y),
        (x + half, y),
        (x + half, y + tall * 0.8),
        (x, y + tall),
        (x - half, y + tall * 0.8),
    ]);
    garment.detail(pocket, Tone::Main, Rank::Usual);
    garment
}
