//! Whether integers are faster than single precision on this processor, measured for a few milliseconds.
//!
//! Integers multiply twice as many numbers an instruction where the processor has one for it. Where it has none, a browser
//! puts several in its place, and single precision may be faster.

use crate::arithmetic::{Arithmetic, Probe};
use crate::classifier::Classifier;
use crate::engine::Engine;
use crate::image::GrayImage;
use crate::label::CLASSES;
use crate::layer::Layer;
use crate::preprocess::normalize;
use crate::weights::{StorageType, StoredTensor, Weights};

/// How long it takes, in milliseconds, unless its least runs take longer.
const BUDGET_MS: f64 = 5.0;
/// Runs of each at the least.
const LEAST_RUNS: usize = 5;
/// Runs of each at the most: where the clock stands still, it tells nothing.
const MOST_RUNS: usize = 100;
/// Channels of the network that is measured, which suit both kinds of layers that have integers.
const CHANNELS: usize = 128;

/// Measure on the clock `now_ms`, in turns.
///
/// # Panics
/// Never: the network is known.
pub fn probe(now_ms: &dyn Fn() -> f64) -> Probe {
    let bytes = network();
    let engine = |arithmetic| Engine::from_bytes(&bytes, arithmetic, 1).expect("a network");
    let mut engines = [Arithmetic::Float, Arithmetic::Quantized].map(engine);
    let features = normalize(&GrayImage::black());
    let mut times = [Vec::new(), Vec::new()];
    let begin_ms = now_ms();
    for run in 0..MOST_RUNS {
        if run >= LEAST_RUNS && now_ms() - begin_ms >= BUDGET_MS {
            break;
        }
        for (engine, times) in engines.iter_mut().zip(&mut times) {
            let begin_ms = now_ms();
            engine.logits(&features);
            times.push(now_ms() - begin_ms);
        }
    }
    let [float_ms, quantized_ms] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    Probe {
        float_ms,
        quantized_ms,
    }
}

/// A weights file with a 3x3 convolution and two pointwise layers of [`CHANNELS`], and what they need around them.
fn network() -> Vec<u8> {
    let conv = |name: &str, inputs| Layer::Conv {
        name: name.to_owned(),
        channels: [inputs, CHANNELS / 4],
        bias: true,
    };
    let pointwise = |name: &str, inputs| Layer::Pointwise {
        name: name.to_owned(),
        channels: [inputs, CHANNELS],
        bias: true,
    };
    let output = Layer::Dense {
        name: "output".to_owned(),
        features: [CHANNELS, CLASSES],
    };
    let layers = [
        conv("stem", 1),
        Layer::MaxPool,
        conv("conv", CHANNELS / 4),
        Layer::MaxPool,
        pointwise("widen", CHANNELS / 4),
        pointwise("pointwise1", CHANNELS),
        pointwise("pointwise2", CHANNELS),
        Layer::GlobalAveragePool,
        output,
    ];
    let mut weights = Weights::default();
    let mut put = |name: &str, part: &str, shape: &[usize]| {
        let count = shape.iter().product();
        // Any numbers do; they are small and not all alike.
        let values = (0..count).map(|i| (i % 7) as f32 * 0.01 - 0.03).collect();
        let shape = shape.to_vec();
        weights.insert(&format!("{name}.{part}"), StoredTensor { shape, values });
    };
    for layer in &layers {
        match layer {
            Layer::Conv {
                name,
                channels: [inputs, outputs],
                ..
            } => {
                put(name, "weight", &[*outputs, *inputs, 3, 3]);
                put(name, "bias", &[*outputs]);
            }
            Layer::Pointwise {
                name,
                channels: [inputs, outputs],
                ..
            } => {
                put(name, "weight", &[*outputs, *inputs, 1, 1]);
                put(name, "bias", &[*outputs]);
            }
            Layer::Dense {
                name,
                features: [inputs, outputs],
            } => {
                put(name, "weight", &[*inputs, *outputs]);
                put(name, "bias", &[*outputs]);
            }
            _ => {}
        }
    }
    weights.to_model_file(StorageType::F32, &layers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn both_ways_to_compute_are_measured() {
        let engine = |arithmetic| Engine::from_bytes(&network(), arithmetic, 1).unwrap();
        assert_eq!(engine(Arithmetic::Float).arithmetic(), Arithmetic::Float);
        let quantized = engine(Arithmetic::Quantized);
        assert_eq!(quantized.arithmetic(), Arithmetic::Quantized);
    }

    #[test]
    fn a_clock_that_stands_still_ends_it_and_integers_stay() {
        let asked = Cell::new(0);
        let clock = || {
            asked.set(asked.get() + 1);
            7.0
        };
        let found = probe(&clock);
        assert_eq!([found.float_ms, found.quantized_ms], [0.0; 2]);
        assert_eq!(found.fastest(), Arithmetic::Quantized);
        assert!(asked.get() <= 5 * MOST_RUNS + 1);
    }

    #[test]
    fn a_slow_clock_ends_it_after_the_least_runs() {
        let now = Cell::new(0.0);
        let asked = Cell::new(0);
        let clock = || {
            asked.set(asked.get() + 1);
            now.replace(now.get() + BUDGET_MS)
        };
        let found = probe(&clock);
        assert_eq!([found.float_ms, found.quantized_ms], [BUDGET_MS; 2]);
        assert_eq!(asked.get(), 1 + 4 * LEAST_RUNS + 1);
    }
}
