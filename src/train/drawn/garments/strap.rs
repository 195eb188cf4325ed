//! What sandals share: straps over the foot and around the ankle, what holds the heel, flat soles.

use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point};
use crate::train::drawn::random::Random;

/// Thickness of a sole, at the ball of the foot.
pub const SOLE: f32 = 0.05;

/// How high the foot reaches above the sole, at a distance from the heel.
pub fn instep(x: f32) -> f32 {
    let heights = [
        (0.0, 0.5),
        (0.25, 0.52),
        (0.4, 0.42),
        (0.55, 0.29),
        (0.7, 0.19),
        (0.85, 0.13),
        (1.0, 0.08),
    ];
    let i = heights
        .iter()
        .rposition(|(at, _)| *at <= x)
        .unwrap_or(0)
        .min(heights.len() - 2);
    let ((x0, y0), (x1, y1)) = (heights[i], heights[i + 1]);
    y0 + (y1 - y0) * ((x - x0) / (x1 - x0)).clamp(0.0, 1.0)
}

/// A strap over the foot, from the sole between two places to the instep, leaning back by `lean`.
pub fn over(from: f32, to: f32, lean: f32) -> Path {
    let top = |x: f32| (x - lean, -SOLE - instep((x - lean).max(0.0)));
    let (a, b) = (top(from), top(to));
    let bulge = |p: Point, q: Point| {
        (
            f32::midpoint(p.0, q.0) + 0.015,
            f32::midpoint(p.1, q.1) - 0.01,
        )
    };
    Path::at((from, -SOLE))
        .curve(bulge((from, -SOLE), a), a)
        .curve(bulge(a, b), b)
        .curve(bulge(b, (to, -SOLE)), (to, -SOLE))
        .close()
}

/// A broad band over the foot, round above.
pub fn arched(from: f32, to: f32, high: f32) -> Path {
    let top = -SOLE - high * 1.25;
    Path::at((from, -SOLE))
        .cubic((from + 0.02, top), (to - 0.12, top), (to, -SOLE))
        .close()
}

/// A strap around the ankle.
pub fn around_ankle(
    garment: &mut Garment,
    height: f32,
    width: f32,
    tone: Tone,
    random: &mut Random,
) {
    let (left, right) = (0.0, random.within(0.32, 0.4));
    let tilt = random.within(-0.05, 0.06);
    if random.chance(0.3) {
        let ring = Path::ellipse(
            (f32::midpoint(left, right), -height),
            (right - left) / 2.0,
            0.05,
        );
        garment.strap(ring.map(|(x, y)| (x, y - tilt * x)), width, tone);
    } else {
        let strap = Path::at((left, -height)).curve(
            (f32::midpoint(left, right), -height + 0.07),
            (right, -height - tilt),
        );
        garment.strap(strap, width, tone);
    }
    if random.chance(0.4) {
        garment.dot((0.16, -height + 0.03), 0.025, Tone::Metal, Rank::Fine);
    }
}

/// What holds the heel.
pub fn counter(random: &mut Random, high: f32) -> Path {
    let wide = random.within(0.12, 0.24);
    Path::at((0.0, -SOLE))
        .curve((-0.03, -high * 0.5), (0.0, -high))
        .line((0.07, -high))
        .curve((0.1, -high * 0.5), (wide, -SOLE))
        .close()
}

/// A strap seen a little from above: it arches over the foot from one side of the sole to the other.
pub fn arch(from: f32, to: f32, high: f32) -> Path {
    let top = -SOLE - high * 1.3;
    Path::at((from, -SOLE)).cubic((from + 0.01, top), (to - 0.06, top), (to, -SOLE))
}

/// One to three straps over the toes, side by side or crossed.
pub fn toe_straps(garment: &mut Garment, random: &mut Random) {
    let count = random.count(1, 3);
    let wide = if count == 1 {
        random.within(0.12, 0.24)
    } else {
        random.within(0.05, 0.09)
    };
    let last = random.within(0.8, 0.92);
    let arches = random.chance(0.5);
    let long = random.within(0.2, 0.32);
    for i in 0..count {
        let to = last - i as f32 * (wide + random.within(0.03, 0.07));
        let tone = if i == 1 { Tone::Second } else { Tone::Main };
        if arches {
            let high = random.within(0.12, 0.2) + 0.05 * i as f32;
            garment.strap(arch(to - long, to, high), wide.min(0.1), tone);
        } else {
            garment.area(over(to - wide, to, random.within(-0.02, 0.1)), tone);
        }
    }
}

pub fn flat_sole(random: &mut Random) -> Path {
    let (thick, spring) = (random.within(0.05, 0.11), random.within(0.0, 0.03));
    Path::at((-0.02, -SOLE))
        .line((0.98, -SOLE - spring))
        .curve((1.04, -SOLE * 0.5), (0.98, thick - SOLE - spring))
        .curve((0.9, thick - SOLE), (0.8, thick - SOLE))
        .line((0.02, thick - SOLE))
        .curve((-0.04, 0.0), (-0.02, -SOLE))
        .close()
}
