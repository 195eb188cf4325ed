//! From layers and weights to a plan: batch norm is folded, layers that belong together become one
//! step, and weights are packed in the order in which the kernels read them.

use super::Arithmetic;
use super::integer::Rounded;
use super::kernels::{Shape, padded};
use super::pack;
use super::plan::{Fused, Operation, Plan, SCRATCH, Step};
use super::winograd::Tile;
use crate::image::SIDE;
use crate::label::CLASSES;
use crate::layer::{Layer, costs};
use crate::weights::{ModelFile, WeightsError};

/// Why a network cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The weights are damaged or do not fit the layers.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A layer cannot follow the one before it.
    #[error("layer {number} ({title}) {reason}")]
    Layer {
        /// Position in the list, from zero.
        number: usize,
        /// The layer.
        title: String,
        /// What is wrong.
        reason: String,
    },
}

/// A linear layer with the batch norm that follows it folded in.
struct Linear {
    /// One factor an output channel.
    scale: Vec<f32>,
    /// One number an output channel.
    bias: Vec<f32>,
}

/// The state of a compilation.
pub(super) struct Compiler<'a> {
    file: &'a ModelFile<'a>,
    layers: &'a [Layer],
    arithmetic: Arithmetic,
    /// The next layer.
    at: usize,
    /// Real channels, rows and columns of the activation.
    shape: [usize; 3],
    /// The region that holds the activation.
    region: usize,
    /// The region that a fork keeps.
    kept: Option<(usize, [usize; 3])>,
    steps: Vec<Step>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(file: &'a ModelFile<'a>, arithmetic: Arithmetic) -> Self {
        Self {
            file,
            layers: file.layers(),
            arithmetic,
            at: 0,
            shape: [1, SIDE, SIDE],
            region: 0,
            kept: None,
            steps: Vec::new(),
        }
    }

    /// Compile all layers.
    pub(super) fn run(mut self, batch: usize) -> Result<Plan, CompileError> {
        let costs = costs(self.layers);
        while let Some(layer) = self.layers.get(self.at) {
            let (first, done) = (self.at, self.steps.len());
            self.at += 1;
            self.layer(layer)?;
            if let Some(step) = self.steps.get_mut(done) {
                step.title = layer.title();
                step.macs = costs[first..self.at].iter().map(|cost| cost.macs).sum();
            }
        }
        if self.shape != [CLASSES, 1, 1] || self.steps.is_empty() {
            return Err(self.refuse(format!(
                "leaves {:?}, expected [{CLASSES}, 1, 1]",
                self.shape
            )));
        }
        self.file.tensors().refuse_unread()?;
        Ok(Plan::new(self.steps, batch))
    }

    fn layer(&mut self, layer: &Layer) -> Result<(), CompileError> {
        match layer {
            Layer::MaxPool | Layer::AveragePool | Layer::Fork if self.is_image() => {
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
                self.push_to(
                    Operation::MaxPool,
                    [self.shape[0], self.shape[1] / 2, self.shape[2] / 2],
                );
                Ok(())
            }
            Layer::AveragePool => {
                self.push_to(Operation::AveragePool, [self.shape[0], 1, 1]);
                Ok(())
            }
            Layer::Fork => {
                self.kept = Some((self.region, self.shape));
                Ok(())
            }
            Layer::BatchNorm { .. } | Layer::Relu | Layer::Join => {
                Err(self.refuse("follows no convolution that it could be part of".to_owned()))
            }
        }
    }

    fn conv(&mut self, name: &str, channels: [usize; 2], bias: bool) -> Result<(), CompileError> {
        let [inputs, outputs] = self.channels(channels)?;
        let weights = self
            .file
            .tensors()
            .floats(&format!("{name}.weight"), &[outputs, inputs, 3, 3])?;
        let linear = self.fold(name, outputs, bias)?;
        let fused = self.tail(&linear, outputs)?;
        let [_, h, w] = self.shape;
        // A row or column that pooling drops is not computed.
        let dropped = fused.pool && fused.residual.is_none();
        let covered = if dropped { [h & !1, w & !1] } else { [h, w] };
        let scale = &linear.scale;
        let operation = if self.is_image() {
            let weights = pack::neighbourhoods(&weights, channels, scale);
            Operation::Patches { weights, fused }
        } else {
            let tile = Tile::best(covered[0], covered[1]);
            let weights = pack::winograd(&weights, channels, scale, tile);
            Operation::Winograd {
                tile,
                covered,
                weights,
                fused,
            }
        };
        self.push_fused(operation, outputs);
        Ok(())
    }

    fn depthwise(&mut self, name: &str, channels: usize, bias: bool) -> Result<(), CompileError> {
        self.channels([channels; 2])?;
        let weights = self
            .file
            .tensors()
            .floats(&format!("{name}.weight"), &[channels, 1, 3, 3])?;
        let linear = self.fold(name, channels, bias)?;
        if self.is_image() {
            let filter = weights.first_chunk::<9>().expect("shape was checked");
            return self.single_filter(filter.map(|w| w * linear.scale[0]), linear.bias[0]);
        }
        let weights = pack::taps(&weights, &linear.scale);
        let bias = pack::pad(&linear.bias);
        self.push_to(Operation::Depthwise { weights, bias }, self.shape);
        Ok(())
    }

    /// A filter over the only channel and the pointwise layer that spreads it over many.
    fn single_filter(&mut self, filter: [f32; 9], filter_bias: f32) -> Result<(), CompileError> {
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
        let mut weights = self
            .file
            .tensors()
            .floats(&format!("{name}.weight"), &[outputs, 1, 1, 1])?;
        let linear = self.fold(name, outputs, *bias)?;
        weights
            .iter_mut()
            .zip(&linear.scale)
            .for_each(|(w, s)| *w *= s);
        let fused = self.tail(&linear, outputs)?;
        if !fused.relu || fused.residual.is_some() {
            return Err(self.refuse("spreads one channel, expected ReLU next".to_owned()));
        }
        let weights = pack::pad(&weights);
        self.push_fused(
            Operation::SingleFilter {
                filter,
                filter_bias,
                weights,
                fused,
            },
            outputs,
        );
        Ok(())
    }

    fn pointwise(
        &mut self,
        name: &str,
        channels: [usize; 2],
        bias: bool,
    ) -> Result<(), CompileError> {
        let [inputs, outputs] = self.channels(channels)?;
        let weights = self
            .file
            .tensors()
            .floats(&format!("{name}.weight"), &[outputs, inputs, 1, 1])?;
        let linear = self.fold(name, outputs, bias)?;
        let fused = self.tail(&linear, outputs)?;
        let weights = pack::rows(&weights, channels, &linear.scale, self.stride(inputs));
        let operation = match self.arithmetic {
            Arithmetic::Integer if !self.is_image() => Operation::IntegerMatmul {
                weights: Rounded::new(&weights),
                fused,
            },
            _ => Operation::Matmul { weights, fused },
        };
        self.push_fused(operation, outputs);
        Ok(())
    }

    fn dense(&mut self, name: &str, [inputs, outputs]: [usize; 2]) -> Result<(), CompileError> {
        let [c, _, _] = self.shape;
        let wants = format!("takes {inputs} numbers and gives {outputs}");
        self.shape_is(|[c, h, w]| c * h * w == inputs && outputs > 0, &wants)?;
        let weights = self
            .file
            .tensors()
            .floats(&format!("{name}.weight"), &[inputs, outputs])?;
        let linear = self.fold(name, outputs, true)?;
        let weights = pack::flattened(&weights, self.shape, &linear.scale, self.stride(c));
        // From here on the activation is a single pixel, whose numbers all count.
        self.shape = [inputs, 1, 1];
        let fused = self.tail(&linear, outputs)?;
        let input = Shape {
            n: 1,
            h: 1,
            w: 1,
            c: weights.k,
        };
        self.push(Operation::Matmul { weights, fused }, input, [outputs, 1, 1]);
        Ok(())
    }

    /// Bias of a layer, and scale and shift of the batch norm after it.
    ///
    /// **Formula**: `y = gamma (x - mean) / sqrt(variance + epsilon) + beta`.
    fn fold(&mut self, name: &str, outputs: usize, bias: bool) -> Result<Linear, CompileError> {
        let mut linear = Linear {
            scale: vec![1.0; outputs],
            bias: vec![0.0; outputs],
        };
        if bias {
            linear.bias = self
                .file
                .tensors()
                .floats(&format!("{name}.bias"), &[outputs])?;
        }
        let Some(Layer::BatchNorm {
            name,
            channels,
            epsilon,
        }) = self.layers.get(self.at)
        else {
            return Ok(linear);
        };
        self.at += 1;
        if *channels != outputs {
            return Err(self.refuse(format!("takes {channels} channels, there are {outputs}")));
        }
        let read = |part| {
            self.file
                .tensors()
                .floats(&format!("{name}.{part}"), &[outputs])
        };
        let (gamma, beta) = (read("gamma")?, read("beta")?);
        let (mean, variance) = (read("running_mean")?, read("running_var")?);
        for o in 0..outputs {
            let deviation = (f64::from(variance[o]) + epsilon).sqrt();
            if deviation.is_nan() || deviation <= 0.0 {
                return Err(self.refuse(format!("has the variance {} in channel {o}", variance[o])));
            }
            let scale = (f64::from(gamma[o]) / deviation) as f32;
            linear.scale[o] = scale;
            linear.bias[o] = (linear.bias[o] - mean[o]) * scale + beta[o];
        }
        Ok(linear)
    }

    /// Take the layers that the step before them can do as it writes its result.
    fn tail(&mut self, linear: &Linear, outputs: usize) -> Result<Fused, CompileError> {
        let mut fused = Fused {
            bias: pack::pad(&linear.bias),
            residual: None,
            relu: false,
            pool: false,
        };
        if self.next_is(&Layer::Join) {
            match self.kept.take() {
                Some((region, [c, h, w]))
                    if [c, h, w] == [outputs, self.shape[1], self.shape[2]] =>
                {
                    fused.residual = Some(region);
                }
                other => {
                    let kept = other.map(|(_, shape)| shape);
                    return Err(self.refuse(format!("adds {kept:?} to {:?}", self.shape)));
                }
            }
        }
        fused.relu = self.next_is(&Layer::Relu);
        fused.pool = self.shape[1].min(self.shape[2]) >= 2 && self.next_is(&Layer::MaxPool);
        Ok(fused)
    }

    /// Whether the activation is still the image, whose only channel is not padded.
    fn is_image(&self) -> bool {
        self.steps.is_empty()
    }

    /// Numbers a pixel of the activation takes.
    fn stride(&self, channels: usize) -> usize {
        if self.is_image() {
            channels
        } else {
            padded(channels)
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
        if fits(self.shape) {
            Ok(())
        } else {
            Err(self.refuse(format!("{wants}, the activation is {:?}", self.shape)))
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

    fn push_fused(&mut self, operation: Operation, outputs: usize) {
        let [_, h, w] = self.shape;
        let pooled = operation.fused().is_some_and(|fused| fused.pool);
        let side = if pooled { 2 } else { 1 };
        self.push_to(operation, [outputs, h / side, w / side]);
    }

    fn push_to(&mut self, operation: Operation, to: [usize; 3]) {
        let [c, h, w] = self.shape;
        let input = Shape {
            n: 1,
            h,
            w,
            c: self.stride(c),
        };
        self.push(operation, input, to);
    }

    fn push(&mut self, operation: Operation, input: Shape, to: [usize; 3]) {
        let residual = operation.fused().and_then(|fused| fused.residual);
        let busy = [
            Some(self.region),
            self.kept.map(|(region, _)| region),
            residual,
        ];
        let free = (0..SCRATCH).find(|region| !busy.contains(&Some(*region)));
        let target = free.expect("of three regions at most two are in use");
        let output = Shape {
            n: 1,
            h: to[1],
            w: to[2],
            c: padded(to[0]),
        };
        self.steps.push(Step {
            operation,
            input,
            output,
            source: self.region,
            target,
            title: String::new(),
            macs: 0,
        });
        (self.region, self.shape) = (target, to);
    }
}
