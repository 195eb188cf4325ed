//! Where a garment lies in its picture: from garment units to pixels, turned, stretched, mirrored, warped.

use super::garment::{Form, Garment};
use super::path::turned;
use super::random::Random;

/// A garment in pixels.
pub struct Placed {
    /// Width of the picture.
    pub width: usize,
    /// Height of the picture.
    pub height: usize,
    /// The parts, in pixels.
    pub garment: Garment,
    /// The garment's longest side in pixels.
    pub size: f32,
}

/// How freely garments are placed.
#[derive(Clone, Copy, Debug)]
pub struct Freedom {
    /// Sides of pictures to choose from, in pixels, with weights.
    pub sides: &'static [(usize, f32)],
    /// How far the shape is warped, as a share of its size, at most.
    pub warp: f32,
    /// By how much corners are rounded, as a share of its size, at most.
    pub rounding: f32,
    /// Whether pictures may be other than square.
    pub any_aspect: bool,
}

/// Lay a garment into a picture of random size.
pub fn place(garment: &Garment, freedom: &Freedom, random: &mut Random) -> Placed {
    let side = random.weighted(freedom.sides);
    let (width, height) = if freedom.any_aspect && random.chance(0.3) {
        let longer = (side as f32 * random.within(1.05, 1.6)) as usize;
        if random.chance(0.5) {
            (longer, side)
        } else {
            (side, longer)
        }
    } else {
        (side, side)
    };
    let shaped = shape(garment, freedom, random);
    let ((left, top), (right, bottom)) = shaped.bounds();
    let (w, h) = ((right - left).max(1e-3), (bottom - top).max(1e-3));
    let share = random.weighted(&[(0.96, 2.0), (0.85, 3.0), (0.72, 3.0), (0.55, 1.0)])
        * random.within(0.94, 1.02);
    let scale = (width as f32 / w).min(height as f32 / h) * share;
    let (free_x, free_y) = (width as f32 - w * scale, height as f32 - h * scale);
    let centered = random.chance(0.5);
    let mut at = |free: f32| {
        if centered || free < 2.0 {
            free / 2.0
        } else {
            random.within(1.0, free - 1.0)
        }
    };
    let (x0, y0) = (at(free_x), at(free_y));
    let mut placed = shaped.map(|(x, y)| ((x - left) * scale + x0, (y - top) * scale + y0));
    for part in &mut placed.parts {
        if let Form::Strap(width) = &mut part.form {
            *width *= scale;
        }
    }
    Placed {
        width,
        height,
        garment: placed,
        size: w.max(h) * scale,
    }
}

/// Stretch, mirror, warp, turn and round a garment.
fn shape(garment: &Garment, freedom: &Freedom, random: &mut Random) -> Garment {
    let ((left, top), (right, bottom)) = garment.bounds();
    let center = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    let size = (right - left).max(bottom - top).max(1e-3);
    let stretch = 1.0 + random.around_zero(0.16);
    let mirror = if random.chance(0.5) { -1.0 } else { 1.0 };
    let shear = if random.chance(0.25) {
        random.around_zero(0.15)
    } else {
        0.0
    };
    let turn = match random.count(0, 19) {
        0..=7 => 0.0,
        8..=11 => random.around_zero(6.0),
        12..=16 => random.within(-15.0, 15.0),
        _ => random.within(-30.0, 30.0),
    };
    let warp = if random.chance(0.6) {
        random.within(0.0, freedom.warp)
    } else {
        0.0
    };
    let phase: [f32; 4] = std::array::from_fn(|_| random.within(0.0, std::f32::consts::TAU));
    let waves = random.within(2.5, 7.0);
    let moved = garment.map(|(x, y)| {
        let (dx, dy) = ((x - center.0) / size, (y - center.1) / size);
        let wave = |t: f32, phase: f32| warp * (waves * t + phase).sin();
        let bent = (
            dx + 0.6 * wave(dx, phase[0]) + wave(dy, phase[1]),
            dy + 0.6 * wave(dy, phase[2]) + wave(dx, phase[3]),
        );
        let x = mirror * (bent.0 * stretch + shear * bent.1);
        turned((x, bent.1), (0.0, 0.0), turn)
    });
    let rounding = if random.chance(0.5) {
        random.within(0.0, freedom.rounding)
    } else {
        0.0
    };
    let mut out = moved;
    for part in &mut out.parts {
        if let Form::Strap(width) = &mut part.form {
            *width /= size;
        }
        if rounding > 0.004 && !matches!(part.form, Form::Strap(_)) {
            part.path = part.path.rounded(rounding);
        }
    }
    out
}
