//! A safetensors file, written tensor by tensor.

use super::element::Element;
use half::f16;
use safetensors::tensor::{Dtype, View};
use std::borrow::Cow;
use std::collections::HashMap;

/// A safetensors file in the making.
#[derive(Default)]
pub struct TensorFileBuilder<'a> {
    tensors: Vec<(String, Tensor<'a>)>,
    metadata: Option<(String, String)>,
}

struct Tensor<'a> {
    dtype: Dtype,
    shape: Vec<usize>,
    content: Content<'a>,
}

enum Content<'a> {
    Bytes(Vec<u8>),
    /// The number at each position in row-major order.
    Computed(Box<dyn Fn(usize) -> f32 + 'a>),
}

impl<'a> TensorFileBuilder<'a> {
    /// Add a tensor in row-major order.
    pub fn tensor<E: Element>(self, name: &str, shape: &[usize], numbers: &[E]) -> Self {
        let mut bytes = Vec::with_capacity(size_of_val(numbers));
        for number in numbers {
            number.write(&mut bytes);
        }
        self.add(name, E::DTYPE, shape, Content::Bytes(bytes))
    }

    /// Add a tensor of single precision whose numbers are computed when its place in the file has come: no more than
    /// one such tensor takes memory beside the file.
    pub fn computed(self, name: &str, shape: &[usize], number: impl Fn(usize) -> f32 + 'a) -> Self {
        self.add(name, Dtype::F32, shape, Content::Computed(Box::new(number)))
    }

    /// Add a tensor, rounded to half precision.
    pub fn halves(self, name: &str, shape: &[usize], numbers: &[f32]) -> Self {
        let halves: Vec<f16> = numbers.iter().copied().map(f16::from_f32).collect();
        self.tensor(name, shape, &halves)
    }

    fn add(mut self, name: &str, dtype: Dtype, shape: &[usize], content: Content<'a>) -> Self {
        let shape = shape.to_vec();
        let tensor = Tensor {
            dtype,
            shape,
            content,
        };
        self.tensors.push((name.to_owned(), tensor));
        self
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
        let tensors = self.tensors.iter().map(|(name, tensor)| (name, tensor));
        let metadata = self.metadata.clone().map(|pair| HashMap::from([pair]));
        safetensors::serialize(tensors, metadata).expect("tensors in memory are serializable")
    }
}

impl View for &Tensor<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        match &self.content {
            Content::Bytes(bytes) => {
                assert_eq!(bytes.len(), self.data_len(), "numbers as the shape says");
                Cow::Borrowed(bytes)
            }
            Content::Computed(number) => {
                let mut bytes = Vec::with_capacity(self.data_len());
                for position in 0..self.shape.iter().product() {
                    number(position).write(&mut bytes);
                }
                Cow::Owned(bytes)
            }
        }
    }

    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * self.dtype.bitsize() / 8
    }
}
