//! What garments for the upper body share: neckline, shoulders, sleeves, sides and hem as proportions.
//!
//! y is 0 where the neckline meets the shoulder; the chest is about one unit wide.

use super::sleeve::{SLEEVE_POINTS, Sleeve, SleeveSides};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point, between};
use crate::train::drawn::random::Random;

/// The shape of the opening for the neck.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Neckline {
    /// A curve.
    Round,
    /// Two straight lines.
    Pointed,
    /// Down, across, up.
    Square,
}

/// A garment for the upper body as proportions.
#[derive(Clone, Debug)]
pub struct Upper {
    /// Half the width of the neckline.
    pub neck: f32,
    /// How far the neckline reaches down.
    pub depth: f32,
    /// Its shape.
    pub neckline: Neckline,
    /// Half the width of the shoulders.
    pub shoulder: f32,
    /// How far the shoulder is below the neck.
    pub slope: f32,
    /// Height of the armpit.
    pub armpit: f32,
    /// Half the width at the armpit.
    pub chest: f32,
    /// Height of the waist and half its width.
    pub waist: (f32, f32),
    /// Half the width of the hem.
    pub hem: f32,
    /// Height of the hem at the sides.
    pub length: f32,
    /// How far the middle of the hem is below its sides.
    pub hem_curve: f32,
    /// The left and the right sleeve.
    pub sleeves: Option<[Sleeve; 2]>,
}

/// How sleeves are set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetIn {
    /// One outline, the seams as lines.
    OnePiece,
    /// The sleeves behind the body.
    Behind,
    /// The sleeves before the body.
    Before,
}

impl Upper {
    /// A shirt without sleeves of ordinary proportions.
    pub fn plain(random: &mut Random) -> Self {
        let chest = random.within(0.42, 0.56);
        let length = random.within(1.15, 1.5);
        let armpit = random.within(0.33, 0.46);
        let waist = chest * random.within(0.88, 1.02);
        Self {
            neck: random.within(0.14, 0.2),
            depth: random.within(0.08, 0.18),
            neckline: Neckline::Round,
            shoulder: chest * random.within(0.82, 0.98),
            slope: random.within(0.05, 0.15),
            armpit,
            chest,
            waist: (armpit + (length - armpit) * random.within(0.3, 0.6), waist),
            hem: waist * random.within(0.97, 1.1),
            length,
            hem_curve: random.within(-0.01, 0.05),
            sleeves: None,
        }
    }

    /// Short sleeves, both alike but for what hands do.
    pub fn short_sleeves(random: &mut Random) -> [Sleeve; 2] {
        let sleeve = Sleeve {
            length: random.within(0.28, 0.5),
            angle: random.within(28.0, 75.0),
            bend: random.around_zero(12.0),
            cuff: random.within(0.22, 0.34),
        };
        pair(random, sleeve, 4.0)
    }

    /// Long sleeves hanging, held out or somewhere between.
    pub fn long_sleeves(random: &mut Random) -> [Sleeve; 2] {
        let angle = random.weighted(&[(8.0, 2.0), (18.0, 3.0), (32.0, 3.0), (48.0, 2.0)]);
        let sleeve = Sleeve {
            length: random.within(0.95, 1.25),
            angle: angle + random.around_zero(8.0),
            bend: random.within(-14.0, 6.0),
            cuff: random.within(0.14, 0.22),
        };
        pair(random, sleeve, 5.0)
    }

    /// Long sleeves folded over the front.
    pub fn folded_sleeves(random: &mut Random) -> [Sleeve; 2] {
        let sleeve = Sleeve {
            length: random.within(0.8, 1.05),
            angle: random.within(-22.0, -8.0),
            bend: random.within(-50.0, -15.0),
            cuff: random.within(0.14, 0.2),
        };
        pair(random, sleeve, 8.0)
    }

    /// The neckline from left to right.
    pub fn neckline_path(&self) -> Path {
        let half = self.neckline_half();
        let left = half.mirrored();
        let mut points = left.points;
        points.reverse();
        points.pop();
        Path::open(&points).then(&half)
    }

