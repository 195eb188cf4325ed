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
//!                              page panels <--protocol-- Prediction <--softmax-- Logits
//! ```
//!
//! Imports point from right to left. Nobody imports the leaves `web`, `train` and `bin`.
//! `tests/laws.rs` checks these rules.

pub mod calibration;
pub mod card;
pub mod classical;
pub mod classifier;
pub mod dataset;
pub mod decode;
pub mod drawing;
pub mod engine;
pub mod image;
pub mod label;
pub mod layer;
pub mod metrics;
#[cfg(feature = "burn")]
pub mod network;
pub mod outline;
pub mod plane;
pub mod prediction;
pub mod preprocess;
pub mod protocol;
pub mod report;
pub mod tensor_file;
pub mod timing;
#[cfg(feature = "cli")]
pub mod train;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod weights;
