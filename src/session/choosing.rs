//! What the visitor chooses to be looked at: drawings, test images, files.

use super::event::{Effect, FileKey};
use super::picture::{PendingFile, Picture};
use super::programs::DecoderStage;
use super::state::Session;
use super::task::Wish;
use crate::drawing::Levels;
use crate::prediction::Verdict;
use crate::protocol::{DecodeRequest, Inspected, PictureNumber, Request, Seen};

impl Session {
    /// Count a new picture. What was said of the one before it and what is measured on it ends.
    pub(super) fn choose(&mut self) -> PictureNumber {
        self.message = None;
        if let Some(task) = self.task.take_if(|task| !task.wish.is_evaluation()) {
            self.act(Effect::ToWorker(Request::Cancel { task: task.number }));
        }
        self.queued.take_if(|wish| *wish == Wish::MeasureTheRest);
        self.rests += 1;
        self.pictures.choose()
    }

    pub(super) fn drawn(&mut self, levels: Levels) {
        let number = self.choose();
        self.pictures.file = None;
        self.pictures.drawing = Some((number, levels));
        self.send_drawing();
    }

    /// Send the drawing that waits, unless the worker is busy with an earlier one or not there.
    pub(super) fn send_drawing(&mut self) {
        if self.pictures.in_flight.is_some() || !self.worker.is_running() {
            return;
        }
        if let Some((number, drawing)) = self.pictures.drawing.clone() {
            self.pictures.in_flight = Some(number);
            self.act(Effect::ToWorker(Request::Draw { number, drawing }));
        }
    }

    /// The worker has done enough for a drawing that the next one may follow.
    pub(super) fn landed(&mut self, number: PictureNumber) {
        if self
            .pictures
            .in_flight
            .take_if(|sent| *sent <= number)
            .is_some()
        {
            self.send_drawing();
        }
    }

    pub(super) fn picture_chosen(&mut self, picture: Picture) {
        let number = self.choose();
        self.show(number, picture);
        self.send_shown();
    }

    pub(super) fn file_chosen(&mut self, file: FileKey, note: Option<String>) {
        let number = self.choose();
        self.pictures.file = Some(PendingFile {
            number,
            bytes: None,
        });
        self.message = note;
        self.act(Effect::ReadFile(file, number));
    }

    pub(super) fn file_read(&mut self, number: PictureNumber, bytes: Result<Vec<u8>, String>) {
        let Some(file) = self.pictures.file_is(number) else {
            return;
        };
        match bytes {
            Err(message) => self.refuse(number, message),
            Ok(_) if file.bytes.is_some() => {}
            Ok(bytes) => {
                file.bytes = Some(bytes);
                self.start_decoder();
                self.send_file();
            }
        }
    }

    /// Send the file that waits to the decoder, if that runs.
    pub(super) fn send_file(&mut self) {
        if self.decoder.stage != DecoderStage::Running {
            return;
        }
        if let Some(PendingFile {
            number,
            bytes: Some(bytes),
        }) = self.pictures.file.clone()
        {
            self.act(Effect::ToDecoder(DecodeRequest { number, bytes }));
        }
    }

    /// Make a picture the current one, unless it is older than that; returns whether it is.
    pub(super) fn show(&mut self, number: PictureNumber, picture: Picture) -> bool {
        let blank = picture.seen == Seen::Blank;
        if !self.pictures.show(number, picture) {
            return false;
        }
        self.act(Effect::ShowPicture);
        self.act(Effect::ShowSqueeze);
        // The picture stands beside the map.
        if self.look(Inspected::Occlusion).is_open {
            self.act(Effect::ShowInspection(Inspected::Occlusion));
        }
        if blank {
            self.verdict = Verdict::Blank;
            for model in &mut self.models {
                model.answer = None;
            }
            self.show_all_models();
        }
        true
    }

    /// Let the models answer the current picture, if there is something in it.
    pub(super) fn send_shown(&mut self) {
        if !self.worker.is_running() {
            return;
        }
        if let Some(shown) = &self.pictures.shown
            && let Some(image) = shown.picture.seen.image()
        {
            let request = Request::Show {
                number: shown.number,
                image: image.clone(),
                set: shown.picture.set,
            };
            // A drawing that the worker is busy with is older, so the worker drops it.
            self.pictures.in_flight = None;
            self.act(Effect::ToWorker(request));
        }
    }

    /// Give up a file that is on its way; the picture before it stays.
    pub(super) fn refuse(&mut self, number: PictureNumber, message: String) {
        if self
            .pictures
            .file
            .take_if(|file| file.number == number)
            .is_some()
        {
            self.message = Some(message);
            self.rest();
        }
    }
}
