//! Accuracy against size: every model as a mark, with its interval, the published figures beside them.

use super::axis::Axis;
use super::front::front;
use super::ghost::{Ghost, Shade};
use super::given::NARROW;
use super::labels::Labels;
use super::mark::{Mark, MarkKind, own};
use super::plot::{Plot, is_low};
use super::svg::{Svg, number};

/// What tells the squeezed network from every mark.
const SQUEEZED: &str = "squeezed";
/// Half the side of its square, in px.
const HALF: f64 = 4.0;

/// Draw marks, and the squeezed network if there is one, for a width in px.
pub fn scatter(marks: &[Mark], ghost: Option<&Ghost>, axis: Axis, width: f64) -> Svg {
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
    let shade = ghost.and_then(|ghost| Shade::new(ghost, marks, axis));
    let sizes = marks.iter().map(|mark| mark.x);
    let logs = || {
        sizes
            .clone()
            .chain(shade.map(|shade| shade.x))
            .map(f64::log10)
    };
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
        plot.ground(&mut svg, marks.iter().any(|mark| mark.is_rough));
        let mut labels = plot.marks(&mut svg, marks, shade);
        if let Some(shade) = shade {
            plot.shade(&mut svg, shade, &mut labels);
        }
    }
    svg.close("svg");
    svg
}

impl Plot {
    fn at(&self, mark: &Mark) -> [f64; 2] {
        [self.x(mark.x), self.y(mark.accuracy * 100.0)]
    }

    fn at_shade(&self, shade: Shade) -> [f64; 2] {
        [self.x(shade.x), self.y(shade.ghost.accuracy() * 100.0)]
    }

    /// Draw all marks, with their names beside the ghost; returns what they take.
    fn marks(&self, svg: &mut Svg, marks: &[Mark], shade: Option<Shade>) -> Labels {
        let mut labels = Labels::new([self.left, 0.0, self.right, self.bottom + 8.0]);
        for (place, text) in self.words() {
            labels.take_text(&place, &text);
        }
        for mark in marks {
            labels.take_mark(self.at(mark), 7.0);
        }
        for ends in self.front(svg, marks).windows(2) {
            labels.take_line(ends[0], ends[1]);
        }
        for claim in marks.iter().filter(|mark| mark.kind == MarkKind::Claim) {
            if let Some(own) = own(&claim.name, marks) {
                labels.take_line(self.at(claim), self.at(own));
            }
        }
        if let Some(shade) = shade {
            let at = self.at_shade(shade);
            labels.take_mark(at, HALF);
            labels.take_line(self.at(shade.trained), at);
        }
        let order = [
            MarkKind::Claim,
            MarkKind::Network,
            MarkKind::Classical,
            MarkKind::Published,
        ];
        let of_kind = |kind| marks.iter().filter(move |mark| mark.kind == kind);
        let label = |mark: &Mark| mark.label(self.narrow, is_low(mark.accuracy));
        let drawn: Vec<(&Mark, Option<String>)> = order
            .into_iter()
            .flat_map(of_kind)
            .map(|mark| (mark, label(mark)))
            .collect();
        let text = |(mark, label): &'_ (&Mark, Option<String>)| {
            let label = label.clone()?;
            Some((self.at(mark), mark.half(), label))
        };
        let texts: Vec<_> = drawn.iter().filter_map(text).collect();
        let mut places = labels.place_all(&texts).into_iter();
        for (mark, label) in drawn {
            begin(svg, &mark.point(), &mark.words(self.axis));
            self.mark(svg, mark, marks);
            if let Some(label) = label
                && let Some(place) = places.next().flatten()
            {
                svg.text(mark.class(), place.at, place.anchor, &label);
            }
            svg.close("g");
        }
        labels
    }

    /// The line through our networks that no smaller one beats; returns its corners.
    fn front(&self, svg: &mut Svg, marks: &[Mark]) -> Vec<[f64; 2]> {
        let own = marks
            .iter()
            .filter(|mark| mark.kind == MarkKind::Network && !is_low(mark.accuracy));
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

    fn mark(&self, svg: &mut Svg, mark: &Mark, all: &[Mark]) {
        let ([x, y], half) = (self.at(mark), mark.half());
        let old = match mark.kind {
            MarkKind::Classical => " old",
            _ => "",
        };
        let rough = if mark.is_rough { " rough" } else { "" };
        match mark.kind {
            MarkKind::Network | MarkKind::Classical => {
                if let (Some(range), false) = (mark.interval, is_low(mark.accuracy)) {
                    self.range(svg, &format!("range{old}"), x, range);
                }
                svg.square(&format!("square{old}{rough}"), [x, y], half);
            }
            MarkKind::Published => svg.circle("ring", [x, y], half),
            MarkKind::Claim => {
                if let Some(own) = own(&mark.name, all) {
                    let end = self.y(own.accuracy * 100.0) - 10.0;
                    svg.line("gap", [x, y + 8.0, x, end]);
                }
                svg.circle("ring claim", [x, y], half);
            }
        }
    }

    /// The squeezed network, and a thin line to it from where it stands as it was trained.
    fn shade(&self, svg: &mut Svg, shade: Shade, labels: &mut Labels) {
        let (ghost, accuracy) = (shade.ghost, shade.ghost.accuracy());
        let at = self.at_shade(shade);
        let from = self.at(shade.trained);
        begin(svg, SQUEEZED, &ghost.words());
        svg.line("trail", [from[0], from[1], at[0], at[1]]);
        let mut label = ghost.setting.clone();
        if is_low(accuracy) {
            label += &format!(" {:.1}", accuracy * 100.0);
        } else {
            self.range(svg, "range", at[0], ghost.interval());
        }
        svg.square("ghost", at, HALF);
        let place = labels.place(at, HALF, &label);
        svg.text("small", place.at, place.anchor, &label);
        svg.close("g");
    }

    fn range(&self, svg: &mut Svg, class: &str, x: f64, interval: [f64; 2]) {
        let [low, high] = interval.map(|share| self.y(share * 100.0));
        svg.line(class, [x, low, x, high]);
    }
}

