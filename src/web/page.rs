//! The page as a whole: one number for the current picture, one worker, and the panels between.

use super::drawing_panel::DrawingPanel;
use super::model_panel::{Input, ModelPanel};
use super::protocol::{self, Picture, Request, RequestNumber, Response, Seen};
use super::upload_panel::{self, Upload};
use super::{after, by_id, claims_panel, document, engine_panel, evaluation_panel, listen};
use super::{samples_panel, scatter_panel, seen_panel, set, summary_panel, table_panel};
use crate::prediction::Verdict;
use crate::report::{CLASSICAL, NETWORKS};
use crate::timing::Thoroughness;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Event, HtmlElement, MessageEvent, Worker};

/// Without input for so long, the full measurement starts by itself, in milliseconds.
const MEASURE_AFTER_MS: i32 = 2000;
/// Changes of a drawing within this time are sent as one, in milliseconds.
const DEBOUNCE_MS: i32 = 40;
/// A worker that is silent for so long did not start, in milliseconds.
const START_LIMIT_MS: i32 = 20_000;

struct Page {
    worker: Option<Worker>,
    started: bool,
    /// The newest request.
    number: RequestNumber,
    /// The number of the current picture: the hook `data-input`.
    input: Input,
    /// The number of the picture that the networks see; older than `input` when that was refused.
    picture: Input,
    /// What the worker is told first once it has started.
    pending: Option<Request>,
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
    let models = NETWORKS
        .iter()
        .chain(&CLASSICAL)
        .map(|name| ((*name).to_owned(), ModelPanel::new(name)))
        .collect();
    table_panel::start();
    scatter_panel::start();
    let page: Shared = Rc::new(RefCell::new(Page {
        worker: None,
        started: false,
        number: 0,
        input: 0,
        picture: 0,
        pending: None,
        seen: None,
        models,
        waiting: None,
        task: Task::Classify,
    }));
    set(&body(), "data-input", "0");
    seen_panel::judge(Verdict::Blank);
    start_worker(&page);
    let shared = Rc::clone(&page);
    DrawingPanel::new(move |drawing| submit_soon(&shared, Picture::Rgba(drawing)));
    let shared = Rc::clone(&page);
    upload_panel::start(move |upload| match upload {
        Upload::File(bytes, note) => {
            submit(&shared, Picture::File(bytes));
            tell(&note);
        }
        Upload::Refusal(text) => tell(&text),
    });
    let shared = Rc::clone(&page);
    samples_panel::start(
        move |image| submit(&shared, Picture::Sample(image)),
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
            folder: address("data/"),
            images,
        });
    });
    let shared = Rc::clone(&page);
    listen(&by_id("evaluation-cancel"), "click", move |_: Event| {
        ask(&shared, Task::Evaluate, |number| Request::Stop { number });
        rest(&shared);
    });
    listen(&by_id("message-close"), "click", move |_: Event| tell(""));
    let shared = Rc::clone(&page);
    engine_panel::start(move || restart(&shared));
}

/// Put another worker in the place of the current one; the picture stays.
fn restart(page: &Shared) {
    {
        let page = &mut *page.borrow_mut();
        if let Some(worker) = page.worker.take() {
            worker.terminate();
        }
        page.started = false;
        page.number += 1;
        page.models.iter_mut().for_each(|(_, panel)| panel.unload());
    }
    set_state("loading");
    evaluation_panel::set_running(false);
    start_worker(page);
}

fn body() -> HtmlElement {
    document().body().expect("a page has a body")
}

fn set_state(state: &str) {
    set(&body(), "data-state", state);
}

/// Show a message until the next picture or until it is closed; an empty one hides it.
fn tell(text: &str) {
    by_id::<HtmlElement>("message-text").set_inner_text(text);
    by_id::<HtmlElement>("message").set_hidden(text.is_empty());
}

/// The absolute address of a file beside the page.
fn address(path: &str) -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    web_sys::Url::new_with_base(path, &base).map_or_else(|_| path.to_owned(), |url| url.href())
}

