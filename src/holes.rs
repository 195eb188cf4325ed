//! Which closed parts of an outline drawing are holes: one sees the ground through them, as under a bag's handle.
//!
//! A part is a hole when a thin double line surrounds it at the top of the drawing, in the middle, or when it is a loop on top of a
//! body that is as good as convex and wider than the loop on both sides, as a handle drawn in a single line is.
//! Hoods, collars, pockets and waistbands are none of these and stay filled.

use crate::contour::Contour;
use crate::mask::Mask;
use crate::plane::Plane;

/// The least share of what is enclosed that a hole has.
const LEAST: f32 = 0.015;
/// The largest share of what is enclosed that a hole has.
const MOST: f32 = 0.6;
/// How wide a band around a hole may be, as a share of the longest side.
const BAND: f32 = 0.14;
/// The least share of a hole's edge along which there is such a band.
const BANDED: f32 = 0.5;
/// The least share of its rectangle that a hole within a band fills.
const COMPACT: f32 = 0.5;
/// The least height of a loop, as a share of the longest side: a collar is lower.
const LEAST_HEIGHT: f32 = 0.12;
/// How far from the top a hole may begin, as a share of the height.
const TOP: f32 = 0.25;
/// The least share of a loop's edge along which a single line divides it from outside.
const LOOPED: f32 = 0.35;
/// How far a body reaches out on both sides of a loop, as a share of its width.
const SHOULDER: f32 = 0.06;
/// The least share of its rectangle that a body under a loop fills.
const CONVEX: f32 = 0.8;
/// The least width of a body under a loop, in times its height.
const BROAD: f32 = 0.65;
/// Where the top of a body under a loop is looked at, as a share of its width from both ends.
const INSET: f32 = 0.18;
/// How far the top of a body may have dropped there below the loop, as a share of its width.
const FLAT: f32 = 0.06;

/// The places of all holes.
pub fn find(contour: &Contour, drawing: &Plane, threshold: f32) -> Mask {
    let enclosed = contour.lines.like(|at| !contour.outside.has(at));
    let is_empty = |at: usize| enclosed.has(at) && !contour.lines.has(at);
    let is_colored = contour.inside > threshold;
    let shows_ground = |at: usize| !is_colored || drawing.values()[at] <= threshold;
    let depth = enclosed.depths(|at| enclosed.has(at), |at| contour.outside.has(at));
    let drawn = Drawn {
        contour,
        enclosed: &enclosed,
        depth: &depth,
        area: enclosed.count() as f32,
    };
    let parts = enclosed.like(|at| is_empty(at) && shows_ground(at)).parts();
    let mut holes = vec![false; depth.len()];
    for part in parts {
        let area = part.len() as f32 / drawn.area;
        let is_hole = (LEAST..MOST).contains(&area)
            && (drawn.is_banded(&part) || !is_colored && drawn.is_loop(&part));
        for at in part {
            holes[at] = is_hole;
        }
    }
    enclosed.like(|at| holes[at])
}

/// What parts are judged by.
struct Drawn<'a> {
    contour: &'a Contour,
    enclosed: &'a Mask,
    /// Steps from outside.
    depth: &'a [usize],
    area: f32,
}

/// The columns and rows that a part covers.
struct Extent {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Extent {
    fn width(&self) -> f32 {
        (self.right - self.left + 1) as f32
    }

    fn height(&self) -> f32 {
        (self.bottom - self.top + 1) as f32
    }

    fn rectangle(&self) -> f32 {
        self.width() * self.height()
    }
}

impl Drawn<'_> {
    fn extent(&self, part: &[usize]) -> Extent {
        let width = self.enclosed.size().0;
        let columns = || part.iter().map(|at| at % width);
        let rows = || part.iter().map(|at| at / width);
        let of = |least: Option<usize>| least.unwrap_or(0);
        Extent {
            left: of(columns().min()),
            right: of(columns().max()),
            top: of(rows().min()),
            bottom: of(rows().max()),
        }
    }

