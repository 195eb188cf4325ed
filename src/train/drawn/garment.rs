//! A garment as parts in the order in which they lie on each other, before any style of drawing.
//!
//! A part says what it is (cloth, a seam, a strap, a hole) and how much it matters; `render` decides what becomes
//! of it as a line drawing, a silhouette or in color.

use super::path::{Path, Point, turned};

/// Which of a picture's colors a part has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Most of the garment.
    Main,
    /// Parts of another cloth: sleeves, pockets, straps.
    Second,
    /// Soles, bands, laces, collars.
    Trim,
    /// The inside, seen through an opening.
    Inside,
    /// Buttons, buckles, zips.
    Metal,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// Something that covers what is behind it.
    Area,
    /// A seam or a fold.
    Line,
    /// Where one part ends on another: a line in pictures whose parts have no contours.
    Edge,
    /// A band of this width along a path: a strap, a handle, a lace.
    Strap(f32),
    /// An opening through which the ground is seen.
    Hole,
}

/// How much a part matters: what is less needed is left out of simple drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Without it nobody could tell what the garment is.
    Key,
    /// Usually drawn.
    Usual,
    /// Drawn by those who draw everything.
    Fine,
}

/// One part.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Where it is.
    pub path: Path,
    /// What it is.
    pub form: Form,
    /// Its color.
    pub tone: Tone,
    /// How much it matters.
    pub rank: Rank,
}

/// Parts from the hindmost to the foremost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Garment {
    /// The parts in their order.
    pub parts: Vec<Part>,
}

impl Garment {
    fn add(&mut self, path: Path, form: Form, tone: Tone, rank: Rank) {
        self.parts.push(Part {
            path,
            form,
            tone,
            rank,
        });
    }

    /// Add cloth or another solid part; it is always drawn.
    pub fn area(&mut self, path: Path, tone: Tone) {
        self.add(path.close(), Form::Area, tone, Rank::Key);
    }

    /// Add a solid part that simple drawings leave out.
    pub fn detail(&mut self, path: Path, tone: Tone, rank: Rank) {
        self.add(path.close(), Form::Area, tone, rank);
    }

    /// Add a seam, a fold or an edge.
    pub fn line(&mut self, path: Path, rank: Rank) {
        self.add(path, Form::Line, Tone::Main, rank);
    }

    /// Add the edge of a part that lies on another of the same color.
    pub fn edge(&mut self, path: Path) {
        self.add(path, Form::Edge, Tone::Main, Rank::Key);
    }

    /// Add a strap or a handle; it is always drawn.
    pub fn strap(&mut self, path: Path, width: f32, tone: Tone) {
        self.add(path, Form::Strap(width), tone, Rank::Key);
    }

    /// Add a strap that simple drawings leave out.
    pub fn thin_strap(&mut self, path: Path, width: f32, tone: Tone, rank: Rank) {
        self.add(path, Form::Strap(width), tone, rank);
    }

    /// Add an opening through which the ground is seen.
    pub fn hole(&mut self, path: Path) {
        self.add(path.close(), Form::Hole, Tone::Inside, Rank::Key);
    }

    /// Add a button, an eyelet or a rivet.
    pub fn dot(&mut self, center: Point, radius: f32, tone: Tone, rank: Rank) {
        self.detail(Path::ellipse(center, radius, radius), tone, rank);
    }

    /// Add all parts of another garment before the present ones.
    pub fn put(&mut self, other: Self) {
        self.parts.extend(other.parts);
    }

    /// Move every point.
    pub fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        let moved = |part: &Part| Part {
            path: part.path.map(&f),
            ..part.clone()
        };
        Self {
            parts: self.parts.iter().map(moved).collect(),
        }
    }

    /// The garment moved by (x, y).
    pub fn moved(&self, by: Point) -> Self {
        self.map(|(x, y)| (x + by.0, y + by.1))
    }

    /// The garment turned clockwise by degrees around a center.
    pub fn turned(&self, center: Point, degrees: f32) -> Self {
        self.map(|p| turned(p, center, degrees))
    }

    /// The corners of the box around all parts: left and top, right and bottom.
    pub fn bounds(&self) -> (Point, Point) {
        let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for part in &self.parts {
            let margin = match part.form {
                Form::Strap(width) => width / 2.0,
                _ => 0.0,
            };
            let ((left, top), (right, bottom)) = part.path.bounds();
            low = (low.0.min(left - margin), low.1.min(top - margin));
            high = (high.0.max(right + margin), high.1.max(bottom + margin));
        }
        (low, high)
    }
}
