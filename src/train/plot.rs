//! Charts of training runs, as SVG.

use super::log::LogLine;
use plotters::prelude::*;

const SIZE: (u32, u32) = (720, 420);

/// Loss (left axis) and validation accuracy in percent (right axis) over the steps of a run.
///
/// # Errors
/// When the log has no step, or plotters cannot draw it.
pub fn training(name: &str, lines: &[LogLine]) -> Result<String, Box<dyn std::error::Error>> {
    let last = lines.last().ok_or("the log has no step")?.step;
    let validation: Vec<(usize, f64)> = lines
        .iter()
        .filter_map(|line| Some((line.step, line.validation? * 100.0)))
        .collect();
    let highest = lines.iter().map(|l| l.loss).fold(0.0, f64::max);
    let lowest = validation.iter().map(|v| v.1).fold(99.0, f64::min).floor();
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(name, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(36)
            .y_label_area_size(48)
            .right_y_label_area_size(48)
            .build_cartesian_2d(0..last, 0.0..highest)?
            .set_secondary_coord(0..last, lowest..100.0);
        chart
            .configure_mesh()
            .x_desc("steps")
            .y_desc("training loss (nats)")
            .light_line_style(TRANSPARENT)
            .draw()?;
        chart
            .configure_secondary_axes()
            .y_desc("validation accuracy (%)")
            .draw()?;
        let (blue, orange) = (RGBColor(38, 97, 156), RGBColor(200, 92, 20));
        chart
            .draw_series(LineSeries::new(
                lines.iter().map(|l| (l.step, l.loss)),
                blue,
            ))?
            .label("loss")
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], blue));
        chart
            .draw_secondary_series(LineSeries::new(validation, orange.stroke_width(2)))?
            .label("validation")
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], orange));
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::MiddleRight)
            .background_style(WHITE.mix(0.8))
            .draw()?;
        area.present()?;
    }
    Ok(svg)
}
