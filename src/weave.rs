//! The numbers of a model's file as the threads of a cloth: what a swatch is drawn from.
//!
//! A positive number is a thread that goes up (warp), a negative one goes across (weft), its size is the thread's
//! strength, and zero is a hole. A cloth shows fewer threads than there are weights, so some are picked, at even
//! steps of each layer's matrix; none is averaged or invented. The worker picks, `web::cloth` draws.

use crate::layer::Layer;
use crate::tensor_file::{Numbers, TensorFile, WeightsError};
use crate::weights::ModelFile;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::sync::Arc;

/// Rows, and columns of a layer without neighbors, that are kept of a layer at most: more than any swatch has threads.
const MOST: usize = 136;
/// Inputs that are kept at most of a layer with a window of pixels; each has all its taps.
const MOST_WITH_TAPS: usize = 44;
/// A thread is at its strongest at so many deviations of its layer.
const STRONGEST: f32 = 2.5;
/// Layers with fewer rows of threads have no seam between them.
const SEAM_FROM: usize = 5;

/// The threads that are kept of one layer, a row for each output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WovenLayer {
    /// The path of the layer's tensor, such as `early.1.conv1`.
    pub name: String,
    /// How many weights the layer has.
    pub weights: usize,
    /// How many of them are zero.
    pub zeros: usize,
    rows: usize,
    inputs: usize,
    taps: usize,
    /// -127 to 127 for -2.5 to 2.5 deviations, row by row, the taps of an input side by side; zero is exactly zero.
    threads: ByteBuf,
}

/// The shape of a layer's matrix.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Output channels.
    pub rows: usize,
    /// Input channels.
    pub inputs: usize,
    /// Pixels of its window: 9 of a 3x3 layer.
    pub taps: usize,
}

impl WovenLayer {
    /// Pick threads of a layer whose weight for a row, an input and a tap is `at`.
    ///
    /// `deviation` is what strengths are measured in: the standard deviation of the layer as it was trained, so that
    /// a squeezed layer keeps its scale; `None` takes that of these weights.
    pub fn new(
        name: &str,
        shape: Shape,
        at: impl Fn(usize, usize, usize) -> f32,
        deviation: Option<f32>,
    ) -> Self {
        let Shape { rows, inputs, taps } = shape;
        let weights = rows * inputs * taps;
        let (mut sum, mut squares, mut zeros) = (0.0_f64, 0.0_f64, 0);
        for row in 0..rows {
            for input in 0..inputs {
                for tap in 0..taps {
                    let v = f64::from(at(row, input, tap));
                    sum += v;
                    squares += v * v;
                    zeros += usize::from(v == 0.0);
                }
            }
        }
        let count = weights.max(1) as f64;
        let own = (squares / count - (sum / count).powi(2)).max(0.0).sqrt() as f32;
        // Numbers that are all the same have no deviation.
        let unit = STRONGEST * deviation.unwrap_or(own).max(f32::MIN_POSITIVE);
        let most_inputs = if taps > 1 { MOST_WITH_TAPS } else { MOST };
        let (kept_rows, kept_inputs) = (rows.min(MOST), inputs.min(most_inputs));
        let mut threads = Vec::with_capacity(kept_rows * kept_inputs * taps);
        for row in 0..kept_rows {
            for input in 0..kept_inputs {
                for tap in 0..taps {
                    let v = at(
                        step(row, kept_rows, rows),
                        step(input, kept_inputs, inputs),
                        tap,
                    );
                    threads.push(strength(v, unit) as u8);
                }
            }
        }
        Self {
            name: name.to_owned(),
            weights,
            zeros,
            rows: kept_rows,
            inputs: kept_inputs,
            taps,
            threads: ByteBuf::from(threads),
        }
    }

    /// The thread at a share of the rows and a share of the columns, 0 to 1.
    fn at(&self, down: f64, across: f64) -> i8 {
        let columns = self.inputs * self.taps;
        let place = |share: f64, n: usize| ((share * n as f64) as usize).min(n - 1);
        self.threads[place(down, self.rows) * columns + place(across, columns)] as i8
    }

