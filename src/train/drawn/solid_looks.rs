//! The choices for filled pictures: silhouettes, pictures in color, icons with thick contours.

use super::color::{BLACK, Color, Palette, WHITE};
use super::family::FamilySplit;
use super::garment::Rank;
use super::ground::Ground;
use super::look::{Contour, Filling, Look, Pattern, least};
use super::pen::Pen;
use super::random::Random;
use super::style::Style;

impl Look {
    /// A solid shape.
    pub fn silhouette(size: f32, random: &mut Random) -> Self {
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

    /// A picture in colors.
    pub fn color(split: FamilySplit, size: f32, random: &mut Random) -> Self {
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

    /// Thick contours.
    pub fn icon(size: f32, random: &mut Random) -> Self {
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
