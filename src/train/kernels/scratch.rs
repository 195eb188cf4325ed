//! Buffers that a thread uses again for each group of images.

/// Two buffers, as long as the largest group needed so far.
#[derive(Default)]
pub(super) struct Scratch {
    inputs: Vec<f32>,
    outputs: Vec<f32>,
}

impl Scratch {
    /// Buffers of these lengths; what they hold is left over from the group before.
    pub(super) fn buffers(&mut self, inputs: usize, outputs: usize) -> (&mut [f32], &mut [f32]) {
        self.inputs.resize(self.inputs.len().max(inputs), 0.0);
        self.outputs.resize(self.outputs.len().max(outputs), 0.0);
        (&mut self.inputs[..inputs], &mut self.outputs[..outputs])
    }
}
