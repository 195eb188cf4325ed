//! Letters and digits as strokes, and forms that look like some script's.

use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Tone};
use crate::train::drawn::path::{Path, Point};
use crate::train::drawn::random::Random;

/// The families of glyphs.
pub const FAMILIES: [Family; 4] = [
    training("letter", letter).weighing(5.0),
    training("digit", digit).weighing(4.0),
    training("invented glyph", invented).weighing(3.0),
    held_out("word", word).weighing(2.0),
];

/// Strokes of the capital letters on a grid of 4 by 6, as pairs of column and row; a space lifts the pen.
const LETTERS: [&str; 26] = [
    "062046 1434",
    "00303142333404 0006 333445463606",
    "41302001040516264645",
    "00063645414030 00",
    "40000646 0333",
    "400006 0333",
    "4130200104051626364443 4323",
    "0006 4046 0343",
    "2026 1030 1636",
    "304415361605",
    "0006 4003 0346",
    "000646",
    "0600234046",
    "06004640",
    "10304145361605011000",
    "060030414233230303",
    "1030414536160501 1034 3446",
    "06003041423303 2346",
    "41301001021324354536160605",
    "0040 2026",
    "000516364540",
    "002640",
    "0016232646 3640",
    "0046 4006",
    "0023 4023 2326",
    "00400646",
];

/// Strokes of the digits on the same grid.
const DIGITS: [&str; 10] = [
    "10304145361605011000",
    "112026 1636",
    "01103041420646",
    "01103041322233444536160506",
    "36300444",
    "4000022233444536160605",
    "3010010516364544331304",
    "00401626",
    "1030414232130405163645443312020110",
    "43130201103041454636",
];

fn strokes(text: &str) -> Vec<Vec<Point>> {
    text.split(' ')
        .map(|stroke| {
            stroke
                .as_bytes()
                .as_chunks::<2>()
                .0
                .iter()
                .map(|[x, y]| (f32::from(x - b'0') / 5.0, f32::from(y - b'0') / 5.0))
                .collect()
        })
        .collect()
}

/// One glyph: straight, or rounded as by hand.
fn glyph(garment: &mut Garment, text: &str, at: Point, width: f32, random: &mut Random) {
    let round = random.within(0.0, 0.18);
    for stroke in strokes(text) {
        let path = Path::open(&stroke).rounded(round);
        let moved = path.map(|(x, y)| (x + at.0, y + at.1));
        garment.strap(moved, width, Tone::Main);
    }
}

fn letter(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let width = random.within(0.05, 0.26);
    glyph(
        &mut garment,
        random.pick(&LETTERS),
        (0.0, 0.0),
        width,
        random,
    );
    garment
}

fn digit(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let width = random.within(0.05, 0.26);
    for i in 0..random.weighted(&[(1, 4.0), (2, 1.0)]) {
        glyph(
            &mut garment,
            random.pick(&DIGITS),
            (i as f32 * 1.15, 0.0),
            width,
            random,
        );
    }
    garment
}

/// Strokes between points of a grid.
fn invented(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let width = random.within(0.05, 0.2);
    for _ in 0..random.count(2, 5) {
        let mut at = || {
            (
                random.count(0, 4) as f32 / 4.0,
                random.count(0, 5) as f32 / 4.0,
            )
        };
        let (from, control, to) = (at(), at(), at());
        let path = if random.chance(0.5) {
            Path::at(from).curve(control, to)
        } else {
            Path::open(&[from, control, to])
        };
        garment.strap(path, width, Tone::Main);
    }
    garment
}

fn word(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let width = random.within(0.06, 0.2);
    for i in 0..random.count(2, 4) {
        glyph(
            &mut garment,
            random.pick(&LETTERS),
            (i as f32 * 1.1, 0.0),
            width,
            random,
        );
    }
    garment
}
