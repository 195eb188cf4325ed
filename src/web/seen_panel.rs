//! What the models see: the 28x28 picture, enlarged, and what is said of it.

use super::drawing_panel::paint;
use super::protocol::Seen;
use super::{body, by_id, set};
use crate::image::GrayImage;
use crate::prediction::Verdict;
use web_sys::{HtmlCanvasElement, HtmlElement};

/// Show what the models see, and how long preprocessing took when there was any.
pub fn show(seen: &Seen, duration_ms: Option<f64>) {
    let canvas: HtmlCanvasElement = by_id("seen");
    let (image, note) = match seen {
        Seen::Blank => (GrayImage::black(), "Nothing to see yet."),
        Seen::Garment {
            image,
            filled: true,
        } => (image.clone(), "An outline: its inside was filled."),
        Seen::Garment {
            image,
            filled: false,
        } => (image.clone(), ""),
    };
    paint(&canvas, &image.to_rgba());
    by_id::<HtmlElement>("seen-note").set_inner_text(note);
    let text = match duration_ms {
        None => String::from("A test image, seen as it is"),
        Some(short) if short < 0.1 => String::from("Preprocessing: under 0.1 ms"),
        Some(duration_ms) => format!("Preprocessing: {duration_ms:.1} ms"),
    };
    by_id::<HtmlElement>("seen-time").set_inner_text(&text);
}

/// Show the verdict on the current picture.
pub fn judge(verdict: Verdict) {
    set(&body(), "data-verdict", verdict.as_str());
    by_id::<HtmlElement>("verdict").set_inner_text(match verdict {
        Verdict::Clothing => "The networks agree.",
        Verdict::Unsure => {
            "Unsure: the networks disagree or are not confident. This may be no garment they know."
        }
        Verdict::Blank => "Blank: draw or choose a garment.",
    });
}
