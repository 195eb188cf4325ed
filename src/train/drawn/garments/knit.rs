//! What pullovers share: proportions, ribs at neck, cuffs and hem, folds.

use super::trimming::side_folds;
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

pub fn shape(random: &mut Random) -> Upper {
    let plain = Upper::plain(random);
    Upper {
        neck: random.within(0.13, 0.19),
        depth: random.within(0.04, 0.12),
        hem: plain.waist.1 * random.within(0.9, 1.05),
        hem_curve: random.within(-0.01, 0.02),
        length: random.within(1.1, 1.4),
        sleeves: Some(Upper::long_sleeves(random)),
        ..plain
    }
}

/// Ribs at neck, cuffs and hem.
pub fn ribs(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    let tone = random.weighted(&[(Tone::Main, 3.0), (Tone::Trim, 1.0), (Tone::Second, 1.5)]);
    upper.cuffs(garment, random.within(0.07, 0.13), tone, Rank::Usual);
    hem_band(upper, garment, random.within(0.07, 0.14), tone, random);
    let rank = random.pick(&[Rank::Key, Rank::Usual]);
    upper.neck_band(garment, random.within(0.045, 0.08), tone, rank);
}

pub fn hem_band(upper: &Upper, garment: &mut Garment, tall: f32, tone: Tone, random: &mut Random) {
    let (y0, y1) = (upper.length - tall * 0.6, upper.length + tall * 0.4);
    let half = upper.hem + 0.01;
    let narrow = half * random.within(0.92, 1.0);
    let band = Path::polygon(&[(-half, y0), (half, y0), (narrow, y1), (-narrow, y1)]);
    garment.detail(band.clone(), tone, Rank::Usual);
    if random.chance(0.35) {
        let count = random.count(6, 14);
        for i in 1..count {
            let x = -narrow + 2.0 * narrow * i as f32 / count as f32;
            garment.line(Path::open(&[(x, y0), (x * 0.98, y1)]), Rank::Fine);
        }
    }
}

/// Folds at the elbows and beside the body.
pub fn folds(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    for sleeve in upper.sleeve_sides().iter().flatten() {
        for _ in 0..random.count(0, 2) {
            garment.line(sleeve.fold(random.within(0.35, 0.7)), Rank::Fine);
        }
    }
    if random.chance(0.4) {
        side_folds(upper, garment, random);
    }
}

pub fn sleeve_tone(random: &mut Random) -> Tone {
    random.weighted(&[(Tone::Main, 6.0), (Tone::Second, 1.0)])
}
