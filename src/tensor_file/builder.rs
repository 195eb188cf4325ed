//! A safetensors file, written tensor by tensor.

use super::element::Element;
use half::f16;
use safetensors::tensor::{Dtype, TensorView};
use std::collections::HashMap;

/// A safetensors file in the making.
#[derive(Debug, Default)]
pub struct TensorFileBuilder {
    tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)>,
    metadata: Option<(String, String)>,
}

impl TensorFileBuilder {
    /// Add a tensor in row-major order.
    pub fn tensor<E: Element>(mut self, name: &str, shape: &[usize], numbers: &[E]) -> Self {
        let mut bytes = Vec::with_capacity(size_of_val(numbers));
        for number in numbers {
            number.write(&mut bytes);
        }
        self.tensors
            .push((name.to_owned(), E::DTYPE, shape.to_vec(), bytes));
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