    fn longest(&self) -> f32 {
        let (width, height) = self.enclosed.size();
        width.max(height) as f32
    }

    /// The share of a part's edge of which something holds.
    fn share_of_edge(&self, part: &[usize], holds: impl Fn(usize) -> bool) -> f32 {
        let mut sorted = part.to_vec();
        sorted.sort_unstable();
        let is_edge = |at: &&usize| {
            self.enclosed
                .neighbors(**at)
                .any(|n| sorted.binary_search(&n).is_err())
        };
        let edge: Vec<usize> = part.iter().filter(is_edge).copied().collect();
        edge.iter().filter(|at| holds(self.depth[**at])).count() as f32 / edge.len().max(1) as f32
    }

    /// Steps that are no more than a single line.
    fn one_line(&self) -> usize {
        2 * self.contour.thickness + 2
    }

    /// Whether a band divides a part at the top from outside: more than a line, and still thin.
    fn is_banded(&self, part: &[usize]) -> bool {
        let band = (BAND * self.longest()) as usize;
        let reaches_out = part.iter().any(|at| self.depth[*at] <= self.one_line());
        let extent = self.extent(part);
        let (width, height) = self.enclosed.size();
        let is_at_top = extent.top as f32 <= TOP * height as f32;
        let is_in_middle = (extent.left..extent.right).contains(&(width / 2));
        let is_compact = part.len() as f32 >= COMPACT * extent.rectangle();
        !reaches_out
            && is_at_top
            && is_in_middle
            && is_compact
            && self.share_of_edge(part, |depth| depth <= band) >= BANDED
    }

    /// Whether a part is a loop of a single line on top of a body.
    fn is_loop(&self, part: &[usize]) -> bool {
        let extent = self.extent(part);
        let (line, thickness) = (self.one_line(), self.contour.thickness);
        let is_low = ((extent.bottom - extent.top) as f32) < LEAST_HEIGHT * self.longest();
        if is_low
            || extent.top > line + 2
            || self.share_of_edge(part, |depth| depth <= line) < LOOPED
        {
            return false;
        }
        let below = extent.bottom + 2 + thickness + (0.02 * self.longest()) as usize;
        let Some((body, area)) = self.body(below) else {
            return false;
        };
        let (first, last) = self.row(below).unwrap_or((extent.left, extent.right));
        let shoulder = thickness as f32 + SHOULDER * (last - first) as f32;
        let is_wider = first as f32 + shoulder <= extent.left as f32
            && extent.right as f32 + shoulder <= last as f32;
        part.len() < area
            && is_wider
            && body.width() >= BROAD * body.height()
            && area as f32 >= CONVEX * body.rectangle()
            && self.is_flat(&body, extent.bottom)
    }

    /// The first and the last column of a row that are enclosed.
    fn row(&self, y: usize) -> Option<(usize, usize)> {
        let width = self.enclosed.size().0;
        let mut columns = (0..width).filter(|x| self.enclosed.has(y * width + x));
        let first = columns.next()?;
        Some((first, columns.next_back().unwrap_or(first)))
    }

    /// What is enclosed from a row on: its extent and area.
    fn body(&self, top: usize) -> Option<(Extent, usize)> {
        let (width, height) = self.enclosed.size();
        let places: Vec<usize> = (top * width..height * width)
            .filter(|&at| self.enclosed.has(at))
            .collect();
        (!places.is_empty()).then(|| (self.extent(&places), places.len()))
    }

    /// Whether the top of a body, not far from its ends, is about as high as the foot of a loop.
    fn is_flat(&self, body: &Extent, foot: usize) -> bool {
        let (width, height) = self.enclosed.size();
        let inset = (INSET * body.width()) as usize;
        let lowest = foot as f32 + 1.0 + FLAT * body.width();
        [body.left + inset, body.right - inset].iter().all(|x| {
            let first = (0..height).find(|y| self.enclosed.has(y * width + x));
            first.is_some_and(|y| y as f32 <= lowest)
        })
    }
}
