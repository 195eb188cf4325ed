//! The activation of every step, held to plain loops over the list of layers, which know no fusion, no packing and no
//! Winograd, and to the logits.

use crate::{file, test_samples};
use threadcount::activation::{Activation, Layered};
use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::engine::{Arithmetic, Engine, InstructionSet};
use threadcount::image::SIDE;
use threadcount::layer::{Layer, costs};
use threadcount::preprocess::Features;
use threadcount::report::read_card;
use threadcount::timing::{Stopwatch, Thoroughness};
use threadcount::weights::ModelFile;

/// Largest difference, as a share of the largest number of the activation.
const TOLERANCE: f32 = 2e-5;
/// The same in integers.
const INTEGER_TOLERANCE: f32 = 0.12;

/// An activation in channel, row, column order.
#[derive(Clone)]
struct Plain {
    shape: [usize; 3],
    values: Vec<f32>,
}

impl Plain {
    fn at(&self, c: usize, y: isize, x: isize) -> f32 {
        let [_, h, w] = self.shape;
        if y < 0 || x < 0 || y >= h as isize || x >= w as isize {
            return 0.0;
        }
        self.values[(c * h + y as usize) * w + x as usize]
    }

    fn of(shape: [usize; 3], value: impl Fn(usize, usize, usize) -> f32) -> Self {
        let [c, h, w] = shape;
        let mut values = Vec::with_capacity(c * h * w);
        for c in 0..c {
            for y in 0..h {
                values.extend((0..w).map(|x| value(c, y, x)));
            }
        }
        Self { shape, values }
    }
}

fn window(weights: &[f32], x: &Plain, c: usize, row: usize, column: usize) -> f32 {
    let taps = weights.iter().enumerate().map(|(tap, weight)| {
        let (dy, dx) = (tap as isize / 3 - 1, tap as isize % 3 - 1);
        weight * x.at(c, row as isize + dy, column as isize + dx)
    });
    taps.sum()
}

/// The tensor of a layer.
fn read(file: &ModelFile, name: &str, part: &str, shape: &[usize]) -> Vec<f32> {
    let tensors = file.tensors();
    tensors.floats(&format!("{name}.{part}"), shape).unwrap()
}

/// A layer with weights by its definition.
fn weighted(file: &ModelFile, layer: &Layer, x: &Plain) -> Plain {
    let [_, h, w] = x.shape;
    let read = |name: &str, part: &str, shape: &[usize]| read(file, name, part, shape);
    let bias_of = |name: &str, has: bool, n: usize| {
        if has {
            read(name, "bias", &[n])
        } else {
            vec![0.0; n]
        }
    };
    match layer {
        Layer::Conv {
            name,
            channels: [i, o],
            bias,
        } => {
            let weights = read(name, "weight", &[*o, *i, 3, 3]);
            let bias = bias_of(name, *bias, *o);
            Plain::of([*o, h, w], |to, row, column| {
                let sums = (0..*i)
                    .map(|from| window(&weights[(to * i + from) * 9..][..9], x, from, row, column));
                sums.sum::<f32>() + bias[to]
            })
        }
        Layer::Depthwise {
            name,
            channels,
            bias,
        } => {
            let weights = read(name, "weight", &[*channels, 1, 3, 3]);
            let bias = bias_of(name, *bias, *channels);
            Plain::of(x.shape, |c, row, column| {
                window(&weights[c * 9..][..9], x, c, row, column) + bias[c]
            })
        }
        Layer::Pointwise {
            name,
            channels: [i, o],
            bias,
        } => {
            let weights = read(name, "weight", &[*o, *i, 1, 1]);
            let bias = bias_of(name, *bias, *o);
            Plain::of([*o, h, w], |to, row, column| {
                let product =
                    |from| weights[to * i + from] * x.at(from, row as isize, column as isize);
                (0..*i).map(product).sum::<f32>() + bias[to]
            })
        }
        Layer::Dense {
            name,
            features: [i, o],
        } => {
            let weights = read(name, "weight", &[*i, *o]);
            let bias = bias_of(name, true, *o);
            Plain::of([*o, 1, 1], |to, _, _| {
                let product = |(from, value): (usize, &f32)| weights[from * o + to] * value;
                x.values.iter().enumerate().map(product).sum::<f32>() + bias[to]
            })
        }
        other => panic!("{} has no weights", other.title()),
    }
}

/// Compute every layer by its definition; returns what each leaves.
fn plain(bytes: &[u8], features: &Features) -> Vec<Plain> {
    let file = ModelFile::parse(bytes).unwrap();
    let mut x = Plain {
        shape: [1, SIDE, SIDE],
        values: features.values().to_vec(),
    };
    let mut kept = None;
    let mut all = Vec::new();
    for layer in file.layers() {
        let [c, h, w] = x.shape;
        x = match layer {
            Layer::BatchNorm {
                name,
                channels,
                epsilon,
            } => {
                let [gamma, beta, mean, variance] =
                    ["gamma", "beta", "running_mean", "running_var"]
                        .map(|part| read(&file, name, part, &[*channels]));
                Plain::of(x.shape, |c, row, column| {
                    let deviation = (variance[c] + *epsilon as f32).sqrt();
                    let value = x.at(c, row as isize, column as isize);
                    gamma[c] * (value - mean[c]) / deviation + beta[c]
                })
            }
            Layer::Relu => Plain {
                shape: x.shape,
                values: x.values.iter().map(|v| v.max(0.0)).collect(),
            },
            Layer::MaxPool => Plain::of([c, h / 2, w / 2], |c, row, column| {
                let (y, x0) = (2 * row as isize, 2 * column as isize);
                let values =
                    [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(dy, dx)| x.at(c, y + dy, x0 + dx));
                values.into_iter().fold(f32::NEG_INFINITY, f32::max)
            }),
            Layer::ResidualStart => {
                kept = Some(x.clone());
                x
            }
            Layer::ResidualAdd => {
                let kept = kept.take().expect("a residual");
                let sums = x.values.iter().zip(&kept.values).map(|(a, b)| a + b);
                Plain {
                    shape: x.shape,
                    values: sums.collect(),
                }
            }
            Layer::GlobalAveragePool => Plain::of([c, 1, 1], |c, _, _| {
                x.values[c * h * w..][..h * w].iter().sum::<f32>() / (h * w) as f32
            }),
            other => weighted(&file, other, &x),
        };
        all.push(x.clone());
    }
    all
}

