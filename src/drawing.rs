//! The visitor's drawing: our own pixels.
//!
//! The page's canvas only shows this buffer and is never read back, because some browsers randomize
//! what is read from a canvas. A picture in the models' form can be put on it and drawn on.

use crate::image::{GrayImage, RgbaImage, SIDE};
use serde::{Deserialize, Serialize, Serializer};
use serde_bytes::ByteBuf;
use std::sync::Arc;

/// Width and height of a drawing, in pixels: ten for each of the model's.
pub const DRAWING_SIDE: usize = 280;

/// The pixels of a drawing: [`DRAWING_SIDE`] rows of as many gray levels, 0 (black) to 255.
///
/// Copies share their pixels, so a drawing goes from place to place on the page for free.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ByteBuf")]
pub struct Levels(Arc<[u8]>);

impl Levels {
    /// All black.
    fn black() -> Self {
        Self(vec![0; DRAWING_SIDE * DRAWING_SIDE].into())
    }

    /// The pixels for writing; copied first if they are shared.
    fn pixels_mut(&mut self) -> &mut [u8] {
        Arc::make_mut(&mut self.0)
    }

    /// The gray levels, row by row.
    pub fn values(&self) -> &[u8] {
        &self.0
    }

    /// Whether all is black.
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|level| *level == 0)
    }

    /// The drawing as opaque pixels, for the canvas and for preprocessing.
    ///
    /// # Panics
    /// Never: the buffer has the size of the drawing.
    pub fn to_rgba(&self) -> RgbaImage {
        let pixels = self.0.iter().flat_map(|&v| [v, v, v, 255]).collect();
        RgbaImage::new(DRAWING_SIDE, DRAWING_SIDE, pixels).expect("the buffer's size")
    }
}

impl TryFrom<ByteBuf> for Levels {
    type Error = String;

    fn try_from(bytes: ByteBuf) -> Result<Self, String> {
        let expected = DRAWING_SIDE * DRAWING_SIDE;
        if bytes.len() != expected {
            return Err(format!("expected {expected} pixels, got {}", bytes.len()));
        }
        Ok(Self(bytes.into_vec().into()))
    }
}

impl Serialize for Levels {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

/// A square gray drawing, light on black.
#[derive(Clone, Debug)]
pub struct Drawing {
    levels: Levels,
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            levels: Levels::black(),
        }
    }
}

impl Drawing {
    /// Put a picture in the models' form in the place of what is there, each of its pixels a square.
    pub fn put(&mut self, picture: &GrayImage) {
        const SCALE: usize = DRAWING_SIDE / SIDE;
        for (i, level) in self.levels.pixels_mut().iter_mut().enumerate() {
            let (x, y) = (i % DRAWING_SIDE / SCALE, i / DRAWING_SIDE / SCALE);
            *level = picture.pixels()[y * SIDE + x];
        }
    }

    /// Draw a line of round dabs from one point to another, in pixels. Points may lie outside; one that is not
    /// finite draws nothing.
    pub fn stroke(&mut self, from: (f64, f64), to: (f64, f64), radius: f64, level: u8) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if !length.is_finite() {
            return;
        }
        let dabs = (length / (radius * 0.25).max(0.5)).ceil().max(1.0);
        let pixels = self.levels.pixels_mut();
        for i in 0..=dabs as usize {
            let t = i as f64 / dabs;
            let center = (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
            dab(pixels, center, radius, level);
        }
    }

    /// Give the area of one level that holds a point another level; nothing outside the drawing.
    pub fn fill(&mut self, (x, y): (f64, f64), level: u8) {
        let inside = |v: f64| {
            (0.0..DRAWING_SIDE as f64)
                .contains(&v)
                .then_some(v as usize)
        };
        let (Some(x), Some(y)) = (inside(x), inside(y)) else {
            return;
        };
        let start = y * DRAWING_SIDE + x;
        let old = self.levels.0[start];
        if old == level {
            return;
        }
        let pixels = self.levels.pixels_mut();
        let mut open = vec![start];
        pixels[start] = level;
        while let Some(at) = open.pop() {
            let (x, y) = (at % DRAWING_SIDE, at / DRAWING_SIDE);
            let neighbors = [
                (x > 0).then(|| at - 1),
                (x + 1 < DRAWING_SIDE).then_some(at + 1),
                (y > 0).then(|| at - DRAWING_SIDE),
                (y + 1 < DRAWING_SIDE).then_some(at + DRAWING_SIDE),
            ];
            for next in neighbors.into_iter().flatten() {
                if pixels[next] == old {
                    pixels[next] = level;
                    open.push(next);
                }
            }
        }
    }

    /// Make everything black.
    pub fn clear(&mut self) {
        self.levels = Levels::black();
    }

    /// The pixels as they are now.
    pub fn levels(&self) -> Levels {
        self.levels.clone()
    }
}

/// Give the pixels of a disk a level; the disk may lie partly or wholly outside.
fn dab(pixels: &mut [u8], (cx, cy): (f64, f64), radius: f64, level: u8) {
    let limit = |v: f64| v.clamp(0.0, DRAWING_SIDE as f64) as usize;
    for y in limit((cy - radius).floor())..limit((cy + radius).ceil()) {
        for x in limit((cx - radius).floor())..limit((cx + radius).ceil()) {
            if (x as f64 + 0.5 - cx).hypot(y as f64 + 0.5 - cy) <= radius {
                pixels[y * DRAWING_SIDE + x] = level;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(drawing: &Drawing) -> usize {
        drawing.levels.0.iter().filter(|v| **v > 0).count()
    }

    #[test]
    fn a_stroke_is_a_capsule() {
        let mut drawing = Drawing::default();
        drawing.stroke((50.0, 50.0), (150.0, 50.0), 10.0, 255);
        let stroke = lit(&drawing);
        // A capsule of length 100 and radius 10.
        let area = 100.0 * 20.0 + std::f64::consts::PI * 100.0;
        assert!(
            (stroke as f64 - area).abs() < 0.03 * area,
            "{stroke} of {area}"
        );
        drawing.clear();
        assert!(drawing.levels().is_blank());
    }

    #[test]
    fn fill_stops_at_lines_and_ignores_points_outside() {
        let mut drawing = Drawing::default();
        drawing.stroke((100.0, -20.0), (100.0, 300.0), 5.0, 255);
        drawing.fill((20.0, 20.0), 90);
        assert!(drawing.levels.0.iter().filter(|v| **v == 90).count() > 25_000);
        assert_eq!(drawing.levels.0[200], 0, "beyond the line");
        let before = drawing.levels.clone();
        drawing.fill((-1.0, 20.0), 10);
        drawing.stroke((-900.0, -900.0), (-800.0, -900.0), 5.0, 255);
        for nowhere in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            drawing.stroke((50.0, 50.0), (nowhere, 50.0), 5.0, 255);
            drawing.fill((nowhere, 20.0), 10);
        }
        assert_eq!(drawing.levels, before);
    }

    #[test]
    fn copies_share_their_pixels_until_the_drawing_changes() {
        let mut drawing = Drawing::default();
        let before = drawing.levels();
        assert!(Arc::ptr_eq(&before.0, &drawing.levels().clone().0));
        drawing.stroke((50.0, 50.0), (150.0, 50.0), 10.0, 255);
        assert_eq!(before, Levels::black(), "what was given away stays");
        assert_ne!(before, drawing.levels());
        let bytes = serde_json::to_vec(&drawing.levels()).unwrap();
        let read: Levels = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read, drawing.levels());
        assert!(serde_json::from_str::<Levels>("[1, 2, 3]").is_err());
    }
}
