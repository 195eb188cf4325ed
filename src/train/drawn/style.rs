//! The styles that pictures are drawn in, and how freely each lays a garment into its picture.

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
