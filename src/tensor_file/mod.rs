//! The safetensors files that models travel in: typed tensors by name, and the file's metadata.

mod builder;
mod element;
mod error;
mod reader;

pub use builder::TensorFileBuilder;
pub use element::Element;
pub use error::WeightsError;
pub use reader::{Numbers, TensorFile};
