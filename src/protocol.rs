//! Everything that the page and its workers say to each other, as plain data.
//!
//! A picture has a number that only grows ([`PictureNumber`]); an answer carries the number of its picture. A
//! measurement or an evaluation has a number of its own ([`TaskNumber`]). So both sides recognize what is stale.
//! `web::wire` turns these types into what `postMessage` takes; `session` is tested on them without a browser.

mod helping;
mod inspection;
mod network;
mod seen;

pub use helping::{HelperRequest, HelperResponse};
pub use inspection::{
    Activations, Finding, Inspected, Inspection, InspectionNumber, MOST_CHANNELS, StepView,
};
pub use network::{Ready, SqueezedNetwork};
pub use seen::Seen;

use crate::card::WeightSet;
use crate::drawing::Levels;
use crate::image::GrayImage;
use crate::prediction::Prediction;
use crate::squeeze::{ImageSet, Score, Setting};
use crate::steps::Shot;
use crate::timing::{Latency, Thoroughness};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The number of a picture, from 1 in the order in which the visitor chose them.
pub type PictureNumber = u64;

/// The number of a measurement or an evaluation, from 1.
pub type TaskNumber = u64;

/// The number of a stop of the squeeze's dials, from 1 in the order in which they were chosen.
pub type StopNumber = u64;

/// From the page to the decoder: an image file as the visitor gave it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecodeRequest {
    /// The picture's number.
    pub number: PictureNumber,
    /// All bytes of the file.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// From the page to the worker, which loads the models without being asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// A drawing is the current picture: preprocess it, then as with [`Request::Show`].
    Draw {
        /// The picture's number.
        number: PictureNumber,
        /// The drawing.
        drawing: Levels,
    },
    /// A picture in the models' form is the current picture. Every model answers it and is timed for a few runs, now
    /// or as soon as it is loaded. A newer picture takes its place at once.
    Show {
        /// The picture's number.
        number: PictureNumber,
        /// The picture.
        image: GrayImage,
        /// Which of a model's weights answer it.
        set: WeightSet,
    },
    /// Measure models, one after the other, on the current picture; a newer picture ends it.
    Measure {
        /// The task's number.
        task: TaskNumber,
        /// A stop to measure first, with its network as trained.
        stop: Option<StopNumber>,
        /// Names of loaded models.
        models: Vec<String>,
    },
    /// Classify the first test images with some models. It goes on, a little slower, while pictures are answered.
    Evaluate {
        /// The task's number.
        task: TaskNumber,
        /// How many of the 10,000 images.
        images: usize,
        /// Names of loaded models.
        models: Vec<String>,
    },
    /// End a task, if it is under way.
    Cancel {
        /// The task's number.
        task: TaskNumber,
    },
    /// Squeeze a network that is loaded, let it answer the current picture and those that follow, and count what it
    /// gets right. A newer stop takes its place at once.
    Squeeze {
        /// The stop's number.
        stop: StopNumber,
        /// The network's name.
        model: String,
        /// How much.
        setting: Setting,
        /// What it is scored on.
        on: ImageSet,
    },
    /// Score the present stop on other images.
    Score {
        /// The stop's number.
        stop: StopNumber,
        /// The images.
        on: ImageSet,
    },
    /// Send the weights file of the squeezed network.
    SqueezedFile {
        /// The stop's number.
        stop: StopNumber,
    },
    /// Find out which network a weights file or packed bytes are of, and how it was squeezed.
    Recognize {
        /// The file, or the packed bytes.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// Look inside a model.
    Inspect(Box<Inspection>),
    /// Load a model that failed or stalled once more, now.
    Retry {
        /// The model's name.
        model: String,
    },
    /// The browser is online again: load everything that failed for want of a connection, now.
    Online,
    /// Say that this was heard.
    Ping,
}

