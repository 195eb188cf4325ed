//! The page as a whole: one number for the current picture, one worker, and the panels between.

use super::drawing_panel::DrawingPanel;
use super::model_panel::{ModelPanel, milliseconds};
use super::protocol::{self, Input, MODELS, Picture, Request, Response, Seen};
use super::upload_panel::{self, Upload};
use super::{after, by_id, document, evaluation_panel, listen, samples_panel, seen_panel, set};
use crate::prediction::Verdict;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Event, HtmlElement, MessageEvent, Worker};

/// The worker's loader, made by Trunk.
const WORKER: &str = "./worker_loader.js";
/// Without input for so long, the full measurement starts by itself, in milliseconds.
const MEASURE_AFTER_MS: i32 = 2000;
/// Changes of a drawing within this time are sent as one, in milliseconds.
const DEBOUNCE_MS: i32 = 40;
/// A worker that is silent for so long did not start, in milliseconds.
const START_LIMIT_MS: i32 = 20_000;

struct Page {
    worker: Option<Worker>,
    started: bool,
    input: Input,
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
    let models = MODELS
        .iter()
        .rev()
        .map(|name| ((*name).to_owned(), ModelPanel::new(name)))
        .collect();
    let page: Shared = Rc::new(RefCell::new(Page {
        worker: None,
        started: false,
        input: 0,
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
        ask(&shared, Task::Evaluate, |input| Request::Evaluate {
            input,
            folder: address("data/"),
            images,
        });
        evaluation_panel::set_running(true);
    });
    let shared = Rc::clone(&page);
    listen(&by_id("evaluation-cancel"), "click", move |_: Event| {
        ask(&shared, Task::Evaluate, |input| Request::Stop { input });
        rest();
    });
    listen(&by_id("message-close"), "click", move |_: Event| tell(""));
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
    let Ok(worker) = Worker::new(WORKER) else {
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

fn post(page: &Shared, request: &Request) {
    if let Some(worker) = &page.borrow().worker {
        // Messages are plain data, which can always be posted.
        let _ = worker.post_message(&protocol::encode(request));
    }
}

/// Send a request under the next number, which makes older answers stale.
fn ask(page: &Shared, task: Task, request: impl FnOnce(Input) -> Request) {
    let input = {
        let page = &mut *page.borrow_mut();
        page.input += 1;
        page.task = task;
        page.input
    };
    set(&body(), "data-input", &input.to_string());
    if body().get_attribute("data-state").as_deref() != Some("loading") {
        set_state("busy");
    }
    evaluation_panel::set_running(false);
    post(page, &request(input));
}

/// Classify a picture now.
fn submit(page: &Shared, picture: Picture) {
    tell("");
    page.borrow_mut().waiting = None;
    ask(page, Task::Classify, |input| Request::Classify {
        input,
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
        ask(page, Task::Benchmark, |input| Request::Benchmark { input });
    } else {
        tell("There is nothing to measure on yet: draw or choose a garment first.");
    }
}

fn receive(page: &Shared, response: Response) {
    match response {
        Response::Started => {
            page.borrow_mut().started = true;
            post(
                page,
                &Request::Load {
                    folder: address("models/"),
                },
            );
        }
        Response::Loading {
            model,
            received,
            total,
        } => {
            with_model(page, &model, |panel| panel.loading(received, total));
        }
        Response::Loaded { card, cold_ms } => {
            let name = card.name.clone();
            with_model(page, &name, |panel| panel.loaded(*card, cold_ms));
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
        Response::Refused { input, message } if is_current(page, input) => {
            tell(&message);
            rest();
        }
        Response::Preprocessed {
            input,
            seen,
            duration_ms,
        } if is_current(page, input) => {
            preprocessed(page, seen, duration_ms);
        }
        Response::Predicted {
            input,
            model,
            prediction,
        } if is_current(page, input) => {
            with_model(page, &model, |panel| panel.predicted(input, prediction));
            judge(page, input);
        }
        Response::Measured {
            input,
            model,
            latency,
            thoroughness,
        } if is_current(page, input) => {
            with_model(page, &model, |panel| panel.measured(latency, thoroughness));
            compare(page);
        }
        Response::Evaluated { input, .. } if is_current(page, input) => {
            evaluation_panel::show(&response);
        }
        Response::Finished { input } if is_current(page, input) => finished(page),
        // An answer to an older picture.
        _ => {}
    }
}

fn is_current(page: &Shared, input: Input) -> bool {
    page.borrow().input == input
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
        ask(page, Task::Classify, |input| Request::Classify {
            input,
            picture: Picture::Sample(image),
        });
    }
}

fn preprocessed(page: &Shared, seen: Seen, duration_ms: f64) {
    seen_panel::show(&seen, duration_ms);
    let blank = matches!(seen, Seen::Blank);
    let page = &mut *page.borrow_mut();
    page.seen = Some(seen);
    if blank {
        announce("");
        page.models.iter_mut().for_each(|(_, panel)| panel.clear());
        seen_panel::judge(Verdict::Blank);
    }
}

/// Give the verdict once every model that is ready has answered.
fn judge(page: &Shared, input: Input) {
    let page = page.borrow();
    let ready = page.models.iter().filter(|(_, panel)| panel.card.is_some());
    let answers: Option<Vec<_>> = ready.map(|(_, panel)| panel.answer_to(input)).collect();
    if let Some(answers) = answers {
        seen_panel::judge(Verdict::of(&answers));
    }
}

/// Nothing is under way.
fn rest() {
    set_state("ready");
    evaluation_panel::set_running(false);
}

fn finished(page: &Shared) {
    rest();
    let (task, input, seen) = {
        let page = page.borrow();
        (page.task, page.input, page.seen.clone())
    };
    if task == Task::Evaluate || !matches!(seen, Some(Seen::Garment { .. })) {
        return;
    }
    announce_answers(page);
    if task == Task::Classify {
        let shared = Rc::clone(page);
        after(MEASURE_AFTER_MS, move || {
            if is_current(&shared, input) {
                benchmark(&shared);
            }
        });
    }
}

fn announce(text: &str) {
    let live: HtmlElement = by_id("announcement");
    if live.inner_text() != text {
        live.set_inner_text(text);
    }
}

fn announce_answers(page: &Shared) {
    let answers: Vec<String> = page
        .borrow()
        .models
        .iter()
        .filter_map(|(name, panel)| {
            let prediction = panel.answer_to(page.borrow().input)?;
            let confidence = prediction.confidence() * 100.0;
            Some(format!(
                "{name}: {}, {confidence:.0} %",
                prediction.label().name()
            ))
        })
        .collect();
    announce(&answers.join("; "));
}

/// One sentence that compares the two networks, from cards and measurements alone.
fn compare(page: &Shared) {
    let page = page.borrow();
    let find = |name: &str| {
        page.models
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, panel)| panel)
    };
    let (Some(large), Some(small)) = (find("baseline"), find("lightweight")) else {
        return;
    };
    let (Some(large_card), Some(small_card)) = (&large.card, &small.card) else {
        return;
    };
    let (Some(large_time), Some(small_time)) = (large.latency, small.latency) else {
        return;
    };
    let fewer = large_card.parameters as f64 / small_card.parameters as f64;
    let faster = large_time.median_ms / small_time.median_ms;
    let accuracy = match (large_card.accuracy.test, small_card.accuracy.test) {
        (Some(large), Some(small)) if large >= small => {
            format!(
                ", {:.1} points less accurate on the test images",
                (large - small) * 100.0
            )
        }
        (Some(large), Some(small)) => {
            format!(
                ", {:.1} points more accurate on the test images",
                (small - large) * 100.0
            )
        }
        _ => String::new(),
    };
    let speed = if faster >= 1.0 {
        format!("{faster:.1}x faster")
    } else {
        format!("{:.1}x slower", 1.0 / faster)
    };
    let text = format!(
        "Compared with baseline, lightweight has {fewer:.1}x fewer parameters and is {speed} in this browser \
         ({} against {}){accuracy}.",
        milliseconds(small_time.median_ms),
        milliseconds(large_time.median_ms),
    );
    by_id::<HtmlElement>("comparison").set_inner_text(&text);
}
