//! What the worker and its helpers say to each other during an evaluation.

use crate::arithmetic::Arithmetic;
use crate::image::GrayImage;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// From the worker to a helper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HelperRequest {
    /// Make a model of its weights file.
    Load {
        /// The model's name.
        model: String,
        /// The file.
        bytes: ByteBuf,
        /// What the worker computes in where a layer has integers.
        arithmetic: Arithmetic,
    },
    /// Classify a block of images with every model.
    Classify {
        /// The block's number.
        block: usize,
        /// The images.
        images: Vec<GrayImage>,
    },
}

/// From a helper to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum HelperResponse {
    /// It hears.
    Started,
    /// A block was classified.
    Classified {
        /// The block's number.
        block: usize,
        /// For each model, in the order in which they were loaded, its answers to the images, 0 to 9.
        answers: Vec<ByteBuf>,
    },
    /// It stopped.
    Crashed {
        /// Why.
        message: String,
    },
}
