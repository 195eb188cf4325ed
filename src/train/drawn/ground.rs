//! What a picture is drawn on: white, black, transparent, colored, gently shaded, with grain.

use super::color::{BLACK, Color, WHITE};
use super::random::Random;
use crate::image::RgbaImage;

/// The ground of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// Its color; what transparent pictures are shown on, too.
    pub color: Color,
    /// Whether the ground is left transparent.
    pub transparent: bool,
    /// How much lighter it is on one side than on the other, and in which direction.
    pub shade: (f32, f32),
    /// How much neighboring pixels differ by chance, as brightness of 0 to 1.
    pub grain: f32,
}

impl Ground {
    /// An even ground.
    pub fn even(color: Color) -> Self {
        Self {
            color,
            transparent: false,
            shade: (0.0, 0.0),
            grain: 0.0,
        }
    }

    /// Nothing; viewers show it on white.
    pub fn transparent() -> Self {
        Self {
            transparent: true,
            ..Self::even(WHITE)
        }
    }

    /// A ground as pictures have it; dark ones are rarer.
    pub fn any(random: &mut Random) -> Self {
        let plain = match random.count(0, 19) {
            0..=7 => Self::even(WHITE),
            8..=11 => Self::transparent(),
            12 | 13 => Self::even(BLACK),
            14 => Self::even(Color::gray(random.within(0.85, 0.99))),
            15 => Self::even(Color::gray(random.within(0.05, 0.3))),
            16 => Self::even(Color::any(random).mixed(WHITE, 0.75)),
            _ => Self::even(Color::any(random)),
        };
        plain.worn(random)
    }

    /// White or nearly so, as paper is.
    pub fn paper(random: &mut Random) -> Self {
        let tint = Color::hsv(random.within(20.0, 60.0), random.within(0.0, 0.12), 1.0);
        let level = random.within(0.85, 1.0);
        Self::even(BLACK.mixed(tint, level)).worn(random)
    }

    /// Sometimes shaded or grainy.
    fn worn(mut self, random: &mut Random) -> Self {
        if !self.transparent && random.chance(0.2) {
            self.shade = (
                random.within(0.01, 0.07),
                random.within(0.0, std::f32::consts::TAU),
            );
        }
        if !self.transparent && random.chance(0.12) {
            self.grain = random.within(0.005, 0.025);
        }
        self
    }

    /// Lay premultiplied pixels on the ground.
    ///
    /// # Panics
    /// When there are not `4 * width * height` bytes.
    pub fn lay(
        &self,
        pixels: &[u8],
        width: usize,
        height: usize,
        random: &mut Random,
    ) -> RgbaImage {
        let mut out = Vec::with_capacity(pixels.len());
        let (sin, cos) = self.shade.1.sin_cos();
        let longest = width.max(height) as f32;
        let base = self.color.0.map(|v| v * 255.0);
        let even = self.shade.0 == 0.0 && self.grain == 0.0;
        let [r0, g0, b0] = base.map(|v| v.round() as u8);
        for (i, [r, g, b, a]) in pixels.as_chunks::<4>().0.iter().enumerate() {
            if self.transparent {
                let straight = |v: u8| match *a {
                    0 => 0,
                    255 => v,
                    a => (f32::from(v) * 255.0 / f32::from(a) + 0.5) as u8,
                };
                out.extend([straight(*r), straight(*g), straight(*b), *a]);
                continue;
            }
            if even && (*a == 0 || *a == 255) {
                let shown = if *a == 0 {
                    [r0, g0, b0, 255]
                } else {
                    [*r, *g, *b, 255]
                };
                out.extend(shown);
                continue;
            }
            let mut change = 0.0;
            if !even {
                let (x, y) = ((i % width) as f32, (i / width) as f32);
                change = 255.0 * self.shade.0 * (x * cos + y * sin) / longest;
                if self.grain > 0.0 {
                    change += 255.0 * random.around_zero(2.0 * self.grain);
                }
            }
            let left = 1.0 - f32::from(*a) / 255.0;
            let grained = if self.grain > 0.0 {
                change
            } else {
                change * left
            };
            // Adding a half and cutting off rounds, and `as` keeps 0 to 255.
            let over = |v: u8, base: f32| (f32::from(v) + base * left + grained + 0.5) as u8;
            out.extend([over(*r, base[0]), over(*g, base[1]), over(*b, base[2]), 255]);
        }
        RgbaImage::new(width, height, out).expect("four bytes a pixel")
    }
}
