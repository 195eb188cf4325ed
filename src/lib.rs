//! Threadcount: how small can a clothing classifier get?
//!
//! A static page on which networks of very different size answer the same drawing at once, in the
//! browser, each with its parameter count and its measured time. This library is everything but the
//! programs in `bin/`: `threadcount` (native command line) and those of the page (wasm).
//!
//! ```text
//! file bytes --decode--> RgbaImage --preprocess--> GrayImage --normalize--> Features
//! IDX files --dataset--> GrayImage ------------------^                          |
//!                                                  Classifier (engine/, classical/, or network/ by Burn)
//!                                                                               v
//!                   page panels <--session-- protocol <-- Prediction <--softmax-- Logits
//! ```
//!
//! A module imports only modules that stand before it in the list below, and never in a circle; the leaves
//! `train` and `web` are imported by the programs in `bin/` alone. `tests/laws.rs` reads this order and holds every import to it.

// Pictures and classes.
pub mod image;
pub mod label;
pub mod plane;

// From a file or strokes to 28x28.
pub mod background;
pub mod mask;
pub mod contour;
pub mod holes;
pub mod outline;
pub mod preprocess;
pub mod steps;
pub mod drawing;
pub mod decode;
pub mod qr;

// What is read and written.
pub mod dataset;
pub mod tensor_file;
pub mod layer;
pub mod weights;
pub mod weave;

// What is said of an answer.
pub mod prediction;
pub mod appearance;
pub mod familiarity;
pub mod metrics;
pub mod timing;
pub mod arithmetic;
pub mod activation;
pub mod occlusion;
pub mod classifier;
pub mod calibration;
pub mod card;
pub mod results;

// What computes.
pub mod engine;
pub mod probe;
pub mod classical;
#[cfg(feature = "burn")]
pub mod network;
pub mod squeeze;

// All models, and texts about them.
pub mod catalog;
pub mod loader;
pub mod format;
pub mod report;
pub mod chart;
pub mod link;

// The page and the trainer.
pub mod protocol;
pub mod loading;
pub mod turns;
pub mod shares;
pub mod session;
#[cfg(feature = "cli")]
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod web;
