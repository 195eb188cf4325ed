//! Boots: a shaft around the ankle or above, a sole with or without a heel. Those with laces have a file of their own.

use super::boot_parts::{any_tone, flat_sole, heeled_sole, pull_tab};
use super::laced_boot;
use super::shoe::{self, Last};
use crate::train::drawn::family::{Family, held_out, training};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// The ways to build one.
pub const FAMILIES: [Family; 12] = [
    training("chelsea", chelsea).weighing(1.4),
    training("lace-up", laced_boot::lace_up).weighing(1.4),
    training("heeled", heeled).weighing(1.3),
    training("rain boot", rain_boot),
    training("cowboy", cowboy),
    training("hiking", laced_boot::hiking),
    training("combat", laced_boot::combat),
    training("chukka", laced_boot::chukka),
    training("tall", tall),
    training("lined", lined),
    held_out("buckled", buckled),
    held_out("wedge", wedge_boot),
];

/// Elastic at the side.
fn chelsea(random: &mut Random) -> Garment {
    let shaft = random.within(0.62, 0.8);
    let last = Last::boot(random, shaft);
    let mut garment = Garment::default();
    garment.area(last.upper(), Tone::Main);
    let (top, low) = (-shaft + 0.01, -random.within(0.28, 0.36));
    let (x, half) = (
        last.lean + random.within(0.15, 0.2),
        random.within(0.06, 0.09),
    );
    let elastic = Path::at((x - half, top))
        .line((x + half, top))
        .curve(
            (x + half * 0.7, f32::midpoint(top, low)),
            (x + half * 0.3, low),
        )
        .line((x - half * 0.3, low))
        .curve((x - half * 0.7, f32::midpoint(top, low)), (x - half, top))
        .close();
    garment.detail(elastic, Tone::Second, Rank::Usual);
    if random.chance(0.5) {
        pull_tab(&last, &mut garment);
    }
    if random.chance(0.3) {
        garment.line(shoe::across(&last, 0.9, 0.5), Rank::Fine);
    }
    if random.chance(0.6) {
        heeled_sole(&last, &mut garment, Tone::Trim, random);
    } else {
        flat_sole(&last, &mut garment, random);
    }
    shoe::one_or_two(garment, random)
}

/// A thin or a blocky heel.
fn heeled(random: &mut Random) -> Garment {
    let height = random.within(0.15, 0.42);
    let shaft = random.within(0.45, 0.75);
    let last = Last {
        sole: 0.03,
        toe: random.within(0.08, 0.16),
        vamp: (random.within(0.6, 0.7), random.within(0.18, 0.24)),
        lean: random.within(0.03, 0.1),
        throat: (
            random.within(0.36, 0.44),
            shaft + random.within(-0.04, 0.04),
        ),
        ..Last::boot(random, shaft)
    };
    let mut upper = Garment::default();
    upper.area(last.upper(), Tone::Main);
    match random.count(0, 3) {
        0 => {
            let zip = Path::at((last.lean + 0.17, -shaft)).curve((0.2, -0.3), (0.24, -0.06));
            upper.line(zip, Rank::Usual);
        }
        1 => last.laces(&mut upper, Rank::Usual, random),
        2 => upper.line(shoe::across(&last, 0.8, 0.45), Rank::Usual),
        _ => {}
    }
    let mut garment = shoe::on_heel(&upper, height);
    let tone = random.pick(&[Tone::Main, Tone::Trim]);
    let (top, bottom) = (random.within(0.18, 0.27), random.within(0.04, 0.2));
    garment.area(
        shoe::heel(height, top, bottom.min(top), random.within(0.0, 0.05)),
        tone,
    );
    garment.area(shoe::arched_sole(height, 0.03, 0.99), tone);
    shoe::one_or_two(garment, random)
}

/// Rubber, wide at the top.
fn rain_boot(random: &mut Random) -> Garment {
    let shaft = random.within(0.9, 1.3);
    let last = Last {
        throat: (
            random.within(0.42, 0.52),
            shaft + random.within(-0.04, 0.06),
        ),
        lean: random.within(-0.04, 0.03),
        toe: random.within(0.2, 0.26),
        dip: shaft,
        ..Last::boot(random, shaft)
    };
    let mut garment = Garment::default();
    garment.area(last.upper(), Tone::Main);
    let (a, b) = ((last.lean, -shaft), (last.throat.0, -last.throat.1));
    let band = Path::open(&[a, b]).map(|(x, y)| (x, y + 0.04));
    if random.chance(0.7) {
        garment.thin_strap(
            band,
            random.within(0.05, 0.09),
            any_tone(random),
            Rank::Usual,
        );
    }
    if random.chance(0.4) {
        garment.line(shoe::across(&last, 0.95, 0.55), Rank::Fine);
    }
    if random.chance(0.5) {
        heeled_sole(&last, &mut garment, Tone::Trim, random);
    } else {
        flat_sole(&last, &mut garment, random);
    }
    shoe::one_or_two(garment, random)
}

