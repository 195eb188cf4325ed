//! Fills outline drawings: what cannot be reached from outside is the garment.
//!
//! The models know photos, not line drawings. The contour becomes part of the garment and lines deeper inside become
//! darker detail, whatever is lighter or darker in the drawing. `contour` says what an outline is, `holes` which of its
//! closed parts stay open.

use crate::contour::{Contour, Cut};
use crate::holes;
use crate::plane::Plane;

/// Brightness given to the inside of an outline; about the mean garment pixel of the data set.
const FILL: f32 = 190.0;
/// Brightness given to lines inside: darker detail.
const DETAIL: f32 = 80.0;
/// How much fainter than the contour a line inside may be and still be drawn fully.
const EMPHASIS: f32 = 1.4;

/// Fill a light-on-black drawing if it is an outline, else return `None`.
///
/// Pixels brighter than `threshold` are drawn. The contour itself becomes part of the garment; lines
/// deeper inside than the contour is thick stay visible as darker detail.
pub fn fill(drawing: &Plane, threshold: f32, cut: Cut) -> Option<Plane> {
    let contour = Contour::find(drawing, threshold, cut)?;
    let holes = holes::find(&contour, drawing, threshold);
    let rim = contour.rim();
    let values = drawing.values().iter().enumerate().map(|(at, &level)| {
        if contour.outside.has(at) {
            let is_faint = level > threshold && contour.lines.surrounding(at).any(|n| rim.has(n));
            if is_faint {
                (FILL * level / contour.level).min(FILL)
            } else {
                0.0
            }
        } else if holes.has(at) {
            0.0
        } else if rim.has(at)
            || !contour.lines.has(at) && contour.lines.neighbors(at).any(|n| rim.has(n))
        {
            FILL
        } else {
            tone(&contour, level)
        }
    });
    Some(Plane::new(
        drawing.width(),
        drawing.height(),
        values.collect(),
    ))
}

/// The brightness of a level inside: what differs from the main color as the contour does is dark, the contrary light.
fn tone(contour: &Contour, level: f32) -> f32 {
    let relief = (level - contour.inside) / (contour.level - contour.inside) * EMPHASIS;
    FILL - (FILL - DETAIL) * relief.clamp(-0.5, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `#` is a line, `+` a lighter color.
    fn drawing(rows: &[&str]) -> Plane {
        let level = |c| match c {
            '#' => 255.0,
            '+' => 60.0,
            _ => 0.0,
        };
        let values = rows.iter().flat_map(|r| r.chars()).map(level);
        Plane::new(rows[0].len(), rows.len(), values.collect())
    }

    #[test]
    fn a_closed_outline_is_filled_and_inner_lines_are_darker() {
        let rows = |inside: &str| {
            [
                "##########",
                "#........#",
                "#........#",
                "#...##...#",
                "#...##...#",
                "#........#",
                "#........#",
                "#........#",
                "##########",
            ]
            .map(|row| row.replace('.', inside))
        };
        // On paper and colored alike.
        for inside in [".", "+"] {
            let rows = rows(inside);
            let rows: Vec<&str> = rows.iter().map(|row| &**row).collect();
            let filled = fill(&drawing(&rows), 20.0, [false; 4]).expect("an outline");
            assert_eq!(filled.values()[0], FILL);
            assert_eq!(filled.values()[12], FILL);
            // The inner square touches no contour, so its depth has no end: it is detail.
            assert_eq!(filled.values()[34], DETAIL);
        }
    }

    #[test]
    fn solid_shapes_and_open_lines_stay_as_they_are() {
        let solid = ["######", "######", "######", "####.#", "######"];
        assert_eq!(fill(&drawing(&solid), 20.0, [false; 4]), None, "a hole");
        let open = ["####", "#...", "#...", "#..."];
        assert_eq!(fill(&drawing(&open), 20.0, [false; 4]), None, "open");
    }

    #[test]
    fn a_drawing_that_the_picture_cuts_off_is_closed_there() {
        let cut = ["########", "#......#", "#......#", "#......#", "#......#"];
        let below = [false, false, false, true];
        assert_eq!(fill(&drawing(&cut), 20.0, [false; 4]), None);
        let filled = fill(&drawing(&cut), 20.0, below).expect("an outline");
        assert!(filled.values().iter().all(|v| *v == FILL));
    }
}
