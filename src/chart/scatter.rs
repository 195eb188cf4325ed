//! Accuracy against size: every model as a mark, with its interval, the published figures beside them.

use super::axis::Axis;
use super::front::front;
use super::given::{BEST_KNOWN, NARROW};
use super::labels::{Labels, Place};
use super::svg::{Svg, number};
use crate::format::percent;

/// The lowest accuracy that the axis reaches; marks below it stand under the torn edge, in percent.
const LOWEST: f64 = 79.2;

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// One of our networks.
    Network,
    /// One of our classical models.
    Classical,
    /// A network of others, as published.
    Published,
    /// A published figure of an architecture that we trained: nobody is known to have repeated it.
    Claim,
}

/// A mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The model's name.
    pub name: String,
    /// What it stands for.
    pub kind: MarkKind,
    /// Its size on the axis, above 0.
    pub x: f64,
    /// Its accuracy, 0 to 1.
    pub accuracy: f64,
    /// The 95 % interval of that.
    pub interval: Option<[f64; 2]>,
}

/// Draw marks for a width in px.
pub fn scatter(marks: &[Mark], axis: Axis, width: f64) -> Svg {
    let narrow = width < NARROW;
    let height = if narrow { 490.0 } else { 560.0 };
    let mut svg = Svg::default();
    let (w, h) = (number(width), number(height));
    let size = format!("0 0 {w} {h}");
    svg.open(
        "svg",
        &[
            ("viewBox", &size),
            ("width", &w),
            ("height", &h),
            ("class", if narrow { "narrow" } else { "broad" }),
        ],
    );
    let logs = || marks.iter().map(|mark| mark.x.log10());
    let low = logs().fold(f64::INFINITY, f64::min) - 0.25;
    let high = logs().fold(f64::NEG_INFINITY, f64::max) + 0.35;
    if low.is_finite() {
        let plot = Plot {
            axis,
            narrow,
            left: if narrow { 36.0 } else { 50.0 },
            right: width,
            bottom: height - if narrow { 60.0 } else { 46.0 },
            low,
            high,
        };
        plot.ground(&mut svg);
        plot.marks(&mut svg, marks);
    }
    svg.close("svg");
    svg
}

struct Plot {
    axis: Axis,
    narrow: bool,
    left: f64,
    right: f64,
    bottom: f64,
    /// Decimal logarithms at both ends of the axis.
    low: f64,
    high: f64,
}

impl Plot {
    const TOP: f64 = 18.0;

    fn x(&self, value: f64) -> f64 {
        let share = (value.log10() - self.low) / (self.high - self.low);
        self.left + share * (self.right - self.left)
    }

    /// The height of an accuracy in percent.
    fn y(&self, percent: f64) -> f64 {
        if percent < LOWEST {
            return self.bottom - 1.0;
        }
        let end = self.bottom - 26.0;
        Self::TOP + (100.0 - percent) / (100.0 - LOWEST) * (end - Self::TOP)
    }

