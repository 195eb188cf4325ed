//! The programs that the page starts, and the files that it reads for the session.

use super::Shell;
use crate::protocol::{PictureNumber, Response};
use crate::session::{Event, FileKey, Generation, Program};
use crate::web::connection::Connection;
use crate::web::{program_panel, upload_panel};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

const DECODER: &str = "decoder_loader.js";

impl Shell {
    pub(super) fn start_worker(&self, program: Program, generation: Generation) {
        self.0
            .worker
            .replace(None)
            .into_iter()
            .for_each(Connection::close);
        let shell = self.clone();
        let hear = move |response| shell.tell(Event::Worker(generation, response));
        let early = (program == Program::Engine && generation == 1).then(Connection::take_early);
        let connection = match early.flatten() {
            Some(worker) => Ok(Connection::adopt(worker, hear)),
            None => Connection::open(&program_panel::loader(program), hear),
        };
        match connection {
            Ok(worker) => drop(self.0.worker.replace(Some(worker))),
            Err(_) => self.tell(Event::Worker(generation, no_workers())),
        }
    }

    pub(super) fn start_decoder(&self, generation: Generation) {
        let shell = self.clone();
        match Connection::open(DECODER, move |response| {
            shell.tell(Event::Decoder(generation, response));
        }) {
            Ok(decoder) => {
                let before = self.0.decoder.replace(Some(decoder));
                before.into_iter().for_each(Connection::close);
            }
            Err(_) => self.tell(Event::Decoder(generation, no_workers())),
        }
    }

    /// Read a weights file.
    pub(super) fn open(&self, file: File) {
        let shell = self.clone();
        spawn_local(async move {
            let bytes = upload_panel::read(&file).await;
            shell.tell(Event::SqueezedFileGiven(bytes));
        });
    }

    pub(super) fn read(&self, file: FileKey, number: PictureNumber) {
        let Some(file) = self.0.files.borrow_mut().remove(&file) else {
            return;
        };
        let shell = self.clone();
        spawn_local(async move {
            let bytes = upload_panel::read(&file).await;
            shell.tell(Event::FileRead(number, bytes));
        });
    }
}

fn no_workers() -> Response {
    Response::Crashed {
        message: "this browser allows no workers here".to_owned(),
    }
}
