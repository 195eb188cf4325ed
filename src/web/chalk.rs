//! How a drawing looks: chalk on dark cloth. Looks only: what is classified is the drawing itself.

use super::canvas;
use super::theme::{self, Color};
use crate::drawing::{DRAWING_SIDE, Levels};
use std::ops::Range;
use web_sys::HtmlCanvasElement;

/// Side of the repeated grain, in device pixels.
const GRAIN: usize = 96;
/// How far around a place it is asked whether there is chalk, in pixels of the drawing: the edge is as soft as that.
const SOFT: f64 = 1.5;
/// Darker levels are no chalk.
const DARKEST: u8 = 8;

/// The cloth, and what was last drawn on it.
pub struct Board {
    canvas: HtmlCanvasElement,
    grain: Vec<[f64; 2]>,
    /// What is on the canvas, and for which size and colors.
    shown: Option<(Levels, Look)>,
}

#[derive(Clone, Copy, PartialEq)]
struct Look {
    side: usize,
    ratio: f64,
    felt: Color,
    weave: Color,
    chalk: Color,
}

impl Look {
    /// Threads of the cloth: a line each 4 px, two down for one across.
    fn cloth(&self, x: usize, y: usize) -> Color {
        let along = (x as f64 - y as f64 / 2.0) / self.ratio;
        if along.rem_euclid(4.0) < 1.0 {
            self.weave
        } else {
            self.felt
        }
    }
}

impl Board {
    /// The board on a canvas.
    pub fn new(canvas: HtmlCanvasElement) -> Self {
        Self {
            canvas,
            grain: grain(),
            shown: None,
        }
    }

    /// Show a drawing; only what differs from the one before is drawn.
    pub fn show(&mut self, levels: Levels) {
        let ratio = theme::pixel_ratio();
        let side = theme::size(&self.canvas)[0].max(1.0) * ratio;
        let look = Look {
            side: side.round() as usize,
            ratio,
            felt: theme::color("--felt"),
            weave: theme::color("--felt-2"),
            chalk: theme::color("--chalk"),
        };
        let whole = [0..look.side, 0..look.side];
        let area = match &self.shown {
            Some((before, same)) if *same == look => {
                difference(before.values(), levels.values()).map(|area| on_canvas(area, look.side))
            }
            _ => {
                self.canvas.set_width(look.side as u32);
                self.canvas.set_height(look.side as u32);
                Some(whole)
            }
        };
        if let Some([columns, rows]) = area {
            let is_blank = levels.values().iter().all(|level| *level <= DARKEST);
            let mut pixels = Vec::with_capacity(rows.len() * columns.len() * 4);
            for y in rows.clone() {
                for x in columns.clone() {
                    let cloth = look.cloth(x, y);
                    let [r, g, b] = if is_blank {
                        cloth
                    } else {
                        self.pixel(&levels, &look, cloth, x, y)
                    };
                    pixels.extend_from_slice(&[r, g, b, 255]);
                }
            }
            canvas::put(
                &self.canvas,
                &pixels,
                columns.len(),
                [columns.start, rows.start],
            );
        }
        self.shown = Some((levels, look));
    }

    /// Mark the place of the keyboard's chalk, in pixels of the drawing; the next drawing is drawn whole.
    pub fn mark(&mut self, (x, y): (f64, f64), radius: f64) {
        let Some((_, look)) = self.shown.take() else {
            return;
        };
        let scale = look.side as f64 / DRAWING_SIDE as f64;
        let context = canvas::context(&self.canvas);
        let [r, g, b] = look.chalk;
        context.set_stroke_style_str(&format!("rgb({r} {g} {b})"));
        context.set_line_width(2.0 * look.ratio);
        let r = radius * scale;
        context.stroke_rect(x * scale - r, y * scale - r, 2.0 * r, 2.0 * r);
    }

