//! How a picture is drawn: the choices of one style, before anything is drawn.

use super::color::{BLACK, Color, Palette, WHITE};
use super::family::FamilySplit;
use super::garment::Rank;
use super::ground::Ground;
use super::pen::Pen;
use super::placement::Freedom;
use super::random::Random;

/// The styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// A drawing in lines, by hand or by rule.
    Line,
    /// Drawn with a mouse or finger on the page's canvas, light on black.
    Mouse,
    /// A solid shape, inner lines cut out or light.
    Silhouette,
    /// Filled with colors, as emoji are.
    Color,
    /// Thick contours, light inside.
    Icon,
}

impl Style {
    /// All styles.
    pub const ALL: [Self; 5] = [
        Self::Line,
        Self::Mouse,
        Self::Silhouette,
        Self::Color,
        Self::Icon,
    ];

    /// A style; those that visitors give most are likelier.
    pub fn any(random: &mut Random) -> Self {
        random.weighted(&[
            (Self::Line, 3.0),
            (Self::Mouse, 1.5),
            (Self::Silhouette, 2.0),
            (Self::Color, 3.0),
            (Self::Icon, 1.5),
        ])
    }

    /// How freely a garment of this style is placed.
    pub fn freedom(self) -> Freedom {
        const SIDES: &[(usize, f32)] = &[
            (32, 0.3),
            (48, 0.5),
            (64, 1.0),
            (96, 3.0),
            (128, 5.0),
            (160, 3.0),
            (200, 1.0),
            (280, 0.4),
            (512, 0.05),
        ];
        const CANVAS: &[(usize, f32)] = &[(140, 8.0), (280, 1.0)];
        let (sides, warp, rounding) = match self {
            Self::Line => (SIDES, 0.03, 0.03),
            Self::Mouse => (CANVAS, 0.05, 0.05),
            Self::Silhouette => (SIDES, 0.012, 0.07),
            Self::Color => (SIDES, 0.012, 0.06),
            Self::Icon => (SIDES, 0.008, 0.07),
        };
        Freedom {
            sides,
            warp,
            rounding,
            any_aspect: self != Self::Mouse,
        }
    }
}

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
    /// The choices for a picture in a style; `size` is the garment's longest side in pixels.
    pub fn any(style: Style, split: FamilySplit, size: f32, random: &mut Random) -> Self {
        match style {
            Style::Line => Self::line(split, size, random),
            Style::Mouse => Self::mouse(split, size, random),
            Style::Silhouette => Self::silhouette(size, random),
            Style::Color => Self::color(split, size, random),
            Style::Icon => Self::icon(size, random),
        }
    }

    fn base(style: Style, ground: Ground, size: f32) -> Self {
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

    fn line(split: FamilySplit, size: f32, random: &mut Random) -> Self {
        let ground = match random.count(0, 9) {
            0..=4 => Ground::paper(random),
            5 | 6 => Ground::transparent(),
            7 => Ground::even(Color::gray(random.within(0.0, 0.15))),
            _ => Ground::any(random),
        };
        let ink = if random.chance(0.7) {
            ground
                .color
                .opposite()
                .mixed(ground.color, random.within(0.0, 0.3))
        } else {
            Color::unlike(random, ground.color, 0.35)
        };
        let share = random.log_within(0.011, 0.07);
        let share = if random.chance(0.06) {
            random.within(0.07, 0.12)
        } else {
            share
        };
        let mut pen = Pen::steady((share * size).max(1.0), size);
        if random.chance(0.7) {
            pen.wobble = size * random.log_within(0.001, 0.012);
            pen.wavelength = size * random.log_within(0.08, 0.6);
            pen.wobble = pen.wobble.min(0.06 * pen.wavelength);
        }
        if random.chance(0.3) {
            pen.gaps = (random.within(0.2, 0.8), random.log_within(0.02, 0.08));
        }
        if random.chance(0.25) {
            pen.overshoot = size * random.within(0.01, 0.05);
        }
        if pen.wobble > 0.0 && share < 0.03 && random.chance(0.2) {
            pen.times = random.count(2, 3);
        }
        if random.chance(0.12) {
            pen.pressure = random.within(0.2, 0.6);
        }
        let hatched = split == FamilySplit::Development && random.chance(0.15);
        let filling = if hatched {
            Filling::Hatching
        } else if random.chance(0.04) {
            Filling::Nothing
        } else {
            Filling::Paper
        };
        Self {
            ink,
            pen,
            filling,
            inner: random.within(0.6, 1.0),
            least: least(share, random),
            smooth: random.chance(0.9),
            round: random.chance(0.8),
            ..Self::base(Style::Line, ground, size)
        }
    }

    /// The page's pens have radii of 4, 9 and 20 of 280 pixels.
    fn mouse(split: FamilySplit, size: f32, random: &mut Random) -> Self {
        let black = Ground::even(BLACK);
        let share =
            random.weighted(&[(0.036, 3.0), (0.08, 5.0), (0.15, 0.25)]) * random.within(0.8, 1.2);
        let mut pen = Pen::steady(share * size, size);
        pen.wobble = size * random.log_within(0.002, 0.014);
        pen.wavelength = size * random.within(0.25, 1.2);
        pen.step = if random.chance(0.5) {
            size * random.within(0.02, 0.08)
        } else {
            0.0
        };
        if random.chance(0.5) {
            pen.gaps = (0.5, random.log_within(0.015, 0.06));
        }
        if random.chance(0.4) {
            pen.overshoot = size * random.within(0.01, 0.04);
        }
        if random.chance(0.3) || share > 0.11 {
            return Self::mouse_filled(black, pen, random);
        }
        let scribbled = split == FamilySplit::Development && random.chance(0.2);
        let filling = match scribbled {
            true => Filling::Hatching,
            false if random.chance(0.1) => Filling::Nothing,
            false => Filling::Paper,
        };
        let least = if share > 0.05 {
            Rank::Key
        } else {
            least(share, random)
        };
        let level = if random.chance(0.8) {
            1.0
        } else {
            random.within(0.6, 1.0)
        };
        Self {
            pen,
            filling,
            ink: Color::gray(level),
            least,
            smooth: false,
            ..Self::base(Style::Mouse, black, size)
        }
    }

    /// Filled by the fill tool or by rubbing, inner lines left out or erased.
    fn mouse_filled(black: Ground, pen: Pen, random: &mut Random) -> Self {
        let size = pen.size;
        let pen = Pen {
            width: size * random.within(0.02, 0.05),
            gaps: (0.0, 0.0),
            overshoot: 0.0,
            ..pen
        };
        Self {
            palette: Palette::plain(Color::gray(random.within(0.5, 1.0))),
            pen,
            filling: Filling::Flat,
            contour: random.weighted(&[(Contour::Gap, 2.0), (Contour::None, 1.0)]),
            cut_lines: true,
            least: random.pick(&[Rank::Key, Rank::Usual]),
            smooth: false,
            ..Self::base(Style::Mouse, black, size)
        }
    }

    fn silhouette(size: f32, random: &mut Random) -> Self {
        let ground = if random.chance(0.5) {
            random.pick(&[Ground::even(WHITE), Ground::transparent()])
        } else {
            Ground::any(random)
        };
        let ink = if random.chance(0.6) {
            ground.color.opposite()
        } else {
            Color::unlike(random, ground.color, 0.3)
        };
        let share = random.log_within(0.018, 0.06);
        let two_tone = random.chance(0.12);
        let mut palette = Palette::plain(ink);
        if two_tone {
            let pale = ink.mixed(ground.color, random.within(0.3, 0.6));
            palette.second = pale;
            palette.inside = pale;
            palette.trim = random.pick(&[pale, ink]);
        }
        Self {
            palette,
            filling: Filling::Flat,
            contour: if random.chance(0.85) {
                Contour::Gap
            } else {
                Contour::None
            },
            pen: Pen::steady((share * size).max(1.0), size),
            ink: ground.color,
            cut_lines: random.chance(0.8),
            least: random.weighted(&[
                (Rank::Key, 2.0),
                (Rank::Usual, 4.0),
                (Rank::Fine, if share < 0.03 { 3.0 } else { 0.0 }),
            ]),
            round: random.chance(0.6),
            ..Self::base(Style::Silhouette, ground, size)
        }
    }

    fn color(split: FamilySplit, size: f32, random: &mut Random) -> Self {
        let ground = Ground::any(random);
        let has_contour = random.chance(0.5);
        let least_difference = if has_contour { 0.1 } else { 0.3 };
        let main = Color::unlike(random, ground.color, least_difference);
        let mut palette = Palette::around(random, main);
        if !has_contour {
            palette.keep_off(ground.color);
        }
        let dark = main.mixed(BLACK, random.within(0.35, 0.8));
        let ink = match random.count(0, 5) {
            0 | 1 => BLACK,
            2 | 3 => dark,
            4 => Color::gray(random.within(0.1, 0.35)),
            _ => main.mixed(WHITE, random.within(0.5, 0.9)),
        };
        // On a ground as dark as the contour the contour must not be what the eye looks for.
        let ink = if has_contour && (main.luminance() - ground.color.luminance()).abs() < 0.25 {
            ground.color.opposite()
        } else {
            ink
        };
        let share = random.log_within(0.012, 0.045);
        let contour = if has_contour {
            random.pick(&[Contour::Parts, Contour::Parts, Contour::Whole])
        } else {
            Contour::None
        };
        let mut pen = Pen::steady((share * size).max(1.0), size);
        if random.chance(0.15) {
            pen.wobble = size * random.log_within(0.002, 0.008);
            pen.wavelength = size * random.within(0.1, 0.5);
        }
        let patterned = match split {
            FamilySplit::Training => 0.14,
            FamilySplit::Development => 0.25,
        };
        Self {
            palette,
            filling: if random.chance(0.35) {
                Filling::Gradient
            } else {
                Filling::Flat
            },
            contour,
            pen,
            ink,
            inner: random.within(0.5, 1.0),
            least: least(share, random),
            pattern: random.chance(patterned).then(|| {
                random.pick(&[
                    Pattern::Stripes,
                    Pattern::Pinstripes,
                    Pattern::Checks,
                    Pattern::Dots,
                    Pattern::Band,
                ])
            }),
            shading: if random.chance(0.4) {
                random.within(0.1, 0.45)
            } else {
                0.0
            },
            shadow: if random.chance(0.1) {
                random.within(0.05, 0.25)
            } else {
                0.0
            },
            smooth: random.chance(0.95),
            round: random.chance(0.7),
            ..Self::base(Style::Color, ground, size)
        }
    }

    fn icon(size: f32, random: &mut Random) -> Self {
        let ground = if random.chance(0.6) {
            random.pick(&[Ground::even(WHITE), Ground::transparent()])
        } else {
            Ground::any(random)
        };
        let share = random.log_within(0.03, 0.085);
        let fill = match random.count(0, 3) {
            0 => WHITE,
            1 => Color::any(random).mixed(WHITE, 0.7),
            2 => Color::any(random),
            _ => Color::gray(random.within(0.7, 1.0)),
        };
        let against = if fill.luminance() > 0.45 {
            BLACK
        } else {
            WHITE
        };
        let ink = if (against.luminance() - ground.color.luminance()).abs() < 0.3 {
            ground.color.opposite()
        } else {
            against.mixed(Color::any(random), random.within(0.0, 0.3))
        };
        let empty = random.chance(0.25) || (fill.luminance() - ink.luminance()).abs() < 0.3;
        let mut palette = Palette::plain(fill);
        if random.chance(0.4) {
            palette.second = Color::any(random);
            palette.trim = random.pick(&[palette.second, fill, WHITE]);
        }
        Self {
            palette,
            filling: if empty { Filling::Paper } else { Filling::Flat },
            pen: Pen::steady((share * size).max(1.0), size),
            ink,
            inner: random.within(0.6, 1.0),
            least: if share > 0.055 {
                random.weighted(&[(Rank::Key, 3.0), (Rank::Usual, 1.0)])
            } else {
                random.weighted(&[(Rank::Key, 1.0), (Rank::Usual, 2.0)])
            },
            round: random.chance(0.75),
            ..Self::base(Style::Icon, ground, size)
        }
    }
}

/// Thick lines leave out more.
fn least(share: f32, random: &mut Random) -> Rank {
    let fine = if share < 0.025 { 3.0 } else { 0.3 };
    let key = if share < 0.04 { 0.8 } else { 3.0 };
    random.weighted(&[(Rank::Key, key), (Rank::Usual, 3.0), (Rank::Fine, fine)])
}
