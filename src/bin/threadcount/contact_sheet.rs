//! results/errors.png: a row a network, its most confident errors from left to right.

use crate::files::{Result, read, read_json, result_path};
use image::{GrayImage as Picture, ImageFormat, imageops};
use std::io::Cursor;
use std::path::Path;
use threadcount::catalog;
use threadcount::dataset::{SOURCE_FILES, gunzip, parse_images};
use threadcount::image::SIDE;
use threadcount::results::EvaluationReport;

/// Errors in a row.
const COLUMNS: usize = 10;
/// Width of a pixel, and of the gap between pictures.
const ZOOM: usize = 3;

/// Draw the sheet from `results/NAME.json` and the page's test images, as a PNG file.
pub fn draw() -> Result<Vec<u8>> {
    let name = SOURCE_FILES[2].name;
    let images = read(&Path::new("www/data").join(name))?;
    let images = parse_images(name, &gunzip(name, &images)?)?;
    let cell = (SIDE + 1) * ZOOM;
    let (width, height) = (COLUMNS * cell, catalog::networks().count() * cell);
    let mut sheet = Picture::from_pixel(width as u32, height as u32, image::Luma([128]));
    for (row, name) in catalog::networks().enumerate() {
        let report: EvaluationReport = read_json(&result_path(&format!("{name}.json")))?;
        for (column, error) in report.confident_errors.iter().take(COLUMNS).enumerate() {
            let pixels = images[error.image].pixels().to_vec();
            let side = SIDE as u32;
            let picture = Picture::from_raw(side, side, pixels).ok_or("28 x 28 pixels")?;
            let large = side * ZOOM as u32;
            let picture = imageops::resize(&picture, large, large, imageops::FilterType::Nearest);
            let (x, y) = (column * cell, row * cell);
            imageops::replace(&mut sheet, &picture, x as i64, y as i64);
        }
    }
    let mut png = Cursor::new(Vec::new());
    sheet.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}
