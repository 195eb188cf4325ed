//! What each layer of a network makes of a picture: its activation, and how long the layer takes.
//!
//! A network that computes layer by layer gives itself as [`Layered`]. Layers that are computed at once are one step.
//! `tests/engine/activations.rs` holds every step to plain loops over the layers and the last one to the logits.

use crate::layer::Layer;
use crate::preprocess::Features;
use crate::timing::Stopwatch;

/// What a step makes of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Activation {
    /// The layers that the step computes, at least one.
    pub layers: Vec<Layer>,
    /// Channels, height and width.
    pub shape: [usize; 3],
    /// Numbers that the layers hold, running statistics included.
    pub parameters: usize,
    /// Multiply-accumulate operations of the layers.
    pub macs: usize,
    /// The numbers in channel, row, column order.
    pub values: Vec<f32>,
}

impl Activation {
    /// What the step is called: the paths of its tensors, such as `block1.depthwise + pointwise`, or what it does.
    pub fn name(&self) -> String {
        let mut name = String::new();
        for path in self.layers.iter().filter_map(Layer::path) {
            if name.is_empty() {
                name.push_str(path);
            } else {
                let last = path.rsplit('.').next().unwrap_or(path);
                name = format!("{name} + {last}");
            }
        }
        if name.is_empty() {
            name = self.layers.first().map_or_else(String::new, Layer::title);
        }
        name
    }

    /// What the step does, such as `3×3 convolution, ReLU, max pool`.
    pub fn operations(&self) -> String {
        let words: Vec<&str> = self.layers.iter().filter_map(Layer::operation).collect();
        words.join(", ")
    }
}

/// A network that computes a picture step by step.
pub trait Layered {
    /// How many steps there are.
    fn steps(&self) -> usize;

    /// Take a picture in. The steps follow in order, each at least once.
    fn begin(&mut self, features: &Features);

    /// Compute a step from what the one before it left. Computed again at once, it gives the same.
    ///
    /// # Panics
    /// When there is no such step.
    fn step(&mut self, number: usize);

    /// What a step made of the picture, until a later one is computed.
    ///
    /// # Panics
    /// When there is no such step.
    fn activation(&self, number: usize) -> Activation;

    /// Compute a picture, and keep what every step makes of it.
    fn activations(&mut self, features: &Features) -> Vec<Activation> {
        self.begin(features);
        let numbers = 0..self.steps();
        let compute = |number| {
            self.step(number);
            self.activation(number)
        };
        numbers.map(compute).collect()
    }

    /// Compute a step and measure how long it takes once more. As long as the runs are too short for the clock, that
    /// measures nothing, and the next time there are twice as many.
    ///
    /// # Panics
    /// When there is no such step.
    fn time_step(&mut self, number: usize, stopwatch: &mut Stopwatch, now: &dyn Fn() -> f64) {
        stopwatch.time(now, || self.step(number));
    }
}
