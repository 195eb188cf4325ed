//! The list of layers in packed bytes: a kind in four bits, then its channels.
//!
//! Names are left out, because nothing is computed from them: unpacked layers are named by their kind and number. Batch
//! norms are folded before, so there are none, and every layer with weights has a bias.

use super::error::SqueezeError;
use super::rans::{BitList, Decoder};
use crate::layer::{Layer, name_by_kind};

const CONV: u32 = 0;
const DEPTHWISE: u32 = 1;
const POINTWISE: u32 = 2;
const DENSE: u32 = 3;
/// Added to the kind of a layer with weights that `ReLU` follows.
const THEN_RELU: u32 = 4;
const RELU: u32 = 8;
const MAX_POOL: u32 = 9;
const RESIDUAL_START: u32 = 10;
const RESIDUAL_ADD: u32 = 11;
const GLOBAL_AVERAGE_POOL: u32 = 12;
const END: u32 = 13;

/// The most layers; released networks have below 50.
pub(super) const MOST_LAYERS: usize = 1000;
/// The most channels or numbers of a layer's input or output.
pub(super) const MOST_CHANNELS: usize = 1 << 20;

/// The matrix of a layer's weights: rows are output channels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Weighted<'a> {
    /// Path of the layer's tensors.
    pub name: &'a str,
    /// Shape of the tensor in a weights file.
    pub shape: Vec<usize>,
    /// Output channels.
    pub rows: usize,
    /// Weights of an output channel.
    pub columns: usize,
    /// Whether the tensor is stored with output channels last.
    pub channels_last: bool,
    /// Whether it has a bias.
    pub bias: bool,
}

/// The weights of a layer, if it has any.
pub(super) fn weighted(layer: &Layer) -> Option<Weighted<'_>> {
    let matrix = |name, shape: &[usize], bias| {
        let rows = shape[0];
        Some(Weighted {
            name,
            shape: shape.to_vec(),
            rows,
            columns: shape[1..].iter().product(),
            channels_last: false,
            bias,
        })
    };
    match layer {
        Layer::Conv {
            name,
            channels: [inputs, outputs],
            bias,
        } => matrix(name, &[*outputs, *inputs, 3, 3], *bias),
        Layer::Depthwise {
            name,
            channels,
            bias,
        } => matrix(name, &[*channels, 1, 3, 3], *bias),
        Layer::Pointwise {
            name,
            channels: [inputs, outputs],
            bias,
        } => matrix(name, &[*outputs, *inputs, 1, 1], *bias),
        Layer::Dense {
            name,
            features: [inputs, outputs],
        } => Some(Weighted {
            name,
            shape: vec![*inputs, *outputs],
            rows: *outputs,
            columns: *inputs,
            channels_last: true,
            bias: true,
        }),
        _ => None,
    }
}

/// Append a list of layers.
///
/// # Panics
/// When there is a batch norm, which is to be folded before.
pub(super) fn write(layers: &[Layer], list: &mut BitList) {
    let mut channels_before = 1;
    let mut rest = layers.iter().peekable();
    while let Some(layer) = rest.next() {
        let (kind, channels) = kind_and_channels(layer);
        let then_relu = channels.is_some() && rest.next_if(|next| **next == Layer::Relu).is_some();
        list.push(if then_relu { kind + THEN_RELU } else { kind }, 4);
        let Some([inputs, outputs]) = channels else {
            continue;
        };
        list.push(u32::from(inputs == channels_before), 1);
        if inputs != channels_before {
            write_number(inputs, list);
        }
        if kind != DEPTHWISE {
            write_number(outputs, list);
        }
        channels_before = outputs;
    }
    list.push(END, 4);
}

