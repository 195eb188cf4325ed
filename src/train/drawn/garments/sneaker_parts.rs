//! What sneakers share: uppers with tongues, soles of rubber, panels, figures on the side.

use super::shoe::{self, Last};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

pub fn any_tone(random: &mut Random) -> Tone {
    random.pick(&[Tone::Main, Tone::Second, Tone::Trim])
}

/// Upper, tongue and sole.
pub fn base(last: &Last, random: &mut Random) -> Garment {
    let mut garment = Garment::default();
    if random.chance(0.6) {
        let (x, y) = last.throat;
        let out = random.within(0.02, 0.05);
        let tongue = Path::polygon(&[
            (x - 0.14, -y + 0.03),
            (x - 0.05, -y - out),
            (x + 0.03, -y - out * 0.8),
            (x + 0.1, -y + 0.12),
        ]);
        garment.area(tongue, random.pick(&[Tone::Main, Tone::Second]));
    }
    garment.area(last.upper(), Tone::Main);
    garment
}

pub fn sole(last: &Last, garment: &mut Garment, random: &mut Random) {
    garment.area(last.sole_path(random), Tone::Trim);
    if random.chance(0.4) {
        let y = -last.sole * random.within(0.35, 0.6);
        garment.line(Path::open(&[(-0.01, y), (1.0, y)]), Rank::Fine);
    }
    if random.chance(0.25) {
        for i in 0..random.count(4, 9) {
            let x = 0.08 + i as f32 * 0.1;
            garment.line(
                Path::open(&[(x, -last.sole * 0.35), (x + 0.02, 0.0)]),
                Rank::Fine,
            );
        }
    }
}

/// A figure on the side: bars, a wave, a panel, a dot.
pub fn decorate(last: &Last, garment: &mut Garment, random: &mut Random) {
    let tone = random.pick(&[Tone::Second, Tone::Trim]);
    let top = -last.vamp.1 * random.within(1.0, 1.25);
    let low = -last.sole - 0.02;
    match random.count(0, 5) {
        0 => {
            for i in 0..random.count(1, 2) {
                let x = random.within(0.36, 0.44) + i as f32 * 0.1;
                garment.thin_strap(
                    Path::open(&[(x, top), (x + 0.08, low)]),
                    0.035,
                    tone,
                    Rank::Usual,
                );
            }
        }
        1 => {
            let wave = Path::at((0.14, top)).cubic(
                (0.3, low - 0.02),
                (0.42, top - 0.05),
                (0.62, low - 0.02),
            );
            garment.thin_strap(wave, random.within(0.025, 0.05), tone, Rank::Usual);
        }
        2 => {
            let panel = Path::at((0.2, low + 0.02))
                .curve((0.32, top - 0.06), (0.5, top))
                .line((0.64, low + 0.02))
                .close();
            garment.detail(panel, tone, Rank::Usual);
        }
        3 => garment.dot(
            (0.36, f32::midpoint(top, low)),
            random.within(0.03, 0.05),
            tone,
            Rank::Fine,
        ),
        4 => {
            let points: Vec<_> = (0..5)
                .map(|i| (0.22 + i as f32 * 0.09, if i % 2 == 0 { low } else { top }))
                .collect();
            garment.thin_strap(Path::open(&points), 0.025, tone, Rank::Fine);
        }
        _ => {}
    }
}

/// Panels, cap and counter that any of them may have.
pub fn panels(last: &Last, garment: &mut Garment, random: &mut Random) {
    if random.chance(0.45) {
        last.toe_cap(garment, any_tone(random), random);
    }
    if random.chance(0.45) {
        last.heel_counter(garment, any_tone(random), random);
    }
    if random.chance(0.6) {
        decorate(last, garment, random);
    }
    if random.chance(0.5) {
        last.eyestay(garment, any_tone(random), random);
    }
    if random.chance(0.3) {
        let collar = last.opening().map(|(x, y)| (x, y + 0.05));
        garment.line(collar, Rank::Fine);
    }
}

pub fn laced(last: &Last, random: &mut Random) -> Garment {
    let mut garment = base(last, random);
    panels(last, &mut garment, random);
    last.laces(&mut garment, Rank::Usual, random);
    sole(last, &mut garment, random);
    shoe::one_or_two(garment, random)
}
