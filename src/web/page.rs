//! The page as a whole: one number for the current picture, one worker, and the panels between.

use super::connection::Connection;
use super::decoding::Decoding;
use super::drawing_panel::DrawingPanel;
use super::message_panel::{self, tell};
use super::model_panel::{Input, ModelPanel};
use super::protocol::{Picture, Request, RequestNumber, Response, Seen};
use super::upload_panel::{self, Upload};
use super::{after, body, by_id, engine_panel, evaluation_panel, listen};
use super::{samples_panel, scatter_panel, seen_panel, set, summary_panel, table_panel};
use crate::catalog;
use crate::image::GrayImage;
use crate::prediction::Verdict;
use crate::timing::Thoroughness;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::Event;

/// Without input for so long, the full measurement starts by itself, in milliseconds.
const MEASURE_AFTER_MS: i32 = 2000;
/// Changes of a drawing within this time are sent as one, in milliseconds.
const DEBOUNCE_MS: i32 = 40;

struct Page {
    worker: Option<Connection>,
    decoding: Option<Decoding>,
    /// The newest request.
    number: RequestNumber,
    /// The number of the current picture: the hook `data-input`.
    input: Input,
    /// The current picture is neither seen nor refused yet.
    undecided: bool,
    /// The number of the picture that the networks see; older than `input` when that was refused.
    picture: Input,
    seen: Option<Seen>,
    models: Vec<(String, ModelPanel)>,
    waiting: Option<Picture>,
    task: Task,
}

/// What the worker is busy with.
#[derive(Clone, Copy, PartialEq)]
enum Task {
    Classify,
    Benchmark,
    Evaluate,
}

type Shared = Rc<RefCell<Page>>;

/// Wire everything; the page program's `main` calls it once.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        set_state("error");
        tell(&format!(
            "The page met a fault ({info}). Reload it; please report this."
        ));
    }));
    let panel = |model: &catalog::Model| (model.name.to_owned(), ModelPanel::new(model.name));
    let models = catalog::MODELS.iter().map(panel).collect();
    message_panel::start();
    table_panel::start();
    scatter_panel::start();
    let page: Shared = Rc::new(RefCell::new(Page {
        worker: None,
        decoding: None,
        number: 0,
        input: 0,
        picture: 0,
        undecided: false,
        seen: None,
        models,
        waiting: None,
        task: Task::Classify,
    }));
    set(&body(), "data-input", "0");
    seen_panel::judge(Verdict::Blank);
    let shared = Rc::clone(&page);
    let early = Connection::open_early(move |response| receive(&shared, response));
    page.borrow_mut().worker = early;
    if page.borrow().worker.is_none() {
        start_worker(&page);
    }
    let shared = Rc::clone(&page);
    let decoding = Decoding::new(move |response| decoded(&shared, response));
    page.borrow_mut().decoding = Some(decoding.clone());
    let shared = Rc::clone(&page);
    DrawingPanel::new(move |drawing| submit_soon(&shared, Picture::Rgba(drawing)));
    let shared = Rc::clone(&page);
    upload_panel::start(move |upload| match upload {
        Upload::File(file, note) => {
            let (shared, decoding) = (Rc::clone(&shared), decoding.clone());
            spawn_local(async move {
                match upload_panel::read(&file).await {
                    Ok(bytes) => {
                        submit_file(&shared, &decoding, bytes);
                        tell(&note);
                    }
                    Err(refusal) => tell(&refusal),
                }
            });
        }
        Upload::Refusal(text) => tell(&text),
    });
    let shared = Rc::clone(&page);
    samples_panel::start(
        move |image| submit_prepared(&shared, image),
        |message| tell(&message),
    );
    let shared = Rc::clone(&page);
    listen(&by_id("benchmark"), "click", move |_: Event| {
        benchmark(&shared);
    });
    let shared = Rc::clone(&page);
    listen(&by_id("evaluate"), "click", move |_: Event| {
        let images = evaluation_panel::chosen_images();
        ask(&shared, Task::Evaluate, |number| Request::Evaluate {
            number,
            images,
        });
    });
    let shared = Rc::clone(&page);
    listen(&by_id("evaluation-cancel"), "click", move |_: Event| {
        ask(&shared, Task::Evaluate, |number| Request::Stop { number });
        rest(&shared);
    });
    let shared = Rc::clone(&page);
    engine_panel::start(move || restart(&shared));
}

