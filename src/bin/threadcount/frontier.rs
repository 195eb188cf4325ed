//! The frontier: test accuracy over parameters, bytes, multiply-adds and time, ours and those that others published, as
//! results/frontier*.svg, and ours as results/frontier.csv.

use crate::bench::{Bench, Contender, Side};
use crate::files::Result;
use crate::published::Published;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde::Serialize;
use threadcount::card::Card;
use threadcount::chart::front;
use threadcount::format::thousands;

const SIZE: (u32, u32) = (720, 460);

/// What the horizontal axis shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    Parameters,
    Bytes,
    MultiplyAdds,
    Time,
}

impl Quantity {
    pub const ALL: [Self; 4] = [
        Self::Parameters,
        Self::Bytes,
        Self::MultiplyAdds,
        Self::Time,
    ];

    /// The figure's file in results/.
    pub fn file(self) -> &'static str {
        match self {
            Self::Parameters => "frontier.svg",
            Self::Bytes => "frontier-bytes.svg",
            Self::MultiplyAdds => "frontier-multiply-adds.svg",
            Self::Time => "frontier-time.svg",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Bytes => "bytes of the file",
            Self::MultiplyAdds => "multiply-adds",
            Self::Time => "microseconds of one answer in the browser",
        }
    }

    /// A network's place: the quantity, and the accuracy of what has it.
    fn of(self, network: &Network) -> Option<[f64; 2]> {
        let accuracy = network.accuracy;
        match self {
            Self::Parameters => Some([network.parameters as f64, accuracy]),
            Self::Bytes => Some([network.bytes as f64, accuracy]),
            Self::MultiplyAdds => Some([network.multiply_adds as f64, accuracy]),
            Self::Time => Some([network.milliseconds? * 1e3, network.timed_accuracy?]),
        }
    }
}

/// A row of results/frontier.csv: one of our networks.
#[derive(Serialize)]
pub struct Network {
    name: String,
    parameters: usize,
    bytes: usize,
    multiply_adds: usize,
    /// As results/bench.json has it; none for a network that was not measured on its released weights.
    milliseconds: Option<f64>,
    /// Share of the 10,000 test images, in single precision.
    accuracy: f64,
    low: f64,
    high: f64,
    /// The same of what took those milliseconds, which may be integers.
    timed_accuracy: Option<f64>,
}

/// Our networks that were evaluated.
pub fn networks(cards: &[Card], bench: &Bench) -> Vec<Network> {
    let network = |card: &Card| {
        let [low, high] = card.accuracy.test_interval?;
        let measured = bench.networks.get(&card.name).filter(|_| bench.is_of(card));
        let fastest = measured.and_then(|found| found.best(Side::Ours, true));
        let timed_accuracy = |(contender, _): (&Contender, f64)| {
            let integers = card.integer_accuracy.as_ref();
            let computed = integers.filter(|_| contender.single.is_some());
            computed.unwrap_or(&card.accuracy).test
        };
        Some(Network {
            name: card.name.clone(),
            parameters: card.parameters,
            bytes: card.weights.size_bytes,
            multiply_adds: card.macs,
            milliseconds: fastest.map(|(_, time)| time),
            accuracy: card.accuracy.test?,
            low,
            high,
            timed_accuracy: fastest.and_then(timed_accuracy),
        })
    };
    cards.iter().filter_map(network).collect()
}

/// results/frontier.csv.
pub fn csv(networks: &[Network]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for network in networks {
        writer.serialize(network)?;
    }
    Ok(writer.into_inner()?)
}

/// Whose dot it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ours,
    /// Published by others.
    Published,
    /// Published of an architecture that we trained, and repeated by no one who is known.
    Claim,
}

/// A dot.
struct Row {
    name: String,
    kind: Kind,
    x: f64,
    /// In percent.
    accuracy: f64,
}

/// The dots that others published; the name stands at the first dot of several alike.
fn theirs(published: &[Published]) -> Vec<Row> {
    let is_named_before = |at: usize| {
        published[..at]
            .iter()
            .any(|row| row.name == published[at].name)
    };
    let row = |at: usize| Row {
        name: if is_named_before(at) {
            String::new()
        } else {
            published[at].name.clone()
        },
        kind: if published[at].network.is_empty() {
            Kind::Published
        } else {
            Kind::Claim
        },
        x: published[at].parameters,
        accuracy: published[at].accuracy,
    };
    (0..published.len()).map(row).collect()
}