fn start_worker(page: &Shared) {
    let Ok(worker) = Worker::new(engine_panel::chosen_loader()) else {
        return worker_failed("This browser does not allow workers here");
    };
    let shared = Rc::clone(page);
    listen(&worker, "message", move |event: MessageEvent| {
        if let Some(response) = protocol::decode::<Response>(event.data()) {
            receive(&shared, response);
        }
    });
    listen(&worker, "error", move |event: Event| {
        event.prevent_default();
        worker_failed("The part of the page that computes could not be loaded");
    });
    page.borrow_mut().worker = Some(worker);
    let shared = Rc::clone(page);
    after(START_LIMIT_MS, move || {
        if !shared.borrow().started {
            worker_failed("The part of the page that computes has not started yet");
        }
    });
}

fn worker_failed(problem: &str) {
    set_state("error");
    tell(&format!(
        "{problem}. Check the connection and reload the page; your drawing stays until then."
    ));
}

fn post(page: &Shared, request: Request) {
    let page = &mut *page.borrow_mut();
    match &page.worker {
        // Messages are plain data, which can always be posted.
        Some(worker) if page.started => drop(worker.post_message(&protocol::encode(&request))),
        // A message to a worker that has not started would be lost; the newest one matters.
        _ => page.pending = Some(request),
    }
}

/// Send a request under the next number, which makes older answers stale.
fn ask(page: &Shared, task: Task, request: impl FnOnce(RequestNumber) -> Request) {
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
    post(page, request(number));
}

/// Classify a picture now.
fn submit(page: &Shared, picture: Picture) {
    tell("");
    let input = {
        let page = &mut *page.borrow_mut();
        page.waiting = None;
        page.input += 1;
        page.input
    };
    set(&body(), "data-input", &input.to_string());
    classify(page, picture);
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
        Response::Started => {
            let pending = {
                let page = &mut *page.borrow_mut();
                page.started = true;
                page.pending.take()
            };
            let folder = address("models/");
            post(page, Request::Load { folder });
            if let Some(request) = pending {
                post(page, request);
            }
        }
        Response::Loading {
            model,
            received,
            total,
        } => {
            with_model(page, &model, |panel| panel.loading(received, total));
        }
        Response::Loaded {
            card,
            cold_ms,
            path,
            memory_bytes,
        } => {
            engine_panel::show(&path, memory_bytes);
            let name = card.name.clone();
            claims_panel::show(&card);
            with_model(page, &name, |panel| panel.loaded(*card, cold_ms));
            scatter_panel::draw();
            set_state("ready");
            again(page);
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
            worker_failed(&format!("The models stopped working ({message})"));
        }
        Response::Refused { number, message } if is_current(page, number) => {
            tell(&message);
            rest(page);
        }
        Response::Preprocessed {
            number,
            seen,
            duration_ms,
        } if is_current(page, number) => {
            preprocessed(page, seen, duration_ms);
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

/// A model has arrived: let it answer the current picture too.
fn again(page: &Shared) {
    let seen = page.borrow().seen.clone();
    if let Some(Seen::Garment { image, .. }) = seen {
        classify(page, Picture::Sample(image));
    }
}

fn preprocessed(page: &Shared, seen: Seen, duration_ms: f64) {
    seen_panel::show(&seen, duration_ms);
    let blank = matches!(seen, Seen::Blank);
    let page = &mut *page.borrow_mut();
    page.seen = Some(seen);
    page.picture = page.input;
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
    let networks = ready.filter(|(name, _)| NETWORKS.contains(&name.as_str()));
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
    {
        let page = page.borrow();
        summary_panel::announce_answers(&page.models, page.picture);
    }
    if task == Task::Classify {
        let shared = Rc::clone(page);
        after(MEASURE_AFTER_MS, move || {
            if is_current(&shared, number) {
                benchmark(&shared);
            }
        });
    }
}
