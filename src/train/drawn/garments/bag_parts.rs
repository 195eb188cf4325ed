//! What bags share: bodies, arched handles, clasps.

use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// A body with straight sides: half widths above and below, height, roundness of the lower corners.
pub fn body(top: f32, bottom: f32, high: f32, round: f32) -> Path {
    let r = round.min(bottom * 0.9).min(high * 0.45);
    Path::at((0.0, 0.0))
        .line((top, 0.0))
        .line((bottom + (top - bottom) * r / high, high - r))
        .curve((bottom, high), (bottom - r, high))
        .line((0.0, high))
        .with_mirror()
}

/// A handle that rises from (-x, y) to (x, y).
pub fn arc(x: f32, y: f32, high: f32, square: f32) -> Path {
    Path::at((-x, y)).cubic(
        (-x * square, y - high * 1.32),
        (x * square, y - high * 1.32),
        (x, y),
    )
}

pub fn any_tone(random: &mut Random) -> Tone {
    random.pick(&[Tone::Main, Tone::Second, Tone::Trim])
}

pub fn clasp(garment: &mut Garment, (x, y): (f32, f32), random: &mut Random) {
    let size = random.within(0.03, 0.06);
    match random.count(0, 2) {
        0 => garment.dot((x, y), size * 0.8, Tone::Metal, Rank::Usual),
        1 => garment.detail(
            Path::rectangle((x - size, y - size * 0.7), (x + size, y + size * 0.7)),
            Tone::Metal,
            Rank::Usual,
        ),
        _ => {
            let strap =
                Path::rectangle((x - size * 0.6, y - size * 2.0), (x + size * 0.6, y + size));
            garment.detail(strap, Tone::Second, Rank::Usual);
            garment.dot((x, y + size * 0.3), size * 0.35, Tone::Metal, Rank::Fine);
        }
    }
}
