//! Everything that page and worker say to each other.

use crate::card::Summary;
use crate::image::{GrayImage, RgbaImage};
use crate::prediction::Prediction;
use crate::preprocess::Preprocessed;
use crate::timing::{Latency, Thoroughness};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// The number of a request; larger is newer, and makes answers to older ones stale.
pub type RequestNumber = u64;

/// A picture on its way to the models.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Picture {
    /// Pixels, such as a drawing.
    Rgba(RgbaImage),
    /// What is already in the models' form: of the data set, or preprocessed before.
    Prepared(GrayImage),
}

/// From the page to the decoder: an image file as the visitor gave it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecodeRequest {
    /// The request's number.
    pub number: RequestNumber,
    /// All bytes of the file.
    #[serde(with = "serde_bytes")]
    pub bytes: Vec<u8>,
}

/// From the page to the worker, which fetches the models without being asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// Classify a picture with every model and time a few runs.
    Classify {
        /// The request's number.
        number: RequestNumber,
        /// The picture.
        picture: Picture,
    },
    /// Measure every model on the current picture.
    Benchmark {
        /// The request's number.
        number: RequestNumber,
    },
    /// Classify test images with every model, until a newer picture arrives.
    Evaluate {
        /// The request's number.
        number: RequestNumber,
        /// How many of the 10,000 images.
        images: usize,
    },
    /// Stop what is under way.
    Stop {
        /// A number newer than all before.
        number: RequestNumber,
    },
}

/// What preprocessing made of a picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Seen {
    /// There is nothing in it.
    Blank,
    /// What the models see.
    Garment {
        /// The 28x28 picture.
        image: GrayImage,
        /// Whether an outline was filled.
        filled: bool,
    },
}

impl From<Preprocessed> for Seen {
    fn from(prepared: Preprocessed) -> Self {
        match prepared {
            Preprocessed::Blank => Self::Blank,
            Preprocessed::Garment { image, filled } => Self::Garment { image, filled },
        }
    }
}

/// A model that is ready.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ready {
    /// Its card, with the accuracy of what computes it here.
    pub card: Summary,
    /// Duration of its first, cold run, in milliseconds.
    pub cold_ms: f64,
    /// What computes, such as `relaxed SIMD`.
    pub path: String,
    /// Whether its pointwise layers are computed in integers.
    pub integers: bool,
    /// Memory of the worker's program, which never shrinks, in bytes.
    pub memory_bytes: usize,
}

/// From a worker to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Response {
    /// The worker's program hears.
    Started,
    /// A model is on its way.
    Loading {
        /// Its name.
        model: String,
        /// Bytes that have arrived.
        received: usize,
        /// Bytes in all.
        total: usize,
    },
    /// A model is ready.
    Loaded(Box<Ready>),
    /// A model could not be loaded; the others go on.
    LoadFailed {
        /// Its name.
        model: String,
        /// What is wrong and what to do.
        message: String,
    },
    /// A drawing or a file was preprocessed.
    Preprocessed {
        /// The request's number.
        number: RequestNumber,
        /// The result.
        seen: Seen,
        /// Duration of decoding and preprocessing, in milliseconds.
        duration_ms: f64,
    },
    /// A picture cannot be used; the one before it stays.
    Refused {
        /// The request's number.
        number: RequestNumber,
        /// What is wrong and what to do.
        message: String,
    },
    /// A model answered.
    Predicted {
        /// The request's number.
        number: RequestNumber,
        /// The model's name.
        model: String,
        /// Its answer.
        prediction: Prediction,
    },
    /// A model was timed.
    Measured {
        /// The request's number.
        number: RequestNumber,
        /// The model's name.
        model: String,
        /// The figures.
        latency: Latency,
        /// Quick, or the full measurement.
        thoroughness: Thoroughness,
    },
    /// Everything asked for about this picture is done.
    Finished {
        /// The request's number.
        number: RequestNumber,
    },
    /// Test images were classified.
    Evaluated {
        /// The request's number.
        number: RequestNumber,
        /// Images done.
        done: usize,
        /// Images in all.
        total: usize,
        /// For each model its name and the images it classified correctly.
        correct: Vec<(String, usize)>,
    },
    /// The worker's program ended by a fault.
    Crashed {
        /// What it said last.
        message: String,
    },
}

/// Turn a message into what `postMessage` takes.
///
/// # Panics
/// Never: messages are plain data.
pub fn encode(message: &impl Serialize) -> JsValue {
    let serializer =
        serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(false);
    message
        .serialize(&serializer)
        .expect("messages are plain data")
}

/// Read a message; `None` when it is none of ours, as browser extensions may post too.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    serde_wasm_bindgen::from_value(value).ok()
}
