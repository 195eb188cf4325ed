//! A page without a browser: a worker, a decoder, files and timers that answer a session when they are told to.

#[path = "worker.rs"]
mod worker;

use crate::replies::{self, Tag, drawing, image, loaded, seen};
use std::collections::{BTreeMap, VecDeque};
use threadcount::card::WeightSet;
use threadcount::prediction::Prediction;
use threadcount::protocol::{PictureNumber, Request, Response, StopNumber};
use threadcount::session::{Effect, Event, FileKey, Generation, Grip, Picture, Session, Timer};
use threadcount::squeeze::{Scale, Setting};

/// Two networks and a classical model.
pub const MODELS: [(&str, bool); 3] = [("small", true), ("large", true), ("tree", false)];

/// A program of the page, as far as a session can tell.
#[derive(Default)]
struct Program {
    generation: Generation,
    alive: bool,
    /// What it will say, in order.
    says: VecDeque<Response>,
}

/// A session and what surrounds it.
pub struct World {
    /// The models, each with whether it is a network.
    models: Vec<(&'static str, bool)>,
    pub session: Session,
    worker: Program,
    decoder: Program,
    /// Names of the models that the worker has loaded, and the garment that it holds.
    loaded: Vec<&'static str>,
    current: Option<(PictureNumber, Tag)>,
    reading: VecDeque<(PictureNumber, FileKey)>,
    pub timers: Vec<Timer>,
    /// The picture that each number was given to.
    pub chosen: BTreeMap<PictureNumber, Tag>,
    /// Every request that the worker got, but for those whether it hears.
    pub requests: Vec<Request>,
    pub announcements: usize,
    /// The stop that the worker holds.
    squeezed: Option<(StopNumber, Setting)>,
    /// How often the page was asked whether Burn can be loaded.
    pub burn_asked: usize,
    /// Names of the files that the visitor got.
    pub saved: Vec<String>,
}

impl World {
    /// A page that was just opened.
    pub fn new() -> Self {
        Self::of(&MODELS)
    }

    /// A page with other models that was just opened.
    pub fn of(models: &[(&'static str, bool)]) -> Self {
        let mut world = Self {
            models: models.to_vec(),
            session: Session::new(models.iter().copied()),
            worker: Program::default(),
            decoder: Program::default(),
            loaded: Vec::new(),
            current: None,
            reading: VecDeque::new(),
            timers: Vec::new(),
            chosen: BTreeMap::new(),
            requests: Vec::new(),
            announcements: 0,
            squeezed: None,
            burn_asked: 0,
            saved: Vec::new(),
        };
        world.happen(Event::Opened);
        world
    }

    /// A page whose models are all ready, at rest.
    pub fn ready() -> Self {
        let mut world = Self::new();
        world.settle();
        world
    }

    /// Let something happen and do what follows from it.
    pub fn happen(&mut self, event: Event) {
        for effect in self.session.handle(event) {
            self.act(effect);
        }
    }

    /// A page that measures by itself what it has answered.
    pub fn measuring() -> Self {
        let mut world = Self::ready();
        world.sample(2);
        while world.worker_says() {}
        world.pauses();
        world
    }

    /// Let time pass until a measurement begins by itself.
    pub fn pauses(&mut self) {
        let measures =
            |world: &Self| matches!(world.requests.last(), Some(Request::Measure { .. }));
        while !measures(self) {
            assert!(self.time_passes(), "no measurement begins");
        }
    }

    /// Draw something new; zero is a blank drawing.
    pub fn draw(&mut self, tag: Tag) {
        self.happen(Event::Drawn(drawing(tag)));
        self.chosen.insert(self.session.newest(), tag);
    }

    /// Choose a test image.
    pub fn sample(&mut self, tag: Tag) {
        self.choose(tag, Picture::of_image(image(tag), WeightSet::Photographs));
    }

    /// Choose a picture that is ready for the models.
    pub fn choose(&mut self, tag: Tag, picture: Picture) {
        self.happen(Event::PictureChosen(picture));
        self.chosen.insert(self.session.newest(), tag);
    }

    /// Choose a file; zero is a blank picture, 254 a QR code of the network at 3 bits, 255 no picture at all.
    pub fn file(&mut self, tag: Tag) {
        self.happen(Event::FileChosen(FileKey::from(tag), None));
        self.chosen.insert(self.session.newest(), tag);
    }

    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::StartWorker(_, generation) => {
                self.worker = started(generation);
                self.loaded.clear();
                self.squeezed = None;
                self.current = None;
                for (model, _) in self.models.clone() {
                    self.worker.says.push_back(Response::Loading {
                        model: model.to_owned(),
                        received: 1,
                        total: 2,
                    });
                    self.worker.says.push_back(loaded(model));
                }
            }
            Effect::StopWorker => self.worker.alive = false,
            Effect::ToWorker(request) => {
                if request != Request::Ping {
                    self.requests.push(request.clone());
                }
                if self.worker.alive {
                    self.work(request);
                }
            }
            Effect::StartDecoder(generation) => self.decoder = started(generation),
            Effect::StopDecoder => self.decoder.alive = false,
            Effect::ToDecoder(request) => {
                let (number, tag) = (request.number, request.bytes[0]);
                self.decoder.says.push_back(match tag {
                    254 => Response::CodeFound {
                        number,
                        packed: vec![3],
                    },
                    255 => Response::Refused {
                        number,
                        message: "no picture".to_owned(),
                    },
                    _ => seen(number, tag),
                });
            }
            Effect::ReadFile(file, number) => self.reading.push_back((number, file)),
            Effect::SetTimer(timer, _) => self.timers.push(timer),
            Effect::AskForBurn => self.burn_asked += 1,
            Effect::Announce(_) => self.announcements += 1,
            Effect::SaveFile(name, _) => self.saved.push(name),
            Effect::ShowModel(_)
            | Effect::ShowPicture
            | Effect::ShowEvaluation
            | Effect::ShowSqueeze
            | Effect::ShowInspection(_)
            | Effect::ShowTimes => {}
        }
    }