/// From a worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// The program runs and hears.
    Started,
    /// The program ended, or could not be started.
    Crashed {
        /// What is known of the fault.
        message: String,
    },
    /// A model is on its way.
    Loading {
        /// Its name.
        model: String,
        /// Bytes that have arrived.
        received: usize,
        /// Bytes in all.
        total: usize,
    },
    /// Nothing of a model has arrived for a while; it is asked for again after a pause.
    Stalled {
        /// Its name.
        model: String,
        /// The pause before the next attempt, in milliseconds.
        retry_in_ms: u32,
    },
    /// A model is ready.
    Loaded(Box<Ready>),
    /// A model cannot be used; the others go on.
    LoadFailed {
        /// Its name.
        model: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// A drawing or a file was preprocessed.
    Preprocessed {
        /// The picture's number.
        number: PictureNumber,
        /// The result.
        seen: Seen,
        /// What each step made of it.
        shots: Vec<Shot>,
        /// Duration of decoding and preprocessing, in milliseconds.
        duration_ms: f64,
    },
    /// A picture cannot be used; the one before it stays.
    Refused {
        /// The picture's number.
        number: PictureNumber,
        /// What is wrong and what to do.
        message: String,
    },
    /// There is something to tell of a picture that is about to be seen.
    Noted {
        /// The picture's number.
        number: PictureNumber,
        /// What to tell the visitor.
        note: String,
    },
    /// A picture holds a network in a QR code, and is not to be seen itself.
    CodeFound {
        /// The picture's number.
        number: PictureNumber,
        /// The packed bytes, not read yet.
        #[serde(with = "serde_bytes")]
        packed: Vec<u8>,
    },
    /// A model answered.
    Predicted {
        /// The picture's number.
        number: PictureNumber,
        /// The model's name.
        model: String,
        /// Its answer.
        prediction: Prediction,
    },
    /// Every model that was loaded when the picture came has answered it and was timed for a few runs.
    Answered {
        /// The picture's number.
        number: PictureNumber,
    },
    /// A model was timed.
    Measured {
        /// The number of the picture that it was timed on.
        number: PictureNumber,
        /// The model's name.
        model: String,
        /// The figures.
        latency: Latency,
        /// A few runs, or the full measurement.
        thoroughness: Thoroughness,
    },
    /// Test images were classified.
    Evaluated {
        /// The task's number.
        task: TaskNumber,
        /// Images done.
        done: usize,
        /// Images in all.
        total: usize,
        /// For each model its name and the images it classified correctly.
        correct: Vec<(String, usize)>,
        /// The labels of the images since the report before.
        labels: ByteBuf,
        /// For each model its name and its answers to the same images.
        answers: Vec<(String, ByteBuf)>,
    },
    /// The worker hears: the answer to [`Request::Ping`].
    Alive,
    /// A task is complete.
    TaskFinished {
        /// The task's number.
        task: TaskNumber,
    },
    /// A task could not be done.
    TaskFailed {
        /// The task's number.
        task: TaskNumber,
        /// What is wrong and what to do.
        message: String,
    },
    /// A network was squeezed.
    Squeezed {
        /// The stop's number.
        stop: StopNumber,
        /// The network.
        network: Box<SqueezedNetwork>,
    },
    /// A squeezed network answered.
    SqueezedPredicted {
        /// The stop's number.
        stop: StopNumber,
        /// The picture's number.
        number: PictureNumber,
        /// Its answer.
        prediction: Prediction,
    },
    /// A squeezed network and the same as trained were measured, one after the other.
    SqueezedTimed {
        /// The stop's number.
        stop: StopNumber,
        /// The figures of both, squeezed and as trained.
        latencies: [Latency; 2],
    },
    /// The packed bytes were gzipped.
    SqueezedGzipped {
        /// The stop's number.
        stop: StopNumber,
        /// Bytes of the result.
        size_bytes: usize,
    },
    /// A squeezed network classified labelled images.
    SqueezedScored {
        /// The stop's number.
        stop: StopNumber,
        /// What it gets right so far.
        score: Score,
    },
    /// The weights file of a squeezed network.
    SqueezedFile {
        /// The stop's number.
        stop: StopNumber,
        /// The file's name.
        name: String,
        /// The file.
        #[serde(with = "serde_bytes")]
        bytes: Vec<u8>,
    },
    /// What every number of bits comes to without a cut.
    SqueezedSizes {
        /// The number of the stop whose network and scale they are of.
        stop: StopNumber,
        /// Bits for each weight, and bytes of what was packed.
        sizes: Vec<(u8, usize)>,
    },
    /// A weights file is of a squeezed network.
    Recognized {
        /// The network.
        model: String,
        /// How it was squeezed.
        setting: Setting,
    },
    /// A weights file is none that was squeezed here.
    NotRecognized {
        /// What is wrong and what to do.
        message: String,
    },
    /// Something was found by a look inside.
    Inspected {
        /// The number of the look.
        number: InspectionNumber,
        /// What was found.
        finding: Finding,
    },
    /// A squeezed network could not be scored.
    ScoreFailed {
        /// The stop's number.
        stop: StopNumber,
        /// The images.
        on: ImageSet,
        /// What is wrong and what to do.
        message: String,
    },
    /// A network could not be squeezed.
    SqueezeFailed {
        /// The stop's number.
        stop: StopNumber,
        /// What is wrong and what to do.
        message: String,
    },
}
