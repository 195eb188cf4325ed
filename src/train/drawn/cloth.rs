//! What covers an area besides its color: patterns of cloth, light and shadow, hatching.

use super::canvas::{Canvas, Ink};
use super::color::{BLACK, Color, WHITE};
use super::look::{Look, Pattern};
use super::path::{Path, Point, turned};
use super::random::Random;
use super::style::Style;

/// A color that is lighter toward one side of a shape.
pub fn gradient(shape: &Path, color: Color, random: &mut Random) -> Ink {
    let (low, high) = shape.bounds();
    let strength = random.within(0.1, 0.45);
    let (light, dark) = (
        color.mixed(WHITE, strength * 0.7),
        color.mixed(BLACK, strength),
    );
    match random.count(0, 3) {
        0 => Ink::Gradient(low, light, high, dark),
        1 => Ink::Gradient(low, light, (low.0, high.1), dark),
        2 => Ink::Gradient(low, light, (high.0, low.1), dark),
        _ => Ink::Gradient((low.0, high.1), light, (high.0, low.1), dark),
    }
}

/// Lines `spacing` apart across a box, turned by degrees.
fn lines((low, high): (Point, Point), spacing: f32, degrees: f32) -> Vec<Path> {
    let center = (f32::midpoint(low.0, high.0), f32::midpoint(low.1, high.1));
    let radius = 0.5 * (high.0 - low.0).hypot(high.1 - low.1);
    let count = (2.0 * radius / spacing.max(1.0)) as usize + 1;
    (0..count)
        .map(|i| {
            let y = center.1 - radius + (i as f32 + 0.5) * spacing;
            let ends = [(center.0 - radius, y), (center.0 + radius, y)];
            Path::open(&ends.map(|p| turned(p, center, degrees)))
        })
        .collect()
}

/// Cover a shape with a pattern.
pub fn pattern(
    canvas: &mut Canvas,
    shape: &Path,
    pattern: Pattern,
    look: &Look,
    random: &mut Random,
) {
    let main = look.palette.main;
    let color = match random.count(0, 3) {
        0 => main.mixed(BLACK, random.within(0.2, 0.6)),
        1 => main.mixed(WHITE, random.within(0.3, 0.8)),
        2 => look.palette.second,
        _ => look.palette.trim,
    };
    let ink = Ink::Flat(color, 1.0);
    let size = look.pen.size;
    let spacing = size * random.within(0.05, 0.16);
    let width = spacing * random.within(0.15, 0.55);
    let slant = random.weighted(&[(0.0, 4.0), (45.0, 0.6), (-45.0, 0.6)]);
    let frame = shape.bounds();
    canvas.within(shape, |canvas| match pattern {
        Pattern::Stripes | Pattern::Pinstripes | Pattern::Checks => {
            if pattern != Pattern::Pinstripes {
                for line in lines(frame, spacing, slant) {
                    canvas.stroke(&line, width, ink);
                }
            }
            if pattern != Pattern::Stripes {
                for line in lines(frame, spacing, 90.0 + slant) {
                    canvas.stroke(&line, width, Ink::Flat(color, 0.7));
                }
            }
        }
        Pattern::Dots => {
            let ((left, top), (right, bottom)) = frame;
            let mut odd = false;
            let mut y = top;
            while y < bottom {
                let mut x = left + if odd { spacing / 2.0 } else { 0.0 };
                while x < right {
                    canvas.fill(&Path::ellipse((x, y), width * 0.7, width * 0.7), ink);
                    x += spacing;
                }
                odd = !odd;
                y += spacing * 0.87;
            }
        }
        Pattern::Band => {
            let ((left, top), (right, bottom)) = frame;
            let y = top + (bottom - top) * random.within(0.25, 0.7);
            canvas.stroke(
                &Path::open(&[(left, y), (right, y)]),
                size * random.within(0.08, 0.2),
                ink,
            );
        }
    });
}

/// A darker side, a lighter spot.
pub fn shade(canvas: &mut Canvas, shape: &Path, strength: f32, random: &mut Random) {
    let ((left, top), (right, bottom)) = shape.bounds();
    let (w, h) = (right - left, bottom - top);
    let kind = random.count(0, 2);
    let edge = left + w * random.within(0.55, 0.8);
    canvas.within(shape, |canvas| {
        if kind != 1 {
            let dark = Path::at((edge, top))
                .curve((edge - 0.15 * w, top + 0.5 * h), (edge, bottom))
                .lines(&[(right, bottom), (right, top)])
                .close();
            canvas.fill(&dark, Ink::Flat(BLACK, strength));
        }
        if kind != 0 {
            let center = (
                left + w * random.within(0.2, 0.45),
                top + h * random.within(0.2, 0.5),
            );
            let spot = Path::ellipse(
                center,
                w * random.within(0.04, 0.12),
                h * random.within(0.1, 0.3),
            );
            canvas.fill(&spot, Ink::Flat(WHITE, strength * 0.9));
        }
    });
}

/// Lines side by side instead of a color, as a pencil or a mouse leaves them.
pub fn hatch(canvas: &mut Canvas, shape: &Path, look: &Look, random: &mut Random) {
    let dense = look.style == Style::Mouse;
    let spacing = if dense {
        look.pen.width * random.within(0.7, 1.3)
    } else {
        look.pen.size * random.within(0.03, 0.07)
    };
    let degrees = random.within(0.0, 180.0);
    let width = if dense {
        look.pen.width
    } else {
        (look.pen.width * 0.6).max(0.8)
    };
    let frame = shape.bounds();
    canvas.within(shape, |canvas| {
        for line in lines(frame, spacing.max(1.5), degrees) {
            for (stroke, _) in look.pen.strokes(&line, random) {
                canvas.stroke(&stroke, width, Ink::Flat(look.ink, 1.0));
            }
        }
    });
}
