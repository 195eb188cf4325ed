//! What boots share: soles, tongues, loops to pull them on by.

use super::shoe::Last;
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// A sole with a low heel of its own.
pub fn heeled_sole(last: &Last, garment: &mut Garment, tone: Tone, random: &mut Random) {
    let (high, wide) = (random.within(0.06, 0.12), random.within(0.2, 0.3));
    let thin = last.sole * 0.75;
    let sole = Path::at((-0.02, -last.sole))
        .line((1.0, -last.sole))
        .curve((1.04, -last.sole * 0.5), (0.97, thin - last.sole))
        .line((wide + 0.1, thin - last.sole))
        .line((wide, high))
        .line((0.01, high))
        .close();
    garment.area(sole, tone);
    if random.chance(0.5) {
        let y = thin - last.sole;
        garment.line(Path::open(&[(0.0, y), (wide + 0.06, y)]), Rank::Fine);
    }
}

pub fn flat_sole(last: &Last, garment: &mut Garment, random: &mut Random) {
    garment.area(
        last.sole_path(random),
        random.pick(&[Tone::Trim, Tone::Second]),
    );
}

/// A sole with notches.
pub fn treaded(last: &Last, garment: &mut Garment, random: &mut Random) {
    let count = random.count(5, 9);
    let deep = random.within(0.03, 0.05);
    let mut points = vec![(-0.03, -last.sole), (1.01, -last.sole), (1.02, -0.02)];
    for i in (0..count).rev() {
        let step = 0.96 / count as f32;
        let x = 0.02 + i as f32 * step;
        points.extend([
            (x + step * 0.8, 0.0),
            (x + step * 0.25, 0.0),
            (x + step * 0.15, -deep),
            (x, -deep),
        ]);
    }
    garment.area(Path::polygon(&points), Tone::Trim);
}

/// A loop to pull the boot on by.
pub fn pull_tab(last: &Last, garment: &mut Garment) {
    let (x, y) = (last.lean, -last.back);
    let tab = Path::rectangle((x - 0.01, y - 0.06), (x + 0.04, y + 0.08));
    garment.detail(tab, Tone::Second, Rank::Fine);
}

pub fn tongue(last: &Last, garment: &mut Garment, random: &mut Random) {
    if random.chance(0.5) {
        let (x, y) = last.throat;
        let tongue = Path::polygon(&[
            (x - 0.1, -y + 0.03),
            (x - 0.04, -y - 0.06),
            (x + 0.05, -y - 0.05),
            (x + 0.05, -y + 0.12),
        ]);
        garment.area(tongue, Tone::Second);
    }
}

pub fn any_tone(random: &mut Random) -> Tone {
    random.pick(&[Tone::Main, Tone::Second, Tone::Trim])
}
