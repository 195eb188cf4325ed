//! A compiled network: its steps in order, and how they run in the plan's buffers.

use super::buffers::Buffers;
use super::im2col::{im2col, zero_pad};
use super::kernels::InferenceKernels;
use super::layout::Shape;
use super::quantization::quantize_rows;
use super::single_channel::filter_extremes;
use super::step::{Operation, PlanStep};
use super::winograd_step::{WinogradBuffers, WinogradStep};
use crate::activation::Activation;
use crate::image::PIXELS;
use crate::label::CLASSES;
use crate::prediction::Logits;
use std::ops::Range;

/// A compiled network with its buffers; predicting allocates nothing.
#[derive(Debug)]
pub struct Plan {
    steps: Vec<PlanStep>,
    buffers: Buffers,
    batch: usize,
}

impl Plan {
    pub(super) fn new(steps: Vec<PlanStep>, batch: usize) -> Self {
        let buffers = Buffers::new(&steps, batch);
        Self {
            steps,
            buffers,
            batch,
        }
    }

    /// Images that are computed at once.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// Whether a step computes on quantized values.
    pub(super) fn is_quantized(&self) -> bool {
        self.steps.iter().any(|step| step.operation.is_quantized())
    }

    /// Title and multiply-adds of each step by the direct method, as JSON.
    ///
    /// # Panics
    /// Never: titles and numbers are plain data.
    pub fn steps_json(&self) -> String {
        let steps: Vec<_> = self.steps.iter().map(|s| (s.title(), s.macs)).collect();
        serde_json::to_string(&steps).expect("titles and numbers")
    }

    /// Bytes of the packed weights and of the buffers.
    pub fn size_bytes(&self) -> [usize; 2] {
        let operations = self.steps.iter().map(|step| &step.operation);
        let weights = operations.map(Operation::weights_bytes).sum();
        [weights, self.buffers.size_bytes()]
    }

    /// How many steps there are.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Put images where the first step reads them.
    ///
    /// # Panics
    /// When there are more than [`Plan::batch`].
    pub(super) fn load<'a>(&mut self, images: impl ExactSizeIterator<Item = &'a [f32; PIXELS]>) {
        let n = images.len();
        assert!(n <= self.batch, "{n} images for a batch of {}", self.batch);
        let places = self.buffers.activations[0].chunks_exact_mut(PIXELS);
        for (image, place) in images.zip(places) {
            place.copy_from_slice(image);
        }
    }

    /// What a step left of one image.
    pub(super) fn activation(&self, number: usize) -> Activation {
        let step = &self.steps[number];
        let [c, h, w] = step.shape;
        let output = &self.buffers.activations[step.target][..step.output.len()];
        let channel = |channel| output.iter().skip(channel).step_by(step.output.c).copied();
        let values: Vec<f32> = (0..c).flat_map(channel).collect();
        debug_assert_eq!(values.len(), c * h * w);
        Activation {
            layers: step.layers.clone(),
            shape: step.shape,
            parameters: step.parameters,
            macs: step.macs,
            values,
        }
    }

    /// Run steps on the first `n` images, and call `after_step` with the number of every step that ends.
    ///
    /// # Panics
    /// When there is no such step, or when `n` is larger than [`Plan::batch`].
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    pub(super) fn run<K: InferenceKernels>(
        &mut self,
        steps: Range<usize>,
        n: usize,
        after_step: &mut dyn FnMut(usize),
    ) {
        let first = steps.start;
        for (number, step) in self.steps[steps].iter().enumerate() {
            run_step::<K>(step, n, &mut self.buffers);
            after_step(first + number);
        }
    }

    /// Copy what the last step left of as many images.
    pub(super) fn read(&self, logits: &mut [Logits]) {
        if let Some(last) = self.steps.last() {
            let rows = self.buffers.activations[last.target].chunks_exact(last.output.c);
            for (logits, row) in logits.iter_mut().zip(rows) {
                logits.copy_from_slice(&row[..CLASSES]);
            }
        }
    }
}

