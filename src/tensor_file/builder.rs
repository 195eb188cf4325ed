//! A safetensors file, written tensor by tensor.

use super::element::Element;
use half::f16;
use safetensors::tensor::{Dtype, TensorView, View};
use std::borrow::Cow;
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

/// A tensor of single precision whose numbers are computed when its place in the file has come.
pub struct LateTensor<'a> {
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers in row-major order, as many as the shape says.
    pub numbers: Box<dyn Fn() -> Box<dyn Iterator<Item = f32> + 'a> + 'a>,
}

/// The bytes of a file of such tensors, each with its name. Beside the file, no more than one of them takes memory.
///
/// # Panics
/// When a shape does not fit its numbers.
pub fn file_of_late_tensors(
    tensors: Vec<(String, LateTensor<'_>)>,
    [key, value]: [&str; 2],
) -> Vec<u8> {
    let metadata = HashMap::from([(key.to_owned(), value.to_owned())]);
    safetensors::serialize(tensors, Some(metadata)).expect("tensors in memory are serializable")
}

impl View for LateTensor<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let mut bytes = Vec::with_capacity(self.data_len());
        for number in (self.numbers)() {
            number.write(&mut bytes);
        }
        assert_eq!(bytes.len(), self.data_len(), "numbers as the shape says");
        Cow::Owned(bytes)
    }

    fn data_len(&self) -> usize {
        self.shape.iter().product::<usize>() * size_of::<f32>()
    }
}
