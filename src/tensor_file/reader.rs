//! A safetensors file, read tensor by tensor.
//!
//! A file comes from the network, so nothing in it is believed: a missing, unknown or wrongly shaped tensor,
//! another number type, and numbers that are not finite are errors that name the tensor.

use super::element::Element;
use super::error::WeightsError;
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

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
    pub fn integers<E: Element>(
        &self,
        name: &str,
        shape: &[usize],
    ) -> Result<Vec<E>, WeightsError> {
        Ok(self.each_integer(name, shape)?.collect())
    }

    /// The same numbers one after the other, without memory of their own.
    ///
    /// # Errors
    /// As [`TensorFile::integers`].
    pub fn each_integer<E: Element>(
        &self,
        name: &str,
        shape: &[usize],
    ) -> Result<impl Iterator<Item = E> + use<'a, E>, WeightsError> {
        let view = self.shaped(name, shape)?;
        if view.dtype() == E::DTYPE {
            return Ok(E::numbers(view.data()));
        }
        Err(WeightsError::Type {
            name: name.to_owned(),
            expected: format!("{:?}", E::DTYPE),
            found: format!("{:?}", view.dtype()),
        })
    }

    /// Expand a tensor of `f16` or `f32` to `f32`, in row-major order.
    ///
    /// # Errors
    /// [`WeightsError`] when it is missing, has another shape or holds a number that is not finite.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        Ok(finite(name, &self.shaped(name, shape)?)?.expanded())
    }

    /// The same numbers, read one at a time, without memory of their own.
    ///
    /// # Errors
    /// As [`TensorFile::floats`].
    pub fn floats_in_place(
        &self,
        name: &str,
        shape: &[usize],
    ) -> Result<Numbers<'a>, WeightsError> {
        finite(name, &self.shaped(name, shape)?)
    }

    /// Expand a tensor of `f16` or `f32` of any shape.
    ///
    /// # Errors
    /// As [`TensorFile::floats`].
    pub fn any_floats(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), WeightsError> {
        let view = self.view(name, &[])?;
        Ok((view.shape().to_vec(), finite(name, &view)?.expanded()))
    }

    /// The numbers of a tensor of any type that a model's file has, read one at a time.
    ///
    /// # Errors
    /// [`WeightsError`] when it is missing or of another type.
    pub fn numbers(&self, name: &str) -> Result<Numbers<'a>, WeightsError> {
        let view = self.view(name, &[])?;
        let (dtype, data) = (view.dtype(), view.data());
        if !matches!(
            dtype,
            Dtype::F16 | Dtype::F32 | Dtype::U8 | Dtype::I8 | Dtype::U16
        ) {
            return Err(WeightsError::Type {
                name: name.to_owned(),
                expected: String::from("F16, F32, U8, I8 or U16"),
                found: format!("{dtype:?}"),
            });
        }
        Ok(Numbers {
            shape: view.shape().to_vec(),
            dtype,
            data,
        })
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

/// The numbers of a tensor as the file has them; nothing is expanded.
#[derive(Debug)]
pub struct Numbers<'a> {
    shape: Vec<usize>,
    dtype: Dtype,
    data: &'a [u8],
}

impl Numbers<'_> {
    /// The tensor's shape.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at a place in row-major order.
    ///
    /// # Panics
    /// When the place lies outside.
    pub fn at(&self, index: usize) -> f32 {
        let pair = || [self.data[2 * index], self.data[2 * index + 1]];
        match self.dtype {
            Dtype::U8 => f32::from(self.data[index]),
            Dtype::I8 => f32::from(self.data[index] as i8),
            Dtype::U16 => f32::from(u16::from_le_bytes(pair())),
            Dtype::F16 => f16::from_le_bytes(pair()).to_f32(),
            _ => {
                let bytes = self.data[4 * index..][..4].try_into();
                f32::from_le_bytes(bytes.expect("four bytes"))
            }
        }
    }

    fn expanded(&self) -> Vec<f32> {
        (0..self.len()).map(|index| self.at(index)).collect()
    }
}

/// The numbers of a tensor of `f16` or `f32`, once all of them were found to be finite.
fn finite<'a>(name: &str, view: &TensorView<'a>) -> Result<Numbers<'a>, WeightsError> {
    let data = view.data();
    let infinite = match view.dtype() {
        Dtype::F16 => f16::numbers(data).position(|number| !number.is_finite()),
        Dtype::F32 => f32::numbers(data).position(|number| !number.is_finite()),
        other => {
            return Err(WeightsError::Type {
                name: name.to_owned(),
                expected: String::from("F16 or F32"),
                found: format!("{other:?}"),
            });
        }
    };
    let numbers = Numbers {
        shape: view.shape().to_vec(),
        dtype: view.dtype(),
        data,
    };
    match infinite {
        None => Ok(numbers),
        Some(index) => Err(WeightsError::NotFinite {
            name: name.to_owned(),
            index,
            found: numbers.at(index),
        }),
    }
}
