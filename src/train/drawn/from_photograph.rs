//! The reverse way: photographs of the data set turned into drawings, for shapes that no generator thinks of.
//!
//! A 28x28 photograph is enlarged smoothly, and then posterized, traced, cut out, or turned inside out.

use super::color::{BLACK, Color, WHITE};
use super::ground::Ground;
use super::random::Random;
use super::style::Style;
use crate::image::{GrayImage, RgbaImage, SIDE};

/// How many times as large as the photograph a drawing is.
const ENLARGED: usize = 4;
/// Width and height of a drawing without its margin, in pixels.
const INNER: usize = SIDE * ENLARGED;
/// The margin on each side, in pixels.
const MARGIN: usize = 8;
/// The brightness above which a pixel is garment.
const GARMENT: f32 = 24.0;

/// What becomes of a photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// A few levels of brightness.
    Posterized,
    /// Its edges as lines.
    Traced,
    /// One color.
    Silhouette,
    /// One color, strong edges left out.
    Stencil,
    /// Light where it was dark.
    Inverted,
    /// A contour around what little is left of its texture.
    Contoured,
}

/// A photograph as a drawing, and the style that it comes nearest to.
pub fn turned(photograph: &GrayImage, random: &mut Random) -> (RgbaImage, Style) {
    let turn = random.pick(&[
        Turn::Posterized,
        Turn::Traced,
        Turn::Silhouette,
        Turn::Stencil,
        Turn::Inverted,
        Turn::Contoured,
    ]);
    let smooth = Smooth::new(photograph, random.count(1, 3));
    let ground = if turn == Turn::Traced {
        Ground::paper(random)
    } else {
        Ground::any(random)
    };
    let (picture, style) = match turn {
        Turn::Posterized => (smooth.posterized(&ground, random), Style::Color),
        Turn::Traced => (smooth.traced(&ground, random), Style::Line),
        Turn::Silhouette => (smooth.solid(&ground, None, random), Style::Silhouette),
        Turn::Stencil => {
            let least = random.within(9.0, 20.0);
            (
                smooth.solid(&ground, Some(least), random),
                Style::Silhouette,
            )
        }
        Turn::Inverted => (smooth.inverted(&ground, random), Style::Color),
        Turn::Contoured => (smooth.contoured(&ground, random), Style::Icon),
    };
    let side = INNER + 2 * MARGIN;
    (ground.lay(&picture, side, side, random), style)
}

/// A photograph enlarged without steps.
struct Smooth {
    /// `INNER * INNER` values, 0 to 255.
    values: Vec<f32>,
}

impl Smooth {
    /// Enlarge bilinearly, and average `passes` times over neighbors so that no pixel of the original is seen.
    fn new(photograph: &GrayImage, passes: usize) -> Self {
        let pixel = |x: i32, y: i32| {
            let inside = (0..SIDE as i32).contains(&x) && (0..SIDE as i32).contains(&y);
            let at = (y * SIDE as i32 + x).max(0) as usize;
            f32::from(if inside { photograph.pixels()[at] } else { 0 })
        };
        let mut values = Vec::with_capacity(INNER * INNER);
        for i in 0..INNER * INNER {
            let from = |v: usize| (v as f32 + 0.5) / ENLARGED as f32 - 0.5;
            let (x, y) = (from(i % INNER), from(i / INNER));
            let (x0, y0) = (x.floor(), y.floor());
            let (u, v) = (x - x0, y - y0);
            let row = |y: i32| pixel(x0 as i32, y) * (1.0 - u) + pixel(x0 as i32 + 1, y) * u;
            values.push(row(y0 as i32) * (1.0 - v) + row(y0 as i32 + 1) * v);
        }
        let mut smooth = Self { values };
        for _ in 0..passes {
            smooth.average();
        }
        smooth
    }

    fn average(&mut self) {
        let old = self.values.clone();
        for y in 1..INNER - 1 {
            for x in 1..INNER - 1 {
                let at = y * INNER + x;
                let around = old[at - 1] + old[at + 1] + old[at - INNER] + old[at + INNER];
                self.values[at] = 0.5 * old[at] + 0.125 * around;
            }
        }
    }

    fn is_garment(&self, at: usize) -> bool {
        self.values[at] > GARMENT
    }

