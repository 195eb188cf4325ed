//! Whether a drawing is an outline, and where its contour runs.
//!
//! A drawing counts as an outline when nearly everywhere along its edge a line comes first and something else behind
//! it: the paper, or a color. A photo with a hole (a bag's handle, a sandal's straps) is no outline; `tests/golden.rs`
//! has both.

use crate::mask::Mask;
use crate::plane::Plane;

/// Gaps in a contour up to twice this share of the longest side are closed, the first that encloses enough.
const CLOSING: [f32; 4] = [0.02, 0.035, 0.055, 0.08];
/// Wider gaps are closed only when what is enclosed grows from less than the first to at least the second share of
/// the drawing's rectangle.
const ENCLOSED: [f32; 2] = [0.12, 0.4];
/// Where the levels of what lies behind the contour are looked for, as quantiles of what is enclosed.
const INSIDE: [f32; 3] = [0.5, 0.25, 0.1];
/// Least difference between the contour and what lies behind it, of 255.
const LEAST_RELIEF: f32 = 40.0;
/// Least share of the contour's level by which what lies behind it differs.
const LEAST_RELIEF_SHARE: f32 = 0.45;
/// Least share of the edge along which there is a contour.
const LEAST_CONTOUR: f32 = 0.8;
/// Thickest contour, as a share of the longest side.
const THICKEST: f32 = 0.15;
/// Least share of what is enclosed that is not lines.
const LEAST_ROOM: f32 = 0.1;
/// How wide, in times the contour, what lies behind it is at its widest.
const LEAST_WIDTH: f32 = 0.6;
/// Steps over which a drawing's edge may fade.
const FADE: usize = 2;
/// The four sides of a drawing at which the picture cuts it off: left, top, right, bottom.
pub type Cut = [bool; 4];

/// The contour of an outline drawing.
pub struct Contour {
    /// What lies outside, the edge's fading included.
    pub outside: Mask,
    /// The lines, the contour included.
    pub lines: Mask,
    /// Steps from outside to what lies behind the contour.
    pub thickness: usize,
    /// The level of the contour, of 255.
    pub level: f32,
    /// The level of what lies behind it.
    pub inside: f32,
}

impl Contour {
    /// Find the contour of a light-on-black drawing; none when it is no outline. Pixels brighter than `threshold` are drawn.
    pub fn find(drawing: &Plane, threshold: f32, cut: Cut) -> Option<Self> {
        let ink = Mask::new(drawing, |v| v > threshold);
        let outside = outside(&ink, cut)?;
        let enclosed = ink.like(|at| !outside.has(at));
        let level = rim_level(drawing, &enclosed, &outside, cut)?;
        let levels = sorted(enclosed.places().map(|at| drawing.values()[at]));
        INSIDE.iter().find_map(|quantile| {
            let inside = levels[(levels.len() as f32 * quantile) as usize];
            let least = LEAST_RELIEF.max(LEAST_RELIEF_SHARE * level);
            (level - inside > least)
                .then(|| Self::with(drawing, &enclosed, &outside, level, inside, cut))?
        })
    }

    /// The outline by a level of the contour and one of what lies behind it, if it is one.
    fn with(
        drawing: &Plane,
        enclosed: &Mask,
        outside: &Mask,
        level: f32,
        inside: f32,
        cut: Cut,
    ) -> Option<Self> {
        let lines =
            enclosed.like(|at| enclosed.has(at) && drawing.values()[at] > 0.5 * (level + inside));
        let on_edge: Vec<usize> = enclosed
            .places()
            .filter(|&at| is_on_edge(enclosed, at, cut))
            .collect();
        // The edge's fading is outside, too.
        let faint = on_edge.iter().copied().filter(|&at| !lines.has(at));
        let faded = enclosed.distances(outside.places().chain(faint), Mask::neighbors, |at, d| {
            d <= FADE && enclosed.has(at) && !lines.has(at)
        });
        let outer = enclosed.like(|at| faded[at] < usize::MAX);
        let behind = enclosed.like(|at| enclosed.has(at) && !lines.has(at) && !outer.has(at));
        if (behind.count() as f32) < LEAST_ROOM * enclosed.count() as f32 {
            return None;
        }
        let reach = lines.distances(behind.places(), Mask::surrounding, |at, _| lines.has(at));
        let is_boundary = |at: usize| {
            !outer.has(at)
                && enclosed.has(at)
                && (on_edge.binary_search(&at).is_ok()
                    || enclosed.neighbors(at).any(|n| outer.has(n)))
        };
        let boundary = enclosed.like(is_boundary);
        let steps: Vec<usize> = boundary
            .places()
            .filter(|&at| lines.has(at))
            .map(|at| reach[at])
            .collect();
        let mut ordered = steps.clone();
        ordered.sort_unstable();
        let thickness = *ordered.get(ordered.len() / 4)?;
        let (width, height) = enclosed.size();
        let most = (3 * thickness / 2 + 2).min((THICKEST * width.max(height) as f32) as usize);
        let covered = steps.iter().filter(|&&d| d <= most).count();
        let within = behind.depths(|at| behind.has(at), |at| !behind.has(at));
        let room = behind
            .places()
            .map(|at| 2 * (within[at] + 1))
            .max()
            .unwrap_or(0);
        let levels = sorted(behind.places().map(|at| drawing.values()[at]));
        let inside = levels[levels.len() / 2];
        let is_outline = room as f32 >= LEAST_WIDTH * thickness as f32
            && covered as f32 >= LEAST_CONTOUR * boundary.count() as f32
            && thickness <= most;
        is_outline.then_some(Self {
            outside: outer,
            lines,
            thickness,
            level,
            inside,
        })
    }

