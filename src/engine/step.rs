//! The steps of a plan: what each computes, with its packed weights, and how much scratch it needs.

use super::kernels::Epilogue;
use super::layout::{PackedMatrix, Shape};
use super::quantization::QuantizedMatrix;
use super::winograd::WinogradTile;
use super::winograd_step::TransformedFilters;
use crate::layer::Layer;

/// Scratch buffers that one operation may use.
pub(super) const SCRATCH_BUFFERS: usize = 3;

/// The layers that an operation computes as it writes its result.
#[derive(Debug)]
pub(super) struct PlannedEpilogue {
    pub bias: Vec<f32>,
    /// The buffer that holds the residual.
    pub residual: Option<usize>,
    pub relu: bool,
    /// Whether 2x2 max-pooling follows.
    pub pool: bool,
}

impl PlannedEpilogue {
    /// The epilogue that the kernels take; `activation` finds the residual.
    pub(super) fn of<'a>(&'a self, activation: impl Fn(usize) -> &'a [f32]) -> Epilogue<'a> {
        Epilogue {
            bias: &self.bias,
            residual: self.residual.map(activation),
            relu: self.relu,
        }
    }
}

/// What a step computes.
#[derive(Debug)]
pub(super) enum Operation {
    /// 3x3 convolution by Winograd's algorithm.
    Winograd {
        tile: WinogradTile,
        /// Rows and columns of the output that the tiles cover; pooling may drop the last.
        covered: [usize; 2],
        weights: TransformedFilters,
        epilogue: PlannedEpilogue,
    },
    /// 3x3 convolution of one channel with the pooling that follows.
    PooledStem {
        weights: PackedMatrix,
        bias: Vec<f32>,
        relu: bool,
    },
    /// 3x3 convolution of one channel by im2col and a matrix product.
    Im2col {
        weights: PackedMatrix,
        epilogue: PlannedEpilogue,
    },
    /// Depthwise-separable convolution of one channel, see [`super::single_channel`].
    SingleChannel {
        filter: [f32; 9],
        filter_bias: f32,
        weights: Vec<f32>,
        epilogue: PlannedEpilogue,
    },
    /// 3x3 convolution of each channel by itself.
    Depthwise {
        weights: Vec<f32>,
        bias: Vec<f32>,
    },
    /// 1x1 convolution, or a dense layer on one pixel.
    Matmul {
        weights: PackedMatrix,
        epilogue: PlannedEpilogue,
    },
    /// The same on quantized weights and activations.
    QuantizedMatmul {
        weights: QuantizedMatrix,
        epilogue: PlannedEpilogue,
    },
    MaxPool,
    GlobalAveragePool,
}

/// One step, with its shapes for one image.
#[derive(Debug)]
pub(super) struct PlanStep {
    pub operation: Operation,
    pub input: Shape,
    pub output: Shape,
    /// The buffer that holds the input.
    pub source: usize,
    /// The buffer that the output is written to.
    pub target: usize,
    /// Channels, rows and columns of the output without padding.
    pub shape: [usize; 3],
    /// The layers that it computes.
    pub layers: Vec<Layer>,
    /// Numbers that they hold.
    pub parameters: usize,
    /// Multiply-adds by the direct method, for one image.
    pub macs: usize,
}

impl PlanStep {
    /// What the step is called in a benchmark.
    pub(super) fn title(&self) -> String {
        self.layers.first().map_or_else(String::new, Layer::title)
    }
}

impl Operation {
    pub(super) fn epilogue(&self) -> Option<&PlannedEpilogue> {
        match self {
            Self::Winograd { epilogue, .. }
            | Self::Im2col { epilogue, .. }
            | Self::SingleChannel { epilogue, .. }
            | Self::Matmul { epilogue, .. }
            | Self::QuantizedMatmul { epilogue, .. } => Some(epilogue),
            Self::PooledStem { .. }
            | Self::Depthwise { .. }
            | Self::MaxPool
            | Self::GlobalAveragePool => None,
        }
    }

    /// Whether it computes on integers.
    pub(super) fn is_quantized(&self) -> bool {
        matches!(
            self,
            Self::QuantizedMatmul { .. }
                | Self::Winograd {
                    weights: TransformedFilters::Short(_) | TransformedFilters::Bytes(_),
                    ..
                }
        )
    }

    /// Rows and columns of the zero-padded input, for the operations that read one.
    pub(super) fn zero_padded(&self, input: Shape) -> Option<[usize; 2]> {
        match self {
            Self::Winograd {
                tile,
                covered,
                weights: TransformedFilters::Single(_),
                ..
            } => Some(tile.padded(*covered)),
            Self::PooledStem { .. }
            | Self::Im2col { .. }
            | Self::SingleChannel { .. }
            | Self::Depthwise { .. } => Some([input.h + 2, input.w + 2]),
            // Integers are padded as they are rounded.
            Self::Winograd { .. }
            | Self::Matmul { .. }
            | Self::QuantizedMatmul { .. }
            | Self::MaxPool
            | Self::GlobalAveragePool => None,
        }
    }

    /// Numbers in each scratch buffer for one image.
    pub(super) fn scratch(&self, input: Shape, output: Shape) -> [usize; SCRATCH_BUFFERS] {
        let pools = self.epilogue().is_some_and(|epilogue| epilogue.pool);
        let before_pool = if pools {
            input.h * input.w * output.c
        } else {
            0
        };
        let [height, width] = self.zero_padded(input).unwrap_or_default();
        let padded = height * width * input.c;
        match self {
            Self::Winograd {
                tile,
                covered,
                weights,
                ..
            } => {
                let transformed = match weights {
                    TransformedFilters::Single(_) => tile.positions() * tile.tiles(*covered),
                    TransformedFilters::Short(_) | TransformedFilters::Bytes(_) => 0,
                };
                [
                    padded.max(before_pool),
                    transformed * input.c,
                    tile.scratch(),
                ]
            }
            Self::Im2col { .. } => [padded, 9 * input.len(), before_pool],
            _ => [padded, 0, before_pool],
        }
    }

    /// Integers in the padded and in the transformed input of one image.
    pub(super) fn shorts(&self, input: Shape) -> [usize; 2] {
        let Self::Winograd { tile, covered, .. } = self else {
            return [0; 2];
        };
        if !self.is_quantized() {
            return [0; 2];
        }
        let [height, width] = tile.padded(*covered);
        let transformed = tile.positions() * tile.tiles(*covered);
        [height * width, transformed].map(|pixels| pixels * input.c)
    }

    /// Bytes of the packed weights.
    pub(super) fn weights_bytes(&self) -> usize {
        match self {
            Self::Winograd { weights, .. } => weights.size_bytes(),
            Self::PooledStem { weights, .. }
            | Self::Im2col { weights, .. }
            | Self::Matmul { weights, .. } => weights.size_bytes(),
            Self::QuantizedMatmul { weights, .. } => weights.size_bytes(),
            Self::SingleChannel { weights, .. } | Self::Depthwise { weights, .. } => {
                size_of_val(&weights[..])
            }
            Self::MaxPool | Self::GlobalAveragePool => 0,
        }
    }
}
