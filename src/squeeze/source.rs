//! A trained network as it is squeezed: a matrix of weights for each layer, and what batch norm multiplies and adds.
//!
//! Batch norm and bias are one factor and one addend for each output channel, so they are no weights: codes are of
//! the trained weights, and a channel's scale takes the factor in.

use super::error::SqueezeError;
use super::layers::{Weighted, weighted};
use super::loupe::Loupe;
use crate::engine::batch_norm::{Affine, BatchNorm};
use crate::layer::Layer;
use crate::tensor_file::TensorFile;
use crate::weights::ModelFile;

/// The weights of one layer: rows are output channels.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightMatrix {
    /// Path of the layer's tensors.
    pub name: String,
    /// Output channels.
    pub rows: usize,
    /// Weights of an output channel.
    pub columns: usize,
    /// Pixels of the layer's window, whose weights lie side by side in a row.
    pub taps: usize,
    /// `[rows, columns]`, as trained.
    pub weights: Vec<f32>,
    /// Standard deviation of the weights, in which the page measures the strength of a thread.
    pub deviation: f32,
    /// What batch norm multiplies each output channel by; 1 without one.
    pub factors: Vec<f32>,
    /// What bias and batch norm add to each output channel.
    pub offsets: Vec<f32>,
}

/// Rows and columns of a layer that fills the loupe.
const FILLS: usize = 24;

/// A trained network.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its layers with batch norms folded, so each layer with weights has a bias.
    pub layers: Vec<Layer>,
    /// The weights of every layer that has some, in order.
    pub matrices: Vec<WeightMatrix>,
}

impl Source {
    /// Read a weights file.
    ///
    /// # Errors
    /// [`SqueezeError`] naming the tensor or the layer.
    pub fn parse(bytes: &[u8]) -> Result<Self, SqueezeError> {
        let file = ModelFile::parse(bytes)?;
        let mut source = Self {
            layers: Vec::new(),
            matrices: Vec::new(),
        };
        let mut layers = file.layers().iter().peekable();
        while let Some(layer) = layers.next() {
            let Some(weighted) = weighted(layer) else {
                if matches!(layer, Layer::BatchNorm { .. }) {
                    return Err(refuse(layer, "follows no layer with weights"));
                }
                source.layers.push(layer.clone());
                continue;
            };
            let norm = layers.next_if(|next| matches!(next, Layer::BatchNorm { .. }));
            let matrix = read(file.tensors(), layer, &weighted, norm)?;
            source.matrices.push(matrix);
            source.layers.push(with_bias(layer));
        }
        file.tensors().refuse_unread()?;
        Ok(source)
    }

    /// The first layer that fills the loupe; the largest one when there is none.
    pub fn loupe(&self) -> Loupe {
        let inputs = |matrix: &WeightMatrix| matrix.columns / matrix.taps;
        let fills = |matrix: &&WeightMatrix| matrix.rows.min(inputs(matrix)) >= FILLS;
        let largest = || {
            self.matrices
                .iter()
                .max_by_key(|matrix| matrix.weights.len())
        };
        let found = self.matrices.iter().find(fills).or_else(largest);
        found.map_or_else(Loupe::default, |matrix| Loupe {
            layer: matrix.name.clone(),
            tap: matrix.taps / 2,
            rows: matrix.rows,
            columns: inputs(matrix),
        })
    }
}

fn read(
    file: &TensorFile<'_>,
    layer: &Layer,
    weighted: &Weighted<'_>,
    norm: Option<&Layer>,
) -> Result<WeightMatrix, SqueezeError> {
    let Weighted { name, rows, .. } = *weighted;
    if weighted.shape.contains(&0) {
        return Err(refuse(layer, "has no weights"));
    }
    let values = file.floats(&format!("{name}.weight"), &weighted.shape)?;
    let weights = if weighted.channels_last {
        transposed(&values, rows)
    } else {
        values
    };
    let bias = if weighted.bias {
        file.floats(&format!("{name}.bias"), &[rows])?
    } else {
        vec![0.0; rows]
    };
    let affine = Affine::of_bias(bias);
    let Affine { scale, bias } = match norm {
        None => affine,
        Some(norm) => affine
            .fold(&batch_norm(file, norm, rows)?)
            .map_err(|reason| refuse(norm, &reason))?,
    };
    Ok(WeightMatrix {
        name: name.to_owned(),
        rows,
        columns: weighted.columns,
        taps: weighted.shape.iter().skip(2).product(),
        deviation: deviation(&weights),
        weights,
        factors: scale,
        offsets: bias,
    })
}

fn deviation(weights: &[f32]) -> f32 {
    let sum = |f: fn(f64) -> f64| weights.iter().map(|w| f(f64::from(*w))).sum::<f64>();
    let count = weights.len() as f64;
    let mean = sum(|w| w) / count;
    (sum(|w| w * w) / count - mean * mean).max(0.0).sqrt() as f32
}

fn batch_norm(
    file: &TensorFile<'_>,
    layer: &Layer,
    rows: usize,
) -> Result<BatchNorm, SqueezeError> {
    let Layer::BatchNorm {
        name,
        channels,
        epsilon,
    } = layer
    else {
        return Err(refuse(layer, "is no batch norm"));
    };
    if *channels != rows {
        let reason = format!("takes {channels} channels, there are {rows}");
        return Err(refuse(layer, &reason));
    }
    let part = |part| file.floats(&format!("{name}.{part}"), &[rows]);
    Ok(BatchNorm {
        gamma: part("gamma")?,
        beta: part("beta")?,
        mean: part("running_mean")?,
        variance: part("running_var")?,
        epsilon: *epsilon,
    })
}

fn with_bias(layer: &Layer) -> Layer {
    let mut layer = layer.clone();
    layer.set_bias(true);
    layer
}

fn refuse(layer: &Layer, reason: &str) -> SqueezeError {
    SqueezeError::Layer {
        title: layer.title(),
        reason: reason.to_owned(),
    }
}

/// Turn a matrix with rows of `columns` numbers on its side.
fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    (0..columns)
        .flat_map(|column| values.iter().skip(column).step_by(columns))
        .copied()
        .collect()
}
