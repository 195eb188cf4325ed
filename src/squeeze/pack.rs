//! From codes to bytes. This is the definition of the format; `unpack` reads it, and version 1 too.
//!
//! ```text
//! "THRD", version 2      4 + 1 bytes
//! bits, cut, scale       3 bytes: 2 to 8 or 16; percent; 0 one scale a channel, 1 one a layer
//! one run of the entropy coder (see `rans`), in which a number in brackets is a count of plain bits:
//!   layers               for each its kind (4): 0 to 3 convolution, depthwise, pointwise, dense; the same and 4 when
//!                        ReLU follows; 8 to 12 ReLU, pooling, residual start and add, mean; 13 ends the list. With
//!                        weights: whether its inputs are the outputs before, at first 1 (1); else the inputs; the
//!                        outputs, but for depthwise. Both in groups of a bit "more follows" and 7 bits (8), the lowest first.
//!   for each layer with weights, in order:
//!     form               one scale for all rows (1), there are offsets (1)
//!     exponent           a power of two for the scales, and 100 (8)
//!     scales             z, how many digits all lack (4); the least (15 - z); width w (4); whether signs follow (1); for
//!                        each scale its distance to the least (w) and its sign (1). With z zeros behind, least and
//!                        distance give the bits of an f16.
//!     offsets            width w (4); of 15, an f16 each (16). Else a power of two, and 24 (6); for each offset a
//!                        multiple of it in two's complement (w + 1).
//!     frequencies        the level of the symbol of zero (6); for each symbol its level below the one predicted, as
//!                        0, -1, 1, -2 and so on; half of that in ones, a zero, and the remainder (1). See `symbols`.
//!     codes              for each weight its symbol, in parts of 4,096 that follow from the levels, and plain bits
//! ```
//! Scales and offsets take the fewest bits that hold them exactly: what they lose, they lose in `squeeze`.

use super::coded::{CodedMatrix, CodedNetwork, MOST_EXPONENT};
use super::layers;
use super::numbers::{write_offsets, write_scales};
use super::rans::{BitList, Encoder};
use super::setting::Scale;
use super::symbols::Table;

/// The first bytes.
pub(super) const MAGIC: &[u8; 4] = b"THRD";
/// The version of the format.
pub(super) const VERSION: u8 = 2;
/// Bits of a matrix's exponent.
pub(super) const EXPONENT_BITS: u32 = 8;

/// Pack a network into bytes.
pub fn pack(network: &CodedNetwork) -> Vec<u8> {
    let setting = network.setting;
    let mut encoder = Encoder::default();
    for matrix in network.matrices.iter().rev() {
        write_matrix(matrix, setting.bits(), &mut encoder);
    }
    let mut list = BitList::default();
    layers::write(&network.layers, &mut list);
    encoder.write_list(&list);
    let mut bytes = MAGIC.to_vec();
    bytes.extend([
        VERSION,
        setting.bits(),
        setting.cut(),
        scale_byte(setting.scale()),
    ]);
    bytes.extend(encoder.finish());
    bytes
}

/// The byte for what shares a scale.
fn scale_byte(scale: Scale) -> u8 {
    match scale {
        Scale::Channel => 0,
        Scale::Layer => 1,
    }
}

fn write_matrix(matrix: &CodedMatrix, bits: u8, encoder: &mut Encoder) {
    let table = Table::of_codes(&matrix.codes, bits);
    table.write_codes(&matrix.codes, encoder);
    let one_scale = matrix.scales.len() == 1 && matrix.rows > 1;
    let has_offsets = !matrix.offsets.is_empty();
    let mut list = BitList::default();
    list.push(u32::from(one_scale), 1);
    list.push(u32::from(has_offsets), 1);
    list.push(
        (i32::from(matrix.exponent) + MOST_EXPONENT) as u32,
        EXPONENT_BITS,
    );
    write_scales(&matrix.scales, &mut list);
    if has_offsets {
        write_offsets(&matrix.offsets, &mut list);
    }
    table.write(&mut list);
    encoder.write_list(&list);
}
