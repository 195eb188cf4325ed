//! From layers and weights to a plan: batch norm is folded, layers that belong together become one
//! step, and weights are packed in the order in which the kernels read them.

use super::batch_norm::{Affine, BatchNorm};
use super::builder::PlanBuilder;
use super::compile_error::CompileError;
use super::layout::Shape;
use super::matmul_step::matmul;
use super::pack;
use super::plan::Plan;
use super::step::{Operation, PlannedEpilogue};
use super::winograd::WinogradTile;
use super::winograd_step::Filters;
use crate::arithmetic::Arithmetic;
use crate::label::CLASSES;
use crate::layer::{Layer, costs};
use crate::weights::ModelFile;

/// A pointwise layer of fewer inputs stays in single precision. There are too few products for rounding to average out:
/// with 16 to 72 inputs in integers, the validation accuracy of `stitch`, `tiny-10k` and `tiny-20k` falls by 0.14, 0.26 and
/// 0.12 points. Nor are integers faster there: rounding the inputs takes longer than the products save. No network has
/// layers of 73 to 127 inputs.
const LEAST_QUANTIZED_INPUTS: usize = 128;

/// A dense layer of fewer inputs stays in single precision: only in large ones is reading the weights what takes the time.
const LEAST_QUANTIZED_DENSE: usize = 1024;

/// Whether any pointwise layer takes 8-bit integers.
pub fn has_wide_pointwise(layers: &[Layer]) -> bool {
    layers.iter().any(|layer| {
        matches!(layer, Layer::Pointwise { channels: [inputs, _], .. } if *inputs >= LEAST_QUANTIZED_INPUTS)
    })
}

