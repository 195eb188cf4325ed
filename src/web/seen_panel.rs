//! What the models see: the 28x28 picture, enlarged, and what is said of it.

use super::by_id;
use super::drawing_panel::paint;
use crate::image::GrayImage;
use crate::protocol::Seen;
use crate::session::Shown;
use web_sys::{HtmlCanvasElement, HtmlElement};

/// Show what the models see, and how long preprocessing took when there was any.
pub fn show(shown: &Shown) {
    let canvas: HtmlCanvasElement = by_id("seen");
    let (image, note) = match &shown.seen {
        Seen::Blank => (&GrayImage::black(), "Nothing to see yet."),
        Seen::Garment {
            image,
            filled: true,
        } => (image, "An outline: its inside was filled."),
        Seen::Garment {
            image,
            filled: false,
        } => (image, ""),
    };
    paint(&canvas, &image.to_rgba());
    by_id::<HtmlElement>("seen-note").set_inner_text(note);
    let text = match shown.duration_ms {
        None => String::from("A test image, seen as it is"),
        Some(short) if short < 0.1 => String::from("Preprocessing: under 0.1 ms"),
        Some(duration_ms) => format!("Preprocessing: {duration_ms:.1} ms"),
    };
    by_id::<HtmlElement>("seen-time").set_inner_text(&text);
}

/// Show the verdict's sentence.
pub fn judge(sentence: &str) {
    let place: HtmlElement = by_id("verdict");
    if place.text_content().as_deref() != Some(sentence) {
        place.set_text_content(Some(sentence));
    }
}