/// What the axes show.
struct Axes {
    x: std::ops::Range<f64>,
    /// In percent.
    accuracy: std::ops::Range<f64>,
}

impl Axes {
    /// All dots, with room for their names.
    fn of(rows: &[Row]) -> Self {
        let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        let fewest = least(&mut rows.iter().map(|row| row.x));
        let most = -least(&mut rows.iter().map(|row| -row.x));
        let worst = least(&mut rows.iter().map(|row| row.accuracy));
        Self {
            x: fewest / 1.5..most * 2.0,
            accuracy: worst.floor() - 2.0..100.0,
        }
    }

    /// Whether a name would be cut off at the right edge, so that it stands on the left of its dot.
    fn is_at_the_edge(&self, row: &Row) -> bool {
        let [from, to] = [self.x.start, self.x.end].map(f64::ln);
        (row.x.ln() - from) / (to - from) > 0.82
    }

    fn place(&self, row: &Row) -> (i32, i32) {
        (if self.is_at_the_edge(row) { -8 } else { 8 }, -6)
    }

    fn label_style(&self, row: &Row) -> TextStyle<'static> {
        let side = if self.is_at_the_edge(row) {
            HPos::Right
        } else {
            HPos::Left
        };
        TextStyle::from(("sans-serif", 12)).pos(Pos::new(side, VPos::Top))
    }
}

/// Draw a figure. What others published is drawn over parameters alone: their other quantities are not published.
pub fn draw(networks: &[Network], published: &[Published], quantity: Quantity) -> Result<String> {
    let ours = networks.iter().filter_map(|network| {
        let [x, accuracy] = quantity.of(network)?;
        Some(Row {
            name: network.name.clone(),
            kind: Kind::Ours,
            x,
            accuracy: accuracy * 100.0,
        })
    });
    let mut rows: Vec<Row> = ours.collect();
    if quantity == Quantity::Parameters {
        rows.extend(theirs(published));
    }
    if rows.is_empty() {
        return Err(format!("there is no network to draw over {}", quantity.name()).into());
    }
    let axes = Axes::of(&rows);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(
                format!("Fashion-MNIST test accuracy over {}", quantity.name()),
                ("sans-serif", 18),
            )
            .margin(14)
            .x_label_area_size(40)
            .y_label_area_size(50)
            .build_cartesian_2d(axes.x.clone().log_scale(), axes.accuracy.clone())?;
        chart
            .configure_mesh()
            .x_desc(format!("{} (log scale)", quantity.name()))
            .y_desc("test accuracy (%)")
            .x_label_formatter(&|v| thousands(*v as usize))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let (blue, gray, red) = (
            RGBColor(38, 97, 156),
            RGBColor(120, 120, 120),
            RGBColor(176, 52, 28),
        );
        let ours = rows.iter().filter(|row| row.kind == Kind::Ours);
        let line = front(ours.map(|row| [row.x, row.accuracy]).collect());
        let line = line.into_iter().map(|[x, accuracy]| (x, accuracy));
        chart.draw_series(LineSeries::new(line, blue.mix(0.5)))?;
        for (kind, color, filled, label) in [
            (Kind::Ours, blue, true, "ours"),
            (Kind::Published, gray, true, "published by others"),
            (Kind::Claim, red, false, "claimed, not reproduced"),
        ] {
            let of_kind: Vec<&Row> = rows.iter().filter(|row| row.kind == kind).collect();
            if of_kind.is_empty() {
                continue;
            }
            let style = ShapeStyle {
                color: color.to_rgba(),
                filled,
                stroke_width: 1,
            };
            let points = of_kind.into_iter().map(|row| {
                EmptyElement::at((row.x, row.accuracy))
                    + Circle::new((0, 0), 4, style)
                    + Text::new(
                        row.name.clone(),
                        axes.place(row),
                        axes.label_style(row).color(&color),
                    )
            });
            chart
                .draw_series(points)?
                .label(label)
                .legend(move |(x, y)| Circle::new((x + 9, y), 4, style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::LowerRight)
            .background_style(WHITE.mix(0.8))
            .draw()?;
        area.present()?;
    }
    Ok(svg + "\n")
}
