//! The safetensors files that models travel in: typed tensors by name, and what the file says of itself.
//!
//! A file comes from the network, so nothing in it is believed: a missing, unknown or wrongly shaped
//! tensor, another number type, and numbers that are not finite are errors that name the tensor.

use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

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

/// A number that a tensor's bytes can be made of.
pub trait Number: Copy {
    /// Its number type in a file.
    const DTYPE: Dtype;
    /// Read all numbers from little-endian bytes.
    fn read(bytes: &[u8]) -> Vec<Self>;
    /// Append little-endian bytes.
    fn write(self, bytes: &mut Vec<u8>);
}

macro_rules! number {
    ($type:ty, $dtype:ident) => {
        impl Number for $type {
            const DTYPE: Dtype = Dtype::$dtype;
            fn read(bytes: &[u8]) -> Vec<Self> {
                let (numbers, _) = bytes.as_chunks::<{ size_of::<$type>() }>();
                numbers.iter().map(|n| <$type>::from_le_bytes(*n)).collect()
            }
            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
        }
    };
}
number!(u8, U8);
number!(i8, I8);
number!(u16, U16);
number!(f16, F16);
number!(f32, F32);

/// A safetensors file whose tensors are read one at a time, as they are asked for.
#[derive(Debug)]
pub struct TensorFile<'a> {
    tensors: SafeTensors<'a>,
    metadata: HashMap<String, String>,
    unread: RefCell<BTreeSet<String>>,
}

impl<'a> TensorFile<'a> {
    /// Parse the file's header.
    ///
    /// # Errors
    /// [`WeightsError::Format`] for bytes that are not a complete safetensors file.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, WeightsError> {
        let format = |e: safetensors::SafeTensorError| WeightsError::Format(e.to_string());
        let tensors = SafeTensors::deserialize(bytes).map_err(format)?;
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(format)?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let unread = RefCell::new(tensors.names().into_iter().map(ToOwned::to_owned).collect());
        Ok(Self {
            tensors,
            metadata,
            unread,
        })
    }

    /// What the file says of itself under a key.
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    /// Check what the file says of itself.
    ///
    /// # Errors
    /// [`WeightsError::Metadata`].
    pub fn expect(&self, key: &'static str, expected: &str) -> Result<(), WeightsError> {
        match self.metadata(key) {
            Some(found) if found == expected => Ok(()),
            found => Err(WeightsError::Metadata {
                key,
                expected: expected.to_owned(),
                found: found.unwrap_or("missing").to_owned(),
            }),
        }
    }

    /// The names of all tensors.
    pub fn names(&self) -> Vec<&str> {
        self.tensors.names()
    }

    fn view(&self, name: &str, expected: &[usize]) -> Result<TensorView<'a>, WeightsError> {
        self.unread.borrow_mut().remove(name);
        self.tensors.tensor(name).map_err(|_| {
            let (name, expected) = (name.to_owned(), expected.to_vec());
            WeightsError::Missing { name, expected }
        })
    }

    /// The shape of a tensor whose number of dimensions is known.
    ///
    /// # Errors
    /// [`WeightsError`] when the tensor is missing or has more or fewer dimensions.
    pub fn shape<const D: usize>(&self, name: &str) -> Result<[usize; D], WeightsError> {
        let view = self.view(name, &[])?;
        let shape = view.shape();
        shape.try_into().map_err(|_| WeightsError::Content {
            name: name.to_owned(),
            reason: format!("has shape {shape:?}, expected {D} dimensions"),
        })
    }

    fn shaped(&self, name: &str, shape: &[usize]) -> Result<TensorView<'a>, WeightsError> {
        let view = self.view(name, shape)?;
        if view.shape() == shape {
            return Ok(view);
        }
        Err(WeightsError::Shape {
            name: name.to_owned(),
            expected: shape.to_vec(),
            found: view.shape().to_vec(),
        })
    }

    /// Read a tensor of integers, in row-major order.
    ///
    /// # Errors
    /// [`WeightsError`] when it is missing, or has another shape or number type.
    pub fn integers<N: Number>(&self, name: &str, shape: &[usize]) -> Result<Vec<N>, WeightsError> {
        let view = self.shaped(name, shape)?;
        if view.dtype() == N::DTYPE {
            return Ok(N::read(view.data()));
        }
        Err(WeightsError::Type {
            name: name.to_owned(),
            expected: format!("{:?}", N::DTYPE),
            found: format!("{:?}", view.dtype()),
        })
    }

    /// Expand a tensor of `f16` or `f32` to `f32`, in row-major order.
    ///
    /// # Errors
    /// [`WeightsError`] when it is missing, has another shape or holds a number that is not finite.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        expand(name, &self.shaped(name, shape)?)
    }

    /// Expand a tensor of `f16` or `f32` of any shape.
    ///
    /// # Errors
    /// As [`TensorFile::floats`].
    pub fn any_floats(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), WeightsError> {
        let view = self.view(name, &[])?;
        Ok((view.shape().to_vec(), expand(name, &view)?))
    }

    /// Check that every tensor was asked for.
    ///
    /// # Errors
    /// [`WeightsError::Unknown`] naming one that was not.
    pub fn refuse_unread(&self) -> Result<(), WeightsError> {
        match self.unread.borrow().first() {
            Some(name) => Err(WeightsError::Unknown(name.clone())),
            None => Ok(()),
        }
    }
}

