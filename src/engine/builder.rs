//! The steps of a plan while it is built: the shape of the activation so far, and which buffer holds what.

use super::buffers::ACTIVATIONS;
use super::layout::{Shape, padded_channels};
use super::step::{Operation, PlanStep};
use crate::image::SIDE;
use crate::layer::{Cost, Layer};

/// Steps in order, each of which reads the activation of the one before it.
pub(super) struct PlanBuilder {
    steps: Vec<PlanStep>,
    /// Real channels, rows and columns of the activation.
    shape: [usize; 3],
    /// The buffer that holds the activation.
    buffer: usize,
    /// The buffer and the shape of the residual that a later step adds.
    residual: Option<(usize, [usize; 3])>,
}

impl PlanBuilder {
    /// Begin with the image.
    pub(super) fn new() -> Self {
        Self {
            steps: Vec::new(),
            shape: [1, SIDE, SIDE],
            buffer: 0,
            residual: None,
        }
    }

    /// Real channels, rows and columns of the activation.
    pub(super) fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// Whether the activation is still the image, whose only channel is not padded.
    pub(super) fn is_image(&self) -> bool {
        self.steps.is_empty()
    }

    /// Numbers per pixel of an activation with so many channels.
    pub(super) fn stride(&self, channels: usize) -> usize {
        if self.is_image() {
            channels
        } else {
            padded_channels(channels)
        }
    }

    /// View the activation as one pixel, whose channels are all its numbers.
    pub(super) fn flatten(&mut self) {
        self.shape = [self.shape.iter().product(), 1, 1];
    }

    /// Keep the activation as the residual that a later step adds.
    pub(super) fn keep_residual(&mut self) {
        self.residual = Some((self.buffer, self.shape));
    }

    /// Take the residual's buffer and shape.
    pub(super) fn take_residual(&mut self) -> Option<(usize, [usize; 3])> {
        self.residual.take()
    }

    /// Add a step with the pooling that its epilogue asks for.
    pub(super) fn push_pooled(&mut self, operation: Operation, outputs: usize) {
        let [_, h, w] = self.shape;
        let pools = operation.epilogue().is_some_and(|epilogue| epilogue.pool);
        let side = if pools { 2 } else { 1 };
        self.push(operation, [outputs, h / side, w / side]);
    }

    /// Add a step whose output has so many real channels, rows and columns.
    pub(super) fn push(&mut self, operation: Operation, output: [usize; 3]) {
        let [c, h, w] = self.shape;
        let c = self.stride(c);
        self.push_from(Shape { n: 1, h, w, c }, operation, output);
    }

    /// Add a step that sees the activation in another shape.
    pub(super) fn push_from(&mut self, input: Shape, operation: Operation, output: [usize; 3]) {
        let residual = operation.epilogue().and_then(|epilogue| epilogue.residual);
        let kept = self.residual.map(|(buffer, _)| buffer);
        let busy = [Some(self.buffer), kept, residual];
        let free = (0..ACTIVATIONS).find(|buffer| !busy.contains(&Some(*buffer)));
        let target = free.expect("of three buffers at most two are in use");
        let [c, h, w] = output;
        let c = padded_channels(c);
        self.steps.push(PlanStep {
            operation,
            input,
            output: Shape { n: 1, h, w, c },
            source: self.buffer,
            target,
            shape: output,
            layers: Vec::new(),
            parameters: 0,
            macs: 0,
        });
        (self.buffer, self.shape) = (target, output);
    }

    /// How many steps there are.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Say which layers a step computes, and what they cost.
    pub(super) fn describe(&mut self, step: usize, layers: &[Layer], costs: &[Cost]) {
        if let Some(step) = self.steps.get_mut(step) {
            step.layers = layers.to_vec();
            step.parameters = costs.iter().map(|cost| cost.parameters).sum();
            step.macs = costs.iter().map(|cost| cost.macs).sum();
        }
    }

    /// The steps.
    pub(super) fn finish(self) -> Vec<PlanStep> {
        self.steps
    }
}
