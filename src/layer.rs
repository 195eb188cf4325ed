//! A network as a list of layers: what MACs are counted on, what a weights file carries beside its
//! tensors, and what the engine compiles.
//!
//! The list is taken from the Burn module (`network::Network::layers`), so there is one definition;
//! `tests/parity.rs` holds the engine, which knows only the list, to the module's logits.
//!
//! Weights files store a layer by the name in `serde`'s attributes, such as `fork`. Those names are part of the file
//! format: a variant may be renamed here, its stored name may not. `tests/engine.rs` compares them with the names in
//! `results/teachers/compact-float.safetensors`.

use crate::image::SIDE;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One layer. A name is the path of its tensors in the module and in the weights file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Layer {
    /// 3x3 convolution with zeros around.
    Conv {
        /// Path of `weight` and `bias`.
        name: String,
        /// Channels in and out.
        channels: [usize; 2],
        /// Whether it has a bias.
        bias: bool,
    },
    /// 3x3 convolution of each channel by itself with zeros around.
    Depthwise {
        /// Path of `weight` and `bias`.
        name: String,
        /// Channels in and out, which are as many.
        channels: usize,
        /// Whether it has a bias.
        bias: bool,
    },
    /// 1x1 convolution.
    Pointwise {
        /// Path of `weight` and `bias`.
        name: String,
        /// Channels in and out.
        channels: [usize; 2],
        /// Whether it has a bias.
        bias: bool,
    },
    /// Batch norm with running statistics.
    BatchNorm {
        /// Path of `gamma`, `beta`, `running_mean` and `running_var`.
        name: String,
        /// Channels.
        channels: usize,
        /// Added to the variance.
        epsilon: f64,
    },
    /// Negative numbers become zero.
    Relu,
    /// 2x2 max-pooling that drops an odd last row and column.
    MaxPool,
    /// Keep the activation as the residual of the next [`Layer::ResidualAdd`].
    #[serde(rename = "fork")]
    ResidualStart,
    /// Add the residual that the last [`Layer::ResidualStart`] kept.
    #[serde(rename = "join")]
    ResidualAdd,
    /// The mean of each plane.
    #[serde(rename = "average_pool")]
    GlobalAveragePool,
    /// Dense layer over all numbers in channel, row, column order.
    Dense {
        /// Path of `weight` and `bias`.
        name: String,
        /// Numbers in and out.
        features: [usize; 2],
    },
}

/// What one layer puts out and what it costs for one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Channels, height and width of its result.
    pub output: [usize; 3],
    /// Numbers it holds, running statistics included.
    pub parameters: usize,
    /// How many of `parameters` are running statistics.
    pub running_statistics: usize,
    /// Multiply-accumulate operations; batch norm and bias count none, because inference folds them.
    pub macs: usize,
}

impl Layer {
    /// The cost on an activation of `[channels, height, width]`.
    pub fn cost(&self, [c, h, w]: [usize; 3]) -> Cost {
        let sum = |weights: usize, bias: bool, outputs: usize| Cost {
            output: [outputs, h, w],
            parameters: weights + if bias { outputs } else { 0 },
            running_statistics: 0,
            macs: weights * h * w,
        };
        let free = |output| Cost {
            output,
            parameters: 0,
            running_statistics: 0,
            macs: 0,
        };
        match self {
            Self::Conv {
                channels: [inputs, outputs],
                bias,
                ..
            } => sum(9 * inputs * outputs, *bias, *outputs),
            Self::Depthwise { channels, bias, .. } => sum(9 * channels, *bias, *channels),
            Self::Pointwise {
                channels: [inputs, outputs],
                bias,
                ..
            } => sum(inputs * outputs, *bias, *outputs),
            Self::BatchNorm { channels, .. } => Cost {
                parameters: 4 * channels,
                running_statistics: 2 * channels,
                ..free([c, h, w])
            },
            Self::Relu | Self::ResidualStart | Self::ResidualAdd => free([c, h, w]),
            Self::MaxPool => free([c, h / 2, w / 2]),
            Self::GlobalAveragePool => free([c, 1, 1]),
            Self::Dense {
                features: [inputs, outputs],
                ..
            } => Cost {
                output: [*outputs, 1, 1],
                parameters: (inputs + 1) * outputs,
                running_statistics: 0,
                macs: inputs * outputs,
            },
        }
    }