/// Put another worker in the place of the current one; the picture stays.
fn restart(page: &Shared) {
    {
        let page = &mut *page.borrow_mut();
        if let Some(worker) = page.worker.take() {
            worker.close();
        }
        page.number += 1;
        page.models.iter_mut().for_each(|(_, panel)| panel.unload());
    }
    set_state("loading");
    evaluation_panel::set_running(false);
    start_worker(page);
}

fn set_state(state: &str) {
    set(&body(), "data-state", state);
}

fn start_worker(page: &Shared) {
    let shared = Rc::clone(page);
    let hear = move |response| receive(&shared, response);
    match Connection::open(&engine_panel::chosen_loader(), hear) {
        Ok(worker) => page.borrow_mut().worker = Some(worker),
        Err(_) => worker_failed("this browser does not allow workers here"),
    }
}

fn worker_failed(problem: &str) {
    set_state("error");
    tell(&format!(
        "The part of the page that computes stopped ({problem}). Check the connection and reload the page; your drawing stays until then."
    ));
}

fn post(page: &Shared, request: &Request) {
    if let Some(worker) = &page.borrow().worker {
        worker.send(request);
    }
}

/// Send a request under the next number, which makes older answers stale.
fn ask(page: &Shared, task: Task, request: impl FnOnce(RequestNumber) -> Request) {
    let number = begin(page, task);
    post(page, &request(number));
}

/// Make older answers stale; returns the next number.
fn begin(page: &Shared, task: Task) -> RequestNumber {
    let number = {
        let page = &mut *page.borrow_mut();
        page.number += 1;
        page.task = task;
        page.number
    };
    if body().get_attribute("data-state").as_deref() == Some("ready") {
        set_state("busy");
    }
    evaluation_panel::set_running(task == Task::Evaluate);
    number
}

/// Count a new picture.
fn take_input(page: &Shared) {
    tell("");
    let input = {
        let page = &mut *page.borrow_mut();
        page.waiting = None;
        page.undecided = true;
        page.input += 1;
        page.input
    };
    set(&body(), "data-input", &input.to_string());
}

/// Classify a drawing now.
fn submit(page: &Shared, picture: Picture) {
    take_input(page);
    classify(page, picture);
}

/// Classify a picture that needs no preprocessing.
fn submit_prepared(page: &Shared, image: GrayImage) {
    take_input(page);
    let seen = Seen::Garment {
        image: image.clone(),
        filled: false,
    };
    preprocessed(page, seen, None);
    classify(page, Picture::Prepared(image));
}

/// Let the decoder read a file.
fn submit_file(page: &Shared, decoding: &Decoding, bytes: Vec<u8>) {
    take_input(page);
    let number = begin(page, Task::Classify);
    decoding.decode(number, bytes);
}

/// The decoder has answered: let the models see what it made of the file.
fn decoded(page: &Shared, response: Response) {
    match response {
        Response::Preprocessed {
            number,
            seen,
            duration_ms,
        } if is_current(page, number) => {
            preprocessed(page, seen.clone(), Some(duration_ms));
            match seen {
                Seen::Blank => rest(page),
                Seen::Garment { image, .. } => {
                    let picture = Picture::Prepared(image);
                    post(page, &Request::Classify { number, picture });
                }
            }
        }
        other => receive(page, other),
    }
}

fn classify(page: &Shared, picture: Picture) {
    ask(page, Task::Classify, |number| Request::Classify {
        number,
        picture,
    });
}

/// Classify a picture shortly, unless a newer one replaces it before.
fn submit_soon(page: &Shared, picture: Picture) {
    if page.borrow_mut().waiting.replace(picture).is_none() {
        let shared = Rc::clone(page);
        after(DEBOUNCE_MS, move || {
            let picture = shared.borrow_mut().waiting.take();
            if let Some(picture) = picture {
                submit(&shared, picture);
            }
        });
    }
}

fn benchmark(page: &Shared) {
    if matches!(page.borrow().seen, Some(Seen::Garment { .. })) {
        ask(page, Task::Benchmark, |number| Request::Benchmark {
            number,
        });
    } else {
        tell("There is nothing to measure on yet: draw or choose a garment first.");
    }
}

