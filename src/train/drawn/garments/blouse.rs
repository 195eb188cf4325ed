//! Blouses.

use super::collar;
use super::shirt_parts::{set_in, shape};
use super::upper::{Neckline, Upper};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// Wide sleeves gathered at the cuffs.
pub fn gathered(random: &mut Random) -> Garment {
    let mut upper = Upper {
        sleeves: Some(Upper::long_sleeves(random)),
        neckline: random.pick(&[Neckline::Round, Neckline::Pointed]),
        depth: random.within(0.1, 0.22),
        ..shape(random)
    };
    for sleeve in upper.sleeves.iter_mut().flatten() {
        sleeve.length = random.within(0.7, 1.0);
        sleeve.cuff = random.within(0.22, 0.34);
        sleeve.angle = random.within(14.0, 40.0);
    }
    upper.hem = upper.waist.1 * random.within(1.05, 1.3);
    let mut garment = Garment::default();
    upper.lay(&mut garment, set_in(random), Tone::Main);
    upper.cuffs(
        &mut garment,
        random.within(0.06, 0.1),
        Tone::Main,
        Rank::Usual,
    );
    let top = upper.depth;
    garment.line(
        Path::open(&[(0.0, top), (0.0, upper.length + upper.hem_curve)]),
        Rank::Key,
    );
    collar::buttons(&mut garment, 0.0, (top + 0.06, upper.length - 0.05), random);
    if random.chance(0.6) {
        collar::shirt_collar(&mut garment, &upper, random);
    } else {
        upper.neck_band(
            &mut garment,
            random.within(0.05, 0.08),
            Tone::Main,
            Rank::Key,
        );
    }
    garment
}

/// Ribbons tied to a bow at the neck.
pub fn with_bow(random: &mut Random) -> Garment {
    let mut garment = gathered(random);
    let y = random.within(0.12, 0.18);
    let wide = random.within(0.12, 0.2);
    for sign in [-1.0, 1.0] {
        let loop_ = Path::at((0.0, y))
            .cubic((0.4 * wide, y - 0.1), (wide, y - 0.12), (wide, y))
            .cubic((wide, y + 0.1), (0.4 * wide, y + 0.06), (0.0, y));
        garment.area(loop_.map(|(x, y)| (sign * x, y)), Tone::Second);
        let end = Path::at((0.0, y)).curve((sign * 0.06, y + 0.12), (sign * 0.08, y + 0.32));
        garment.thin_strap(end, 0.05, Tone::Second, Rank::Key);
    }
    garment
}
