//! What coats and jackets share: proportions, belts, folds.

use super::upper::{SetIn, Upper};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

pub fn set_in(random: &mut Random) -> SetIn {
    random.weighted(&[
        (SetIn::OnePiece, 3.0),
        (SetIn::Behind, 2.0),
        (SetIn::Before, 2.0),
    ])
}

/// Hip to calf in length.
pub fn shape(random: &mut Random, length: f32) -> Upper {
    let plain = Upper::plain(random);
    let chest = random.within(0.42, 0.54);
    let waist = chest * random.within(0.82, 1.02);
    let mut upper = Upper {
        neck: random.within(0.14, 0.19),
        depth: random.within(0.04, 0.1),
        chest,
        shoulder: chest * random.within(0.84, 0.98),
        waist: (length.min(1.5) * random.within(0.5, 0.65), waist),
        hem: waist * random.within(1.0, 1.0 + 0.25 * length),
        hem_curve: random.within(-0.01, 0.03),
        length,
        sleeves: Some(Upper::long_sleeves(random)),
        ..plain
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.cuff = random.within(0.17, 0.24);
        sleeve.length = random.within(0.95, 1.2);
    }
    upper
}

pub fn finish(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    if random.chance(0.45) {
        upper.cuff_lines(garment, random.within(0.1, 0.18), Rank::Usual);
    }
    for sleeve in upper.sleeve_sides().iter().flatten() {
        if random.chance(0.3) {
            garment.line(sleeve.fold(random.within(0.35, 0.65)), Rank::Fine);
        }
    }
}

pub fn hips(upper: &Upper, random: &mut Random) -> (f32, f32) {
    let y = (upper.length * 0.62).clamp(0.75, 1.05) + random.around_zero(0.06);
    (upper.hem * random.within(0.5, 0.62), y)
}

/// A belt with loose ends or a buckle.
pub fn belt(upper: &Upper, garment: &mut Garment, y: f32, random: &mut Random) {
    let half = upper.half_width(y) * 1.03;
    let tall = random.within(0.07, 0.12);
    let tone = random.pick(&[Tone::Main, Tone::Second, Tone::Trim]);
    garment.area(
        Path::rectangle((-half, y - tall / 2.0), (half, y + tall / 2.0)),
        tone,
    );
    let x = random.within(-0.08, 0.08);
    if random.chance(0.5) {
        let buckle = Path::rectangle((x - 0.05, y - tall * 0.6), (x + 0.05, y + tall * 0.6));
        garment.detail(buckle, Tone::Metal, Rank::Usual);
    } else {
        for by in [-0.06, 0.09] {
            let end = Path::at((x, y)).curve((x + by, y + 0.1), (x + by * 1.3, y + 0.3));
            garment.thin_strap(end, tall * 0.7, tone, Rank::Usual);
        }
    }
}