    /// The lines that belong to the contour.
    pub fn rim(&self) -> Mask {
        let depth = self
            .lines
            .depths(|at| self.lines.has(at), |at| self.outside.has(at));
        self.lines.like(|at| depth[at] <= 2 * self.thickness)
    }
}

/// What is outside of the lines, gaps being closed; none when nothing is enclosed but the lines themselves.
fn outside(ink: &Mask, cut: Cut) -> Option<Mask> {
    let (width, height) = ink.size();
    let walls = walls(ink, cut);
    let drawn = ink.count();
    let mut first = None;
    for share in CLOSING {
        let radius = (share * width.max(height) as f32).round() as usize;
        let outside = ink.outside(radius, &walls);
        let enclosed = (width * height - outside.count()).saturating_sub(drawn);
        let enough = ENCLOSED[usize::from(first.is_some())] * (width * height) as f32;
        if enclosed as f32 >= enough {
            return Some(outside);
        }
        first.get_or_insert(outside);
    }
    first
}

/// Where a drawing that the picture cuts off goes on: between the ends of its lines, two and two.
fn walls(ink: &Mask, cut: Cut) -> Vec<[isize; 2]> {
    let (width, height) = ink.size();
    let mut walls = Vec::new();
    for (side, _) in cut.iter().enumerate().filter(|(_, cut)| **cut) {
        let length = if side % 2 == 0 { height } else { width };
        let place = |along: usize| match side {
            0 => [0, along],
            1 => [along, 0],
            2 => [width - 1, along],
            _ => [along, height - 1],
        };
        let is_ink = |along: usize| {
            let [x, y] = place(along);
            ink.has(y * width + x)
        };
        let starts: Vec<usize> = (0..length)
            .filter(|&i| is_ink(i) && (i == 0 || !is_ink(i - 1)))
            .collect();
        let spans = if starts.len().is_multiple_of(2) {
            starts
                .chunks_exact(2)
                .map(|pair| (pair[0], pair[1]))
                .collect()
        } else {
            vec![(starts[0], starts[starts.len() - 1])]
        };
        let beyond = |along: usize| {
            let [x, y] = place(along).map(usize::cast_signed);
            match side {
                0 => [-1, y],
                1 => [x, -1],
                2 => [x + 1, y],
                _ => [x, y + 1],
            }
        };
        walls.extend(
            spans
                .into_iter()
                .flat_map(|(from, to)| (from..=to).map(beyond)),
        );
    }
    walls
}

/// Whether a pixel is at an edge of the drawing that is not cut off.
fn is_on_edge(mask: &Mask, at: usize, [left, top, right, bottom]: Cut) -> bool {
    let (width, height) = mask.size();
    let (x, y) = (at % width, at / width);
    x == 0 && !left || y == 0 && !top || x + 1 == width && !right || y + 1 == height && !bottom
}

/// How bright a drawing is just within its edge: the median of what is brightest nearby.
fn rim_level(drawing: &Plane, enclosed: &Mask, outside: &Mask, cut: Cut) -> Option<f32> {
    let brightest = |at: usize| {
        let near = enclosed
            .surrounding(at)
            .flat_map(|n| enclosed.surrounding(n));
        near.filter(|&n| enclosed.has(n))
            .map(|n| drawing.values()[n])
            .fold(drawing.values()[at], f32::max)
    };
    let rim = enclosed.places().filter(|&at| {
        is_on_edge(enclosed, at, cut) || enclosed.neighbors(at).any(|n| outside.has(n))
    });
    let levels = sorted(rim.map(brightest));
    levels.get(levels.len() / 2).copied()
}

fn sorted(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values
}
