//! The worker: loads the models, answers pictures, measures, evaluates, squeezes and looks inside.
//!
//! One thread does everything but evaluations, which helpers share. Work is cut into slices of time, so that a newer
//! request is heard within a slice and one run of the slowest model; `crate::loading` and `crate::turns` choose what is
//! next, this folder does it. What it hears and
//! says is `crate::protocol`.

mod answering;
mod computing;
mod gzip;
mod helper;
mod helpers;
mod inspected;
mod inspecting;
mod scoring;
mod loading;
mod network;
mod recognizing;
mod squeezed;
mod squeezing;
mod state;
mod tasks;
mod timing;

pub use state::Load;

use super::scope;
use crate::arithmetic::Arithmetic;
use crate::catalog;
use crate::loader::{self, Loaded};
use crate::protocol::{Request, Response};
use squeezed::Wanted;
use state::Worker;
use std::rc::Rc;

/// Compile a network for the engine, or read a classical model.
///
/// # Errors
/// What is wrong with the bytes.
pub fn compile(
    name: &str,
    bytes: &[u8],
    fastest: &dyn Fn() -> Arithmetic,
) -> Result<Loaded, String> {
    loader::load(name, bytes, tasks::BATCH, fastest)
}

/// Fetch the models and listen for requests; the `main` of a worker program calls it once with its way to load
/// a model. A helper gets its models from the worker instead.
pub fn start(load: Load) {
    if scope::name() == helper::NAME {
        return helper::start(load);
    }
    let names = catalog::in_load_order().into_iter().map(|model| model.name);
    let worker = Worker::new(load, names);
    let hearer = Rc::clone(&worker);
    scope::start(move |request| handle(&hearer, request));
    worker.load_models();
}

fn handle(worker: &Rc<Worker>, request: Request) {
    match request {
        Request::Draw { number, drawing } => worker.draw(number, &drawing),
        Request::Show { number, image, set } => worker.show(number, &image, set),
        Request::Measure { task, stop, models } => worker.measure(task, stop, models),
        Request::Evaluate {
            task,
            images,
            models,
        } => worker.evaluate(task, images, models),
        Request::Cancel { task } => worker.cancel(task),
        Request::Squeeze {
            stop,
            model,
            setting,
            on,
        } => worker.squeeze(Wanted {
            stop,
            model,
            setting,
            on,
        }),
        Request::Score { stop, on } => worker.score(stop, on),
        Request::Recognize { bytes } => worker.recognize(&bytes),
        Request::SqueezedFile { stop } => worker.send_squeezed_file(stop),
        Request::Inspect(inspection) => worker.inspect(*inspection),
        Request::Retry { model } => {
            worker.loads.borrow_mut().retry(&model);
            worker.load_models();
        }
        Request::Ping => scope::post(&Response::Alive),
        Request::Online => {
            worker.loads.borrow_mut().online();
            worker.load_models();
        }
    }
}
