//! Weights as `squeeze` rounds them, for training that knows of it.

use crate::network::Network;
use crate::squeeze::round_row;
use burn::module::{ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};

/// The network with its weights rounded to codes of so many bits, one scale an output channel; without bits, as it is.
///
/// Batch norms and biases stay. A batch norm after a layer multiplies all weights of a channel alike, so its codes are
/// those of the folded weights too.
pub(super) fn rounded<N: Network>(network: N, bits: Option<u8>) -> N {
    match bits {
        Some(bits) => network.map(&mut Rounder { bits }),
        None => network,
    }
}

struct Rounder {
    bits: u8,
}

impl ModuleMapper for Rounder {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if D == 1 {
            return param;
        }
        param.map(|tensor| {
            let (device, grad) = (tensor.device(), tensor.is_require_grad());
            let shape = tensor.dims();
            // A dense layer's weights, the only ones of two dimensions, are stored with output channels last.
            let channels = shape[usize::from(D == 2)];
            let data = tensor.into_data();
            let mut values: Vec<f32> = data.try_to_vec().expect("networks are f32");
            let each = values.len() / channels;
            for channel in 0..channels {
                let at = |i: usize| {
                    if D == 2 {
                        i * channels + channel
                    } else {
                        channel * each + i
                    }
                };
                let mut row: Vec<f32> = (0..each).map(|i| values[at(i)]).collect();
                round_row(&mut row, self.bits);
                for (i, value) in row.into_iter().enumerate() {
                    values[at(i)] = value;
                }
            }
            Tensor::from_data(TensorData::new(values, shape), &device).set_require_grad(grad)
        })
    }
}