    /// The kind and the path of the layer's tensors, such as `conv stem`.
    pub fn title(&self) -> String {
        match self {
            Self::Conv { name, .. } => format!("conv {name}"),
            Self::Depthwise { name, .. } => format!("depthwise {name}"),
            Self::Pointwise { name, .. } => format!("pointwise {name}"),
            Self::BatchNorm { name, .. } => format!("batch norm {name}"),
            Self::Dense { name, .. } => format!("dense {name}"),
            Self::Relu => "relu".to_owned(),
            Self::MaxPool => "max pool".to_owned(),
            Self::ResidualStart => "residual start".to_owned(),
            Self::ResidualAdd => "residual add".to_owned(),
            Self::GlobalAveragePool => "global average pool".to_owned(),
        }
    }
}

/// Name each layer with weights by its kind and its number among those of the kind, such as `conv2`: a file of packed
/// codes has no names.
pub fn name_by_kind(layers: &mut [Layer]) {
    let mut counts = BTreeMap::new();
    for (kind, name) in layers.iter_mut().filter_map(Layer::kind_and_name) {
        let count = counts.entry(kind).or_insert(0);
        *count += 1;
        *name = format!("{kind}{count}");
    }
}

impl Layer {
    /// The path of the layer's weights; none of batch norm, which is computed with the layer before it, and of layers
    /// without weights.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Conv { name, .. }
            | Self::Depthwise { name, .. }
            | Self::Pointwise { name, .. }
            | Self::Dense { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Whether it adds a number to each output channel.
    pub fn has_bias(&self) -> bool {
        match self {
            Self::Conv { bias, .. }
            | Self::Depthwise { bias, .. }
            | Self::Pointwise { bias, .. } => *bias,
            Self::Dense { .. } => true,
            _ => false,
        }
    }

    /// Its kind and the name of its tensors' path, where it has weights.
    fn kind_and_name(&mut self) -> Option<(&'static str, &mut String)> {
        match self {
            Self::Conv { name, .. } => Some(("conv", name)),
            Self::Depthwise { name, .. } => Some(("depthwise", name)),
            Self::Pointwise { name, .. } => Some(("pointwise", name)),
            Self::Dense { name, .. } => Some(("dense", name)),
            _ => None,
        }
    }

    /// Give it a bias or take it, where a layer of its kind may lack one.
    pub fn set_bias(&mut self, has_bias: bool) {
        if let Self::Conv { bias, .. }
        | Self::Depthwise { bias, .. }
        | Self::Pointwise { bias, .. } = self
        {
            *bias = has_bias;
        }
    }

    /// What it does, in a visitor's words; none of batch norm, which is folded, and where it only keeps a residual.
    pub fn operation(&self) -> Option<&'static str> {
        match self {
            Self::Conv { .. } => Some("3\u{d7}3 convolution"),
            Self::Depthwise { .. } => Some("3\u{d7}3 depthwise"),
            Self::Pointwise { .. } => Some("1\u{d7}1 pointwise"),
            Self::Relu => Some("ReLU"),
            Self::MaxPool => Some("max pool"),
            Self::BatchNorm { .. } | Self::ResidualStart => None,
            Self::ResidualAdd => Some("residual added"),
            Self::GlobalAveragePool => Some("mean of each channel"),
            Self::Dense { .. } => Some("dense"),
        }
    }
}

/// The cost of each layer on a 28x28 image.
pub fn costs(layers: &[Layer]) -> Vec<Cost> {
    let mut shape = [1, SIDE, SIDE];
    layers
        .iter()
        .map(|layer| {
            let cost = layer.cost(shape);
            shape = cost.output;
            cost
        })
        .collect()
}
