//! Weights as `squeeze` rounds them, for training that knows of it.

use crate::card::Recipe;
use crate::network::Network;
use crate::squeeze::{ALL_DIGITS, round_offsets, round_row};
use burn::module::{ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};

/// The network with its weights rounded to codes of the recipe's bits, one scale an output channel; without bits, as it
/// is.
///
/// Without `scale_digits`, batch norms and biases stay; with them, there are no batch norms, and biases are rounded too.
/// A batch norm after a layer multiplies all weights of a channel alike, so its codes are
/// those of the folded weights too.
pub(super) fn quantized<N: Network>(network: N, recipe: &Recipe) -> N {
    match recipe.weight_bits {
        Some(bits) => network.map(&mut Rounder {
            bits,
            digits: recipe.scale_digits,
        }),
        None => network,
    }
}

struct Rounder {
    bits: u8,
    digits: Option<u32>,
}

impl ModuleMapper for Rounder {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if D == 1 && self.digits.is_none() {
            return param;
        }
        let digits = self.digits.unwrap_or(ALL_DIGITS);
        param.map(|tensor| {
            let (device, grad) = (tensor.device(), tensor.is_require_grad());
            let shape = tensor.dims();
            if D == 1 {
                let data = tensor.into_data();
                let mut values: Vec<f32> = data.try_to_vec().expect("networks are f32");
                round_offsets(&mut values, digits);
                let data = TensorData::new(values, shape);
                return Tensor::from_data(data, &device).set_require_grad(grad);
            }
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
                round_row(&mut row, self.bits, digits);
                for (i, value) in row.into_iter().enumerate() {
                    values[at(i)] = value;
                }
            }
            Tensor::from_data(TensorData::new(values, shape), &device).set_require_grad(grad)
        })
    }
}
