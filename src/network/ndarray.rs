//! Burn's `ndarray` backend, the reference backend of this project. No other file uses its types.
//!
//! Upstream deprecates `burn-ndarray`. A move to another backend changes this file and the name that
//! `train::fused::backend` gives to Burn's dispatch.

#![allow(deprecated)] // The whole crate burn-ndarray is marked as deprecated.

use burn::tensor::Device;

/// The reference device.
pub fn device() -> Device {
    Device::ndarray()
}

#[cfg(feature = "cli")]
pub use storage::{ReferenceBackend, ReferenceTensor, tensor, values};

/// What the trainer's kernels need: slices instead of tensors.
#[cfg(feature = "cli")]
mod storage {
    use burn::tensor::{Shape, TensorData};
    use std::borrow::Cow;

    /// The backend that the trainer's kernels are registered for.
    pub type ReferenceBackend = burn::backend::NdArray;
    /// A tensor of the backend, without autodiff.
    pub type ReferenceTensor = burn_ndarray::NdArrayTensor;

    /// The values of a tensor in row-major order, copied only when the tensor stores them in another one.
    ///
    /// # Panics
    /// When the tensor is not of `f32`, which all networks are.
    pub fn values(tensor: &ReferenceTensor) -> Cow<'_, [f32]> {
        let ReferenceTensor::F32(storage) = tensor else {
            unreachable!("networks are f32")
        };
        let view = storage.view();
        match view.to_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(view.iter().copied().collect()),
        }
    }

    /// A tensor of values in row-major order.
    ///
    /// # Panics
    /// When there are more or fewer values than the shape holds.
    pub fn tensor(values: Vec<f32>, shape: impl Into<Shape>) -> ReferenceTensor {
        ReferenceTensor::from_data(TensorData::new(values, shape))
    }
}