    /// A piece of this layer alone: all its taps side by side, or only one of them.
    pub fn cloth(&self, rows: usize, columns: usize, tap: Option<usize>) -> Cloth {
        let share = |i: usize, n: usize| (i as f64 + 0.5) / n as f64;
        let cell = |i: usize| {
            let (down, across) = (share(i / columns, rows), share(i % columns, columns));
            match tap {
                None => self.at(down, across),
                Some(tap) => {
                    let input = ((across * self.inputs as f64) as usize).min(self.inputs - 1);
                    let row = ((down * self.rows as f64) as usize).min(self.rows - 1);
                    self.threads[(row * self.inputs + input) * self.taps + tap] as i8
                }
            }
        };
        let threads = if self.threads.is_empty() {
            vec![0; rows * columns]
        } else {
            (0..rows * columns).map(cell).collect()
        };
        Cloth {
            rows,
            columns,
            threads,
            seams: Vec::new(),
        }
    }
}

/// The `i`-th of `n` even steps over `of` places.
fn step(i: usize, n: usize, of: usize) -> usize {
    ((i as f64 + 0.5) * of as f64 / n as f64) as usize
}

fn strength(value: f32, unit: f32) -> i8 {
    if value == 0.0 {
        return 0;
    }
    let scaled = (value / unit).clamp(-1.0, 1.0) * 127.0;
    // A small number is a thin thread, not a hole.
    scaled.round().abs().max(1.0).copysign(value) as i8
}

/// The layers of a model, from input to output.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<WovenLayer>", into = "Vec<WovenLayer>")]
pub struct Weave(Arc<[WovenLayer]>);

impl From<Vec<WovenLayer>> for Weave {
    fn from(layers: Vec<WovenLayer>) -> Self {
        Self(layers.into())
    }
}

impl From<Weave> for Vec<WovenLayer> {
    fn from(weave: Weave) -> Self {
        weave.0.to_vec()
    }
}

impl PartialEq for Weave {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Weave {
    /// The threads of a model's file: of a network its layers' weights, of another model all its tensors.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn of_file(bytes: &[u8]) -> Result<Self, WeightsError> {
        match ModelFile::parse(bytes) {
            Ok(file) => Self::of_network(&file),
            Err(WeightsError::Layers(_)) => Self::of_tensors(&TensorFile::parse(bytes)?),
            Err(problem) => Err(problem),
        }
    }

    fn of_network(file: &ModelFile<'_>) -> Result<Self, WeightsError> {
        let mut layers = Vec::new();
        for layer in file.layers() {
            let (name, rows, inputs, taps) = match layer {
                Layer::Conv { name, channels, .. } => (name, channels[1], channels[0], 9),
                Layer::Depthwise { name, channels, .. } => (name, *channels, 1, 9),
                Layer::Pointwise { name, channels, .. } => (name, channels[1], channels[0], 1),
                Layer::Dense { name, features } => (name, features[1], features[0], 1),
                _ => continue,
            };
            let tensor = format!("{name}.weight");
            let numbers = file.tensors().numbers(&tensor)?;
            let expected = rows * inputs * taps;
            if numbers.len() != expected {
                return Err(WeightsError::Shape {
                    name: tensor,
                    expected: vec![rows, inputs, taps],
                    found: numbers.shape().to_vec(),
                });
            }
            let shape = Shape { rows, inputs, taps };
            // A dense layer is stored with a row for each input.
            let dense = matches!(layer, Layer::Dense { .. });
            let at = |row: usize, input: usize, tap: usize| {
                numbers.at(if dense {
                    input * rows + row
                } else {
                    (row * inputs + input) * taps + tap
                })
            };
            layers.push(WovenLayer::new(name, shape, at, None));
        }
        Ok(Self::from(layers))
    }

    fn of_tensors(file: &TensorFile<'_>) -> Result<Self, WeightsError> {
        let mut names = file.names();
        names.sort_unstable();
        let layer = |name: &str| {
            let numbers: Numbers<'_> = file.numbers(name)?;
            // As square as it goes: some are one long row.
            let rows = numbers.len().isqrt().max(1);
            let inputs = numbers.len() / rows;
            let shape = Shape {
                rows,
                inputs,
                taps: 1,
            };
            let at = |row: usize, input: usize, _| numbers.at(row * inputs + input);
            Ok(WovenLayer::new(name, shape, at, None))
        };
        let layers: Result<Vec<_>, _> = names.into_iter().map(layer).collect();
        layers.map(Self::from)
    }

    /// The layers.
    pub fn layers(&self) -> &[WovenLayer] {
        &self.0
    }