    /// Move a dial of the squeeze, or let it go.
    pub fn squeeze(&mut self, bits: u8, cut: u8, grip: Grip) {
        let setting = Setting::new(bits, cut, Scale::Channel).unwrap();
        self.happen(Event::Squeezed("small".to_owned(), setting, grip));
    }

    /// Let the worker say the next thing; false when it has nothing to say.
    pub fn worker_says(&mut self) -> bool {
        let next = self.worker.says.pop_front();
        let Some(response) = next.filter(|_| self.worker.alive) else {
            return false;
        };
        if let Response::Loaded(ready) = &response {
            let name = self
                .models
                .iter()
                .find(|(m, _)| *m == ready.card.name)
                .unwrap()
                .0;
            self.loaded.push(name);
            self.answer_by(name);
        }
        self.happen(Event::Worker(self.worker.generation, response));
        true
    }

    /// Let the decoder say the next thing; false when it has nothing to say.
    pub fn decoder_says(&mut self) -> bool {
        let next = self.decoder.says.pop_front();
        let Some(response) = next.filter(|_| self.decoder.alive) else {
            return false;
        };
        self.happen(Event::Decoder(self.decoder.generation, response));
        true
    }

    /// Let the worker say something that it says by itself.
    pub fn worker_adds(&mut self, response: Response) {
        self.happen(Event::Worker(self.worker.generation, response));
    }

    /// Let the decoder say something that it says by itself.
    pub fn decoder_adds(&mut self, response: Response) {
        self.happen(Event::Decoder(self.decoder.generation, response));
    }

    /// Let the worker say that a model stalls, and later that it is here after all.
    pub fn model_stalls(&mut self, name: &str) {
        let model = name.to_owned();
        let retry_in_ms = 1000;
        self.worker_adds(Response::Stalled { model, retry_in_ms });
        let (name, _) = self.models.iter().find(|(m, _)| *m == name).unwrap();
        self.worker.says.push_back(loaded(name));
    }

    /// End the worker's program.
    pub fn worker_crashes(&mut self) {
        self.worker.says.clear();
        let message = "a fault".to_owned();
        self.worker_adds(Response::Crashed { message });
    }

    /// How often the worker was started.
    pub fn worker_starts(&self) -> Generation {
        self.worker.generation
    }

    /// End the worker's program without a word, as a browser may that is short of memory.
    pub fn worker_vanishes(&mut self) {
        self.worker.alive = false;
    }

    /// End the decoder's program without a word.
    pub fn decoder_vanishes(&mut self) {
        self.decoder.alive = false;
    }

    /// How often the decoder was started.
    pub fn decoder_starts(&self) -> Generation {
        self.decoder.generation
    }

    /// Let the programs that ended say something after all.
    pub fn ended_programs_say(&mut self, response: Response) {
        for event in [
            Event::Worker(self.worker.generation - 1, response.clone()),
            Event::Decoder(self.decoder.generation.saturating_sub(1), response),
        ] {
            self.happen(event);
        }
    }

    /// End the decoder's program.
    pub fn decoder_crashes(&mut self) {
        self.decoder.says.clear();
        let message = "a fault".to_owned();
        self.happen(Event::Decoder(
            self.decoder.generation,
            Response::Crashed { message },
        ));
    }

    /// Finish reading a file, the one that was chosen last or first; false when there is none.
    pub fn file_is_read(&mut self, last: bool) -> bool {
        self.reading_ends(last, |file| Ok(vec![file as u8]))
    }

    /// Give up reading the file that was chosen last.
    pub fn file_is_unreadable(&mut self) -> bool {
        self.reading_ends(true, |_| Err("gone".to_owned()))
    }

    fn reading_ends(
        &mut self,
        last: bool,
        result: impl Fn(FileKey) -> Result<Vec<u8>, String>,
    ) -> bool {
        let next = if last {
            self.reading.pop_back()
        } else {
            self.reading.pop_front()
        };
        let Some((number, file)) = next else {
            return false;
        };
        self.happen(Event::FileRead(number, result(file)));
        true
    }

    /// Let the oldest timer run out; false when there is none.
    pub fn time_passes(&mut self) -> bool {
        if self.timers.is_empty() {
            return false;
        }
        let timer = self.timers.remove(0);
        self.happen(Event::TimeOver(timer));
        true
    }

    /// Let everything that is under way come to its end.
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            let busy = self.worker_says()
                || self.decoder_says()
                || self.file_is_read(false)
                || self.time_passes();
            if !busy {
                return;
            }
        }
        panic!("the session never comes to rest");
    }

    /// The picture that a number was given to, in the models' eyes.
    pub fn is_answer_to(&self, prediction: Prediction, number: PictureNumber) -> bool {
        self.chosen
            .get(&number)
            .is_some_and(|tag| prediction == replies::prediction(*tag))
    }
}

fn started(generation: Generation) -> Program {
    Program {
        generation,
        alive: true,
        says: VecDeque::from([Response::Started]),
    }
}
