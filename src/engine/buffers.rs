//! The buffers that a plan works in, allocated once for the largest step.

use super::instruction_set::QuantizedValue;
use super::quantization::RowQuantization;
use super::step::{Operation, PlanStep, SCRATCH_BUFFERS};
use crate::image::PIXELS;

/// Activations that live at once: a step's input, its output and a residual.
pub(super) const ACTIVATIONS: usize = 3;

/// All buffers of a plan.
#[derive(Debug)]
pub(super) struct Buffers {
    pub activations: [Vec<f32>; ACTIVATIONS],
    pub scratch: [Vec<f32>; SCRATCH_BUFFERS],
    /// Smallest and largest value of each pooling window.
    pub extremes: Vec<[f32; 2]>,
    /// Quantized activations, and how each row of them is quantized.
    pub quantized: Vec<QuantizedValue>,
    pub quantizations: Vec<RowQuantization>,
    /// The padded input of a Winograd convolution in integers, its tiles, and the scale of each image.
    pub shorts: [Vec<i16>; 2],
    pub scales: Vec<f32>,
}

impl Buffers {
    /// Allocate what the steps need for `batch` images at once. The images go to the first activation.
    pub(super) fn new(steps: &[PlanStep], batch: usize) -> Self {
        let mut activations = [PIXELS, 0, 0];
        let mut scratch = [0; SCRATCH_BUFFERS];
        let (mut extremes, mut quantized, mut quantizations) = (0, 0, 0);
        let mut shorts = [0; 2];
        for step in steps {
            let target = &mut activations[step.target];
            *target = step.output.len().max(*target);
            let needed = step.operation.scratch(step.input, step.output);
            for (size, needed) in scratch.iter_mut().zip(needed) {
                *size = needed.max(*size);
            }
            let needed = step.operation.shorts(step.input);
            for (size, needed) in shorts.iter_mut().zip(needed) {
                *size = needed.max(*size);
            }
            match step.operation {
                Operation::SingleChannel { .. } => {
                    extremes = extremes.max(step.output.h * step.output.w);
                }
                Operation::QuantizedMatmul { .. } => {
                    quantized = quantized.max(step.input.len());
                    quantizations = quantizations.max(step.input.h * step.input.w);
                }
                _ => {}
            }
        }
        Self {
            activations: activations.map(|size| vec![0.0; size * batch]),
            scratch: scratch.map(|size| vec![0.0; size * batch]),
            extremes: vec![[0.0; 2]; extremes * batch],
            quantized: vec![QuantizedValue::default(); quantized * batch],
            quantizations: vec![RowQuantization::default(); quantizations * batch],
            shorts: shorts.map(|size| vec![0; size * batch]),
            scales: vec![0.0; batch],
        }
    }

    /// Bytes of all buffers.
    pub(super) fn size_bytes(&self) -> usize {
        let floats = self.activations.iter().chain(&self.scratch);
        let shorts = self.shorts.iter();
        floats.map(|buffer| size_of_val(&buffer[..])).sum::<usize>()
            + shorts.map(|buffer| size_of_val(&buffer[..])).sum::<usize>()
            + size_of_val(&self.scales[..])
            + size_of_val(&self.extremes[..])
            + size_of_val(&self.quantized[..])
            + size_of_val(&self.quantizations[..])
    }
}