    /// The back of the neckline from left to right, above the front.
    pub fn back_neckline(&self, depth: f32) -> Path {
        Path::at((-self.neck, 0.0)).cubic(
            (-self.neck * 0.6, depth * 1.3),
            (self.neck * 0.6, depth * 1.3),
            (self.neck, 0.0),
        )
    }

    fn neckline_half(&self) -> Path {
        let (neck, depth) = (self.neck, self.depth);
        let start = Path::at((0.0, depth));
        match self.neckline {
            Neckline::Round => start.cubic(
                (neck * 0.55, depth),
                (neck * 0.95, depth * 0.55),
                (neck, 0.0),
            ),
            Neckline::Pointed => start.line((neck, 0.0)),
            Neckline::Square => start.line((neck * 0.92, depth)).line((neck, 0.0)),
        }
    }

    /// The right armhole from the shoulder to the armpit.
    pub fn armhole(&self) -> Path {
        let inward = self.shoulder.min(self.chest) * 0.9;
        Path::at((self.shoulder, self.slope))
            .curve((inward, self.armpit * 0.75), (self.chest, self.armpit))
    }

    /// The right side from the armpit to the hem.
    pub fn side(&self) -> Path {
        let (y, half) = self.waist;
        Path::at((self.chest, self.armpit)).spline(&[(half, y), (self.hem, self.length)])
    }

    /// Half the width of the body at a height between armpit and hem.
    pub fn half_width(&self, y: f32) -> f32 {
        let (waist_y, waist) = self.waist;
        let mix = |a: f32, b: f32, t: f32| a + (b - a) * t.clamp(0.0, 1.0);
        if y < waist_y {
            mix(
                self.chest,
                waist,
                (y - self.armpit) / (waist_y - self.armpit),
            )
        } else {
            mix(waist, self.hem, (y - waist_y) / (self.length - waist_y))
        }
    }

    /// The body without sleeves.
    pub fn body(&self) -> Path {
        let half = self
            .neckline_half()
            .then(&self.armhole())
            .then(&self.side())
            .line((0.0, self.length + self.hem_curve));
        half.with_mirror()
    }

    /// The left and the right sleeve.
    pub fn sleeve_sides(&self) -> Option<[SleeveSides; 2]> {
        let [left, right] = self.sleeves?;
        let mirror = |points: Vec<Point>| points.into_iter().map(|(x, y)| (-x, y)).collect();
        let other = self.right_sleeve(left);
        Some([
            SleeveSides {
                outer: mirror(other.outer),
                inner: mirror(other.inner),
            },
            self.right_sleeve(right),
        ])
    }

    fn right_sleeve(&self, sleeve: Sleeve) -> SleeveSides {
        let direction = |degrees: f32| {
            let (sin, cos) = degrees.to_radians().sin_cos();
            (sin, cos)
        };
        let go = |from: Point, d: Point, by: f32| (from.0 + d.0 * by, from.1 + d.1 * by);
        let (upper, lower) = (
            direction(sleeve.angle),
            direction(sleeve.angle + sleeve.bend),
        );
        let middle = direction(sleeve.angle + sleeve.bend / 2.0);
        let shoulder = (self.shoulder, self.slope);
        let armpit = (self.chest, self.armpit);
        let across = |d: Point| (-d.1, d.0);
        let outer_elbow = go(shoulder, upper, sleeve.length / 2.0);
        let outer_end = go(outer_elbow, lower, sleeve.length / 2.0);
        let inner_end = go(outer_end, across(lower), sleeve.cuff);
        let start_width = (armpit.0 - shoulder.0).hypot(armpit.1 - shoulder.1);
        let width = 0.5 * (start_width * 0.85 + sleeve.cuff);
        let inner_elbow = go(outer_elbow, across(middle), width);
        let side = |from: Point, control: Point, to: Point| {
            (0..SLEEVE_POINTS)
                .map(|i| {
                    let t = i as f32 / (SLEEVE_POINTS - 1) as f32;
                    between(between(from, control, t), between(control, to, t), t)
                })
                .collect()
        };
        SleeveSides {
            outer: side(shoulder, outer_elbow, outer_end),
            inner: side(armpit, inner_elbow, inner_end),
        }
    }

