//! The worker that reads image files: a program of its own, because the decoders are as large as everything
//! else that computes, and most visitors draw. Of a QR code that holds a network it sends the network, not the picture.

use super::scope::{self, now_ms, post};
use crate::decode::decode;
use crate::image::RgbaImage;
use crate::protocol::{DecodeRequest, PictureNumber, Response};
use crate::qr;
use crate::squeeze::is_packed;
use crate::steps::shots;

/// Listen for files; the `main` of the decoder program calls it once.
pub fn start() {
    scope::start(|DecodeRequest { number, bytes }| {
        let begin = now_ms();
        match decode(&bytes) {
            Err(refusal) => post(&Response::Refused {
                number,
                message: refusal.to_string(),
            }),
            Ok(picture) if tell_of_code(number, &picture) => {}
            Ok(picture) => {
                let (prepared, shots) = shots(&picture);
                post(&Response::Preprocessed {
                    number,
                    seen: prepared.into(),
                    shots,
                    duration_ms: now_ms() - begin,
                });
            }
        }
    });
}

/// Tell of a QR code in a picture; returns whether there is a network in it.
fn tell_of_code(number: PictureNumber, picture: &RgbaImage) -> bool {
    let note = match qr::read(picture) {
        Ok(None) => return false,
        Ok(Some(packed)) if is_packed(&packed) => {
            post(&Response::CodeFound { number, packed });
            return true;
        }
        Ok(Some(_)) => {
            "The QR code in this picture holds no network, so the picture itself was classified."
        }
        Err(_) => {
            "The QR code in this picture cannot be read, so the picture itself was classified. A sharper or larger \
             picture may help."
        }
    };
    let note = note.to_owned();
    post(&Response::Noted { number, note });
    false
}
