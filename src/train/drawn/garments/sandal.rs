//! Sandals: a sole and straps, much of the foot left bare.

use super::shoe::{self, raised};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::{Path, Point};
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 14] = [
    training("flat with straps", flat).weighing(1.3),
    training("high heel", high_heel).weighing(1.6),
    training("block heel", block_heel),
    training("wedge", wedge).weighing(1.2),
    training("gladiator", gladiator),
    training("slide", slide).weighing(1.2),
    training("sport", sport),
    training("flip-flops from above", flip_flops).weighing(1.2),
    training("thong from the side", thong),
    training("slides from above", slides_from_above),
    training("open pump", open_pump),
    training("straps from above", straps_from_above),
    held_out("crossed mule", crossed_mule),
    held_out("toe ring", toe_ring),
];

/// Thickness of a sole, at the ball of the foot.
const SOLE: f32 = 0.05;

/// How high the foot reaches above the sole, at a distance from the heel.
fn instep(x: f32) -> f32 {
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
fn over(from: f32, to: f32, lean: f32) -> Path {
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
fn arched(from: f32, to: f32, high: f32) -> Path {
    let top = -SOLE - high * 1.25;
    Path::at((from, -SOLE))
        .cubic((from + 0.02, top), (to - 0.12, top), (to, -SOLE))
        .close()
}

/// A strap around the ankle.
fn around_ankle(garment: &mut Garment, height: f32, width: f32, tone: Tone, random: &mut Random) {
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
fn counter(random: &mut Random, high: f32) -> Path {
    let wide = random.within(0.12, 0.24);
    Path::at((0.0, -SOLE))
        .curve((-0.03, -high * 0.5), (0.0, -high))
        .line((0.07, -high))
        .curve((0.1, -high * 0.5), (wide, -SOLE))
        .close()
}

/// One to three straps over the toes, side by side or crossed.
fn toe_straps(garment: &mut Garment, random: &mut Random) {
    let count = random.count(1, 3);
    let wide = if count == 1 {
        random.within(0.12, 0.24)
    } else {
        random.within(0.05, 0.09)
    };
    let last = random.within(0.8, 0.9);
    for i in 0..count {
        let to = last - i as f32 * (wide + random.within(0.03, 0.07));
        let tone = if i == 1 { Tone::Second } else { Tone::Main };
        garment.area(over(to - wide, to, random.within(-0.02, 0.1)), tone);
    }
}

fn flat_sole(random: &mut Random) -> Path {
    let (thick, spring) = (random.within(0.05, 0.11), random.within(0.0, 0.03));
    Path::at((-0.02, -SOLE))
        .line((0.98, -SOLE - spring))
        .curve((1.04, -SOLE * 0.5), (0.98, thick - SOLE - spring))
        .curve((0.9, thick - SOLE), (0.8, thick - SOLE))
        .line((0.02, thick - SOLE))
        .curve((-0.04, 0.0), (-0.02, -SOLE))
        .close()
}

fn flat(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let ankle = random.within(0.34, 0.5);
    if random.chance(0.8) {
        garment.area(counter(random, ankle), Tone::Main);
    } else {
        garment.strap(
            Path::at((0.02, -SOLE)).curve((-0.03, -0.2), (0.01, -ankle)),
            0.05,
            Tone::Main,
        );
    }
    let width = random.within(0.04, 0.07);
    around_ankle(&mut garment, ankle, width, Tone::Main, random);
    toe_straps(&mut garment, random);
    if random.chance(0.3) {
        let (top, low) = ((0.34, -ankle), (0.68, -SOLE - instep(0.68)));
        garment.strap(Path::at(top).curve((0.46, -0.42), low), 0.05, Tone::Main);
    }
    garment.area(flat_sole(random), Tone::Trim);
    shoe::one_or_two(garment, random)
}

/// Straps raised on a heel, without the heel.
fn strappy(random: &mut Random) -> Garment {
    let mut upper = Garment::default();
    let ankle = random.within(0.3, 0.5);
    if random.chance(0.85) {
        upper.area(counter(random, ankle), Tone::Main);
        let width = random.within(0.03, 0.06);
        around_ankle(&mut upper, ankle, width, Tone::Main, random);
    }
    toe_straps(&mut upper, random);
    if random.chance(0.2) {
        let (top, low) = ((0.32, -ankle), (0.7, -SOLE - instep(0.7)));
        upper.strap(Path::at(top).curve((0.44, -0.42), low), 0.045, Tone::Main);
    }
    upper
}

fn on_thin_sole(upper: &Garment, height: f32, platform: f32, heel: Path) -> Garment {
    let mut garment = shoe::on_heel(upper, height);
    garment.area(heel, Tone::Main);
    garment.area(shoe::arched_sole(height, SOLE, 0.98), Tone::Trim);
    if platform > 0.0 {
        let below = Path::at((0.6, -0.01))
            .line((0.98, -0.01))
            .line((0.95, platform))
            .line((0.64, platform))
            .close();
        garment.area(below, Tone::Trim);
    }
    garment
}

fn high_heel(random: &mut Random) -> Garment {
    let upper = strappy(random);
    let height = random.within(0.28, 0.55);
    let platform = if random.chance(0.25) {
        random.within(0.05, 0.1)
    } else {
        0.0
    };
    let (top, bottom) = (random.within(0.12, 0.2), random.within(0.025, 0.05));
    let mut heel = shoe::heel(height, top, bottom, random.within(0.0, 0.05));
    for point in heel.points.iter_mut().skip(2) {
        point.1 = platform;
    }
    let garment = on_thin_sole(&upper, height, platform, heel);
    shoe::one_or_two(garment, random)
}

fn block_heel(random: &mut Random) -> Garment {
    let upper = strappy(random);
    let height = random.within(0.12, 0.35);
    let top = random.within(0.18, 0.26);
    let heel = shoe::heel(
        height,
        top,
        top * random.within(0.7, 1.05),
        random.within(-0.02, 0.03),
    );
    let garment = on_thin_sole(&upper, height, 0.0, heel);
    shoe::one_or_two(garment, random)
}

fn wedge(random: &mut Random) -> Garment {
    let upper = strappy(random);
    let (height, platform) = (random.within(0.15, 0.35), random.within(0.06, 0.13));
    let mut garment = shoe::on_heel(&upper, height).moved((0.0, SOLE - platform));
    garment.area(shoe::wedge(height, platform), Tone::Trim);
    if random.chance(0.5) {
        for i in 1..random.count(2, 4) {
            let t = i as f32 / 4.0;
            let line = Path::open(
                &(0..=8)
                    .map(|k| {
                        let x = 0.02 + 0.9 * k as f32 / 8.0;
                        (x, -(height * raised(x) + platform) * t)
                    })
                    .collect::<Vec<_>>(),
            );
            garment.line(line, Rank::Fine);
        }
    }
    shoe::one_or_two(garment, random)
}

/// Many straps up to the ankle or above, one along the foot.
fn gladiator(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let top = random.within(0.5, 0.95);
    let width = random.within(0.035, 0.055);
    garment.area(counter(random, 0.3), Tone::Main);
    garment.strap(
        Path::at((0.02, -0.25)).line((0.01, -top)),
        width,
        Tone::Main,
    );
    let rings = random.count(2, 4);
    for i in 0..rings {
        let y = 0.36 + (top - 0.36) * i as f32 / (rings - 1).max(1) as f32;
        around_ankle(&mut garment, y, width, Tone::Main, random);
    }
    let count = random.count(3, 4);
    for i in 0..count {
        let to = 0.88 - i as f32 * 0.15;
        garment.area(over(to - width * 1.5, to, 0.08), Tone::Main);
    }
    let ridge: Vec<Point> = (0..=6)
        .map(|i| {
            let x = 0.36 + 0.44 * i as f32 / 6.0;
            (x, -SOLE - instep(x))
        })
        .collect();
    garment.strap(Path::open(&ridge), width, Tone::Main);
    garment.area(flat_sole(random), Tone::Trim);
    shoe::one_or_two(garment, random)
}

/// One broad band, no heel.
fn slide(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let (from, to) = (random.within(0.38, 0.5), random.within(0.74, 0.9));
    garment.area(arched(from, to, random.within(0.17, 0.3)), Tone::Main);
    if random.chance(0.4) {
        let x = f32::midpoint(from, to);
        garment.line(
            Path::at((x - 0.1, -0.1)).curve((x, -0.25), (x + 0.1, -0.12)),
            Rank::Fine,
        );
    }
    let (thick, rise) = (random.within(0.09, 0.18), random.within(0.0, 0.06));
    let sole = Path::at((-0.01, -SOLE - rise))
        .curve((0.3, -SOLE + 0.02), (0.97, -SOLE))
        .curve((1.04, 0.0), (0.98, thick - SOLE))
        .line((0.02, thick - SOLE))
        .curve((-0.05, 0.0), (-0.01, -SOLE - rise))
        .close();
    garment.area(sole, Tone::Trim);
    shoe::one_or_two(garment, random)
}

/// Two broad straps over the foot and one behind the heel.
fn sport(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let width = random.within(0.06, 0.09);
    let (high, far) = (random.within(0.34, 0.44), random.within(0.36, 0.44));
    garment.strap(
        Path::at((0.2, -SOLE))
            .line((0.22, -high * 0.7))
            .curve((0.05, -high * 0.85), (-0.01, -high)),
        width,
        Tone::Main,
    );
    garment.area(over(far - 0.07, far + 0.05, 0.08), Tone::Main);
    garment.area(over(0.66, random.within(0.78, 0.88), 0.03), Tone::Main);
    if random.chance(0.6) {
        let side = Path::open(&[(far, -0.14), (0.72, -0.12)]);
        garment.strap(side, width, Tone::Second);
    }
    let thick = random.within(0.08, 0.15);
    let sole = Path::at((-0.02, -SOLE - 0.03))
        .curve((0.3, -SOLE + 0.02), (1.0, -SOLE - 0.02))
        .curve((1.05, 0.0), (0.94, thick - SOLE))
        .line((0.03, thick - SOLE))
        .curve((-0.04, 0.0), (-0.02, -SOLE - 0.03))
        .close();
    garment.area(sole, Tone::Trim);
    shoe::one_or_two(garment, random)
}

/// A heeled shoe that leaves toes and instep bare.
fn open_pump(random: &mut Random) -> Garment {
    let height = random.within(0.2, 0.5);
    let (back, front) = (random.within(0.25, 0.34), random.within(0.55, 0.66));
    let toe = random.within(0.86, 0.94);
    let upper_path = Path::at((0.0, -SOLE))
        .curve((-0.03, -back * 0.6), (0.02, -back))
        .cubic(
            (0.12, -SOLE - 0.03),
            (front - 0.2, -SOLE - 0.01),
            (front, -SOLE - 0.17),
        )
        .curve((toe - 0.05, -SOLE - 0.15), (toe, -SOLE - 0.06))
        .line((toe - 0.04, -SOLE))
        .close();
    let mut upper = Garment::default();
    upper.area(upper_path, Tone::Main);
    let width = random.within(0.03, 0.05);
    around_ankle(
        &mut upper,
        random.within(0.36, 0.48),
        width,
        Tone::Main,
        random,
    );
    let heel = shoe::heel(
        height,
        random.within(0.14, 0.2),
        random.within(0.03, 0.09),
        random.within(0.0, 0.04),
    );
    let garment = on_thin_sole(&upper, height, 0.0, heel);
    shoe::one_or_two(garment, random)
}

/// A foot's outline from above, heel below.
fn sole_from_above(random: &mut Random) -> Path {
    let wide = random.within(0.19, 0.25);
    let waist = random.within(0.68, 0.9);
    let lean = random.within(-0.02, 0.05);
    Path::ring(&[
        (-0.04 + lean, -0.62),
        (wide * 0.75, -0.5),
        (wide, -0.22),
        (wide * waist, 0.15),
        (wide * 0.75, 0.48),
        (0.0, 0.62),
        (-wide * 0.75, 0.48),
        (-wide * waist * 0.9, 0.12),
        (-wide, -0.25),
        (-wide * 0.85, -0.52),
    ])
}

/// One or two soles beside each other; `lay` puts the straps on each.
fn from_above(
    random: &mut Random,
    single: f32,
    lay: impl Fn(&mut Garment, &mut Random),
) -> Garment {
    let mut shoe = Garment::default();
    shoe.area(sole_from_above(random), Tone::Trim);
    if random.chance(0.3) {
        let inner = sole_from_above(random).map(|(x, y)| (x * 0.82, y * 0.9));
        shoe.line(inner, Rank::Fine);
    }
    lay(&mut shoe, random);
    if random.chance(single) {
        return shoe;
    }
    let apart = random.within(0.27, 0.36);
    let right = shoe
        .turned((0.0, 0.0), random.within(-4.0, 14.0))
        .moved((apart, 0.0));
    let mut pair = right.map(|(x, y)| (-x, y));
    let ahead = if random.chance(0.3) {
        random.within(-0.25, 0.25)
    } else {
        0.0
    };
    pair.put(right.moved((0.0, ahead)));
    if random.chance(0.15) {
        pair = pair.turned((0.0, 0.0), 180.0);
    }
    pair
}

/// A strap from between the toes to both sides.
fn y_strap(shoe: &mut Garment, random: &mut Random) {
    let toe = (random.within(-0.05, 0.03), random.within(-0.46, -0.38));
    let end = random.within(-0.14, 0.08);
    let width = random.within(0.05, 0.09);
    for sign in [-1.0, 1.0] {
        let strap = Path::at(toe).curve((sign * 0.12, toe.1 + 0.06), (sign * 0.2, end));
        shoe.strap(strap, width, Tone::Main);
    }
    shoe.dot(toe, width * 0.6, Tone::Main, Rank::Usual);
}

fn flip_flops(random: &mut Random) -> Garment {
    from_above(random, 0.3, y_strap)
}

fn slides_from_above(random: &mut Random) -> Garment {
    from_above(random, 0.25, |shoe, random| {
        let (top, bottom) = (random.within(-0.42, -0.3), random.within(-0.1, 0.04));
        let bulge = random.within(0.03, 0.1);
        let band = Path::at((-0.25, top + 0.03))
            .curve((0.0, top - bulge), (0.25, top + 0.03))
            .line((0.25, bottom))
            .curve((0.0, bottom - bulge), (-0.25, bottom))
            .close();
        shoe.area(band, Tone::Main);
        if random.chance(0.4) {
            shoe.line(
                Path::at((-0.24, bottom - 0.12))
                    .curve((0.0, bottom - 0.12 - bulge), (0.24, bottom - 0.12)),
                Rank::Fine,
            );
        }
    })
}

fn straps_from_above(random: &mut Random) -> Garment {
    from_above(random, 0.25, |shoe, random| {
        let width = random.within(0.06, 0.1);
        let count = random.count(2, 3);
        for i in 0..count {
            let y = -0.36 + i as f32 * 0.17;
            let strap = Path::at((-0.24, y + 0.04)).curve((0.0, y - 0.06), (0.24, y + 0.04));
            shoe.strap(strap, width, Tone::Main);
        }
        if random.chance(0.6) {
            let back = Path::at((-0.19, 0.16)).curve((0.0, random.within(0.05, 0.3)), (0.19, 0.16));
            shoe.strap(back, width * 0.8, Tone::Main);
        }
    })
}

/// A flip-flop as it stands on the ground.
fn thong(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let high = random.within(0.16, 0.28);
    let (front, back) = (random.within(0.76, 0.84), random.within(0.3, 0.42));
    let width = random.within(0.04, 0.08);
    let far =
        Path::at((front, -SOLE)).curve((0.66, -high - SOLE - 0.08), (back + 0.1, -SOLE - 0.02));
    garment.strap(far, width, Tone::Second);
    let near = Path::at((front, -SOLE)).curve((0.6, -high * 1.7 - SOLE), (back, -SOLE));
    garment.strap(near, width, Tone::Main);
    garment.area(flat_sole(random), Tone::Trim);
    shoe::one_or_two(garment, random)
}

/// Two bands that cross, nothing behind the heel.
fn crossed_mule(random: &mut Random) -> Garment {
    let height = random.within(0.0, 0.3);
    let mut upper = Garment::default();
    let (width, high) = (random.within(0.09, 0.14), random.within(0.2, 0.28));
    for (foot, top) in [(0.5, 0.7), (0.86, 0.62)] {
        let band = Path::at((foot, -SOLE)).curve(
            (f32::midpoint(foot, top), -SOLE - high * 0.7),
            (top, -SOLE - high),
        );
        upper.strap(band, width, Tone::Main);
    }
    let heel = shoe::heel(height.max(0.03), 0.2, random.within(0.05, 0.18), 0.01);
    let garment = on_thin_sole(&upper, height.max(0.03), 0.0, heel);
    shoe::one_or_two(garment, random)
}

/// A ring around the toe, a strap along the foot and one around the ankle.
fn toe_ring(random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    let ankle = random.within(0.36, 0.46);
    garment.area(counter(random, ankle), Tone::Main);
    around_ankle(&mut garment, ankle, 0.05, Tone::Main, random);
    garment.area(over(0.8, 0.88, 0.02), Tone::Main);
    let ridge = Path::at((0.34, -ankle)).curve((0.5, -0.4), (0.84, -SOLE - instep(0.84)));
    garment.strap(ridge, random.within(0.04, 0.07), Tone::Main);
    garment.area(flat_sole(random), Tone::Trim);
    shoe::one_or_two(garment, random)
}
