//! Canvases are only written, never read.

use crate::image::RgbaImage;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// What draws on a canvas.
///
/// # Panics
/// Never in a browser that has a 2D canvas.
pub fn context(canvas: &HtmlCanvasElement) -> CanvasRenderingContext2d {
    canvas
        .get_context("2d")
        .ok()
        .flatten()
        .expect("a 2D canvas")
        .unchecked_into()
}

/// Put a picture on a canvas, which takes its size.
pub fn paint(canvas: &HtmlCanvasElement, picture: &RgbaImage) {
    put_all(canvas, picture.pixels(), picture.width());
}

/// Put rows of `width` pixels on a canvas, which takes their size.
pub fn put_all(canvas: &HtmlCanvasElement, pixels: &[u8], width: usize) {
    canvas.set_width(width as u32);
    canvas.set_height((pixels.len() / 4 / width) as u32);
    put(canvas, pixels, width, [0, 0]);
}

/// Put rows of `width` pixels on a canvas, from `left` and `top` on.
///
/// # Panics
/// Never: the rows are whole.
pub fn put(canvas: &HtmlCanvasElement, pixels: &[u8], width: usize, [left, top]: [usize; 2]) {
    let data = ImageData::new_with_u8_clamped_array(Clamped(pixels), width as u32)
        .expect("whole rows of pixels");
    context(canvas)
        .put_image_data(&data, left as f64, top as f64)
        .expect("finite coordinates");
}
