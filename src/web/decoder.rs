//! The worker that reads image files: a program of its own, because the decoders are as large as everything
//! else that computes, and most visitors draw.

use super::scope::{self, now_ms, post};
use crate::decode::decode;
use crate::protocol::{DecodeRequest, Response};
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
