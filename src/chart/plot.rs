//! The plane of the chart of accuracy against size: its axes, the band of the best known accuracies, the torn edge.

use super::axis::Axis;
use super::given::BEST_KNOWN;
use super::labels::Place;
use super::svg::{Svg, number};

/// The lowest accuracy that the axis reaches; marks below it stand under the torn edge, in percent.
const LOWEST: f64 = 79.2;
/// The least distance of two divisions with names, in px.
const DIVISION: f64 = 50.0;

/// The plane of the chart: where sizes and accuracies stand on it.
pub(super) struct Plot {
    pub axis: Axis,
    pub narrow: bool,
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
    /// Decimal logarithms at both ends of the axis of sizes.
    pub low: f64,
    pub high: f64,
}

impl Plot {
    const TOP: f64 = 18.0;

    pub fn x(&self, value: f64) -> f64 {
        let share = (value.log10() - self.low) / (self.high - self.low);
        self.left + share * (self.right - self.left)
    }

    /// The height of an accuracy in percent.
    pub fn y(&self, percent: f64) -> f64 {
        if percent < LOWEST {
            return self.bottom - 1.0;
        }
        let end = self.bottom - 26.0;
        Self::TOP + (100.0 - percent) / (100.0 - LOWEST) * (end - Self::TOP)
    }

    pub fn ground(&self, svg: &mut Svg, is_rough: bool) {
        let (left, wide) = (self.left, self.right - self.left);
        let [low, high] = BEST_KNOWN.map(|percent| self.y(percent));
        svg.open("defs", &[]);
        let pattern = [
            ("id", "hatch"),
            ("width", "7"),
            ("height", "7"),
            ("patternUnits", "userSpaceOnUse"),
            ("patternTransform", "rotate(45)"),
        ];
        svg.open("pattern", &pattern);
        svg.line("hatch", [0.0, 0.0, 0.0, 7.0]);
        svg.close("pattern");
        svg.close("defs");
        svg.rect("above", [left, self.y(100.0), wide, high - self.y(100.0)]);
        svg.rect("band", [left, high, wide, low - high]);
        for percent in [80.0, 85.0, 90.0, 95.0, 100.0] {
            let y = self.y(percent);
            svg.line("grid", [left, y, self.right, y]);
            let unit = if percent == 100.0 && !self.narrow {
                "\u{a0}%"
            } else {
                ""
            };
            let text = format!("{percent}{unit}");
            svg.text("", [left - 10.0, y + 4.0], "end", &text);
        }
        // A torn edge: what is below has no scale.
        let teeth = (wide / 12.0).round();
        let points: Vec<String> = (0..=2 * teeth as usize)
            .map(|i| {
                let x = left + i as f64 / (2.0 * teeth) * wide;
                let y = self.bottom - if i % 2 == 0 { 13.0 } else { 18.0 };
                format!("{},{}", number(x), number(y))
            })
            .collect();
        svg.element(
            "polyline",
            &[("class", "axis"), ("points", &points.join(" "))],
        );
        let apart = (self.right - self.left) / (self.high - self.low);
        let every = (DIVISION / apart).ceil().max(1.0) as usize;
        for power in (self.low.ceil() as i32..=self.high.floor() as i32).step_by(every) {
            let value = 10_f64.powi(power);
            let x = self.x(value);
            svg.line("axis", [x, self.bottom, x, self.bottom + 6.0]);
            let anchor = if x > self.right - 40.0 {
                "end"
            } else {
                "middle"
            };
            svg.text("", [x, self.bottom + 24.0], anchor, &self.axis.tick(value));
        }
        let below = self.bottom + 44.0;
        let hollow = if is_rough {
            " (hollow: of a few runs)"
        } else {
            ""
        };
        let name = format!("{}{hollow}", self.axis.name());
        svg.text("", [self.right, below], "end", &name);
        let class = if self.narrow { "small" } else { "" };
        for (place, text) in self.words() {
            svg.text(class, place.at, place.anchor, &text);
        }
    }

    /// What is said about the best known accuracies.
    pub fn words(&self) -> Vec<(Place, String)> {
        let [first, second] = BEST_KNOWN;
        let place = |room: f64, y| Place {
            at: [self.left + room, y],
            anchor: "start",
        };
        if self.narrow {
            let text = format!("best known: {first} to {second}");
            return vec![(place(6.0, self.y(97.3)), text)];
        }
        let text = format!("{first} to {second}: the best known, of any size");
        let above = String::from("no clean result is known above this line");
        vec![
            (place(10.0, self.y(first) + 18.0), text),
            (place(10.0, self.y(97.35)), above),
        ]
    }
}

/// Whether an accuracy, 0 to 1, stands under the torn edge.
pub(super) fn is_low(accuracy: f64) -> bool {
    accuracy * 100.0 < LOWEST
}