    /// The layer of a name.
    pub fn layer(&self, name: &str) -> Option<&WovenLayer> {
        self.0.iter().find(|layer| layer.name == name)
    }

    /// The layers of these names.
    pub fn part(&self, names: &[&str]) -> Self {
        let layers = self.0.iter().filter(|layer| names.contains(&&*layer.name));
        Self::from(layers.cloned().collect::<Vec<_>>())
    }

    /// A square cloth of so many threads each way, whose rows the layers share in proportion to their weights.
    pub fn cloth(&self, side: usize) -> Cloth {
        let side = side.max(2);
        let all: usize = self.0.iter().map(|layer| layer.weights).sum();
        let mut cloth = Cloth {
            rows: side,
            columns: side,
            threads: Vec::with_capacity(side * side),
            seams: Vec::new(),
        };
        let (mut before, mut begin, mut above) = (0, 0, 0);
        for layer in self.0.iter() {
            before += layer.weights;
            let end = (before as f64 / all.max(1) as f64 * side as f64).round() as usize;
            let rows = end - begin;
            if rows > 0 && !layer.threads.is_empty() {
                cloth.threads.extend(layer.cloth(rows, side, None).threads);
                if above >= SEAM_FROM && rows >= SEAM_FROM {
                    cloth.seams.push(begin);
                }
                above = rows;
            }
            begin = end;
        }
        cloth.threads.resize(side * side, 0);
        cloth
    }
}

/// Threads as they are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloth {
    /// Threads from top to bottom.
    pub rows: usize,
    /// Threads from left to right.
    pub columns: usize,
    /// -127 to 127, row by row.
    pub threads: Vec<i8>,
    /// Rows that begin a layer, with a seam above them.
    pub seams: Vec<usize>,
}

impl Cloth {
    /// The same with columns for rows.
    pub fn turned(self) -> Self {
        let Self { rows, columns, .. } = self;
        let threads = (0..rows * columns).map(|i| self.threads[i % rows * columns + i / rows]);
        Self {
            rows: columns,
            columns: rows,
            threads: threads.collect(),
            seams: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Vec<u8> {
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    }

    #[test]
    fn every_thread_is_a_weight_of_the_file() {
        let bytes = file("results/teachers/pocket-float.safetensors");
        let weave = Weave::of_file(&bytes).unwrap();
        let parsed = ModelFile::parse(&bytes).unwrap();
        let layer = weave.layer("early.1.conv1").unwrap();
        let numbers = parsed.tensors().numbers("early.1.conv1.weight").unwrap();
        assert_eq!(layer.weights, numbers.len());
        // 24 rows and 24 inputs with nine taps are all kept, in the file's order.
        let cloth = layer.cloth(24, 216, None);
        for (i, thread) in cloth.threads.iter().enumerate() {
            let value = numbers.at(i);
            assert_eq!(thread.signum(), value.total_cmp(&0.0) as i8, "{i}: {value}");
        }
        let tap = layer.cloth(24, 24, Some(4));
        assert!((0..576).all(|i| tap.threads[i] == cloth.threads[i * 9 + 4]));
    }

    #[test]
    fn a_dense_layer_has_a_row_for_each_output() {
        let bytes = file("models/logistic-regression.safetensors");
        let weave = Weave::of_file(&bytes).unwrap();
        let numbers = TensorFile::parse(&bytes).unwrap();
        let numbers = numbers.numbers("output.weight").unwrap();
        let cloth = weave.layers()[0].cloth(10, 136, None);
        let value = numbers.at(step(3, 136, 784) * 10 + 7);
        assert_eq!(
            cloth.threads[7 * 136 + 3].signum(),
            value.total_cmp(&0.0) as i8
        );
    }

    #[test]
    fn rows_are_shared_by_weights_and_zeros_stay_holes() {
        let of = |value: f32, rows| {
            let shape = Shape {
                rows,
                inputs: 10,
                taps: 1,
            };
            WovenLayer::new("a", shape, |_, _, _| value, Some(1.0))
        };
        let weave = Weave::from(vec![of(0.0, 30), of(0.001, 10)]);
        assert_eq!([weave.0[0].zeros, weave.0[1].zeros], [300, 0]);
        let cloth = weave.cloth(40);
        assert_eq!(cloth.seams, [30]);
        assert!(cloth.threads[..1200].iter().all(|t| *t == 0));
        assert!(cloth.threads[1200..].iter().all(|t| *t == 1));
    }
}