/// Begin a mark that takes the focus and says its words.
fn begin(svg: &mut Svg, point: &str, words: &str) {
    let attributes = [
        ("data-point", point),
        ("tabindex", "0"),
        ("role", "img"),
        ("aria-label", words),
    ];
    svg.open("g", &attributes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(name: &str, kind: MarkKind, x: f64, accuracy: f64) -> Mark {
        Mark {
            name: name.to_owned(),
            kind,
            x,
            is_rough: false,
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
            let svg = scatter(&marks, None, Axis::Parameters, width).to_string();
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

    fn ghost() -> Ghost {
        Ghost {
            network: "b",
            setting: "at 3 bits".to_owned(),
            size_bytes: 21_000,
            images: 200,
            correct: 178,
            kind: "test images",
        }
    }

    /// The value of an attribute in a drawing's text.
    fn value(svg: &str, name: &str) -> f64 {
        let text = svg.split(&format!(" {name}=\"")).nth(1).unwrap();
        text.split('"').next().unwrap().parse().unwrap()
    }

    #[test]
    fn a_ghost_stands_at_its_bytes_or_below_its_network_and_a_line_leads_to_it() {
        let marks = [
            mark("a", MarkKind::Network, 5e3, 0.85),
            mark("b", MarkKind::Network, 2e6, 0.94),
            mark("b", MarkKind::Claim, 2e6, 0.99),
        ];
        for (axis, is_below) in [
            (Axis::Bytes, false),
            (Axis::Parameters, true),
            (Axis::Operations, true),
            (Axis::Time, true),
        ] {
            let svg = scatter(&marks, Some(&ghost()), axis, 792.0).to_string();
            assert!(
                svg.contains("aria-label=\"b at 3 bits, 21.0\u{a0}kB, 89.0 % of 200 test images\"")
            );
            let drawn = svg.split("data-point=\"squeezed\"").nth(1).unwrap();
            let trail = drawn.split("class=\"trail\"").nth(1).unwrap();
            let [x1, y1, x2, y2] = ["x1", "y1", "x2", "y2"].map(|end| value(trail, end));
            assert_eq!(x1 == x2, is_below, "{axis:?}");
            assert!(x2 <= x1 && y2 > y1, "{axis:?}");
            // Its square is around the end of the line, and its interval goes through it.
            let square = drawn.split("class=\"ghost\"").nth(1).unwrap();
            assert!((value(square, "x") + HALF - x2).abs() < 0.11);
            let range = drawn.split("class=\"range\"").nth(1).unwrap();
            assert!(value(range, "y2") < y2 && y2 < value(range, "y1"));
        }
        let alone = scatter(&marks[..1], Some(&ghost()), Axis::Bytes, 792.0).to_string();
        assert!(!alone.contains("squeezed"), "its network is not here");
    }

    #[test]
    fn marks_of_one_network_are_told_apart_and_rough_times_are_hollow() {
        let mut marks = [
            mark("b", MarkKind::Network, 2.0, 0.94),
            mark("b", MarkKind::Claim, 2.0, 0.99),
            mark("c", MarkKind::Network, 0.5, 0.93),
        ];
        let svg = scatter(&marks, None, Axis::Time, 792.0).to_string();
        let points: std::collections::BTreeSet<_> = svg
            .split("data-point=\"")
            .skip(1)
            .map(|s| s.split('"').next())
            .collect();
        assert_eq!(points.len(), 3);
        assert!(!svg.contains("rough") && !svg.contains("hollow"));
        marks[2].is_rough = true;
        let svg = scatter(&marks, None, Axis::Time, 792.0).to_string();
        assert_eq!(svg.matches("square rough").count(), 1);
        assert!(svg.contains("c: 93.00 %, about 500 µs, of a few runs"));
        assert!(svg.contains("(hollow: of a few runs)"));
    }

    /// The marks of the released models.
    fn released(axis: Axis) -> Vec<Mark> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let of = |model: &crate::catalog::Model| {
            let card = crate::report::read_card(&folder, model.name).unwrap();
            let size = match axis {
                Axis::Bytes => card.weights.size_bytes,
                Axis::Operations => card.macs,
                _ => card.parameters,
            };
            let kind = match model.kind {
                crate::catalog::Kind::Network => MarkKind::Network,
                crate::catalog::Kind::Classical => MarkKind::Classical,
            };
            mark(model.name, kind, size as f64, card.accuracy.test.unwrap())
        };
        crate::catalog::MODELS.iter().map(of).collect()
    }

    #[test]
    fn no_name_of_a_released_model_lies_on_another_or_on_a_mark() {
        for axis in [Axis::Parameters, Axis::Bytes, Axis::Operations] {
            for width in [792.0, 358.0, 288.0] {
                let marks = released(axis);
                let svg = scatter(&marks, None, axis, width).to_string();
                let (mut texts, mut squares) = (Vec::new(), Vec::new());
                for drawn in svg.split("data-point=\"").skip(1) {
                    let drawn = drawn.split("</g>").next().unwrap();
                    let square = drawn.split("<rect").nth(1).unwrap();
                    let [x, y, side] = ["x", "y", "width"].map(|name| value(square, name));
                    squares.push([x, y, x + side, y + side]);
                    if let Some(text) = drawn.split("<text").nth(1) {
                        let name = text.split(['>', '<']).nth(1).unwrap().to_owned();
                        // Letters of the narrow chart's font, which is smaller below 360 px.
                        let letter = if width < 300.0 { 6.0 } else { 7.0 };
                        let long = name.chars().count() as f64 * letter;
                        let left = value(text, "x")
                            - match text {
                                _ if text.contains("\"end\"") => long,
                                _ if text.contains("\"middle\"") => long / 2.0,
                                _ => 0.0,
                            };
                        let y = value(text, "y");
                        texts.push((name, [left, y - 9.0, left + long, y + 1.0]));
                    }
                }
                let meet = |a: &[f64; 4], b: &[f64; 4]| {
                    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
                };
                let all = if width > 600.0 { marks.len() } else { 14 };
                assert!(texts.len() >= all, "{axis:?} {width}: {}", texts.len());
                for (i, (name, text)) in texts.iter().enumerate() {
                    let on_text = texts[i + 1..].iter().find(|(_, other)| meet(text, other));
                    assert_eq!(on_text, None, "{name}, {axis:?} {width}");
                    let on_mark = squares.iter().find(|square| meet(text, square));
                    assert_eq!(on_mark, None, "{name}, {axis:?} {width}");
                }
            }
        }
    }

    #[test]
    fn the_line_is_of_networks_that_no_smaller_one_beats() {
        let marks = [
            mark("a", MarkKind::Network, 1e4, 0.90),
            mark("b", MarkKind::Network, 1e5, 0.89),
            mark("c", MarkKind::Network, 1e6, 0.95),
        ];
        let svg = scatter(&marks, None, Axis::Bytes, 792.0).to_string();
        let line = svg.split("class=\"line\" points=\"").nth(1).unwrap();
        let points = line.split('"').next().unwrap();
        assert_eq!(points.split(' ').count(), 2, "{points}");
    }

    #[test]
    fn a_chart_without_marks_is_empty() {
        assert!(
            !scatter(&[], None, Axis::Time, 792.0)
                .to_string()
                .contains("text")
        );
    }
}