fn kind_and_channels(layer: &Layer) -> (u32, Option<[usize; 2]>) {
    match layer {
        Layer::Conv { channels, .. } => (CONV, Some(*channels)),
        Layer::Depthwise { channels, .. } => (DEPTHWISE, Some([*channels; 2])),
        Layer::Pointwise { channels, .. } => (POINTWISE, Some(*channels)),
        Layer::Dense { features, .. } => (DENSE, Some(*features)),
        Layer::Relu => (RELU, None),
        Layer::MaxPool => (MAX_POOL, None),
        Layer::ResidualStart => (RESIDUAL_START, None),
        Layer::ResidualAdd => (RESIDUAL_ADD, None),
        Layer::GlobalAveragePool => (GLOBAL_AVERAGE_POOL, None),
        Layer::BatchNorm { .. } => panic!("batch norms are folded before"),
    }
}

/// Read a list of layers; each layer with weights is named by its kind and number.
///
/// # Errors
/// [`SqueezeError`] for a kind or a number that no layer has.
pub(super) fn read(decoder: &mut Decoder<'_>) -> Result<Vec<Layer>, SqueezeError> {
    let mut layers = Vec::new();
    let mut channels_before = 1;
    loop {
        let kind = decoder.bits(4)?;
        if kind == END && !layers.is_empty() {
            name_by_kind(&mut layers);
            return Ok(layers);
        }
        if layers.len() >= MOST_LAYERS {
            let found = "more";
            return Err(SqueezeError::content(
                "the number of layers",
                &found,
                &"1 to 1000",
            ));
        }
        layers.push(match kind {
            RELU => Layer::Relu,
            MAX_POOL => Layer::MaxPool,
            RESIDUAL_START => Layer::ResidualStart,
            RESIDUAL_ADD => Layer::ResidualAdd,
            GLOBAL_AVERAGE_POOL => Layer::GlobalAveragePool,
            _ if kind < RELU => {
                let weighted = read_weighted(decoder, kind % THEN_RELU, channels_before)?;
                channels_before = weighted.1;
                weighted.0
            }
            other => {
                return Err(SqueezeError::content("a layer's kind", &other, &"0 to 12"));
            }
        });
        if (THEN_RELU..RELU).contains(&kind) {
            layers.push(Layer::Relu);
        }
    }
}

fn read_weighted(
    decoder: &mut Decoder<'_>,
    kind: u32,
    channels_before: usize,
) -> Result<(Layer, usize), SqueezeError> {
    let inputs = match decoder.bits(1)? {
        0 => read_number(decoder)?,
        _ => channels_before,
    };
    let outputs = match kind {
        DEPTHWISE => inputs,
        _ => read_number(decoder)?,
    };
    let channels = [inputs, outputs];
    // It gets its name when all layers are known.
    let (name, bias) = (String::new(), true);
    let layer = match kind {
        CONV => Layer::Conv {
            name,
            channels,
            bias,
        },
        DEPTHWISE => Layer::Depthwise {
            name,
            channels: inputs,
            bias,
        },
        POINTWISE => Layer::Pointwise {
            name,
            channels,
            bias,
        },
        _ => Layer::Dense {
            name,
            features: channels,
        },
    };
    Ok((layer, outputs))
}

/// Append a number in groups of seven bits, the lowest first, each behind a bit that says whether another follows.
fn write_number(number: usize, list: &mut BitList) {
    let mut rest = number;
    while rest >= 0x80 {
        list.push((rest & 0x7f) as u32 | 0x80, 8);
        rest >>= 7;
    }
    list.push(rest as u32, 8);
}

fn read_number(decoder: &mut Decoder<'_>) -> Result<usize, SqueezeError> {
    let mut number = 0;
    for shift in [0, 7, 14, 21] {
        let group = decoder.bits(8)? as usize;
        number |= (group & 0x7f) << shift;
        if group & 0x80 == 0 {
            break;
        }
    }
    if (1..=MOST_CHANNELS).contains(&number) {
        return Ok(number);
    }
    let expected = format!("1 to {MOST_CHANNELS}");
    let part = "a layer's number of channels";
    Err(SqueezeError::content(part, &number, &expected))
}
