//! Image files on their way through the decoder, a worker that is started when it is needed.

use super::connection::Connection;
use super::protocol::{DecodeRequest, RequestNumber, Response};
use std::cell::RefCell;
use std::rc::Rc;

const LOADER: &str = "./decoder_loader.js";

/// Sends files to the decoder, and starts it when it is not there.
#[derive(Clone)]
pub struct Decoding(Rc<State>);

struct State {
    connection: RefCell<Option<Connection>>,
    /// The newest file that has no answer yet.
    unanswered: RefCell<Option<RequestNumber>>,
    answer: Box<dyn Fn(Response)>,
}

impl Decoding {
    /// Let `answer` have [`Response::Preprocessed`] or [`Response::Refused`] for each file.
    pub fn new(answer: impl Fn(Response) + 'static) -> Self {
        Self(Rc::new(State {
            connection: RefCell::default(),
            unanswered: RefCell::default(),
            answer: Box::new(answer),
        }))
    }

    /// Read a file.
    pub fn decode(&self, number: RequestNumber, bytes: Vec<u8>) {
        self.0.unanswered.replace(Some(number));
        self.start();
        if let Some(connection) = &*self.0.connection.borrow() {
            connection.send(&DecodeRequest { number, bytes });
        }
    }

    /// Fetch the decoder's program unless it is there; from then on files can be read without a network.
    pub fn start(&self) {
        if self.0.connection.borrow().is_some() {
            return;
        }
        let decoding = self.clone();
        match Connection::open(LOADER, move |response| decoding.receive(response)) {
            Ok(connection) => drop(self.0.connection.replace(Some(connection))),
            Err(_) => self.give_up("this browser does not allow workers here"),
        }
    }

    fn receive(&self, response: Response) {
        if let Response::Crashed { message } = response {
            return self.give_up(&message);
        }
        self.0.unanswered.take();
        (self.0.answer)(response);
    }

    /// End the program, and refuse its file if there is one; the next file starts another.
    fn give_up(&self, problem: &str) {
        if let Some(connection) = self.0.connection.take() {
            connection.close();
        }
        if let Some(number) = self.0.unanswered.take() {
            let message = format!(
                "The part of the page that reads files stopped ({problem}). Check the connection and choose the file again."
            );
            (self.0.answer)(Response::Refused { number, message });
        }
    }
}
