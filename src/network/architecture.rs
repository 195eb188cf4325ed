//! The architectures as values, and one type for the networks of all of them: what is generic over a network is compiled
//! once for the whole catalog.

use super::baseline::Baseline;
use super::dense::{LogisticRegression, Mlp};
use super::ladder::{Ladder, Widths};
use super::layers::LayerOps;
use super::lightweight::Lightweight;
use super::module::Network;
use super::residual::Residual;
use crate::layer::Layer;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// An architecture and its widths: what a row of the catalog names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Architecture {
    /// See [`Baseline`].
    Baseline,
    /// See [`Lightweight`].
    Lightweight,
    /// See [`Residual`]; the channels at 14x14 and at 7x7.
    Residual([usize; 2]),
    /// See [`Ladder`].
    Ladder(Widths),
    /// See [`Mlp`].
    Mlp,
    /// See [`LogisticRegression`].
    LogisticRegression,
}

impl Architecture {
    /// Build the network as it is released, with random weights.
    pub fn init(&self, device: &Device) -> AnyNetwork {
        self.build(false, device)
    }

    /// Build the network as it is trained, with random weights: with batch norms that [`Network::folded`] folds.
    pub fn init_for_training(&self, device: &Device) -> AnyNetwork {
        self.build(true, device)
    }

    fn build(&self, for_training: bool, device: &Device) -> AnyNetwork {
        match self {
            Self::Baseline => AnyNetwork::Baseline(Baseline::init(device)),
            Self::Lightweight => AnyNetwork::Lightweight(Lightweight::init(device)),
            Self::Residual(channels) => AnyNetwork::Residual(Residual::init(*channels, device)),
            Self::Ladder(widths) => AnyNetwork::Ladder(Ladder::init(widths, for_training, device)),
            Self::Mlp => AnyNetwork::Mlp(Mlp::init(device)),
            Self::LogisticRegression => {
                AnyNetwork::LogisticRegression(LogisticRegression::init(device))
            }
        }
    }
}

/// A network of any architecture.
#[derive(Module, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one at a time, which is moved once a training step"
)]
pub enum AnyNetwork {
    /// See [`Baseline`].
    Baseline(Baseline),
    /// See [`Lightweight`].
    Lightweight(Lightweight),
    /// See [`Residual`].
    Residual(Residual),
    /// See [`Ladder`].
    Ladder(Ladder),
    /// See [`Mlp`].
    Mlp(Mlp),
    /// See [`LogisticRegression`].
    LogisticRegression(LogisticRegression),
}

/// Match a network and evaluate an expression with what is in it.
macro_rules! each {
    ($network:expr, $inner:ident => $body:expr) => {
        match $network {
            AnyNetwork::Baseline($inner) => $body,
            AnyNetwork::Lightweight($inner) => $body,
            AnyNetwork::Residual($inner) => $body,
            AnyNetwork::Ladder($inner) => $body,
            AnyNetwork::Mlp($inner) => $body,
            AnyNetwork::LogisticRegression($inner) => $body,
        }
    };
}

impl Network for AnyNetwork {
    fn folded(self) -> Self {
        match self {
            Self::Ladder(ladder) => Self::Ladder(ladder.folded()),
            other => other,
        }
    }

    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        each!(self, network => network.forward_with::<K>(images))
    }

    fn scale_dropout(&mut self, share: f64) {
        each!(self, network => network.scale_dropout(share));
    }

    fn layers(&self) -> Vec<Layer> {
        each!(self, network => network.layers())
    }
}
