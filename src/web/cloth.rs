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
    let renderer = ClothRenderer::new(cloth, dyes, ratio, [width, height]);
    let across: Vec<Place> = (0..wide).map(|x| renderer.across(x as f64 + 0.5)).collect();
    let down: Vec<Place> = (0..high).map(|y| renderer.down(y as f64 + 0.5)).collect();
    let mut pixels = Vec::with_capacity(wide * high * 4);
    for y in &down {
        for x in &across {
            pixels.extend(renderer.pixel(x, y));
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

/// What holds for a whole column or row of pixels.
struct Place {
    /// From the cloth's left or upper edge, in device pixels.
    at: f64,
    /// The thread of the cloth that lies there, from the left or from below.
    thread: usize,
    /// From the left edge of that thread's stripe, or from its lower edge.
    within: f64,
    /// How far the teeth of the edges that run along it reach beyond them.
    tooth: f64,
    /// Whether a seam that crosses it has thread here.
    stitch: bool,
}

struct ClothRenderer<'a> {
    cloth: &'a Cloth,
    dyes: Dyes,
    ratio: f64,
    /// The true size, in device pixels.
    size: [f64; 2],
    /// The distance of two threads in device pixels.
    pitch: f64,
    /// How deep a tooth of the edge is, in device pixels.
    deep: f64,
    /// The middle of each seam from above, in device pixels.
    seams: Vec<f64>,
    /// By the strength of a thread: how wide it is in a close-up, and otherwise how much of its dye it has.
    looks: [f64; 128],
}

impl<'a> ClothRenderer<'a> {
    /// A renderer of a cloth whose true size is in px.
    fn new(cloth: &'a Cloth, dyes: Dyes, ratio: f64, size: [f64; 2]) -> Self {
        let [wide, high] = size.map(|v| v * ratio);
        let pitch = pitch(wide, cloth.columns);
        let is_close = pitch > CLOSE_UP * ratio;
        let has_seams = !is_close && pitch >= 1.8;
        let seam = |row: &usize| (high * *row as f64 / cloth.rows as f64).round();
        Self {
            cloth,
            dyes,
            ratio,
            size: [wide, high],
            pitch,
            deep: ratio * (size[0].min(size[1]) / 22.0).min(1.5),
            seams: cloth.seams.iter().filter(|_| has_seams).map(seam).collect(),
            looks: std::array::from_fn(|strength| {
                let strength = strength as f64 / 127.0;
                if is_close {
                    pitch * (0.2 + 0.68 * strength.powf(0.75))
                } else {
                    0.58 + 0.42 * strength.powf(0.8)
                }
            }),
        }
    }

    fn across(&self, x: f64) -> Place {
        let x = x - BEYOND * self.ratio;
        Place {
            // 3 px of thread, 3 px without.
            stitch: (x / self.ratio).rem_euclid(6.0) < 3.0,
            ..self.place(x, x, self.size[0], self.cloth.columns)
        }
    }

    fn down(&self, y: f64) -> Place {
        let y = y - BEYOND * self.ratio;
        let high = self.size[1];
        let place = self.place(y, high - y, high, self.cloth.rows);
        let wide = (1.25 * self.ratio).max(1.0);
        Place {
            stitch: self.seams.iter().any(|seam| (y - seam).abs() <= wide / 2.0),
            ..place
        }
    }

    /// A place of a side with so many threads, which count `from` one of its ends.
    fn place(&self, at: f64, from: f64, length: f64, threads: usize) -> Place {
        // Which thread of the drawing, and which of the cloth lies there.
        let middle = ((from.max(0.0) / self.pitch).floor() + 0.5) * self.pitch / length;
        let teeth = (length / 4.0 / self.deep).round().max(3.0);
        let phase = (at / length * teeth).rem_euclid(1.0);
        Place {
            at,
            thread: ((middle * threads as f64) as usize).min(threads - 1),
            within: from.rem_euclid(self.pitch),
            tooth: self.deep * (1.0 - 4.0 * (phase - 0.5).abs()),
            stitch: false,
        }
    }

    /// The color and opacity where a column crosses a row.
    fn pixel(&self, x: &Place, y: &Place) -> [u8; 4] {
        let covered = self.covered(x, y);
        if covered <= 0.0 {
            return [0; 4];
        }
        let color = if x.stitch && y.stitch {
            Some(theme::mix(self.dyes.shade, self.dyes.page, 0.8))
        } else {
            let row = self.cloth.rows - 1 - y.thread;
            let thread = self.cloth.threads[row * self.cloth.columns + x.thread];
            self.crossing(thread, x.within, y.within)
        };
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
        let look = self.looks[usize::from(thread.unsigned_abs()).min(127)];
        let (dye, place) = if thread > 0 {
            (self.dyes.warp, across)
        } else {
            (self.dyes.weft, self.pitch - up)
        };
        if self.pitch > CLOSE_UP * self.ratio {
            let inside = look / 2.0 - (place - self.pitch / 2.0).abs();
            return Some(theme::mix(
                self.dyes.shade,
                dye,
                (inside + 0.5).clamp(0.0, 1.0),
            ));
        }
        let width = (self.pitch * 0.8 + 0.01).floor().max(1.0);
        Some(if place < width {
            theme::mix(self.dyes.shade, dye, look)
        } else {
            self.dyes.shade
        })
    }

    /// How much of a pixel lies within the edge, 0 to 1: teeth about 6 px long and 3 px deep, whose mean is the true
    /// edge, and smaller ones on a small cloth.
    fn covered(&self, x: &Place, y: &Place) -> f64 {
        let [wide, high] = self.size;
        [
            y.at + x.tooth,
            high - y.at + x.tooth,
            x.at + y.tooth,
            wide - x.at + y.tooth,
        ]
        .into_iter()
        .map(|inside| (inside + 0.5).clamp(0.0, 1.0))
        .fold(1.0, f64::min)
    }
}
