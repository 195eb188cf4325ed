//! The list of layers in packed bytes: a byte for the kind, then its channels.
//!
//! Names are left out, because nothing is computed from them: unpacked layers are named by their position. Batch
//! norms are folded before, so there are none, and every layer with weights has a bias.

use super::bits::ByteReader;
use super::error::SqueezeError;
use crate::layer::Layer;

const CONV: u8 = 0;
const DEPTHWISE: u8 = 1;
const POINTWISE: u8 = 2;
const DENSE: u8 = 3;
const RELU: u8 = 4;
const MAX_POOL: u8 = 5;
const RESIDUAL_START: u8 = 6;
const RESIDUAL_ADD: u8 = 7;
const GLOBAL_AVERAGE_POOL: u8 = 8;

/// The most layers; released networks have below 50.
const MOST_LAYERS: usize = 1000;
/// The most channels or numbers of a layer's input or output.
const MOST_CHANNELS: usize = 1 << 20;

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
pub(super) fn write(layers: &[Layer], bytes: &mut Vec<u8>) {
    write_number(layers.len(), bytes);
    for layer in layers {
        let (kind, numbers): (u8, &[usize]) = match layer {
            Layer::Conv { channels, .. } => (CONV, channels),
            Layer::Depthwise { channels, .. } => (DEPTHWISE, std::slice::from_ref(channels)),
            Layer::Pointwise { channels, .. } => (POINTWISE, channels),
            Layer::Dense { features, .. } => (DENSE, features),
            Layer::Relu => (RELU, &[]),
            Layer::MaxPool => (MAX_POOL, &[]),
            Layer::ResidualStart => (RESIDUAL_START, &[]),
            Layer::ResidualAdd => (RESIDUAL_ADD, &[]),
            Layer::GlobalAveragePool => (GLOBAL_AVERAGE_POOL, &[]),
            Layer::BatchNorm { .. } => panic!("batch norms are folded before"),
        };
        bytes.push(kind);
        for number in numbers {
            write_number(*number, bytes);
        }
    }
}

/// Read a list of layers; each layer with weights is named by its position.
///
/// # Errors
/// [`SqueezeError`] for a kind or a number that no layer has.
pub(super) fn read(bytes: &mut ByteReader<'_>) -> Result<Vec<Layer>, SqueezeError> {
    let count = read_number(bytes, "the number of layers", MOST_LAYERS)?;
    (0..count).map(|number| read_layer(bytes, number)).collect()
}

fn read_layer(bytes: &mut ByteReader<'_>, number: usize) -> Result<Layer, SqueezeError> {
    let name = format!("layer{number}");
    let bias = true;
    let channels = |bytes: &mut ByteReader<'_>| {
        let number = |bytes: &mut ByteReader<'_>| {
            read_number(bytes, "a layer's number of channels", MOST_CHANNELS)
        };
        Ok::<_, SqueezeError>([number(bytes)?, number(bytes)?])
    };
    Ok(match bytes.byte("a layer's kind")? {
        CONV => Layer::Conv {
            name,
            channels: channels(bytes)?,
            bias,
        },
        DEPTHWISE => Layer::Depthwise {
            name,
            channels: read_number(bytes, "a layer's number of channels", MOST_CHANNELS)?,
            bias,
        },
        POINTWISE => Layer::Pointwise {
            name,
            channels: channels(bytes)?,
            bias,
        },
        DENSE => Layer::Dense {
            name,
            features: channels(bytes)?,
        },
        RELU => Layer::Relu,
        MAX_POOL => Layer::MaxPool,
        RESIDUAL_START => Layer::ResidualStart,
        RESIDUAL_ADD => Layer::ResidualAdd,
        GLOBAL_AVERAGE_POOL => Layer::GlobalAveragePool,
        other => {
            return Err(SqueezeError::content(
                "a layer's kind",
                &other,
                &format!("0 to {GLOBAL_AVERAGE_POOL}"),
            ));
        }
    })
}

/// Append a number in groups of seven bits, the lowest first (LEB128).
fn write_number(number: usize, bytes: &mut Vec<u8>) {
    let mut rest = number;
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn read_number(
    bytes: &mut ByteReader<'_>,
    part: &'static str,
    most: usize,
) -> Result<usize, SqueezeError> {
    let mut number = 0;
    for shift in [0, 7, 14, 21] {
        let byte = bytes.byte(part)?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            // One number has one spelling.
            if (byte == 0 && shift > 0) || !(1..=most).contains(&number) {
                break;
            }
            return Ok(number);
        }
    }
    Err(SqueezeError::content(
        part,
        &number,
        &format!("1 to {most}"),
    ))
}