    /// A pixel of the canvas where the cloth has a color.
    fn pixel(&self, levels: &Levels, look: &Look, cloth: Color, x: usize, y: usize) -> Color {
        let scale = DRAWING_SIDE as f64 / look.side as f64;
        let (u, v) = ((x as f64 + 0.5) * scale, (y as f64 + 0.5) * scale);
        let at = |du: f64, dv: f64| {
            let limit = |w: f64| w.clamp(0.0, DRAWING_SIDE as f64 - 1.0) as usize;
            levels.values()[limit(v + dv) * DRAWING_SIDE + limit(u + du)]
        };
        let around = [
            at(0.0, 0.0),
            at(SOFT, 0.0),
            at(-SOFT, 0.0),
            at(0.0, SOFT),
            at(0.0, -SOFT),
            at(SOFT * 0.7, SOFT * 0.7),
            at(-SOFT * 0.7, SOFT * 0.7),
            at(SOFT * 0.7, -SOFT * 0.7),
            at(-SOFT * 0.7, -SOFT * 0.7),
        ];
        let lit = around.iter().filter(|level| **level > DARKEST);
        let (count, sum) = lit.fold((0.0, 0.0), |(n, s), l| (n + 1.0, s + f64::from(*l)));
        if count == 0.0 {
            return cloth;
        }
        let [cut, rough] = self.grain[y % GRAIN * GRAIN + x % GRAIN];
        // Inside everything around is chalk; at the edge grains decide.
        let inside = count / around.len() as f64;
        let covered = ((inside - 0.5 + 0.3 * rough * (1.0 - inside)) * 2.6 + 0.5).clamp(0.0, 1.0);
        let level = (sum / count / 255.0).powf(0.8);
        theme::mix(cloth, look.chalk, covered * level * 0.82 * (1.0 - cut))
    }
}

/// The smallest area that holds everything in which two drawings differ: columns and rows.
fn difference(a: &[u8], b: &[u8]) -> Option<[Range<usize>; 2]> {
    let rows = || a.chunks(DRAWING_SIDE).zip(b.chunks(DRAWING_SIDE));
    let mut differing = rows().enumerate().filter(|(_, (a, b))| a != b);
    let (top, _) = differing.next()?;
    let bottom = differing.next_back().map_or(top, |(y, _)| y);
    let (mut left, mut right) = (DRAWING_SIDE, 0);
    for (a, b) in rows().take(bottom + 1).skip(top) {
        for x in (0..DRAWING_SIDE).filter(|x| a[*x] != b[*x]) {
            left = left.min(x);
            right = right.max(x);
        }
    }
    Some([left..right + 1, top..bottom + 1])
}

/// The pixels of the canvas that an area of the drawing touches.
fn on_canvas(area: [Range<usize>; 2], side: usize) -> [Range<usize>; 2] {
    let scale = side as f64 / DRAWING_SIDE as f64;
    area.map(|range| {
        let from = ((range.start as f64 - SOFT - 1.0) * scale).floor().max(0.0);
        let to = ((range.end as f64 + SOFT + 1.0) * scale).ceil();
        from as usize..(to as usize).min(side)
    })
}

/// How much of the chalk each pixel of the tile lacks (twill and noise), and how rough an edge is there, -1 to 1.
fn grain() -> Vec<[f64; 2]> {
    let mut state = 7_u64;
    let mut random = || {
        state = state * 16_807 % 2_147_483_647;
        state as f64 / 2_147_483_647.0
    };
    let pixel = |i: usize| {
        let (x, y) = (i % GRAIN, i / GRAIN);
        let twill = if (x + 2 * y) % 6 < 2 { 0.26 } else { 0.0 };
        let cut = twill * (0.5 + random()) + random().powi(2) * 0.5 - 0.02;
        [cut.clamp(0.0, 1.0), 2.0 * random() - 1.0]
    };
    (0..GRAIN * GRAIN).map(pixel).collect()
}