/// A pointed toe, a slanted heel, a top that dips.
fn cowboy(random: &mut Random) -> Garment {
    let (shaft, height) = (random.within(0.85, 1.15), random.within(0.1, 0.18));
    let last = Last {
        sole: 0.035,
        toe: random.within(0.06, 0.12),
        throat: (random.within(0.4, 0.48), shaft),
        dip: shaft - random.within(0.06, 0.14),
        lean: random.within(-0.03, 0.03),
        ..Last::boot(random, shaft)
    };
    let mut upper = Garment::default();
    upper.area(last.upper(), Tone::Main);
    let stitch = Path::at((0.1, -shaft * 0.85)).cubic(
        (0.3, -shaft * 0.7),
        (0.05, -shaft * 0.5),
        (0.24, -shaft * 0.42),
    );
    upper.line(stitch, Rank::Fine);
    upper.line(shoe::across(&last, 0.75, 0.5), Rank::Usual);
    last.heel_counter(&mut upper, any_tone(random), random);
    let mut garment = shoe::on_heel(&upper, height);
    garment.area(
        shoe::heel(height, 0.24, 0.16, random.within(0.02, 0.06)),
        Tone::Trim,
    );
    garment.area(shoe::arched_sole(height, 0.035, 1.0), Tone::Trim);
    shoe::one_or_two(garment, random)
}

/// Up the calf, flat or with a heel.
fn tall(random: &mut Random) -> Garment {
    let shaft = random.within(1.1, 1.5);
    let height = random.pick(&[0.0, 0.1, 0.2, 0.3]) * random.within(0.8, 1.2);
    let last = Last {
        sole: 0.04,
        throat: (random.within(0.4, 0.5), shaft + random.within(-0.03, 0.05)),
        lean: random.within(-0.05, 0.03),
        toe: random.within(0.1, 0.18),
        dip: shaft - random.within(-0.03, 0.04),
        ..Last::boot(random, shaft)
    };
    let mut upper = Garment::default();
    upper.area(last.upper(), Tone::Main);
    if random.chance(0.5) {
        upper.line(
            Path::at((0.2, -shaft)).curve((0.22, -0.5), (0.26, -0.05)),
            Rank::Fine,
        );
    }
    if random.chance(0.5) {
        let y = -shaft + random.within(0.08, 0.14);
        upper.line(
            Path::open(&[(last.lean, y), (last.throat.0, y)]),
            Rank::Usual,
        );
    }
    if random.chance(0.4) {
        let fold = Path::at((0.02, -0.4)).curve((0.2, -0.34), (0.4, -0.42));
        upper.line(fold, Rank::Fine);
    }
    let mut garment = shoe::on_heel(&upper, height);
    if height > 0.02 {
        let bottom = random.within(0.05, 0.2);
        garment.area(
            shoe::heel(height, 0.25, bottom, random.within(0.0, 0.04)),
            Tone::Trim,
        );
        garment.area(shoe::arched_sole(height, 0.04, 0.99), Tone::Trim);
    } else {
        heeled_sole(&last, &mut garment, Tone::Trim, random);
    }
    shoe::one_or_two(garment, random)
}

/// Soft, with wool seen at the top.
fn lined(random: &mut Random) -> Garment {
    let shaft = random.within(0.65, 0.95);
    let last = Last {
        toe: random.within(0.22, 0.28),
        throat: (random.within(0.42, 0.5), shaft),
        dip: shaft,
        vamp: (random.within(0.66, 0.74), random.within(0.28, 0.33)),
        ..Last::boot(random, shaft)
    };
    let mut garment = Garment::default();
    garment.area(last.upper(), Tone::Main);
    let (a, b) = (last.lean - 0.02, last.throat.0 + 0.02);
    let count = random.count(4, 6);
    let tall = random.within(0.06, 0.12);
    let bump = |i: usize| {
        let step = (b - a) / count as f32;
        let x = a + i as f32 * step;
        [(x, -shaft), (x + step * 0.5, -shaft - tall * 0.45)]
    };
    let mut points: Vec<_> = (0..count).flat_map(bump).collect();
    points.extend([(b, -shaft), (b, -shaft + tall), (a, -shaft + tall)]);
    garment.area(Path::ring(&points), Tone::Trim);
    garment.line(
        Path::at((0.2, -shaft + tall)).line((0.2, -last.sole)),
        Rank::Fine,
    );
    garment.line(shoe::across(&last, 0.9, 0.5), Rank::Usual);
    flat_sole(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}

/// Straps with buckles around ankle and instep.
fn buckled(random: &mut Random) -> Garment {
    let shaft = random.within(0.65, 0.95);
    let last = Last::boot(random, shaft);
    let mut garment = Garment::default();
    garment.area(last.upper(), Tone::Main);
    let strap = |garment: &mut Garment, y: f32, slant: f32| {
        let (a, b) = ((last.lean - 0.03, -y), (last.throat.0 + 0.04, -y - slant));
        garment.strap(Path::open(&[a, b]), 0.06, Tone::Second);
        let x = f32::midpoint(a.0, b.0);
        let buckle = Path::rectangle((x, -y - 0.05), (x + 0.07, -y + 0.05));
        garment.detail(buckle, Tone::Metal, Rank::Usual);
    };
    strap(&mut garment, random.within(0.32, 0.4), 0.0);
    if shaft > 0.75 {
        strap(&mut garment, shaft - 0.12, 0.02);
    }
    heeled_sole(&last, &mut garment, Tone::Trim, random);
    shoe::one_or_two(garment, random)
}

fn wedge_boot(random: &mut Random) -> Garment {
    let (height, platform) = (random.within(0.15, 0.3), random.within(0.03, 0.08));
    let shaft = random.within(0.5, 0.75);
    let last = Last {
        sole: 0.02,
        ..Last::boot(random, shaft)
    };
    let mut upper = Garment::default();
    upper.area(last.upper(), Tone::Main);
    if random.chance(0.6) {
        last.laces(&mut upper, Rank::Usual, random);
    }
    let mut garment = shoe::on_heel(&upper, height).moved((0.0, -platform));
    garment.area(shoe::wedge(height, platform + 0.02), Tone::Trim);
    shoe::one_or_two(garment, random)
}
