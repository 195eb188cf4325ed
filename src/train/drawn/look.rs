//! How a picture is drawn: all choices that are made before anything is drawn.

use super::color::{BLACK, Color, Palette, WHITE};
use super::garment::Rank;
use super::ground::Ground;
use super::pen::Pen;
use super::random::Random;
use super::style::Style;

/// What the areas of a picture are filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// The ground shows, and what is behind is hidden.
    Paper,
    /// Nothing: what is behind shows through.
    Nothing,
    /// The palette's colors.
    Flat,
    /// The palette's colors, lighter on one side.
    Gradient,
    /// Lines side by side.
    Hatching,
}

/// Which contours are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contour {
    /// None.
    None,
    /// Around every part.
    Parts,
    /// Around the whole.
    Whole,
    /// A gap between parts.
    Gap,
}

/// A pattern of cloth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Lines across.
    Stripes,
    /// Lines from top to bottom.
    Pinstripes,
    /// Both.
    Checks,
    /// Dots.
    Dots,
    /// One broad band.
    Band,
}

/// All choices of one picture.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The style that they belong to.
    pub style: Style,
    /// What it is drawn on.
    pub ground: Ground,
    /// The colors of areas.
    pub palette: Palette,
    /// What areas are filled with.
    pub filling: Filling,
    /// Which contours are drawn.
    pub contour: Contour,
    /// The pen of contours.
    pub pen: Pen,
    /// The color of lines.
    pub ink: Color,
    /// Whether inner lines are cut out.
    pub cut_lines: bool,
    /// Width of inner lines over that of contours.
    pub inner: f32,
    /// The least important parts that are drawn.
    pub least: Rank,
    /// The cloth of the main parts.
    pub pattern: Option<Pattern>,
    /// Strength of light and shadow on parts, 0 to 1.
    pub shading: f32,
    /// How dark the shadow on the ground is.
    pub shadow: f32,
    /// Whether edges are shared by two pixels.
    pub smooth: bool,
    /// Whether lines have round ends.
    pub round: bool,
}

impl Look {
    /// What the choices of a style start from.
    pub fn base(style: Style, ground: Ground, size: f32) -> Self {
        Self {
            style,
            ground,
            palette: Palette::plain(WHITE),
            filling: Filling::Paper,
            contour: Contour::Parts,
            pen: Pen::steady(1.0, size),
            ink: BLACK,
            cut_lines: false,
            inner: 1.0,
            least: Rank::Fine,
            pattern: None,
            shading: 0.0,
            shadow: 0.0,
            smooth: true,
            round: true,
        }
    }
}

/// The least important parts that are drawn with a pen of this share of the size: thick lines leave out more.
pub fn least(share: f32, random: &mut Random) -> Rank {
    let fine = if share < 0.025 { 3.0 } else { 0.3 };
    let key = if share < 0.04 { 0.8 } else { 3.0 };
    random.weighted(&[(Rank::Key, key), (Rank::Usual, 3.0), (Rank::Fine, fine)])
}
