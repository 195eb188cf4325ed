//! The safetensors files that models travel in: typed tensors by name, and the file's metadata.

mod builder;
mod element;
mod error;
mod reader;

pub use builder::{LateTensor, TensorFileBuilder, file_of_late_tensors};
pub use element::Element;
pub use error::WeightsError;
pub use reader::{Numbers, TensorFile};