/// Compare the steps with what the last layer of each leaves.
fn compare(name: &str, found: &[Activation], expected: &[Plain], layers: &[Layer], most: f32) {
    let mut next = 0;
    for step in found {
        // Keeping a residual computes nothing, so it is part of no step.
        while layers[next] == Layer::ResidualStart && step.layers[0] != Layer::ResidualStart {
            next += 1;
        }
        let span = next..next + step.layers.len();
        assert_eq!(step.layers, layers[span.clone()], "{name}");
        let cost = &costs(layers)[span.clone()];
        let sum = |of: fn(&threadcount::layer::Cost) -> usize| cost.iter().map(of).sum::<usize>();
        assert_eq!(step.parameters, sum(|cost| cost.parameters), "{name}");
        assert_eq!(step.macs, sum(|cost| cost.macs), "{name}");
        next = span.end;
        let expected = &expected[next - 1];
        let title = step.name();
        assert_eq!(step.shape, expected.shape, "{name} {title}");
        assert_eq!(step.values.len(), expected.values.len());
        let largest = expected
            .values
            .iter()
            .fold(0.0_f32, |most, v| most.max(v.abs()));
        assert!(largest > 0.0, "{name} {title} is not all zero");
        let pairs = step.values.iter().zip(&expected.values);
        let difference = pairs.fold(0.0_f32, |most, (a, b)| most.max((a - b).abs()));
        assert!(
            difference <= most * largest,
            "{name} {title}: {difference} of {largest}"
        );
    }
    assert_eq!(next, layers.len(), "{name}: every layer is part of a step");
}

#[test]
fn every_activation_is_what_plain_loops_over_the_layers_leave() {
    let samples = &test_samples().0;
    for name in catalog::networks() {
        let bytes = file(name);
        let layers = ModelFile::parse(&bytes).unwrap().layers().to_vec();
        let engine = |arithmetic| Engine::from_bytes(&bytes, arithmetic, 2).unwrap();
        let mut engines = [
            (engine(Arithmetic::Float), TOLERANCE),
            (
                engine(Arithmetic::Float).with_instruction_set(InstructionSet::Scalar),
                TOLERANCE,
            ),
            (engine(Arithmetic::Quantized), INTEGER_TOLERANCE),
        ];
        // Plain loops take half a second on the largest network.
        let images = if name == "baseline" { 2 } else { 4 };
        for features in &samples[..images] {
            let expected = plain(&bytes, features);
            for (engine, most) in &mut engines {
                let found = engine.activations(features);
                compare(name, &found, &expected, &layers, *most);
                let last = found.last().unwrap();
                assert_eq!(last.values, engine.logits(features), "{name}");
            }
        }
    }
}

#[test]
fn the_steps_hold_all_numbers_and_multiply_adds_of_the_card() {
    for name in catalog::networks() {
        let card = read_card(&crate::root("models"), name).unwrap();
        let bytes = crate::as_trained(name);
        let mut engine = Engine::from_bytes(&bytes, Arithmetic::Quantized, 1).unwrap();
        let steps = engine.activations(&test_samples().0[0]);
        assert_eq!(steps.len(), engine.steps());
        let sum = |of: fn(&Activation) -> usize| steps.iter().map(of).sum::<usize>();
        assert_eq!(sum(|step| step.parameters), card.parameters, "{name}");
        assert_eq!(sum(|step| step.macs), card.macs, "{name}");
        let names: std::collections::BTreeSet<_> = steps.iter().map(Activation::name).collect();
        assert_eq!(
            names.len(),
            steps.len(),
            "{name}: every step has its own name"
        );
        assert!(steps.iter().all(|step| !step.operations().is_empty()));
    }
}

#[test]
fn a_step_gives_the_same_when_it_is_computed_again() {
    let features = &test_samples().0[5];
    for name in catalog::networks() {
        let mut engine = Engine::from_bytes(&file(name), Arithmetic::Quantized, 1).unwrap();
        let once = engine.activations(features);
        engine.begin(features);
        for (number, expected) in once.iter().enumerate() {
            let clock = std::cell::Cell::new(0.0);
            let now = || {
                clock.set(clock.get() + 1.0);
                clock.get()
            };
            let mut stopwatch = Stopwatch::new(Thoroughness::Quick, 0.05);
            engine.time_step(number, &mut stopwatch, &now);
            // Any number of runs takes a unit of this clock.
            let latency = stopwatch.latency().unwrap();
            assert_eq!(latency.median_ms * latency.batch as f64, 1.0);
            engine.step(number);
            assert_eq!(engine.activation(number), *expected, "{name} {number}");
        }
    }
}
