//! From codes to bytes. This is the definition of the format; `unpack` reads it.
//!
//! ```text
//! "THRD", version 1      4 + 1 bytes
//! bits, cut, scale       3 bytes: 2 to 8 or 16; percent; 0 one scale a channel, 1 one a layer
//! layers                 their number, then for each its kind and its channels (see `layers`)
//! for each layer with weights, in order:
//!   form                 1 byte: bit 0 holes are listed, bit 1 one scale for all rows, bit 2 no offsets
//!   exponent             1 byte: a power of two for the scales, two's complement
//!   scales, offsets      f16 each
//!   codes                a code for each weight, of `bits` bits; or a bit for each weight, 0 for a hole, and a code for
//!                        each weight that is not zero, whichever is shorter. Each run of bits ends with its byte.
//! ```
//! A code `c` is stored as `c + 2^(bits - 1) - 1`. Where holes are listed, zero is no code, so those above it move down
//! by one; at 2 bits that leaves two codes of one bit. Codes of 16 bits are half precision numbers.

use super::bits::{BitWriter, bytes_of};
use super::coded::{CodedMatrix, CodedNetwork, largest_code};
use super::layers;
use super::setting::{AS_TRAINED_BITS, Scale};

/// The first bytes.
pub(super) const MAGIC: &[u8; 4] = b"THRD";
/// The version of the format.
pub(super) const VERSION: u8 = 1;
/// Bits of a matrix's form.
pub(super) const HOLES: u8 = 1;
pub(super) const ONE_SCALE: u8 = 2;
pub(super) const NO_OFFSETS: u8 = 4;

/// Pack a network into bytes.
pub fn pack(network: &CodedNetwork) -> Vec<u8> {
    let setting = network.setting;
    let mut bytes = MAGIC.to_vec();
    bytes.extend([
        VERSION,
        setting.bits(),
        setting.cut(),
        scale_byte(setting.scale()),
    ]);
    layers::write(&network.layers, &mut bytes);
    for matrix in &network.matrices {
        write_matrix(matrix, setting.bits(), &mut bytes);
    }
    bytes
}

/// The byte for what shares a scale.
pub(super) fn scale_byte(scale: Scale) -> u8 {
    match scale {
        Scale::Channel => 0,
        Scale::Layer => 1,
    }
}

/// Bits of a code where holes are listed, so that zero is none.
pub(super) fn bits_without_zero(bits: u8) -> u32 {
    if bits == 2 { 1 } else { u32::from(bits) }
}

fn write_matrix(matrix: &CodedMatrix, bits: u8, bytes: &mut Vec<u8>) {
    let weights = matrix.codes.len();
    let plain = bytes_of(weights, bits.into());
    let listed = bytes_of(weights, 1) + bytes_of(matrix.threads(), bits_without_zero(bits));
    let holes = listed < plain;
    let one_scale = matrix.scales.len() == 1 && matrix.rows > 1;
    let flag = |flag: u8, is_set: bool| if is_set { flag } else { 0 };
    bytes.push(
        flag(HOLES, holes)
            | flag(ONE_SCALE, one_scale)
            | flag(NO_OFFSETS, matrix.offsets.is_empty()),
    );
    bytes.extend(matrix.exponent.to_le_bytes());
    for half in matrix.scales.iter().chain(&matrix.offsets) {
        bytes.extend(half.to_le_bytes());
    }
    if holes {
        bytes.extend(write_codes(&matrix.codes, 1, |code| u16::from(code != 0)));
        let threads: Vec<i16> = matrix.codes.iter().copied().filter(|c| *c != 0).collect();
        bytes.extend(write_codes(&threads, bits_without_zero(bits), |code| {
            without_zero(code, bits)
        }));
    } else {
        bytes.extend(write_codes(&matrix.codes, bits.into(), |code| {
            with_zero(code, bits)
        }));
    }
}

fn write_codes(codes: &[i16], bits: u32, stored: impl Fn(i16) -> u16) -> Vec<u8> {
    let mut writer = BitWriter::default();
    for code in codes {
        writer.push(stored(*code), bits);
    }
    writer.finish()
}

fn with_zero(code: i16, bits: u8) -> u16 {
    if bits == AS_TRAINED_BITS {
        code as u16
    } else {
        (code + largest_code(bits)) as u16
    }
}

fn without_zero(code: i16, bits: u8) -> u16 {
    let stored = with_zero(code, bits);
    if bits != AS_TRAINED_BITS && code > 0 {
        stored - 1
    } else {
        stored
    }
}