fn expand(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, WeightsError> {
    let values: Vec<f32> = match view.dtype() {
        Dtype::F16 => f16::read(view.data())
            .into_iter()
            .map(f16::to_f32)
            .collect(),
        Dtype::F32 => f32::read(view.data()),
        other => {
            return Err(WeightsError::Type {
                name: name.to_owned(),
                expected: String::from("F16 or F32"),
                found: format!("{other:?}"),
            });
        }
    };
    if let Some(index) = values.iter().position(|v| !v.is_finite()) {
        return Err(WeightsError::NotFinite {
            name: name.to_owned(),
            index,
            found: values[index],
        });
    }
    Ok(values)
}

/// A safetensors file in the making.
#[derive(Debug, Default)]
pub struct TensorFileBuilder {
    tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)>,
    metadata: Option<(String, String)>,
}

impl TensorFileBuilder {
    /// Add a tensor in row-major order.
    pub fn tensor<N: Number>(mut self, name: &str, shape: &[usize], numbers: &[N]) -> Self {
        let mut bytes = Vec::with_capacity(size_of_val(numbers));
        for number in numbers {
            number.write(&mut bytes);
        }
        self.tensors
            .push((name.to_owned(), N::DTYPE, shape.to_vec(), bytes));
        self
    }

    /// Add a tensor, rounded to half precision.
    pub fn halves(self, name: &str, shape: &[usize], numbers: &[f32]) -> Self {
        let halves: Vec<f16> = numbers.iter().copied().map(f16::from_f32).collect();
        self.tensor(name, shape, &halves)
    }

    /// Let the file say one thing of itself; with more, the order of a file's bytes would be left to chance.
    pub fn metadata(mut self, key: &str, value: &str) -> Self {
        self.metadata = Some((key.to_owned(), value.to_owned()));
        self
    }

    /// The file's bytes.
    ///
    /// # Panics
    /// When a shape does not fit its numbers.
    pub fn to_bytes(&self) -> Vec<u8> {
        let views = self.tensors.iter().map(|(name, dtype, shape, bytes)| {
            let view = TensorView::new(*dtype, shape.clone(), bytes)
                .expect("as many numbers as the shape says");
            (name, view)
        });
        let metadata = self.metadata.clone().map(|pair| HashMap::from([pair]));
        safetensors::serialize(views, metadata).expect("tensors in memory are serializable")
    }
}
