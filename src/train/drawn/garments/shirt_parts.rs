//! What shirts share: proportions, buttoned fronts, cuffs, pockets, ties.

use super::collar;
use super::upper::{Neckline, SetIn, Upper};
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

/// A shirt's body; hems are curved more often than not.
pub fn shape(random: &mut Random) -> Upper {
    let plain = Upper::plain(random);
    Upper {
        neck: random.within(0.13, 0.18),
        depth: random.within(0.06, 0.14),
        neckline: Neckline::Pointed,
        hem_curve: random.pick(&[0.0, 0.03, 0.08, 0.12]),
        length: random.within(1.2, 1.5),
        ..plain
    }
}

pub fn cuffs(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    match random.count(0, 3) {
        0 => {}
        1 => upper.cuff_lines(garment, random.within(0.08, 0.12), Rank::Usual),
        _ => {
            let tone = random.weighted(&[(Tone::Main, 3.0), (Tone::Trim, 1.0)]);
            upper.cuffs(garment, random.within(0.09, 0.14), tone, Rank::Usual);
        }
    }
}

pub fn patch(garment: &mut Garment, (x, y): (f32, f32), flap: bool, random: &mut Random) {
    let (half, tall) = (random.within(0.08, 0.11), random.within(0.15, 0.2));
    let outline = Path::polygon(&[
        (x - half, y),
        (x + half, y),
        (x + half, y + tall * 0.8),
        (x, y + tall),
        (x - half, y + tall * 0.8),
    ]);
    garment.detail(outline, Tone::Main, Rank::Usual);
    if flap {
        let flap = Path::polygon(&[
            (x - half, y),
            (x + half, y),
            (x + half, y + 0.04),
            (x, y + 0.08),
            (x - half, y + 0.04),
        ]);
        garment.detail(flap, Tone::Main, Rank::Fine);
    }
}

/// Body, front and collar.
pub fn buttoned(upper: &Upper, random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let tone = random.weighted(&[(Tone::Main, 8.0), (Tone::Second, 1.0)]);
    upper.lay(&mut garment, set_in(random), tone);
    collar::placket(&mut garment, upper, upper.depth, random);
    collar::shirt_collar(&mut garment, upper, random);
    if random.chance(0.3) {
        super::trimming::side_folds(upper, &mut garment, random);
    }
    garment
}

/// A tie with its knot, to be laid below the collar.
pub fn tie(garment: &mut Garment, upper: &Upper, random: &mut Random) {
    let top = upper.depth * 0.6;
    let (wide, end) = (random.within(0.05, 0.1), top + random.within(0.5, 0.95));
    let tie = Path::polygon(&[
        (-0.035, top + 0.09),
        (0.035, top + 0.09),
        (wide, end - 0.1),
        (0.0, end),
        (-wide, end - 0.1),
    ]);
    garment.area(tie, Tone::Second);
    let knot = Path::polygon(&[
        (-0.065, top),
        (0.065, top),
        (0.035, top + 0.1),
        (-0.035, top + 0.1),
    ]);
    garment.area(knot, Tone::Second);
}
