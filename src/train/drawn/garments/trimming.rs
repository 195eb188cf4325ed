//! What is on a garment of the upper body besides its shape: prints, folds, the seam of a hem.

use super::upper::Upper;
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// A figure printed or knitted on the chest.
pub fn print(
    garment: &mut Garment,
    (x, y): (f32, f32),
    size: f32,
    tone: Tone,
    random: &mut Random,
) {
    match random.count(0, 4) {
        0 => garment.dot((x, y), size, tone, Rank::Usual),
        1 => garment.detail(
            Path::rectangle((x - size, y - size * 0.6), (x + size, y + size * 0.6)),
            tone,
            Rank::Usual,
        ),
        2 => {
            let ray = |i: usize| {
                let radius = if i.is_multiple_of(2) {
                    size
                } else {
                    size * 0.45
                };
                let angle = (i as f32 * 36.0 - 90.0).to_radians();
                (x + radius * angle.cos(), y + radius * angle.sin())
            };
            let star: Vec<_> = (0..10).map(ray).collect();
            garment.detail(Path::polygon(&star), tone, Rank::Usual);
        }
        3 => {
            let half = Path::at((0.0, -0.4))
                .cubic((0.3, -1.1), (1.3, -0.7), (0.9, 0.0))
                .line((0.0, 1.0));
            let heart = half
                .with_mirror()
                .map(|(a, b)| (x + a * size, y + b * size));
            garment.detail(heart, tone, Rank::Usual);
        }
        _ => {
            for i in 0..random.count(2, 3) {
                let at = y + i as f32 * size * 0.5;
                garment.thin_strap(
                    Path::open(&[(x - size, at), (x + size, at)]),
                    size * 0.2,
                    tone,
                    Rank::Usual,
                );
            }
        }
    }
}

/// Short folds at the waist or below the armpits.
pub fn side_folds(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    for sign in [-1.0, 1.0] {
        for _ in 0..random.count(1, 2) {
            let y = random.within(upper.armpit + 0.08, upper.length - 0.2);
            let x = upper.half_width(y);
            let end = (x - random.within(0.12, 0.25), y + random.within(-0.1, 0.16));
            let fold = Path::at((x, y)).curve((x - 0.08, y + 0.02), end);
            garment.line(fold.map(|(x, y)| (sign * x, y)), Rank::Fine);
        }
    }
}

pub fn hem_line(upper: &Upper, garment: &mut Garment, random: &mut Random) {
    let up = random.within(0.05, 0.09);
    let half = upper.half_width(upper.length - up);
    let y = upper.length - up;
    garment.line(
        Path::at((-half, y)).curve((0.0, y + 2.0 * upper.hem_curve), (half, y)),
        Rank::Fine,
    );
}
