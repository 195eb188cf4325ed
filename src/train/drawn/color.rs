//! Colors and how a picture's few colors are chosen.

use super::garment::Tone;
use super::random::Random;

/// Red, green and blue, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color(pub [f32; 3]);

/// Black.
pub const BLACK: Color = Color([0.0; 3]);
/// White.
pub const WHITE: Color = Color([1.0; 3]);

impl Color {
    /// A gray of 0 to 1.
    pub fn gray(level: f32) -> Self {
        Self([level.clamp(0.0, 1.0); 3])
    }

    /// A color by hue in degrees, saturation and value of 0 to 1.
    ///
    /// **Source**: Smith, "Color gamut transform pairs", 1978, the hexcone model.
    pub fn hsv(hue: f32, saturation: f32, value: f32) -> Self {
        let channel = |n: f32| {
            let k = (n + hue / 60.0).rem_euclid(6.0);
            value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
        };
        Self([channel(5.0), channel(3.0), channel(1.0)])
    }

    /// Brightness, 0 to 1 (ITU-R BT.601, section 2.5.1).
    pub fn luminance(self) -> f32 {
        0.299 * self.0[0] + 0.587 * self.0[1] + 0.114 * self.0[2]
    }

    /// Black on light, white on dark.
    pub fn opposite(self) -> Self {
        if self.luminance() > 0.5 { BLACK } else { WHITE }
    }

    /// A color between this and another.
    pub fn mixed(self, other: Self, share: f32) -> Self {
        Self(std::array::from_fn(|i| {
            self.0[i] + (other.0[i] - self.0[i]) * share
        }))
    }

    /// Any color that has a name: vivid, pale, dark or gray.
    pub fn any(random: &mut Random) -> Self {
        let hue = random.within(0.0, 360.0);
        match random.count(0, 9) {
            0..=3 => Self::hsv(hue, random.within(0.55, 1.0), random.within(0.6, 1.0)),
            4 | 5 => Self::hsv(hue, random.within(0.15, 0.45), random.within(0.8, 1.0)),
            6 | 7 => Self::hsv(hue, random.within(0.3, 0.9), random.within(0.2, 0.55)),
            _ => Self::gray(random.within(0.0, 1.0)),
        }
    }

    /// A color that differs from another by at least so much brightness.
    pub fn unlike(random: &mut Random, other: Self, least: f32) -> Self {
        for _ in 0..12 {
            let color = Self::any(random);
            if (color.luminance() - other.luminance()).abs() >= least {
                return color;
            }
        }
        if other.luminance() > 0.5 {
            BLACK
        } else {
            WHITE
        }
    }
}

/// The color of each tone.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// Most of the garment.
    pub main: Color,
    /// Parts of another cloth.
    pub second: Color,
    /// Soles, bands and laces.
    pub trim: Color,
    /// What is seen of the inside.
    pub inside: Color,
    /// Buttons and buckles.
    pub metal: Color,
}

impl Palette {
    /// Colors for a garment whose main color is given.
    pub fn around(random: &mut Random, main: Color) -> Self {
        let darker = main.mixed(BLACK, random.within(0.2, 0.5));
        let lighter = main.mixed(WHITE, random.within(0.25, 0.6));
        let related = |random: &mut Random| match random.count(0, 4) {
            0 => main,
            1 => darker,
            2 => lighter,
            _ => Color::any(random),
        };
        let second = related(random);
        let trim = match random.count(0, 5) {
            0 | 1 => WHITE.mixed(main, random.within(0.0, 0.15)),
            2 => Color::gray(random.within(0.05, 0.3)),
            _ => related(random),
        };
        let metal = match random.count(0, 3) {
            0 => Color::hsv(random.within(38.0, 50.0), 0.7, random.within(0.7, 1.0)),
            1 => Color::gray(random.within(0.6, 0.9)),
            2 => darker,
            _ => lighter,
        };
        Self {
            main,
            second,
            trim,
            inside: main.mixed(BLACK, random.within(0.25, 0.65)),
            metal,
        }
    }

    /// Bring parts that would not be seen on a ground nearer to the main color.
    pub fn keep_off(&mut self, ground: Color) {
        for color in [&mut self.second, &mut self.trim, &mut self.metal] {
            if (color.luminance() - ground.luminance()).abs() < 0.15 {
                *color = color.mixed(self.main, 0.6);
            }
        }
    }

    /// Everything of one color.
    pub fn plain(color: Color) -> Self {
        Self {
            main: color,
            second: color,
            trim: color,
            inside: color,
            metal: color,
        }
    }

    /// The color of a tone.
    pub fn of(&self, tone: Tone) -> Color {
        match tone {
            Tone::Main => self.main,
            Tone::Second => self.second,
            Tone::Trim => self.trim,
            Tone::Inside => self.inside,
            Tone::Metal => self.metal,
        }
    }
}