/// A compilation under way.
pub(super) struct Compiler<'a> {
    file: &'a ModelFile<'a>,
    layers: &'a [Layer],
    arithmetic: Arithmetic,
    /// The next layer.
    at: usize,
    builder: PlanBuilder,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(file: &'a ModelFile<'a>, arithmetic: Arithmetic) -> Self {
        Self {
            file,
            layers: file.layers(),
            arithmetic,
            at: 0,
            builder: PlanBuilder::new(),
        }
    }

    /// Compile all layers.
    pub(super) fn run(mut self, batch: usize) -> Result<Plan, CompileError> {
        let mut spans = Vec::new();
        while let Some(layer) = self.layers.get(self.at) {
            let (first, step) = (self.at, self.builder.len());
            self.at += 1;
            self.layer(layer)?;
            spans.push((step, first..self.at));
        }
        let shape = self.builder.shape();
        if shape != [CLASSES, 1, 1] || self.builder.is_image() {
            return Err(self.refuse(format!("leaves {shape:?}, expected [{CLASSES}, 1, 1]")));
        }
        self.no_residual_is_left()?;
        self.file.tensors().refuse_unread()?;
        // Only now is every size known to be that of a tensor.
        let costs = costs(self.layers);
        for (step, span) in spans {
            let layers = &self.layers[span.clone()];
            self.builder.describe(step, layers, &costs[span]);
        }
        Ok(Plan::new(self.builder.finish(), batch))
    }

    fn layer(&mut self, layer: &Layer) -> Result<(), CompileError> {
        let [c, h, w] = self.builder.shape();
        match layer {
            Layer::MaxPool | Layer::GlobalAveragePool | Layer::ResidualStart
                if self.builder.is_image() =>
            {
                Err(self.refuse("is the first, expected a convolution".to_owned()))
            }
            Layer::Conv {
                name,
                channels,
                bias,
            } => self.conv(name, *channels, *bias),
            Layer::Depthwise {
                name,
                channels,
                bias,
            } => self.depthwise(name, *channels, *bias),
            Layer::Pointwise {
                name,
                channels,
                bias,
            } => self.pointwise(name, *channels, *bias),
            Layer::Dense { name, features } => self.dense(name, *features),
            Layer::MaxPool => {
                self.shape_is(|[_, h, w]| h >= 2 && w >= 2, "needs at least 2x2 pixels")?;
                self.builder.push(Operation::MaxPool, [c, h / 2, w / 2]);
                Ok(())
            }
            Layer::GlobalAveragePool => {
                self.builder.push(Operation::GlobalAveragePool, [c, 1, 1]);
                Ok(())
            }
            Layer::ResidualStart => {
                self.no_residual_is_left()?;
                self.builder.keep_residual();
                Ok(())
            }
            Layer::BatchNorm { .. } | Layer::Relu | Layer::ResidualAdd => {
                Err(self.refuse("follows no convolution that it could be part of".to_owned()))
            }
        }
    }

    fn conv(&mut self, name: &str, channels: [usize; 2], bias: bool) -> Result<(), CompileError> {
        let [inputs, outputs] = self.channels(channels)?;
        let weights = self.tensor(name, "weight", &[outputs, inputs, 3, 3])?;
        let Affine { scale, bias } = self.affine(name, outputs, bias)?;
        let epilogue = self.epilogue(&bias, outputs)?;
        let [_, h, w] = self.builder.shape();
        // A row or column that pooling drops is not computed.
        let dropped = epilogue.pool && epilogue.residual.is_none();
        let covered = if dropped { [h & !1, w & !1] } else { [h, w] };
        let operation = if self.builder.is_image() {
            let weights = pack::im2col(&weights, channels, &scale);
            if dropped {
                let stem = Operation::PooledStem {
                    weights,
                    bias: epilogue.bias,
                    relu: epilogue.relu,
                };
                self.builder.push(stem, [outputs, h / 2, w / 2]);
                return Ok(());
            }
            Operation::Im2col { weights, epilogue }
        } else {
            let tile = WinogradTile::best(covered[0], covered[1]);
            let filters = Filters::new(&weights, channels, &scale);
            let weights = filters.transformed(tile, self.arithmetic);
            Operation::Winograd {
                tile,
                covered,
                weights,
                epilogue,
            }
        };
        self.builder.push_pooled(operation, outputs);
        Ok(())
    }

    fn depthwise(&mut self, name: &str, channels: usize, bias: bool) -> Result<(), CompileError> {
        self.channels([channels; 2])?;
        let weights = self.tensor(name, "weight", &[channels, 1, 3, 3])?;
        let Affine { scale, bias } = self.affine(name, channels, bias)?;
        if self.builder.is_image() {
            let filter = weights.first_chunk::<9>().expect("shape was checked");
            return self.single_channel(filter.map(|w| w * scale[0]), bias[0]);
        }
        let weights = pack::taps(&weights, &scale);
        let bias = pack::pad(&bias);
        let shape = self.builder.shape();
        self.builder
            .push(Operation::Depthwise { weights, bias }, shape);
        Ok(())
    }

    /// A filter over the only channel, with the pointwise convolution and the `ReLU` that follow.
    fn single_channel(&mut self, filter: [f32; 9], filter_bias: f32) -> Result<(), CompileError> {
        let Some(Layer::Pointwise {
            name,
            channels,
            bias,
        }) = self.layers.get(self.at)
        else {
            return Err(
                self.refuse("filters one channel, expected a pointwise layer next".to_owned())
            );
        };
        self.at += 1;
        let [_, outputs] = self.channels(*channels)?;
        let mut weights = self.tensor(name, "weight", &[outputs, 1, 1, 1])?;
        let Affine { scale, bias } = self.affine(name, outputs, *bias)?;
        weights.iter_mut().zip(&scale).for_each(|(w, s)| *w *= s);
        let epilogue = self.epilogue(&bias, outputs)?;
        if !epilogue.relu || epilogue.residual.is_some() {
            return Err(self.refuse("expands one channel, expected ReLU next".to_owned()));
        }
        let operation = Operation::SingleChannel {
            filter,
            filter_bias,
            weights: pack::pad(&weights),
            epilogue,
        };
        self.builder.push_pooled(operation, outputs);
        Ok(())
    }

    fn pointwise(
        &mut self,
        name: &str,
        channels: [usize; 2],
        bias: bool,
    ) -> Result<(), CompileError> {
        let [inputs, outputs] = self.channels(channels)?;
        let weights = self.tensor(name, "weight", &[outputs, inputs, 1, 1])?;
        let Affine { scale, bias } = self.affine(name, outputs, bias)?;
        let epilogue = self.epilogue(&bias, outputs)?;
        let stride = self.builder.stride(inputs);
        let pack_to = |to| pack::rows(&weights, inputs, &scale, to, stride);
        let wanted = self.integers_if(!self.builder.is_image() && inputs >= LEAST_QUANTIZED_INPUTS);
        let operation = matmul([stride, outputs], wanted, epilogue, pack_to);
        self.builder.push_pooled(operation, outputs);
        Ok(())
    }

    fn dense(&mut self, name: &str, [inputs, outputs]: [usize; 2]) -> Result<(), CompileError> {
        let shape = self.builder.shape();
        let wants = format!("takes {inputs} numbers and gives {outputs}");
        self.shape_is(|[c, h, w]| c * h * w == inputs && outputs > 0, &wants)?;
        let tensors = self.file.tensors();
        let weights = tensors.floats_in_place(&format!("{name}.weight"), &[inputs, outputs])?;
        let Affine { scale, bias } = self.affine(name, outputs, true)?;
        let stride = self.builder.stride(shape[0]);
        let pack_to = |to| pack::flattened(&weights, shape, &scale, to, stride);
        self.builder.flatten();
        let epilogue = self.epilogue(&bias, outputs)?;
        let rows = shape[1] * shape[2] * stride;
        let wanted = self.integers_if(inputs >= LEAST_QUANTIZED_DENSE);
        let operation = matmul([rows, outputs], wanted, epilogue, pack_to);
        self.builder
            .push_from(Shape::pixel(rows), operation, [outputs, 1, 1]);
        Ok(())
    }

    /// Whether a product of enough numbers is computed in integers.
    fn integers_if(&self, enough: bool) -> bool {
        enough && self.arithmetic == Arithmetic::Quantized
    }

    fn tensor(&self, name: &str, part: &str, shape: &[usize]) -> Result<Vec<f32>, CompileError> {
        let values = self.file.tensors().floats(&format!("{name}.{part}"), shape);
        values.map_err(CompileError::from)
    }

    /// The bias of a layer, and the batch norm that follows it.
    fn affine(&mut self, name: &str, outputs: usize, bias: bool) -> Result<Affine, CompileError> {
        let bias = if bias {
            self.tensor(name, "bias", &[outputs])?
        } else {
            vec![0.0; outputs]
        };
        let affine = Affine::of_bias(bias);
        let Some(Layer::BatchNorm {
            name,
            channels,
            epsilon,
        }) = self.layers.get(self.at)
        else {
            return Ok(affine);
        };
        self.at += 1;
        if *channels != outputs {
            return Err(self.refuse(format!("takes {channels} channels, there are {outputs}")));
        }
        let read = |part| self.tensor(name, part, &[outputs]);
        let norm = BatchNorm {
            gamma: read("gamma")?,
            beta: read("beta")?,
            mean: read("running_mean")?,
            variance: read("running_var")?,
            epsilon: *epsilon,
        };
        affine.fold(&norm).map_err(|reason| self.refuse(reason))
    }

    /// Take the layers that the step before them computes as it writes its result.
    fn epilogue(&mut self, bias: &[f32], outputs: usize) -> Result<PlannedEpilogue, CompileError> {
        let [_, h, w] = self.builder.shape();
        let residual = if self.next_is(&Layer::ResidualAdd) {
            let sum = [outputs, h, w];
            match self.builder.take_residual() {
                Some((buffer, kept)) if kept == sum => Some(buffer),
                Some((_, kept)) => return Err(self.refuse(format!("adds {kept:?} to {sum:?}"))),
                None => return Err(self.refuse("has no residual start before it".to_owned())),
            }
        } else {
            None
        };
        Ok(PlannedEpilogue {
            bias: pack::pad(bias),
            residual,
            relu: self.next_is(&Layer::Relu),
            pool: h.min(w) >= 2 && self.next_is(&Layer::MaxPool),
        })
    }

    fn no_residual_is_left(&mut self) -> Result<(), CompileError> {
        match self.builder.take_residual() {
            Some((_, kept)) => Err(self.refuse(format!(
                "leaves the residual {kept:?} without a layer that adds it"
            ))),
            None => Ok(()),
        }
    }

    fn next_is(&mut self, layer: &Layer) -> bool {
        let found = self.layers.get(self.at) == Some(layer);
        self.at += usize::from(found);
        found
    }

    fn channels(&self, channels: [usize; 2]) -> Result<[usize; 2], CompileError> {
        let wants = format!("takes {} channels and gives {}", channels[0], channels[1]);
        self.shape_is(|[c, _, _]| c == channels[0] && channels[1] > 0, &wants)?;
        Ok(channels)
    }

    fn shape_is(&self, fits: impl Fn([usize; 3]) -> bool, wants: &str) -> Result<(), CompileError> {
        let shape = self.builder.shape();
        if fits(shape) {
            Ok(())
        } else {
            Err(self.refuse(format!("{wants}, the activation is {shape:?}")))
        }
    }

    fn refuse(&self, reason: String) -> CompileError {
        let number = self.at.saturating_sub(1);
        let title = self
            .layers
            .get(number)
            .map_or_else(|| "none".to_owned(), Layer::title);
        CompileError::Layer {
            number,
            title,
            reason,
        }
    }
}