/// Run one step on `n` images.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
fn run_step<K: InferenceKernels>(step: &PlanStep, n: usize, buffers: &mut Buffers) {
    // The target is moved out while the step reads the other activations, which costs three words.
    let mut target = std::mem::take(&mut buffers.activations[step.target]);
    let activations = &buffers.activations;
    let [first, second, third] = &mut buffers.scratch;
    let (input, output) = (Shape { n, ..step.input }, Shape { n, ..step.output });
    let unpooled = Shape {
        c: output.c,
        ..input
    };
    let residual = |buffer: usize| &activations[buffer][..unpooled.len()];
    let x = &activations[step.source][..input.len()];
    let out = &mut target[..output.len()];
    let padded = match step.operation.zero_padded(input) {
        Some([height, width]) => {
            let padded = &mut first[..n * height * width * input.c];
            zero_pad(x, input, [height, width], padded);
            padded
        }
        None => &mut [],
    };
    match &step.operation {
        Operation::Winograd {
            tile,
            covered,
            weights,
            epilogue,
        } => {
            let [h, w] = *covered;
            let step = WinogradStep {
                tile: *tile,
                weights,
                input,
                shape: Shape { h, w, ..unpooled },
            };
            let mut between = WinogradBuffers {
                tiles: second,
                shorts: &mut buffers.shorts,
                scales: &mut buffers.scales,
                products: third,
            };
            step.transform::<K>(x, padded, &mut between);
            pooled::<K>(epilogue.pool, step.shape, first, out, |out| {
                step.filter::<K>(epilogue.of(residual), &mut between, out);
            });
        }
        Operation::PooledStem {
            weights,
            bias,
            relu,
        } => K::pooled_stem(padded, unpooled, weights, bias, *relu, out),
        Operation::Im2col { weights, epilogue } => {
            let windows = &mut second[..9 * input.len()];
            im2col(padded, input, windows);
            pooled::<K>(epilogue.pool, unpooled, third, out, |out| {
                K::matmul(windows, weights, Some(epilogue.of(residual)), out);
            });
        }
        Operation::Matmul { weights, epilogue } => {
            pooled::<K>(epilogue.pool, unpooled, third, out, |out| {
                K::matmul(x, weights, Some(epilogue.of(residual)), out);
            });
        }
        Operation::QuantizedMatmul { weights, epilogue } => {
            let rows = &mut buffers.quantized[..x.len()];
            let quantizations = &mut buffers.quantizations[..x.len() / weights.k()];
            quantize_rows(x, weights.k(), rows, quantizations);
            pooled::<K>(epilogue.pool, unpooled, third, out, |out| {
                K::quantized_matmul(rows, quantizations, weights, epilogue.of(residual), out);
            });
        }
        Operation::SingleChannel {
            filter,
            filter_bias,
            weights,
            epilogue,
        } => {
            let extremes = &mut buffers.extremes[..output.len() / output.c];
            let window = if epilogue.pool { 2 } else { 1 };
            let images = [n, input.h, input.w];
            filter_extremes(padded, images, filter, *filter_bias, window, extremes);
            K::expand_extremes(extremes, weights, &epilogue.bias, out);
        }
        Operation::Depthwise { weights, bias } => {
            K::depthwise(padded, input, weights, bias, out);
        }
        Operation::MaxPool => K::max_pool(x, input, out),
        Operation::GlobalAveragePool => K::global_average_pool(x, input, out),
    }
    buffers.activations[step.target] = target;
}

/// Compute an activation of `shape`, and pool it by way of `scratch` where `pool` says so.
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
fn pooled<K: InferenceKernels>(
    pool: bool,
    shape: Shape,
    scratch: &mut [f32],
    out: &mut [f32],
    compute: impl FnOnce(&mut [f32]),
) {
    if pool {
        let scratch = &mut scratch[..shape.len()];
        compute(scratch);
        K::max_pool(scratch, shape, out);
    } else {
        compute(out);
    }
}
