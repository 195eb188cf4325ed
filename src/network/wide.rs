//! `wide`: `compact` with more channels and blocks. It is not released; it teaches.

use super::Network;
use super::compact::Compact;
use super::layers::Kernels;
use crate::layer::Layer;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// As in `compact`.
const CHANNELS: [usize; 2] = [64, 128];
/// As in `compact`.
const BLOCKS: [usize; 2] = [2, 2];

/// A teacher of the shape of [`Compact`].
#[derive(Module, Debug)]
pub struct Wide {
    body: Compact,
}

impl Network for Wide {
    const NAME: &'static str = "wide";

    fn init(device: &Device) -> Self {
        Self {
            body: Compact::of_size(CHANNELS, BLOCKS, device),
        }
    }

    fn forward_with<K: Kernels>(&self, images: Tensor<4>) -> Tensor<2> {
        self.body.forward_with::<K>(images)
    }

    fn layers(&self) -> Vec<Layer> {
        self.body.layers_at("body.")
    }
}
