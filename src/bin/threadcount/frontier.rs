//! results/frontier.svg: test accuracy over parameters, ours and those that others published.

use crate::files::Result;
use crate::published::Published;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use threadcount::card::Card;
use threadcount::format::thousands;

const SIZE: (u32, u32) = (720, 460);

/// A dot.
struct Row {
    name: String,
    parameters: f64,
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
        parameters: published[at].parameters,
        accuracy: published[at].accuracy,
    };
    (0..published.len()).map(row).collect()
}

/// What the axes show.
struct Axes {
    parameters: std::ops::Range<f64>,
    /// In percent.
    accuracy: std::ops::Range<f64>,
}

impl Axes {
    /// All dots, with room for their names.
    fn of(rows: &[&Row]) -> Self {
        let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        let fewest = least(&mut rows.iter().map(|row| row.parameters));
        let most = -least(&mut rows.iter().map(|row| -row.parameters));
        let worst = least(&mut rows.iter().map(|row| row.accuracy));
        Self {
            parameters: fewest / 1.5..most * 2.0,
            accuracy: worst.floor() - 2.0..100.0,
        }
    }

    /// Whether a name would be cut off at the right edge, so that it stands on the left of its dot.
    fn is_at_the_edge(&self, row: &Row) -> bool {
        row.parameters > self.parameters.end / 4.0
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

/// Draw the figure.
pub fn draw(cards: &[Card], published: &[Published]) -> Result<String> {
    let theirs = theirs(published);
    let row = |card: &Card| {
        Some(Row {
            name: card.name.clone(),
            parameters: card.parameters as f64,
            accuracy: card.accuracy.test? * 100.0,
        })
    };
    let ours: Vec<Row> = cards.iter().filter_map(row).collect();
    let axes = Axes::of(&ours.iter().chain(&theirs).collect::<Vec<_>>());
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(
                "Fashion-MNIST test accuracy over parameters",
                ("sans-serif", 18),
            )
            .margin(14)
            .x_label_area_size(40)
            .y_label_area_size(50)
            .build_cartesian_2d(axes.parameters.clone().log_scale(), axes.accuracy.clone())?;
        chart
            .configure_mesh()
            .x_desc("parameters (log scale)")
            .y_desc("test accuracy (%)")
            .x_label_formatter(&|v| thousands(*v as usize))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let (blue, gray) = (RGBColor(38, 97, 156), RGBColor(120, 120, 120));
        for (rows, color, label) in [
            (&ours, blue, "ours"),
            (&theirs, gray, "published by others"),
        ] {
            let points = rows.iter().map(|row| {
                EmptyElement::at((row.parameters, row.accuracy))
                    + Circle::new((0, 0), 4, color.filled())
                    + Text::new(
                        row.name.clone(),
                        axes.place(row),
                        axes.label_style(row).color(&color),
                    )
            });
            chart
                .draw_series(points)?
                .label(label)
                .legend(move |(x, y)| Circle::new((x + 9, y), 4, color.filled()));
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