fn receive(page: &Shared, response: Response) {
    match response {
        Response::Loading {
            model,
            received,
            total,
        } => {
            with_model(page, &model, |panel| panel.loading(received, total));
        }
        Response::Loaded(ready) => {
            engine_panel::show(&ready.path, ready.memory_bytes);
            let name = ready.card.name.clone();
            with_model(page, &name, |panel| panel.loaded(*ready));
            scatter_panel::draw();
            set_state("ready");
            again(page);
            start_decoder(page);
        }
        Response::LoadFailed { model, message } => {
            with_model(page, &model, |panel| panel.failed(&message));
            tell(&message);
            if page
                .borrow()
                .models
                .iter()
                .all(|(_, panel)| panel.card.is_none())
            {
                set_state("error");
            }
        }
        Response::Crashed { message } => {
            worker_failed(&message);
        }
        Response::Refused { number, message } if is_current(page, number) => {
            tell(&message);
            rest(page);
            // Models that came meanwhile have not answered the picture before.
            if std::mem::take(&mut page.borrow_mut().undecided) {
                again(page);
            }
        }
        Response::Preprocessed {
            number,
            seen,
            duration_ms,
        } if is_current(page, number) => {
            preprocessed(page, seen, Some(duration_ms));
        }
        Response::Predicted {
            number,
            model,
            prediction,
        } if is_current(page, number) => {
            let picture = page.borrow().picture;
            with_model(page, &model, |panel| panel.predicted(picture, prediction));
            judge(page);
        }
        Response::Measured {
            number,
            model,
            latency,
            thoroughness,
        } if is_current(page, number) => {
            with_model(page, &model, |panel| panel.measured(latency, thoroughness));
            summary_panel::compare(&page.borrow().models);
            if thoroughness == Thoroughness::Full {
                scatter_panel::draw();
            }
        }
        Response::Evaluated { number, .. } if is_current(page, number) => {
            evaluation_panel::show(&response);
        }
        Response::Finished { number } if is_current(page, number) => finished(page),
        // An answer to an older picture.
        _ => {}
    }
}

fn is_current(page: &Shared, number: RequestNumber) -> bool {
    page.borrow().number == number
}

fn with_model(page: &Shared, name: &str, f: impl FnOnce(&mut ModelPanel)) {
    if let Some((_, panel)) = page.borrow_mut().models.iter_mut().find(|(n, _)| n == name) {
        f(panel);
    }
}

/// Fetch the decoder's program when every model is here, so that it delays none.
fn start_decoder(page: &Shared) {
    let page = page.borrow();
    if page.models.iter().all(|(_, panel)| panel.card.is_some()) {
        page.decoding.iter().for_each(Decoding::start);
    }
}

/// A model has arrived: let it answer the current picture too, unless a newer one is on its way to it.
fn again(page: &Shared) {
    let (seen, undecided) = (page.borrow().seen.clone(), page.borrow().undecided);
    if let (Some(Seen::Garment { image, .. }), false) = (seen, undecided) {
        classify(page, Picture::Prepared(image));
    }
}

fn preprocessed(page: &Shared, seen: Seen, duration_ms: Option<f64>) {
    seen_panel::show(&seen, duration_ms);
    let blank = matches!(seen, Seen::Blank);
    let page = &mut *page.borrow_mut();
    page.seen = Some(seen);
    page.picture = page.input;
    page.undecided = false;
    if blank {
        summary_panel::announce("");
        page.models.iter_mut().for_each(|(_, panel)| panel.clear());
        summary_panel::agree(&[], 0);
        seen_panel::judge(Verdict::Blank);
    }
}

/// Give the verdict once every network that is ready has answered, and say who agrees.
fn judge(page: &Shared) {
    let page = page.borrow();
    let ready = page.models.iter().filter(|(_, panel)| panel.card.is_some());
    let networks = ready.filter(|(name, _)| catalog::is_network(name));
    let answers: Option<Vec<_>> = networks
        .map(|(_, panel)| panel.answer_to(page.picture))
        .collect();
    if let Some(answers) = answers {
        seen_panel::judge(Verdict::of(&answers));
    }
    summary_panel::agree(&page.models, page.picture);
}

/// Nothing is under way; without a model the page is still loading.
fn rest(page: &Shared) {
    if page
        .borrow()
        .models
        .iter()
        .any(|(_, panel)| panel.card.is_some())
    {
        set_state("ready");
    }
    evaluation_panel::set_running(false);
}

fn finished(page: &Shared) {
    rest(page);
    let (task, number, seen) = {
        let page = page.borrow();
        (page.task, page.number, page.seen.clone())
    };
    if task == Task::Evaluate || !matches!(seen, Some(Seen::Garment { .. })) {
        return;
    }
    let picture = page.borrow().picture;
    summary_panel::announce_answers(&page.borrow().models, picture);
    if task == Task::Classify {
        let shared = Rc::clone(page);
        after(MEASURE_AFTER_MS, move || {
            if is_current(&shared, number) {
                benchmark(&shared);
            }
        });
    }
}
