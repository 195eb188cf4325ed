//! The rasterizer: paths onto a transparent picture, by `tiny-skia`.
//!
//! Garments are drawn on nothing and laid on their ground at the end, so that cutting shows the ground.

use super::color::Color;
use super::path::{Path, Point};
use tiny_skia::{
    BlendMode, FillRule, GradientStop, LineCap, LineJoin, LinearGradient, Mask, Paint, PathBuilder,
    Pixmap, Shader, SpreadMode, Stroke, Transform,
};

/// What a shape is filled with.
#[derive(Clone, Copy, Debug)]
pub enum Ink {
    /// One color with an opacity.
    Flat(Color, f32),
    /// A gradient from one place and color to another.
    Gradient(Point, Color, Point, Color),
    /// Nothing: what was there is cut out.
    Cut,
}

/// A transparent picture to draw on.
pub struct Canvas {
    pixmap: Pixmap,
    mask: Option<Mask>,
    smooth: bool,
    join: LineJoin,
}

impl Canvas {
    /// An empty picture; `smooth` edges are shared by two pixels, `round` lines have round ends and corners.
    ///
    /// # Panics
    /// When a side is zero.
    pub fn new(width: usize, height: usize, smooth: bool, round: bool) -> Self {
        Self {
            pixmap: Pixmap::new(width as u32, height as u32).expect("a picture has pixels"),
            mask: None,
            smooth,
            join: if round {
                LineJoin::Round
            } else {
                LineJoin::Miter
            },
        }
    }

    /// Fill a closed path.
    pub fn fill(&mut self, path: &Path, ink: Ink) {
        if let Some(built) = build(path) {
            let paint = self.paint(ink);
            self.pixmap.fill_path(
                &built,
                &paint,
                FillRule::Winding,
                Transform::identity(),
                self.mask.as_ref(),
            );
        }
    }

    /// Draw a line of a width along a path.
    pub fn stroke(&mut self, path: &Path, width: f32, ink: Ink) {
        if let Some(built) = build(path) {
            let paint = self.paint(ink);
            let stroke = Stroke {
                width,
                line_cap: if self.join == LineJoin::Round {
                    LineCap::Round
                } else {
                    LineCap::Butt
                },
                line_join: self.join,
                ..Stroke::default()
            };
            self.pixmap.stroke_path(
                &built,
                &paint,
                &stroke,
                Transform::identity(),
                self.mask.as_ref(),
            );
        }
    }

    /// Draw only inside of a path while `draw` runs.
    pub fn within(&mut self, path: &Path, draw: impl FnOnce(&mut Self)) {
        let mask = build(path).and_then(|built| {
            let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height())?;
            mask.fill_path(
                &built,
                FillRule::Winding,
                self.smooth,
                Transform::identity(),
            );
            Some(mask)
        });
        if mask.is_some() {
            self.mask = mask;
            draw(self);
            self.mask = None;
        }
    }

    /// The pixels: premultiplied RGBA, row by row.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixmap.take()
    }

    fn paint(&self, ink: Ink) -> Paint<'static> {
        let (shader, blend_mode) = match ink {
            Ink::Flat(color, opacity) => (
                Shader::SolidColor(opaque(color, opacity)),
                BlendMode::SourceOver,
            ),
            Ink::Gradient(from, a, to, b) => (gradient(from, a, to, b), BlendMode::SourceOver),
            Ink::Cut => (
                Shader::SolidColor(tiny_skia::Color::BLACK),
                BlendMode::DestinationOut,
            ),
        };
        Paint {
            shader,
            blend_mode,
            anti_alias: self.smooth,
            ..Paint::default()
        }
    }
}

fn opaque(Color([r, g, b]): Color, opacity: f32) -> tiny_skia::Color {
    let [r, g, b, a] = [r, g, b, opacity].map(|v| v.clamp(0.0, 1.0));
    tiny_skia::Color::from_rgba(r, g, b, a).expect("values of 0 to 1")
}

fn gradient(from: Point, a: Color, to: Point, b: Color) -> Shader<'static> {
    LinearGradient::new(
        tiny_skia::Point::from_xy(from.0, from.1),
        tiny_skia::Point::from_xy(to.0, to.1),
        vec![
            GradientStop::new(0.0, opaque(a, 1.0)),
            GradientStop::new(1.0, opaque(b, 1.0)),
        ],
        SpreadMode::Pad,
        Transform::identity(),
    )
    .unwrap_or(Shader::SolidColor(opaque(a, 1.0)))
}

fn build(path: &Path) -> Option<tiny_skia::Path> {
    let (first, rest) = path.points.split_first()?;
    let mut builder = PathBuilder::with_capacity(path.points.len() + 2, path.points.len() + 1);
    builder.move_to(first.0, first.1);
    for (x, y) in rest {
        builder.line_to(*x, *y);
    }
    if path.closed {
        builder.close();
    }
    builder.finish()
}
