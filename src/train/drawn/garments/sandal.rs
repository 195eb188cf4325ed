//! Sandals: a sole and straps, much of the foot left bare.

use super::sandal_from_above::{flip_flops, slides_from_above, straps_from_above};
use super::shoe::{self, raised};
use super::strap::{
    SOLE, arch, arched, around_ankle, counter, flat_sole, instep, over, toe_straps,
};
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
    upper.area(counter(random, ankle), Tone::Main);
    let width = random.within(0.03, 0.06);
    around_ankle(&mut upper, ankle, width, Tone::Main, random);
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
    if random.chance(0.5) {
        garment.area(over(far - 0.07, far + 0.05, 0.08), Tone::Main);
        garment.area(over(0.66, random.within(0.78, 0.88), 0.03), Tone::Main);
    } else {
        let low = random.within(0.14, 0.2);
        garment.strap(
            arch(far - 0.1, far + 0.26, random.within(0.28, 0.36)),
            width,
            Tone::Main,
        );
        garment.strap(arch(0.62, 0.9, low), width, Tone::Main);
    }
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
    let high = random.within(0.2, 0.28);
    upper.area(arched(0.44, random.within(0.86, 0.92), high), Tone::Main);
    let top = -SOLE - high * 0.8;
    upper.line(
        Path::at((0.46, -SOLE - 0.06)).curve((0.62, top), (0.8, -SOLE - 0.14)),
        Rank::Key,
    );
    upper.line(
        Path::at((0.56, top)).curve((0.7, -SOLE - 0.12), (0.76, -SOLE)),
        Rank::Key,
    );
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