    fn ground(&self, svg: &mut Svg) {
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
        for power in self.low.ceil() as i32..=self.high.floor() as i32 {
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
        svg.text("", [self.right, below], "end", self.axis.name());
        let class = if self.narrow { "small" } else { "" };
        for (place, text) in self.words() {
            svg.text(class, place.at, place.anchor, &text);
        }
    }

    /// What is said about the best known accuracies.
    fn words(&self) -> Vec<(Place, String)> {
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

    fn marks(&self, svg: &mut Svg, marks: &[Mark]) {
        let at = |mark: &Mark| [self.x(mark.x), self.y(mark.accuracy * 100.0)];
        let mut labels = Labels::new([self.left, 0.0, self.right, self.bottom + 8.0]);
        for (place, text) in self.words() {
            labels.take_text(&place, &text);
        }
        for mark in marks {
            labels.take_mark(at(mark), 7.0);
        }
        for ends in self.front(svg, marks).windows(2) {
            labels.take_line(ends[0], ends[1]);
        }
        for claim in marks.iter().filter(|mark| mark.kind == MarkKind::Claim) {
            if let Some(own) = measured(claim, marks) {
                labels.take_line(at(claim), at(own));
            }
        }
        let order = [
            MarkKind::Claim,
            MarkKind::Network,
            MarkKind::Classical,
            MarkKind::Published,
        ];
        for kind in order {
            for mark in marks.iter().filter(|mark| mark.kind == kind) {
                self.mark(svg, mark, marks, &mut labels);
            }
        }
    }

    /// The line through our networks that no smaller one beats; returns its corners.
    fn front(&self, svg: &mut Svg, marks: &[Mark]) -> Vec<[f64; 2]> {
        let own = marks
            .iter()
            .filter(|mark| mark.kind == MarkKind::Network && mark.accuracy * 100.0 >= LOWEST);
        let corners = front(own.map(|mark| [mark.x, mark.accuracy]).collect());
        let place = |[x, accuracy]: [f64; 2]| [self.x(x), self.y(accuracy * 100.0)];
        let points: Vec<[f64; 2]> = corners.into_iter().map(place).collect();
        let point = |[x, y]: &[f64; 2]| format!("{},{}", number(*x), number(*y));
        let line: Vec<String> = points.iter().map(point).collect();
        svg.element(
            "polyline",
            &[("class", "line"), ("points", &line.join(" "))],
        );
        points
    }

    fn mark(&self, svg: &mut Svg, mark: &Mark, all: &[Mark], labels: &mut Labels) {
        let (x, y) = (self.x(mark.x), self.y(mark.accuracy * 100.0));
        let is_low = mark.accuracy * 100.0 < LOWEST;
        let figure = percent(mark.accuracy);
        let short = figure.trim_end_matches(" %");
        let (text, said) = match mark.kind {
            MarkKind::Claim => (
                format!("claimed {short}"),
                format!("{}, claimed {figure}", mark.name),
            ),
            // On a phone there is no room for figures; they are said, and in the table.
            MarkKind::Network if self.narrow => {
                (mark.name.clone(), format!("{}: {figure}", mark.name))
            }
            MarkKind::Network => (
                format!("{} {short}", mark.name),
                format!("{}: {figure}", mark.name),
            ),
            MarkKind::Classical if is_low => (
                format!("{} {short}", mark.name),
                format!("{}: {figure}", mark.name),
            ),
            MarkKind::Classical => (mark.name.clone(), format!("{}: {figure}", mark.name)),
            MarkKind::Published => (
                mark.name.clone(),
                format!("{}, published {figure}", mark.name),
            ),
        };
        let said = format!("{said}, {}", self.axis.figure(mark.x));
        svg.open(
            "g",
            &[
                ("data-point", &mark.name),
                ("tabindex", "0"),
                ("role", "img"),
                ("aria-label", &said),
            ],
        );
        let class = match mark.kind {
            MarkKind::Network => "own",
            MarkKind::Claim => "claim",
            MarkKind::Classical | MarkKind::Published => "small",
        };
        let half = match mark.kind {
            MarkKind::Network => 5.5,
            MarkKind::Classical => 4.5,
            MarkKind::Published => 5.0,
            MarkKind::Claim => 7.0,
        };
        let old = if mark.kind == MarkKind::Classical {
            " old"
        } else {
            ""
        };
        match mark.kind {
            MarkKind::Network | MarkKind::Classical => {
                if let (Some(range), false) = (mark.interval, is_low) {
                    let [low, high] = range.map(|share| self.y(share * 100.0));
                    svg.line(&format!("range{old}"), [x, low, x, high]);
                }
                svg.square(&format!("square{old}"), [x, y], half);
            }
            MarkKind::Published => svg.circle("ring", [x, y], half),
            MarkKind::Claim => {
                if let Some(own) = measured(mark, all) {
                    let end = self.y(own.accuracy * 100.0) - 10.0;
                    svg.line("gap", [x, y + 8.0, x, end]);
                }
                svg.circle("ring claim", [x, y], half);
            }
        }
        if !(self.narrow && mark.kind == MarkKind::Published) {
            let place = labels.place([x, y], half, &text);
            svg.text(class, place.at, place.anchor, &text);
        }
        svg.close("g");
    }
}

/// Our network of which a claim is made.
fn measured<'a>(claim: &Mark, marks: &'a [Mark]) -> Option<&'a Mark> {
    let is_own = |mark: &&Mark| mark.kind == MarkKind::Network && mark.name == claim.name;
    marks.iter().find(is_own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(name: &str, kind: MarkKind, x: f64, accuracy: f64) -> Mark {
        Mark {
            name: name.to_owned(),
            kind,
            x,
            accuracy,
            interval: Some([accuracy - 0.005, accuracy + 0.005]),
        }
    }

    #[test]
    fn every_mark_says_its_figures_and_stands_within_the_chart() {
        let marks = [
            mark("a", MarkKind::Network, 5e2, 0.85),
            mark("b", MarkKind::Network, 2e6, 0.94),
            mark("b", MarkKind::Claim, 2e6, 0.9967),
            mark("low & odd", MarkKind::Classical, 2e4, 0.66),
        ];
        for width in [792.0, 358.0, 288.0] {
            let svg = scatter(&marks, Axis::Parameters, width).to_string();
            assert_eq!(svg.matches("data-point").count(), 4);
            assert!(svg.contains("b, claimed 99.67 %, 2,000,000 parameters"));
            assert!(svg.contains("low &amp; odd 66.00"));
            let lefts = svg.split("<rect class=\"square").skip(1);
            for x in lefts.filter_map(|s| s.split('"').nth(2)?.parse::<f64>().ok()) {
                assert!((0.0..width).contains(&x), "{x} of {width}");
            }
            assert!(!svg.contains("style="), "a strict policy forbids it");
        }
    }

    #[test]
    fn the_line_is_of_networks_that_no_smaller_one_beats() {
        let marks = [
            mark("a", MarkKind::Network, 1e4, 0.90),
            mark("b", MarkKind::Network, 1e5, 0.89),
            mark("c", MarkKind::Network, 1e6, 0.95),
        ];
        let svg = scatter(&marks, Axis::Bytes, 792.0).to_string();
        let line = svg.split("class=\"line\" points=\"").nth(1).unwrap();
        let points = line.split('"').next().unwrap();
        assert_eq!(points.split(' ').count(), 2, "{points}");
    }

    #[test]
    fn a_chart_without_marks_is_empty() {
        assert!(!scatter(&[], Axis::Time, 792.0).to_string().contains("text"));
    }
}