    /// How steep the brightness is at a pixel, per pixel.
    fn slope(&self, at: usize) -> f32 {
        let (x, y) = (at % INNER, at / INNER);
        if x < 2 || y < 2 || x + 2 >= INNER || y + 2 >= INNER {
            return 0.0;
        }
        let v = |at: usize| self.values[at];
        let across = v(at + 2) - v(at - 2);
        let down = v(at + 2 * INNER) - v(at - 2 * INNER);
        across.hypot(down) / 4.0
    }

    /// Whether the garment ends within so many pixels.
    fn is_edge(&self, at: usize, within: usize) -> bool {
        let (x, y) = (at % INNER, at / INNER);
        let near = |x: usize, y: usize| x >= INNER || y >= INNER || !self.is_garment(y * INNER + x);
        let w = within;
        self.is_garment(at)
            && (x < w
                || y < w
                || near(x - w, y)
                || near(x + w, y)
                || near(x, y - w)
                || near(x, y + w))
    }

    /// Two to four levels, from a dark to a light color.
    fn posterized(&self, ground: &Ground, random: &mut Random) -> Vec<u8> {
        let levels = random.count(2, 4) as f32;
        let main = Color::unlike(random, ground.color, 0.3);
        let toward = if ground.color.luminance() > 0.5 {
            BLACK
        } else {
            WHITE
        };
        let far = main.mixed(toward, random.within(0.2, 0.6));
        let near = main.mixed(ground.color, random.within(0.0, 0.3));
        paint(|at| {
            let level = (self.values[at] / 256.0 * levels).floor() / (levels - 1.0).max(1.0);
            self.is_garment(at).then(|| near.mixed(far, level.min(1.0)))
        })
    }

    /// Lines where brightness changes, on nothing.
    fn traced(&self, ground: &Ground, random: &mut Random) -> Vec<u8> {
        let ink = ground.color.opposite();
        let (wide, least) = (random.count(1, 4), random.within(6.0, 14.0));
        paint(|at| {
            let is_line = self.is_edge(at, wide) || self.is_garment(at) && self.slope(at) > least;
            is_line.then_some(ink)
        })
    }

    /// One color; steep places are left out when there is a limit.
    fn solid(&self, ground: &Ground, least: Option<f32>, random: &mut Random) -> Vec<u8> {
        let ink = if random.chance(0.6) {
            ground.color.opposite()
        } else {
            Color::unlike(random, ground.color, 0.3)
        };
        paint(|at| {
            let is_cut = least.is_some_and(|least| !self.is_edge(at, 6) && self.slope(at) > least);
            (self.is_garment(at) && !is_cut).then_some(ink)
        })
    }

    fn inverted(&self, ground: &Ground, random: &mut Random) -> Vec<u8> {
        let floor = random.within(0.15, 0.4);
        let (ink, tint) = (ground.color.opposite(), Color::any(random));
        let ink = ink.mixed(tint, random.within(0.0, 0.4));
        paint(|at| {
            let share = floor + (1.0 - floor) * (1.0 - self.values[at] / 255.0);
            self.is_garment(at).then(|| ground.color.mixed(ink, share))
        })
    }

    /// A light inside, steep places and the contour dark.
    fn contoured(&self, ground: &Ground, random: &mut Random) -> Vec<u8> {
        let fill = Color::any(random).mixed(WHITE, random.within(0.2, 0.8));
        let ink = if fill.luminance() > 0.4 && ground.color.luminance() > 0.3 {
            BLACK
        } else {
            ground.color.opposite()
        };
        let (wide, least) = (random.count(2, 5), random.within(10.0, 20.0));
        paint(|at| {
            let is_line = self.is_edge(at, wide) || self.slope(at) > least;
            self.is_garment(at)
                .then_some(if is_line { ink } else { fill })
        })
    }
}

/// Premultiplied pixels, `None` being transparent.
fn paint(color: impl Fn(usize) -> Option<Color>) -> Vec<u8> {
    let side = INNER + 2 * MARGIN;
    let mut out = vec![0; side * side * 4];
    for at in 0..INNER * INNER {
        if let Some(Color(rgb)) = color(at) {
            let (x, y) = (at % INNER + MARGIN, at / INNER + MARGIN);
            let to = (y * side + x) * 4;
            let [r, g, b] = rgb.map(|v| (255.0 * v).round().clamp(0.0, 255.0) as u8);
            out[to..to + 4].copy_from_slice(&[r, g, b, 255]);
        }
    }
    out
}
