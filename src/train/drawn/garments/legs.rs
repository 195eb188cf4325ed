//! What trousers share: two legs as proportions, waistband, fly, pockets and folds.

use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, between};
use crate::train::drawn::random::Random;

/// Trousers as proportions; half widths, measured from the middle.
#[derive(Clone, Copy, Debug)]
pub struct Legs {
    pub waist: f32,
    pub hip: f32,
    pub crotch: f32,
    /// Outer and inner side at the knee.
    pub knee: (f32, f32),
    /// Outer and inner side at the hem.
    pub hem: (f32, f32),
    pub length: f32,
    /// How far the waist's middle is below its ends.
    pub dip: f32,
}

impl Legs {
    pub fn plain(random: &mut Random) -> Self {
        let waist = random.within(0.26, 0.34);
        let hip = waist * random.within(1.08, 1.25);
        let length = random.within(1.6, 2.1);
        let inner = random.within(0.015, 0.09);
        let width = random.within(0.2, 0.27);
        Self {
            waist,
            hip,
            crotch: random.within(0.42, 0.58),
            knee: (inner * 0.8 + width * 1.08, inner * 0.8),
            hem: (inner + width, inner),
            length,
            dip: random.within(0.0, 0.04),
        }
    }

    /// The height of the knee.
    pub fn knee_y(&self) -> f32 {
        self.crotch + (self.length - self.crotch) * 0.45
    }

    /// The right outer side.
    pub fn outer(&self) -> Path {
        Path::at((self.waist, 0.0)).spline(&[
            (self.hip, self.crotch * 0.62),
            (self.knee.0, self.knee_y()),
            (self.hem.0, self.length),
        ])
    }

    /// The right inner side, from the hem up to the crotch.
    pub fn inner(&self) -> Path {
        Path::at((self.hem.1, self.length))
            .spline(&[(self.knee.1, self.knee_y()), (0.0, self.crotch)])
    }

    pub fn outline(&self) -> Path {
        Path::at((0.0, self.dip))
            .then(&self.outer())
            .then(&self.inner())
            .with_mirror()
    }

    /// The right side at a share of the leg's length: outer and inner point.
    pub fn across(&self, share: f32) -> Path {
        let (outer, inner) = (self.outer(), self.inner());
        let y = self.crotch + (self.length - self.crotch) * share;
        let at = |path: &Path| {
            let nearest = path
                .points
                .windows(2)
                .find(|p| (p[0].1 - y) * (p[1].1 - y) <= 0.0);
            nearest.map_or(path.end(), |p| between(p[0], p[1], 0.5))
        };
        Path::open(&[at(&outer), at(&inner)])
    }
}

pub fn both(garment: &mut Garment, path: &Path, rank: Rank) {
    garment.line(path.clone(), rank);
    garment.line(path.mirrored(), rank);
}

/// Waistband, fly, pockets and folds that any of them may have.
pub fn finish(legs: &Legs, garment: &mut Garment, random: &mut Random) {
    let band = random.within(0.06, 0.11);
    let half = legs.waist + (legs.hip - legs.waist) * 0.3;
    let waistband = Path::at((-half, band)).curve((0.0, band + 2.0 * legs.dip), (half, band));
    if random.chance(0.75) {
        garment.line(waistband, Rank::Usual);
    }
    if random.chance(0.6) {
        let top = (0.0, band + legs.dip);
        let fly = Path::at((0.07, top.1))
            .line((0.07, legs.crotch * 0.6))
            .curve((0.06, legs.crotch * 0.75), (0.0, legs.crotch * 0.8));
        garment.line(fly, Rank::Fine);
        garment.line(Path::open(&[top, (0.0, legs.crotch)]), Rank::Usual);
        let button = (0.0, band * 0.5 + legs.dip);
        garment.dot(button, random.within(0.015, 0.03), Tone::Metal, Rank::Fine);
    }
    if random.chance(0.6) {
        let pocket = Path::at((legs.waist * random.within(0.5, 0.7), band)).curve(
            (legs.waist * 0.75, band + 0.14),
            (legs.hip * 0.97, band + random.within(0.1, 0.2)),
        );
        both(garment, &pocket, Rank::Usual);
    }
    if random.chance(0.25) {
        both(garment, &legs.across(random.within(0.88, 0.95)), Rank::Fine);
    }
    if random.chance(0.3) {
        folds(legs, garment, random);
    }
}

/// Folds at the knees and from the crotch.
pub fn folds(legs: &Legs, garment: &mut Garment, random: &mut Random) {
    for _ in 0..random.count(1, 2) {
        let line = legs.across(random.within(0.3, 0.6));
        let (a, b) = (line.points[0], line.points[1]);
        let part = Path::open(&[between(a, b, 0.05), between(a, b, random.within(0.4, 0.7))]);
        both(garment, &part, Rank::Fine);
    }
    let from = (0.0, legs.crotch);
    both(
        garment,
        &Path::at(from).curve((0.06, legs.crotch - 0.02), (0.12, legs.crotch - 0.07)),
        Rank::Fine,
    );
}

pub fn worn(legs: &Legs, random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    garment.area(legs.outline(), Tone::Main);
    finish(legs, &mut garment, random);
    garment
}
