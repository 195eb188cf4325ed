//! Draws cloth on a canvas: threads of a [`Cloth`] within an edge cut with pinking shears.
//!
//! Pixels are computed here and put on the canvas at once, whole device pixels for each thread, because a canvas
//! that draws 40,000 rectangles takes too long and makes moiré of fractions.

use super::canvas;
use super::theme::{self, Color};
use crate::weave::Cloth;
use web_sys::HtmlCanvasElement;

/// How far a canvas reaches beyond the true edge of its cloth, in px.
pub const BEYOND: f64 = 2.0;
/// Threads at least so far apart, in px, are drawn close up: as wide as they are strong.
const CLOSE_UP: f64 = 6.0;

/// What a cloth is dyed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dye {
    /// Indigo for positive, madder for negative threads.
    Dyed,
    /// Unbleached, whatever the sign.
    Greige,
}

struct Dyes {
    warp: Color,
    weft: Color,
    shade: Color,
    page: Color,
}

/// About one thread each 3 px: how many of them a side has.
pub fn threads_of(side: f64) -> usize {
    ((side / 3.0).round() as usize).max(2)
}

/// Draw a cloth whose true size is `width` by `height` px; the canvas is [`BEYOND`] larger on each side.
pub fn draw(canvas: &HtmlCanvasElement, cloth: &Cloth, [width, height]: [f64; 2], dye: Dye) {
    let ratio = theme::pixel_ratio();
    let [wide, high] = [width, height].map(|v| ((v + 2.0 * BEYOND) * ratio).round() as usize);
    let dyes = match dye {
        Dye::Dyed => Dyes {
            warp: theme::color("--warp-dye"),
            weft: theme::color("--weft-dye"),
            shade: theme::color("--shade"),
            page: theme::color("--page"),
        },
        Dye::Greige => Dyes {
            warp: theme::color("--greige"),
            weft: theme::color("--greige"),
            shade: theme::color("--greige-2"),
            page: theme::color("--page"),
        },
    };
    let picture = Picture {
        cloth,
        dyes,
        ratio,
        size: [width, height],
        pitch: pitch(width * ratio, cloth.columns),
    };
    let mut pixels = Vec::with_capacity(wide * high * 4);
    for y in 0..high {
        for x in 0..wide {
            pixels.extend(picture.pixel(x as f64 + 0.5, y as f64 + 0.5));
        }
    }
    canvas::put_all(canvas, &pixels, wide);
    for (name, pixels) in [("width", wide), ("height", high)] {
        let length = format!("{}px", pixels as f64 / ratio);
        // Any length is a valid value.
        let _ = canvas.style().set_property(name, &length);
    }
}

/// The distance of two threads in device pixels, a whole number of them where threads are that large.
fn pitch(wide: f64, columns: usize) -> f64 {
    let pitch = wide / columns as f64;
    if pitch >= 1.8 { pitch.round() } else { pitch }
}

struct Picture<'a> {
    cloth: &'a Cloth,
    dyes: Dyes,
    ratio: f64,
    /// The true size, in px.
    size: [f64; 2],
    /// In device pixels.
    pitch: f64,
}

impl Picture<'_> {
    /// The color and opacity at a place of the canvas, in device pixels.
    fn pixel(&self, x: f64, y: f64) -> [u8; 4] {
        let beyond = BEYOND * self.ratio;
        let [wide, high] = self.size.map(|v| v * self.ratio);
        let (x, y) = (x - beyond, y - beyond);
        let covered = self.covered(x, y, wide, high);
        if covered <= 0.0 {
            return [0; 4];
        }
        let bottom = high - y;
        let color = self.seam(x, y, high).or_else(|| {
            let pick = |v: f64, length: f64, n: usize| {
                // Which thread of the drawing, and which of the cloth lies there.
                let middle = ((v / self.pitch).floor() + 0.5) * self.pitch / length;
                ((middle * n as f64) as usize).min(n - 1)
            };
            let column = pick(x.max(0.0), wide, self.cloth.columns);
            let row = self.cloth.rows - 1 - pick(bottom.max(0.0), high, self.cloth.rows);
            let thread = self.cloth.threads[row * self.cloth.columns + column];
            self.crossing(
                thread,
                x.rem_euclid(self.pitch),
                bottom.rem_euclid(self.pitch),
            )
        });
        let Some([r, g, b]) = color else {
            return [0; 4]; // A hole.
        };
        [r, g, b, (covered * 255.0) as u8]
    }

    /// The color within the crossing of two threads, at a place of its square; `None` in a hole.
    fn crossing(&self, thread: i8, across: f64, up: f64) -> Option<Color> {
        if thread == 0 {
            return None;
        }
        let strength = f64::from(thread.unsigned_abs()) / 127.0;
        let (dye, place) = if thread > 0 {
            (self.dyes.warp, across)
        } else {
            (self.dyes.weft, self.pitch - up)
        };
        if self.pitch > CLOSE_UP * self.ratio {
            let width = self.pitch * (0.2 + 0.68 * strength.powf(0.75));
            let inside = width / 2.0 - (place - self.pitch / 2.0).abs();
            return Some(theme::mix(
                self.dyes.shade,
                dye,
                (inside + 0.5).clamp(0.0, 1.0),
            ));
        }
        let width = (self.pitch * 0.8 + 0.01).floor().max(1.0);
        let opacity = 0.58 + 0.42 * strength.powf(0.8);
        Some(if place < width {
            theme::mix(self.dyes.shade, dye, opacity)
        } else {
            self.dyes.shade
        })
    }

    /// The color of a seam, where there is one.
    fn seam(&self, x: f64, y: f64, high: f64) -> Option<Color> {
        if self.pitch > CLOSE_UP * self.ratio || self.pitch < 1.8 {
            return None;
        }
        // 3 px of thread, 3 px without.
        if (x / self.ratio).rem_euclid(6.0) >= 3.0 {
            return None;
        }
        let wide = (1.25 * self.ratio).max(1.0);
        self.cloth.seams.iter().find_map(|row| {
            let above = (high * *row as f64 / self.cloth.rows as f64).round();
            ((y - above).abs() <= wide / 2.0)
                .then(|| theme::mix(self.dyes.shade, self.dyes.page, 0.8))
        })
    }

    /// How much of a pixel lies within the edge, 0 to 1: teeth about 6 px long and 3 px deep, whose mean is the true
    /// edge, and smaller ones on a small cloth.
    fn covered(&self, x: f64, y: f64, wide: f64, high: f64) -> f64 {
        let deep = self.ratio * (self.size[0].min(self.size[1]) / 22.0).min(1.5);
        let tooth = |along: f64, length: f64| {
            let teeth = (length / 4.0 / deep).round().max(3.0);
            let phase = (along / length * teeth).rem_euclid(1.0);
            deep * (1.0 - 4.0 * (phase - 0.5).abs())
        };
        let (by_x, by_y) = (tooth(x, wide), tooth(y, high));
        [y + by_x, high - y + by_x, x + by_y, wide - x + by_y]
            .into_iter()
            .map(|inside| (inside + 0.5).clamp(0.0, 1.0))
            .fold(1.0, f64::min)
    }
}
