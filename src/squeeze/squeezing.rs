//! From trained weights to codes: the smallest weights of each layer are cut, the others rounded to a grid.

use super::coded::{CodedMatrix, CodedNetwork, largest_code, number, power_of_two};
use super::digits::{exponent_of_widest, round_offsets, shortened};
use super::error::SqueezeError;
use super::setting::{AS_TRAINED_BITS, Scale, Setting};
use super::source::{Source, WeightMatrix};
use crate::weave::{Shape, Weave, WovenLayer};
use half::f16;

/// Binary digits of a squeezed network's offsets, counted from the largest of the layer: as many as its scales have.
const OFFSET_DIGITS: u32 = 10;

/// A squeezed network, and how its codes compare with the weights as trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Squeezed {
    /// The network.
    pub network: CodedNetwork,
    /// For each layer with weights, what one step of a code stands for in weights as trained: one number, or one a
    /// row. The scales differ from it by what batch norm multiplies by.
    pub steps: Vec<Vec<f32>>,
}

impl Squeezed {
    /// The threads of the squeezed network, as strong as they are among the weights as trained.
    pub fn weave(&self, source: &Source) -> Weave {
        let bits = self.network.setting.bits();
        let coded = self.network.matrices.iter().zip(&self.steps);
        let layers = source.matrices.iter().zip(coded);
        let layers = layers.map(|(matrix, (coded, steps))| {
            let taps = matrix.taps;
            let shape = Shape {
                rows: matrix.rows,
                inputs: matrix.columns / taps,
                taps,
            };
            let at = |row: usize, input: usize, tap: usize| {
                let code = coded.codes[row * matrix.columns + input * taps + tap];
                number(code, bits) * steps[row.min(steps.len() - 1)]
            };
            WovenLayer::new(&matrix.name, shape, at, Some(matrix.deviation))
        });
        Weave::from(layers.collect::<Vec<_>>())
    }
}

/// Squeeze a network; nothing is trained again.
///
/// # Errors
/// [`SqueezeError::Layer`] when a scale or an offset is beyond half precision.
pub fn squeeze(source: &Source, setting: Setting) -> Result<Squeezed, SqueezeError> {
    let mut steps = Vec::new();
    let mut matrices = Vec::new();
    for matrix in &source.matrices {
        let kept = threshold(&matrix.weights, setting.cut());
        let of_layer = row_steps(matrix, setting);
        matrices.push(code(matrix, setting.bits(), &of_layer, kept)?);
        steps.push(of_layer);
    }
    Ok(Squeezed {
        network: CodedNetwork {
            setting,
            layers: source.layers.clone(),
            matrices,
        },
        steps,
    })
}

/// Which weights of a layer are cut: all below a magnitude, and the first so many of that magnitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Threshold {
    /// The bits of the magnitude, whose order is that of the magnitudes.
    magnitude: u32,
    equals: usize,
}

/// The threshold under which `cut` percent of the weights lie, rounded down to whole weights.
///
/// Every layer loses the same share, because batch norm makes magnitudes of different layers incomparable.
///
/// **Source**: Zhu and Gupta, "To prune, or not to prune", 2017, section 3 (<https://arxiv.org/abs/1710.01878>);
/// the magnitude as what decides: Han et al., "Learning both weights and connections for efficient neural networks",
/// 2015, section 3 (<https://arxiv.org/abs/1506.02626>).
fn threshold(weights: &[f32], cut: u8) -> Threshold {
    let count = weights.len() * usize::from(cut) / 100;
    if count == 0 {
        return Threshold {
            magnitude: 0,
            equals: 0,
        };
    }
    let mut magnitudes: Vec<u32> = weights.iter().map(|w| w.abs().to_bits()).collect();
    let (smaller, last, _) = magnitudes.select_nth_unstable(count - 1);
    let magnitude = *last;
    let equals = 1 + smaller.iter().filter(|m| **m == magnitude).count();
    Threshold { magnitude, equals }
}

