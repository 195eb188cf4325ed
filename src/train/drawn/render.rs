//! From a placed garment and the choices of a look to pixels.

use super::canvas::{Canvas, Ink};
use super::cloth;
use super::color::{BLACK, Color};
use super::garment::{Form, Part, Rank, Tone};
use super::look::{Contour, Filling, Look};
use super::path::Path;
use super::pen::Pen;
use super::placement::Placed;
use super::random::Random;
use super::style::Style;
use crate::image::RgbaImage;

/// The narrowest band that is still seen once the picture is 28 pixels wide, as a share of the garment's size.
const NARROWEST: f32 = 0.022;

/// Draw a garment.
pub fn render(placed: &Placed, look: &Look, random: &mut Random) -> RgbaImage {
    let canvas = Canvas::new(placed.width, placed.height, look.smooth, look.round);
    let mut renderer = GarmentRenderer {
        canvas,
        look,
        size: placed.size,
        random,
    };
    let parts: Vec<&Part> = placed
        .garment
        .parts
        .iter()
        .filter(|part| part.rank <= look.least)
        .collect();
    renderer.before(&parts);
    for (i, part) in parts.iter().enumerate() {
        match (look.style, look.filling) {
            (Style::Silhouette, _) | (Style::Mouse, Filling::Flat) => {
                renderer.solid_part(part, i == 0);
            }
            _ => renderer.part(part),
        }
    }
    let pixels = renderer.canvas.into_pixels();
    look.ground
        .lay(&pixels, placed.width, placed.height, random)
}

struct GarmentRenderer<'a> {
    canvas: Canvas,
    look: &'a Look,
    size: f32,
    random: &'a mut Random,
}

