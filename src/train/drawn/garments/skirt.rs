//! What dresses share: bodices, skirts, pleats, belts.

use super::upper::{Neckline, SetIn, Upper};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point};
use crate::train::drawn::random::Random;

/// The shape of a skirt on a bodice.
#[derive(Clone, Copy, Debug)]
pub struct Skirt {
    /// Half the width of the hem.
    pub hem: f32,
    /// The height of the hem.
    pub length: f32,
    /// How round the sides are: 0 for straight.
    pub bell: f32,
}

impl Skirt {
    pub fn any(random: &mut Random) -> Self {
        Self {
            hem: random.within(0.4, 0.8),
            length: random.within(1.5, 2.1),
            bell: random.within(-0.1, 0.15),
        }
    }

    /// From the waist down, whole.
    pub fn path(&self, (half, waist): Point, hem_curve: f32) -> Path {
        let control = (
            half + (self.hem - half) * (0.5 + self.bell),
            waist + (self.length - waist) * (0.4 - 0.5 * self.bell).max(0.1),
        );
        Path::at((0.0, waist))
            .line((half, waist))
            .curve(control, (self.hem, self.length))
            .curve(
                (self.hem * 0.5, self.length + hem_curve),
                (0.0, self.length + hem_curve),
            )
            .with_mirror()
    }
}

/// A bodice that ends at the waist.
pub fn bodice(random: &mut Random) -> Upper {
    let chest = random.within(0.32, 0.42);
    let armpit = random.within(0.32, 0.42);
    let waist = chest * random.within(0.74, 0.92);
    let length = random.within(0.68, 0.85);
    Upper {
        neck: random.within(0.13, 0.22),
        depth: random.within(0.08, 0.28),
        neckline: random.weighted(&[
            (Neckline::Round, 4.0),
            (Neckline::Pointed, 2.0),
            (Neckline::Square, 1.0),
        ]),
        shoulder: chest * random.within(0.72, 0.95),
        slope: random.within(0.03, 0.1),
        armpit,
        chest,
        waist: (armpit + (length - armpit) * 0.7, waist * 1.03),
        hem: waist,
        length,
        hem_curve: 0.0,
        sleeves: None,
    }
}

/// Folds that fall from the waist.
pub fn pleats(garment: &mut Garment, waist: Point, skirt: &Skirt, random: &mut Random) {
    let count = random.count(2, 5);
    for i in 0..count {
        let t = (i as f32 + 0.5) / count as f32 * 2.0 - 1.0;
        let (top, bottom) = (
            (t * waist.0 * 0.85, waist.1 + random.within(0.02, 0.25)),
            (t * skirt.hem * 0.9, skirt.length - random.within(0.0, 0.3)),
        );
        let middle = (top.0 * 0.6 + bottom.0 * 0.4, f32::midpoint(top.1, bottom.1));
        garment.line(Path::at(top).curve(middle, bottom), Rank::Fine);
    }
}

/// Bodice and skirt, in one outline or as two parts.
pub fn joined(upper: &Upper, skirt: &Skirt, set_in: SetIn, random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let waist = (upper.hem, upper.length);
    let curve = random.within(0.0, 0.1);
    if random.chance(0.5) && upper.sleeves.is_none() {
        let whole = Upper {
            waist,
            hem: skirt.hem,
            length: skirt.length,
            hem_curve: curve,
            ..upper.clone()
        };
        if random.chance(0.4) {
            whole.back_of_neck(&mut garment, random);
        }
        let control = (
            waist.0 + (skirt.hem - waist.0) * (0.45 + skirt.bell),
            waist.1 + (skirt.length - waist.1) * 0.4,
        );
        let half_neck: Vec<Point> = {
            let line = upper.neckline_path();
            line.points[line.points.len() / 2..].to_vec()
        };
        let half = Path::open(&half_neck)
            .then(&upper.armhole())
            .then(&upper.side())
            .curve(control, (skirt.hem, skirt.length))
            .curve(
                (skirt.hem * 0.5, skirt.length + curve),
                (0.0, skirt.length + curve),
            );
        garment.area(half.with_mirror(), Tone::Main);
        if random.chance(0.6) {
            garment.line(Path::open(&[(-waist.0, waist.1), waist]), Rank::Usual);
        }
    } else {
        if random.chance(0.4) {
            upper.back_of_neck(&mut garment, random);
        }
        let skirt_tone = random.weighted(&[(Tone::Main, 4.0), (Tone::Second, 1.0)]);
        garment.area(skirt.path(waist, curve), skirt_tone);
        upper.lay(&mut garment, set_in, Tone::Main);
    }
    if random.chance(0.5) {
        pleats(&mut garment, waist, skirt, random);
    }
    garment
}

/// A belt or a sash at the waist.
pub fn belt(garment: &mut Garment, upper: &Upper, random: &mut Random) {
    let (half, y) = (upper.hem * 1.04, upper.length);
    let tall = random.within(0.06, 0.12);
    let tone = random.pick(&[Tone::Trim, Tone::Second]);
    garment.area(
        Path::rectangle((-half, y - tall / 2.0), (half, y + tall / 2.0)),
        tone,
    );
    if random.chance(0.4) {
        let buckle = Path::rectangle((-0.05, y - tall * 0.6), (0.05, y + tall * 0.6));
        garment.detail(buckle, Tone::Metal, Rank::Usual);
    }
}
