//! The choices for drawings in lines: with a pen on paper, with a mouse on the page's canvas.

use super::color::{BLACK, Color, Palette};
use super::family::FamilySplit;
use super::garment::Rank;
use super::ground::Ground;
use super::look::{Contour, Filling, Look, least};
use super::pen::Pen;
use super::random::Random;
use super::style::Style;

impl Look {
    /// A drawing in lines.
    pub fn line(split: FamilySplit, size: f32, random: &mut Random) -> Self {
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

    /// A drawing by mouse. The page's pens have radii of 4, 9 and 20 of 280 pixels.
    pub fn mouse(split: FamilySplit, size: f32, random: &mut Random) -> Self {
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
}
