//! Published figures beside ours: test images with their interval, training images, and what was claimed.

use super::given::{BEST_KNOWN, NARROW};
use super::svg::{Svg, number};

/// A network's row.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// Its name.
    pub name: String,
    /// Accuracy on the training images, 0 to 1.
    pub training: f64,
    /// Accuracy on the test images, 0 to 1.
    pub test: f64,
    /// The 95 % interval of that.
    pub interval: [f64; 2],
    /// What was published for its architecture, 0 to 1.
    pub claimed: Option<f64>,
}

const TOP: f64 = 40.0;
const ROW: f64 = 80.0;

/// Draw rows for a width in px.
pub fn claims(rows: &[ClaimRow], width: f64) -> String {
    let narrow = width < NARROW;
    let left = if narrow { 12.0 } else { 104.0 };
    let bottom = TOP + ROW * rows.len() as f64;
    let lowest = rows.iter().map(|row| row.interval[0]).fold(0.9, f64::min);
    // A whole number of steps of two points.
    let low = (lowest * 50.0 + 1e-9).floor() * 2.0;
    let x = |percent: f64| left + (percent - low) / (100.0 - low) * (width - left - 22.0);
    let mut svg = Svg::default();
    let (w, h) = (
        number(width),
        number(bottom + if narrow { 84.0 } else { 64.0 }),
    );
    svg.open(
        "svg",
        &[
            ("viewBox", &format!("0 0 {w} {h}")),
            ("width", &w),
            ("height", &h),
            ("class", if narrow { "narrow" } else { "broad" }),
            ("role", "img"),
            ("aria-label", &described(rows)),
        ],
    );
    let [from, to] = BEST_KNOWN.map(x);
    svg.rect("band", [from, TOP - 10.0, to - from, bottom - TOP + 10.0]);
    svg.text(
        "",
        [f64::midpoint(from, to), TOP - 20.0],
        "middle",
        "best known",
    );
    let steps = ((100.0 - low) / 2.0).round() as usize;
    let every = if narrow && steps > 6 { 2 } else { 1 };
    for step in (0..=steps).filter(|step| (steps - step).is_multiple_of(every)) {
        let percent = low + 2.0 * step as f64;
        svg.line("grid", [x(percent), TOP - 10.0, x(percent), bottom]);
        let unit = if step == steps { "\u{a0}%" } else { "" };
        let text = format!("{percent}{unit}");
        svg.text("", [x(percent), bottom + 22.0], "middle", &text);
    }
    for (i, row) in rows.iter().enumerate() {
        draw_row(&mut svg, row, TOP + 36.0 + ROW * i as f64, narrow, x);
    }
    let y = bottom + 48.0;
    let start = if narrow { 0.0 } else { left };
    let (second, below) = if narrow { (0.0, 22.0) } else { (250.0, 0.0) };
    svg.square("square", [start + 7.0, y], 6.0);
    svg.text(
        "",
        [start + 22.0, y + 5.0],
        "start",
        "clean test images, with interval",
    );
    let at = start + 7.0 + second;
    svg.line("tick", [at, y + below - 8.0, at, y + below + 8.0]);
    svg.text("", [at + 12.0, y + below + 5.0], "start", "training images");
    let at = at + if narrow { 140.0 } else { 150.0 };
    svg.circle("ring claim", [at, y + below], 7.0);
    svg.text("", [at + 16.0, y + below + 5.0], "start", "published");
    svg.close("svg");
    svg.to_string()
}

fn draw_row(svg: &mut Svg, row: &ClaimRow, y: f64, narrow: bool, x: impl Fn(f64) -> f64) {
    let at = |share: f64| x(share * 100.0);
    let text = |share: f64| format!("{:.2}", share * 100.0);
    let name = if narrow { y - 18.0 } else { y + 4.0 };
    svg.text("own", [0.0, name], "start", &row.name);
    let end = row.claimed.unwrap_or(row.training);
    svg.line("dots", [at(row.test), y, at(end), y]);
    let [low, high] = row.interval.map(at);
    svg.line("range", [low, y, high, y]);
    svg.square("square", [at(row.test), y], 7.0);
    svg.text("own", [at(row.test), y + 28.0], "middle", &text(row.test));
    let training = at(row.training);
    svg.line("tick", [training, y - 9.0, training, y + 9.0]);
    // Beside the other figure where both would stand in one place.
    let close = (training - at(row.test)).abs() < 44.0;
    let place = if close { y - 14.0 } else { y + 28.0 };
    svg.text("", [training, place], "middle", &text(row.training));
    if let Some(claimed) = row.claimed {
        svg.circle("ring claim", [at(claimed), y], 7.0);
        svg.text("claim", [at(claimed), y + 28.0], "middle", &text(claimed));
    }
}

/// The same in words, for those who do not see it.
fn described(rows: &[ClaimRow]) -> String {
    let percent = |share: f64| format!("{:.2} %", share * 100.0);
    let row = |row: &ClaimRow| {
        let claimed = row
            .claimed
            .map_or_else(String::new, |c| format!(", published {}", percent(c)));
        format!(
            "{}: test images {}, training images {}{claimed}",
            row.name,
            percent(row.test),
            percent(row.training),
        )
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    rows.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_claim_has_no_ring() {
        let row = |name: &str, claimed| ClaimRow {
            name: name.to_owned(),
            training: 0.96,
            test: 0.94,
            interval: [0.935, 0.945],
            claimed,
        };
        let rows = [row("a", Some(0.99)), row("b", None)];
        for width in [792.0, 358.0] {
            let svg = claims(&rows, width);
            // One in its row, one in the key.
            assert_eq!(svg.matches("ring claim").count(), 2);
            assert!(
                svg.contains("a: test images 94.00 %, training images 96.00 %, published 99.00 %;")
            );
        }
    }
}
