//! What the models see: the 28x28 picture, enlarged, and what is said of it.

use super::canvas::paint;
use super::{by_id, say};
use crate::image::GrayImage;
use crate::protocol::Seen;
use crate::session::{Session, Shown};
use web_sys::HtmlCanvasElement;

/// Show what the models see, and how long preprocessing took when there was any.
pub fn show(shown: &Shown) {
    let canvas: HtmlCanvasElement = by_id("seen");
    let (image, note) = match &shown.picture.seen {
        Seen::Blank => (&GrayImage::black(), ""),
        Seen::Garment {
            image,
            filled: true,
        } => (image, "outline filled"),
        Seen::Garment {
            image,
            filled: false,
        } => (image, ""),
    };
    paint(&canvas, &image.to_rgba());
    say("seen-note", note);
    let text = match shown.picture.duration_ms {
        None => String::new(),
        Some(short) if short < 0.1 => String::from("Preprocessing: under 0.1 ms"),
        Some(duration_ms) => format!("Preprocessing: {duration_ms:.1} ms"),
    };
    say("seen-time", &text);
}

/// Show the verdict in words.
pub fn show_verdict(session: &Session) {
    let (verdict, note) = session.words();
    say("verdict", &verdict);
    say("verdict-note", &note);
}