impl GarmentRenderer<'_> {
    /// The shadow on the ground and the contour around the whole, both behind everything.
    fn before(&mut self, parts: &[&Part]) {
        let solid = parts
            .iter()
            .filter(|part| matches!(part.form, Form::Area | Form::Strap(_)));
        if self.look.shadow > 0.0 {
            let by = self.size * self.random.within(0.01, 0.03);
            for part in solid.clone() {
                let fallen = self.shape(part).map(|(x, y)| (x + by, y + by));
                self.canvas
                    .fill(&fallen, Ink::Flat(BLACK, self.look.shadow));
            }
        }
        if self.look.contour == Contour::Whole {
            for part in solid {
                let shape = self.shape(part);
                self.canvas.stroke(
                    &shape,
                    2.0 * self.look.pen.width,
                    Ink::Flat(self.look.ink, 1.0),
                );
            }
        }
    }

    /// The area that a part covers.
    fn shape(&self, part: &Part) -> Path {
        match part.form {
            Form::Strap(width) => band(&part.path, width.max(NARROWEST * self.size)),
            _ => part.path.clone(),
        }
    }

    /// A part in every style but silhouettes.
    fn part(&mut self, part: &Part) {
        let lines = matches!(self.look.style, Style::Line | Style::Mouse | Style::Icon)
            && matches!(
                self.look.filling,
                Filling::Paper | Filling::Nothing | Filling::Hatching
            )
            || self.look.style == Style::Icon;
        match part.form {
            Form::Line => self.inner_line(&part.path),
            Form::Edge if matches!(self.look.contour, Contour::None | Contour::Whole) => {
                self.inner_line(&part.path);
            }
            Form::Edge => {}
            Form::Strap(width) if lines && width < 2.3 * self.look.pen.width => {
                self.contour(
                    &part.path,
                    self.look
                        .pen
                        .width
                        .min(width.max(self.look.pen.width * 0.6)),
                );
            }
            Form::Strap(_) | Form::Area => self.area(part),
            Form::Hole => {
                self.canvas.fill(&part.path, Ink::Cut);
                if self.look.contour != Contour::None {
                    self.contour(&part.path, self.look.pen.width);
                }
            }
        }
    }

    fn area(&mut self, part: &Part) {
        let shape = self.shape(part);
        let color = self.look.palette.of(part.tone);
        let is_detail = part.rank > Rank::Key;
        match self.look.filling {
            Filling::Nothing => {}
            Filling::Paper => self.canvas.fill(&shape, Ink::Cut),
            Filling::Hatching => {
                self.canvas.fill(&shape, Ink::Cut);
                if part.tone == Tone::Main && !is_detail {
                    cloth::hatch(&mut self.canvas, &shape, self.look, self.random);
                }
            }
            Filling::Flat => self.canvas.fill(&shape, Ink::Flat(color, 1.0)),
            Filling::Gradient => {
                let ink = cloth::gradient(&shape, color, self.random);
                self.canvas.fill(&shape, ink);
            }
        }
        if !is_detail && part.tone == Tone::Main {
            if let Some(pattern) = self.look.pattern {
                cloth::pattern(&mut self.canvas, &shape, pattern, self.look, self.random);
            }
            if self.look.shading > 0.0 {
                cloth::shade(&mut self.canvas, &shape, self.look.shading, self.random);
            }
        }
        match self.look.contour {
            Contour::Parts if self.is_tiny(&shape) => {
                self.canvas.fill(&shape, Ink::Flat(self.look.ink, 1.0));
            }
            Contour::Parts => {
                let width = self.look.pen.width * if is_detail { self.look.inner } else { 1.0 };
                self.contour(&shape, width);
            }
            Contour::Whole | Contour::None
                if color == self.look.palette.main && self.is_piece(part, &shape) =>
            {
                let width = self.look.pen.width * self.look.inner;
                self.stroke_in(&shape, self.line_color(), width);
            }
            _ => {}
        }
    }

    /// Whether a part that has no contour needs its edge drawn: other cloth, collars, flaps, pockets.
    fn is_piece(&self, part: &Part, shape: &Path) -> bool {
        let is_small = longest_side(shape) < 0.45 * self.size;
        part.form == Form::Area && (part.tone != Tone::Main || is_small)
    }

    /// Whether a shape is so small that its contour would fill it.
    fn is_tiny(&self, shape: &Path) -> bool {
        longest_side(shape) < 1.6 * self.look.pen.width
    }

    fn contour(&mut self, path: &Path, width: f32) {
        self.stroke_in(path, self.look.ink, width);
    }

    fn stroke_in(&mut self, path: &Path, color: Color, width: f32) {
        let pen = Pen {
            width,
            ..self.look.pen
        };
        for (stroke, width) in pen.strokes(path, self.random) {
            self.canvas.stroke(&stroke, width, Ink::Flat(color, 1.0));
        }
    }

    /// A seam or a fold.
    fn inner_line(&mut self, path: &Path) {
        let width = (self.look.pen.width * self.look.inner).max(0.8);
        if self.look.cut_lines {
            let pen = Pen {
                width,
                ..self.look.pen
            };
            for (stroke, width) in pen.strokes(path, self.random) {
                self.canvas.stroke(&stroke, width, Ink::Cut);
            }
        } else {
            self.stroke_in(path, self.line_color(), width);
        }
    }

    /// The color of inner lines: that of the contour when there is one, else darker or lighter cloth.
    fn line_color(&self) -> Color {
        let main = self.look.palette.main;
        match self.look.contour {
            Contour::Parts | Contour::Gap => self.look.ink,
            _ if main.luminance() < 0.25 => main.mixed(super::color::WHITE, 0.45),
            _ => main.mixed(BLACK, 0.45),
        }
    }

    /// A part of a silhouette: ink, with a gap around what lies on top.
    fn solid_part(&mut self, part: &Part, first: bool) {
        let gap = match part.form {
            Form::Strap(width) => self
                .look
                .pen
                .width
                .min(0.5 * width.max(NARROWEST * self.size)),
            _ => self.look.pen.width,
        };
        let separate = |canvas: &mut Canvas, shape: &Path, look: &Look| {
            if look.contour == Contour::Gap && !first {
                canvas.stroke(shape, 2.0 * gap, Ink::Cut);
            }
        };
        let ink = Ink::Flat(self.look.palette.of(part.tone), 1.0);
        match (part.form, part.rank, part.tone) {
            (Form::Line, _, _) => self.light(&part.path),
            (Form::Edge, _, _) if self.look.contour == Contour::None => self.light(&part.path),
            (Form::Edge, _, _) => {}
            (Form::Hole, _, _) => self.canvas.fill(&part.path, Ink::Cut),
            (Form::Strap(width), Rank::Usual | Rank::Fine, _)
                if width < 2.5 * self.look.pen.width =>
            {
                self.light(&part.path);
            }
            (Form::Area | Form::Strap(_), _, _) => {
                let shape = self.look.pen.followed(&self.shape(part), self.random);
                let is_detail = part.rank > Rank::Key;
                if is_detail && (part.tone == Tone::Inside || part.tone == Tone::Metal) {
                    self.canvas.fill(&shape, self.light_ink());
                } else {
                    separate(&mut self.canvas, &shape, self.look);
                    self.canvas.fill(&shape, ink);
                    if self.look.contour != Contour::Gap && self.is_piece(part, &shape) {
                        self.light(&shape);
                    }
                }
            }
        }
    }

    fn light_ink(&self) -> Ink {
        if self.look.cut_lines {
            Ink::Cut
        } else {
            Ink::Flat(self.look.ink, 1.0)
        }
    }

    fn light(&mut self, path: &Path) {
        let ink = self.light_ink();
        self.canvas.stroke(path, self.look.pen.width, ink);
    }
}

/// A strap's area.
fn band(path: &Path, width: f32) -> Path {
    if path.closed {
        let mut open = path.clone();
        open.points.push(open.points[0]);
        open.closed = false;
        open.band(width)
    } else {
        path.band(width)
    }
}

/// The longer side of the box around a shape.
fn longest_side(shape: &Path) -> f32 {
    let (low, high) = shape.bounds();
    (high.0 - low.0).max(high.1 - low.1)
}
