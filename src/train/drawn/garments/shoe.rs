//! What shoes share: the side view with the toe to the right, soles, heels, laces, and pairs.
//!
//! A shoe is one unit long. The ground is y = 0, so what is higher has a smaller y.

use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point, between};
use crate::train::drawn::random::Random;

/// The side view of a closed shoe as proportions; heights are positive.
#[derive(Clone, Copy, Debug)]
pub struct Last {
    /// Thickness of the sole.
    pub sole: f32,
    /// How much thicker the sole is at the heel than at the toe.
    pub drop: f32,
    /// Height of the back.
    pub back: f32,
    /// How far to the front the back leans, at its top.
    pub lean: f32,
    /// Height of the lowest point of the opening.
    pub dip: f32,
    /// Where the opening ends in front: how far from the heel, and how high.
    pub throat: Point,
    /// Where the slope ends and the toe begins: how far from the heel, and how high.
    pub vamp: Point,
    /// Height of the toe's roundness: low for pointed shoes.
    pub toe: f32,
}

impl Last {
    /// A low sneaker's.
    pub fn low(random: &mut Random) -> Self {
        let sole = random.within(0.07, 0.12);
        let back = random.within(0.33, 0.46);
        Self {
            sole,
            drop: random.within(0.0, 0.04),
            back,
            lean: random.within(0.01, 0.06),
            dip: back - random.within(0.04, 0.12),
            throat: (random.within(0.32, 0.42), back + random.within(-0.02, 0.1)),
            vamp: (random.within(0.62, 0.74), random.within(0.21, 0.28)),
            toe: random.within(0.16, 0.22),
        }
    }

    /// A low boot's.
    pub fn boot(random: &mut Random, shaft: f32) -> Self {
        let lean = random.within(0.0, 0.08);
        Self {
            sole: random.within(0.05, 0.09),
            drop: 0.0,
            back: shaft,
            lean,
            dip: shaft - random.within(-0.02, 0.05),
            throat: (
                lean + random.within(0.34, 0.44),
                shaft + random.within(-0.05, 0.05),
            ),
            vamp: (random.within(0.6, 0.7), random.within(0.24, 0.31)),
            toe: random.within(0.14, 0.22),
        }
    }

    /// The opening, from back to front.
    pub fn opening(&self) -> Path {
        let (x, y) = self.throat;
        Path::at((self.lean, -self.back)).curve(
            (
                f32::midpoint(self.lean, x) - 0.03,
                -(2.0 * self.dip - f32::midpoint(self.back, y)),
            ),
            (x, -y),
        )
    }

    /// From the opening's front down to where the toe begins.
    pub fn slope(&self) -> Path {
        let (from, to) = (self.throat, self.vamp);
        let steep = from.1 - to.1;
        Path::at((from.0, -from.1)).cubic(
            (from.0 + 0.03, -(from.1 - steep * 0.45)),
            (from.0 + (to.0 - from.0) * 0.45, -(to.1 + steep * 0.12)),
            (to.0, -to.1),
        )
    }

    /// The upper, down to the sole.
    pub fn upper(&self) -> Path {
        let heel = -self.sole;
        Path::at((0.03, heel))
            .spline(&[
                (-0.01, -f32::midpoint(self.sole, self.back.min(0.4)) * 0.9),
                (self.lean * 0.6, -self.back * 0.8),
                (self.lean, -self.back),
            ])
            .then(&self.opening())
            .then(&self.slope())
            .cubic(
                (self.vamp.0 + 0.14, -self.vamp.1 * 0.97),
                (1.02, -self.toe - self.sole * 0.4),
                (1.0, heel - 0.02),
            )
            .line((0.98, heel))
            .close()
    }

    /// The sole, with the toe a little raised.
    pub fn sole_path(&self, random: &mut Random) -> Path {
        let (top, spring) = (self.sole, random.within(0.0, 0.035));
        let bevel = random.within(0.0, 0.05);
        Path::at((-0.02, -top - self.drop))
            .curve((0.5, -top - self.drop * 0.1), (1.0, -top - spring))
            .curve((1.05, -top * 0.6 - spring), (0.99, -top * 0.2 - spring))
            .curve((0.9, 0.0), (0.8, 0.0))
            .line((0.05 + bevel, 0.0))
            .curve((-0.03, -0.01), (-0.03, -top * 0.6))
            .close()
    }

    /// The slope moved inward by a distance.
    pub fn inside_slope(&self, by: f32) -> Path {
        self.slope().map(|(x, y)| (x - by * 0.75, y + by * 0.75))
    }

    /// Laces across the slope.
    pub fn laces(&self, garment: &mut Garment, rank: Rank, random: &mut Random) {
        let count = random.count(3, 6);
        let (slope, long) = (self.slope(), random.within(0.09, 0.16));
        let width = random.within(0.018, 0.03);
        let crossed = random.chance(0.3);
        for i in 0..count {
            let t = 0.08 + 0.84 * i as f32 / (count - 1) as f32;
            let (x, y) = slope.along(t);
            let start = (x + 0.012, y - 0.012);
            let end = (x - long * 0.75, y + long * 0.6);
            garment.thin_strap(Path::open(&[start, end]), width, Tone::Trim, rank);
            if crossed && i + 1 < count {
                let (nx, ny) = slope.along(t + 0.84 / (count - 1) as f32);
                garment.thin_strap(Path::open(&[end, (nx, ny)]), width, Tone::Trim, Rank::Fine);
            }
        }
        if random.chance(0.25) {
            let (x, y) = slope.along(0.1);
            for (dx, dy) in [(0.11, -0.05), (0.1, 0.07)] {
                let bow = Path::at((x, y)).cubic(
                    (x + dx * 0.6, y + dy - 0.05),
                    (x + dx * 1.3, y + dy),
                    (x + 0.01, y + 0.01),
                );
                garment.thin_strap(bow, width * 0.8, Tone::Trim, Rank::Fine);
            }
        }
    }