    /// Whether the sleeves keep clear of the body, so that both have one outline.
    fn is_one_piece(&self, sleeves: &[SleeveSides; 2]) -> bool {
        sleeves.iter().all(|sleeve| {
            sleeve
                .inner
                .iter()
                .skip(3)
                .all(|(x, y)| *y > self.length || x.abs() > self.half_width(*y) + 0.03)
        })
    }

    /// The whole outline, sleeves and body in one.
    fn outline(&self, [left, right]: &[SleeveSides; 2]) -> Path {
        let half = |sleeve: &SleeveSides, sign: f32| {
            let mirrored = |path: Path| path.map(|(x, y)| (sign * x, y));
            mirrored(self.neckline_half())
                .then(&Path::open(&sleeve.outer))
                .then_back(&Path::open(&sleeve.inner))
                .then(&mirrored(self.side()))
                .line((0.0, self.length + self.hem_curve))
        };
        half(right, 1.0).then_back(&half(left, -1.0)).close()
    }

    /// Lay body and sleeves into a garment, sleeves in their own tone when they are separate.
    pub fn lay(&self, garment: &mut Garment, set_in: SetIn, sleeve_tone: Tone) {
        let Some(sleeves) = self.sleeve_sides() else {
            garment.area(self.body(), Tone::Main);
            return;
        };
        let crossing = self.sleeves.is_some_and(|s| s[0].angle < 0.0);
        let seams = |garment: &mut Garment, rank| {
            garment.line(self.armhole(), rank);
            garment.line(self.armhole().mirrored(), rank);
        };
        match set_in {
            SetIn::OnePiece if self.is_one_piece(&sleeves) => {
                garment.area(self.outline(&sleeves), Tone::Main);
                if sleeve_tone != Tone::Main {
                    for sleeve in &sleeves {
                        garment.area(sleeve.whole(), sleeve_tone);
                    }
                }
                seams(garment, Rank::Usual);
            }
            SetIn::Behind if !crossing => {
                for sleeve in &sleeves {
                    garment.area(sleeve.whole(), sleeve_tone);
                }
                garment.area(self.body(), Tone::Main);
                garment.edge(self.side());
                garment.edge(self.side().mirrored());
            }
            _ => {
                garment.area(self.body(), Tone::Main);
                for sleeve in &sleeves {
                    garment.area(sleeve.whole(), sleeve_tone);
                    garment.edge(Path::open(&sleeve.inner));
                    if crossing {
                        garment.edge(Path::open(&sleeve.outer));
                    }
                }
            }
        }
    }

    /// A band along the neckline.
    pub fn neck_band(&self, garment: &mut Garment, width: f32, tone: Tone, rank: Rank) {
        garment.thin_strap(self.neckline_path(), width, tone, rank);
    }

    /// What is seen of the back through the neckline.
    pub fn back_of_neck(&self, garment: &mut Garment, random: &mut Random) {
        if self.depth > 0.05 {
            let back = self.depth * random.within(0.1, 0.4);
            let inside = self.back_neckline(back).then_back(&self.neckline_path());
            garment.detail(inside, Tone::Inside, Rank::Usual);
        }
    }

    /// Bands at both cuffs, of a share of the sleeve's length.
    pub fn cuffs(&self, garment: &mut Garment, share: f32, tone: Tone, rank: Rank) {
        for sleeve in self.sleeve_sides().iter().flatten() {
            garment.detail(sleeve.part(1.0 - share, 1.0), tone, rank);
        }
    }

    /// Lines across both cuffs.
    pub fn cuff_lines(&self, garment: &mut Garment, share: f32, rank: Rank) {
        for sleeve in self.sleeve_sides().iter().flatten() {
            garment.line(sleeve.across(1.0 - share), rank);
        }
    }
}

/// A left and a right sleeve, the same but for some degrees.
fn pair(random: &mut Random, sleeve: Sleeve, apart: f32) -> [Sleeve; 2] {
    let apart = if random.chance(0.5) { apart } else { 0.0 };
    let mut other = sleeve;
    other.angle += random.around_zero(apart);
    other.bend += random.around_zero(apart);
    [sleeve, other]
}
