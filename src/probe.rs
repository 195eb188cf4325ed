//! Whether 8-bit integers are faster than single precision on this processor, measured for a few milliseconds.
//!
//! A browser makes one instruction of a product of 8-bit integers where the processor has it, and several where it has
//! none; then single precision may be faster. Products of 16-bit integers are one instruction wherever there is SIMD, so
//! the 3x3 convolutions that take them are not in question.

use crate::arithmetic::{Arithmetic, Probe};
use crate::classifier::Classifier;
use crate::engine::Engine;
use crate::image::GrayImage;
use crate::label::CLASSES;
use crate::layer::Layer;
use crate::preprocess::normalize;
use crate::timing::{Stopwatch, Thoroughness};
use crate::weights::{StorageType, StoredTensor, Weights};

/// How long it takes at the least, in milliseconds. A coarse clock needs longer.
const LEAST_MS: f64 = 5.0;
/// Channels of the pointwise layers that are measured.
const CHANNELS: usize = 128;

/// Measure in turns, with a clock whose smallest step is `grain_ms` milliseconds.
///
/// # Panics
/// Never: the network is known.
pub fn probe(now_ms: &dyn Fn() -> f64, grain_ms: f64) -> Probe {
    let bytes = network();
    let engine = |arithmetic| {
        let engine = Engine::from_bytes(&bytes, arithmetic, 1).expect("a network");
        (engine, Stopwatch::new(Thoroughness::Quick, grain_ms))
    };
    let mut engines = [Arithmetic::Float, Arithmetic::Quantized].map(engine);
    let features = normalize(&GrayImage::black());
    let begin_ms = now_ms();
    let mut are_complete = false;
    while !are_complete || now_ms() - begin_ms < LEAST_MS {
        are_complete = true;
        for (engine, stopwatch) in &mut engines {
            are_complete &= stopwatch.time(now_ms, || {
                engine.logits(&features);
            });
        }
    }
    let [float_ms, quantized_ms] =
        engines.map(|(_, stopwatch)| stopwatch.latency().expect("it is complete").median_ms);
    Probe {
        float_ms,
        quantized_ms,
    }
}

/// A weights file with two pointwise layers of [`CHANNELS`] on 14x14 pixels, and what they need around them.
fn network() -> Vec<u8> {
    let pointwise = |name: &str| Layer::Pointwise {
        name: name.to_owned(),
        channels: [CHANNELS, CHANNELS],
        bias: true,
    };
    let layers = [
        Layer::Conv {
            name: "stem".to_owned(),
            channels: [1, CHANNELS],
            bias: true,
        },
        Layer::MaxPool,
        pointwise("pointwise1"),
        pointwise("pointwise2"),
        Layer::GlobalAveragePool,
        Layer::Dense {
            name: "output".to_owned(),
            features: [CHANNELS, CLASSES],
        },
    ];
    let shapes: [(&str, &[usize], usize); 4] = [
        ("stem", &[CHANNELS, 1, 3, 3], CHANNELS),
        ("pointwise1", &[CHANNELS, CHANNELS, 1, 1], CHANNELS),
        ("pointwise2", &[CHANNELS, CHANNELS, 1, 1], CHANNELS),
        ("output", &[CHANNELS, CLASSES], CLASSES),
    ];
    // Any numbers do; they are small and not all alike.
    let tensor = |shape: &[usize]| StoredTensor {
        shape: shape.to_vec(),
        values: (0..shape.iter().product())
            .map(|i: usize| (i % 7) as f32 * 0.01 - 0.03)
            .collect(),
    };
    let mut weights = Weights::default();
    for (name, shape, outputs) in shapes {
        weights.insert(&format!("{name}.weight"), tensor(shape));
        weights.insert(&format!("{name}.bias"), tensor(&[outputs]));
    }
    weights.to_model_file(StorageType::F32, &layers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_compute_are_measured() {
        let engine = |arithmetic| Engine::from_bytes(&network(), arithmetic, 1).unwrap();
        assert_eq!(engine(Arithmetic::Float).arithmetic(), Arithmetic::Float);
        // Nothing but pointwise layers takes integers here.
        let quantized = engine(Arithmetic::Quantized);
        assert_eq!(quantized.arithmetic(), Arithmetic::Quantized);
    }

    #[test]
    fn both_take_some_time() {
        let begin = std::time::Instant::now();
        let now_ms = || begin.elapsed().as_secs_f64() * 1e3;
        let found = probe(&now_ms, 1e-3);
        assert!(found.float_ms > 0.0 && found.quantized_ms > 0.0);
        assert!(now_ms() >= LEAST_MS);
    }
}
