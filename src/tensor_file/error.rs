//! Why a model's file was refused.

/// Why a model's file was refused.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// The bytes are not a complete safetensors file.
    #[error("the weights are not a complete safetensors file: {0}")]
    Format(String),
    /// The model has a tensor that the file lacks.
    #[error("the weights lack the tensor {name} of shape {expected:?}")]
    Missing {
        /// Its name.
        name: String,
        /// Its shape in the model.
        expected: Vec<usize>,
    },
    /// The file has a tensor that the model lacks.
    #[error("the weights have a tensor {0} that the model does not know")]
    Unknown(String),
    /// The file does not describe its network.
    #[error("the weights file has no readable list of layers: {0}")]
    Layers(String),
    /// The file is of another model, or of another version of the format.
    #[error("the file's {key} is {found}, expected {expected}")]
    Metadata {
        /// What the file says something else of.
        key: &'static str,
        /// What this program reads.
        expected: String,
        /// What the file says.
        found: String,
    },
    /// A tensor has another shape than in the model.
    #[error("tensor {name} has shape {found:?}, expected {expected:?}")]
    Shape {
        /// Its name.
        name: String,
        /// Its shape in the model.
        expected: Vec<usize>,
        /// Its shape in the file.
        found: Vec<usize>,
    },
    /// A tensor has another number type than in the model.
    #[error("tensor {name} is stored as {found}, expected {expected}")]
    Type {
        /// Its name.
        name: String,
        /// Number types that the model reads.
        expected: String,
        /// Number type in the file.
        found: String,
    },
    /// A tensor holds a number that is NaN or infinite.
    #[error("tensor {name} holds {found} at index {index}, expected finite numbers")]
    NotFinite {
        /// Its name.
        name: String,
        /// Position in the tensor.
        index: usize,
        /// The number.
        found: f32,
    },
    /// The numbers of a tensor cannot be what they stand for.
    #[error("tensor {name} {reason}")]
    Content {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
}