    /// The panel that holds the eyelets.
    pub fn eyestay(&self, garment: &mut Garment, tone: Tone, random: &mut Random) {
        let inside = self.inside_slope(random.within(0.09, 0.15));
        garment.detail(self.slope().then_back(&inside), tone, Rank::Usual);
    }

    /// A cap over the toe.
    pub fn toe_cap(&self, garment: &mut Garment, tone: Tone, random: &mut Random) {
        let x = random.within(0.74, 0.84);
        let upper = self.upper();
        let front: Vec<Point> = upper
            .points
            .iter()
            .copied()
            .filter(|p| p.0 >= x && p.1 < -self.sole * 0.9)
            .collect();
        if let Some(first) = front.first() {
            let cap = Path::open(&front)
                .line((0.98, -self.sole))
                .line((x - 0.04, -self.sole))
                .curve((x + 0.04, f32::midpoint(first.1, -self.sole)), *first);
            garment.detail(cap, tone, Rank::Usual);
        }
    }

    /// A panel around the heel.
    pub fn heel_counter(&self, garment: &mut Garment, tone: Tone, random: &mut Random) {
        let (wide, high) = (random.within(0.14, 0.24), random.within(0.5, 0.95));
        let upper = self.upper();
        let top = -self.sole - (self.back - self.sole) * high;
        let mut back: Vec<Point> = upper
            .points
            .iter()
            .copied()
            .take_while(|p| p.1 >= top)
            .collect();
        let last = back.last().copied().unwrap_or((0.0, top));
        back.push(last);
        let panel = Path::open(&back)
            .curve((wide * 0.8, last.1 + 0.02), (wide, -self.sole))
            .close();
        garment.detail(panel, tone, Rank::Usual);
    }
}

/// How much the foot is raised at a distance from the heel, of 1.
pub fn raised(x: f32) -> f32 {
    let t = ((x - 0.22) / 0.5).clamp(0.0, 1.0);
    1.0 - t * t * (3.0 - 2.0 * t)
}

/// The garment on a heel of a height: everything behind the ball of the foot is raised.
pub fn on_heel(garment: &Garment, height: f32) -> Garment {
    garment.map(|(x, y)| (x, y - height * raised(x)))
}

/// A thin sole that follows a heel's height.
pub fn arched_sole(height: f32, thickness: f32, tip: f32) -> Path {
    let edge = |t: f32, below: f32| {
        let x = -0.01 + (tip + 0.01) * t;
        (x, -height * raised(x) - below)
    };
    let side = |below: f32| {
        Path::open(
            &(0..=12)
                .map(|i| edge(i as f32 / 12.0, below))
                .collect::<Vec<_>>(),
        )
    };
    side(thickness).then_back(&side(0.0)).close()
}

/// A heel below a sole that is raised by `height`: thin, blocky or anything between.
pub fn heel(height: f32, top: f32, bottom: f32, slant: f32) -> Path {
    Path::polygon(&[
        (-0.005, -height - 0.01),
        (top, -height * raised(top) - 0.01),
        (slant + bottom, 0.0),
        (slant, 0.0),
    ])
}

/// A wedge below a raised sole.
pub fn wedge(height: f32, platform: f32) -> Path {
    let edge = |i: usize| {
        let x = 0.99 * i as f32 / 12.0;
        (x, -height * raised(x) - platform)
    };
    Path::open(&(0..=12).map(edge).collect::<Vec<_>>())
        .line((1.0, -platform * 0.3))
        .curve((0.97, 0.0), (0.88, 0.0))
        .line((0.03, 0.0))
        .close()
}

/// One shoe, or a pair: one behind the other, or back to back.
pub fn one_or_two(shoe: Garment, random: &mut Random) -> Garment {
    match random.count(0, 24) {
        0..=3 => {
            let by = (random.within(-0.3, 0.3), -random.within(0.08, 0.2));
            let mut pair = shoe.moved(by);
            pair.put(shoe);
            pair
        }
        4 => {
            let apart = random.within(0.05, 0.2);
            let mut pair = shoe.map(|(x, y)| (-x - apart, y));
            pair.put(shoe);
            pair
        }
        5 => {
            let mut pair = shoe.turned((0.5, -0.2), random.within(-45.0, -20.0));
            pair = pair.moved((random.within(-0.1, 0.15), -random.within(0.15, 0.35)));
            pair.put(shoe);
            pair
        }
        _ => shoe,
    }
}

/// A line across the shoe from the slope down to the sole, at shares of both.
pub fn across(last: &Last, at: f32, to: f32) -> Path {
    let (start, end) = (last.slope().along(at), (to, -last.sole));
    let middle = between(start, end, 0.5);
    Path::at(start).curve((middle.0 - 0.04, middle.1 + 0.02), end)
}