/// What one step of a code stands for: one number for the layer, or one for each row.
///
/// **Formula**: `step = max |weight| / (2^(bits - 1) - 1)`, so that the largest weight has the largest code and zero is
/// a code. A row without weights takes 1, so that no step is zero.
///
/// **Source**: Krishnamoorthi, "Quantizing deep convolutional networks for efficient inference", 2018, section 2.2,
/// symmetric quantizer, and section 3.1 on one scale a layer or a channel (<https://arxiv.org/abs/1806.08342>).
fn row_steps(matrix: &WeightMatrix, setting: Setting) -> Vec<f32> {
    if setting.bits() == AS_TRAINED_BITS {
        return vec![1.0];
    }
    let step = |weights: &[f32]| step(weights, setting.bits());
    match setting.scale() {
        Scale::Layer => vec![step(&matrix.weights)],
        Scale::Channel => matrix
            .weights
            .chunks_exact(matrix.columns)
            .map(step)
            .collect(),
    }
}

/// What one step of a code of weights with a common scale stands for.
fn step(weights: &[f32], bits: u8) -> f32 {
    match weights.iter().fold(0.0_f32, |most, w| most.max(w.abs())) {
        0.0 => 1.0,
        widest => widest / f32::from(largest_code(bits)),
    }
}

/// Round weights with a common scale to what codes of so many bits, 2 to 8, make of them. The scale has so many binary
/// digits behind its first one.
pub fn round_row(weights: &mut [f32], bits: u8, digits: u32) {
    let step = shortened(step(weights, bits), digits);
    for weight in weights {
        *weight = (*weight / step).round_ties_even() * step;
    }
}

fn code(
    matrix: &WeightMatrix,
    bits: u8,
    steps: &[f32],
    Threshold { magnitude, equals }: Threshold,
) -> Result<CodedMatrix, SqueezeError> {
    let mut equals = equals;
    let mut cut = |weight: f32| {
        let bits = weight.abs().to_bits();
        let is_cut = bits < magnitude || (bits == magnitude && equals > 0);
        if is_cut && bits == magnitude {
            equals -= 1;
        }
        is_cut
    };
    let step_of = |row: usize| steps[row.min(steps.len() - 1)];
    let mut codes = Vec::with_capacity(matrix.weights.len());
    for (row, weights) in matrix.weights.chunks_exact(matrix.columns).enumerate() {
        let step = step_of(row);
        codes.extend(weights.iter().map(|weight| {
            if cut(*weight) {
                0
            } else if bits == AS_TRAINED_BITS {
                // Minus zero is a hole too.
                f16::from_f32(weight + 0.0).to_bits() as i16
            } else {
                (weight / step).round_ties_even() as i16
            }
        }));
    }
    let factors = matrix.factors.iter().enumerate();
    let scales = factors.map(|(row, factor)| factor * step_of(row));
    let (exponent, mut scales) = halves_with_exponent(&scales.collect::<Vec<_>>());
    if scales.iter().all(|scale| *scale == scales[0]) {
        scales.truncate(1);
    }
    let offsets = offsets(&matrix.offsets, bits);
    if let Some(number) = scales.iter().chain(&offsets).find(|n| !n.is_finite()) {
        return Err(SqueezeError::Layer {
            title: matrix.name.clone(),
            reason: format!("has a scale or an offset of {number}, expected less than 65,520"),
        });
    }
    Ok(CodedMatrix {
        rows: matrix.rows,
        columns: matrix.columns,
        codes,
        exponent,
        scales,
        offsets,
    })
}

/// Half precision numbers and the power of two that they are multiplied by; the largest is from 1 to 2.
fn halves_with_exponent(numbers: &[f32]) -> (i8, Vec<f16>) {
    let exponent = exponent_of_widest(numbers);
    let unit = power_of_two(exponent);
    let halves = numbers.iter().map(|n| f16::from_f32(n / unit)).collect();
    (exponent, halves)
}

/// What a layer adds to each channel; none when that is zero everywhere. Those of a squeezed network have
/// [`OFFSET_DIGITS`].
fn offsets(numbers: &[f32], bits: u8) -> Vec<f16> {
    let mut numbers = numbers.to_vec();
    if bits != AS_TRAINED_BITS {
        round_offsets(&mut numbers, OFFSET_DIGITS);
    }
    // Minus zero is zero.
    let offsets: Vec<f16> = numbers.iter().map(|n| f16::from_f32(n + 0.0)).collect();
    if offsets.iter().all(|offset| *offset == f16::ZERO) {
        return Vec::new();
    }
    offsets
}
