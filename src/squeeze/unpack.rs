//! From packed bytes back to codes: the inverse of `pack`. Nothing in the bytes is believed.

use super::bits::ByteReader;
use super::coded::{CodedMatrix, CodedNetwork, MOST_EXPONENT};
use super::error::SqueezeError;
use super::layers::{self, Weighted, weighted};
use super::numbers::{read_offsets, read_scales};
use super::pack::{EXPONENT_BITS, MAGIC, VERSION};
use super::rans::Decoder;
use super::setting::{Scale, Setting};
use super::symbols::{MOST_WEIGHTS_IN_A_BYTE, Table};
use super::version_1;

/// Read packed bytes. Layers are named by their kind and number, such as `conv2`.
///
/// # Errors
/// [`SqueezeError`] saying what is wrong where; no bytes make this panic or take memory that they do not account for.
pub fn unpack(bytes: &[u8]) -> Result<CodedNetwork, SqueezeError> {
    let mut bytes = ByteReader::new(bytes);
    let magic = bytes.take(MAGIC.len(), "the first four bytes")?;
    if magic != MAGIC {
        let found = format!("{magic:?}");
        return Err(SqueezeError::content(
            "the first four bytes",
            &found,
            &"THRD",
        ));
    }
    let version = bytes.byte("the version")?;
    if !(1..=VERSION).contains(&version) {
        return Err(SqueezeError::content("the version", &version, &"1 or 2"));
    }
    let setting = read_setting(&mut bytes)?;
    if version == 1 {
        return version_1::read(&mut bytes, setting);
    }
    let mut decoder = Decoder::new(bytes.rest())?;
    let layers = layers::read(&mut decoder)?;
    let matrices = layers.iter().filter_map(weighted);
    let matrices = matrices
        .map(|layer| read_matrix(&mut decoder, &layer, setting.bits()))
        .collect::<Result<_, _>>()?;
    decoder.finish()?;
    Ok(CodedNetwork {
        setting,
        layers,
        matrices,
    })
}

/// Whether bytes begin as packed ones do, of any version.
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

fn read_setting(bytes: &mut ByteReader<'_>) -> Result<Setting, SqueezeError> {
    let [bits, cut] = [bytes.byte("the bits")?, bytes.byte("the cut")?];
    let scale = match bytes.byte("what shares a scale")? {
        0 => Scale::Channel,
        1 => Scale::Layer,
        other => {
            return Err(SqueezeError::content(
                "what shares a scale",
                &other,
                &"0 or 1",
            ));
        }
    };
    Setting::new(bits, cut, scale)
}

fn read_matrix(
    decoder: &mut Decoder<'_>,
    layer: &Weighted<'_>,
    bits: u8,
) -> Result<CodedMatrix, SqueezeError> {
    let Weighted { rows, columns, .. } = *layer;
    // A layer has fewer than 2^20 rows and, with nine weights for each input, than 2^24 columns.
    let most = decoder.left().saturating_mul(MOST_WEIGHTS_IN_A_BYTE);
    let weights = rows.checked_mul(columns).filter(|n| *n <= most);
    let weights = weights.ok_or(SqueezeError::Codes("end too early"))?;
    let one_scale = decoder.bits(1)? == 1;
    let has_offsets = decoder.bits(1)? == 1;
    if one_scale && rows == 1 {
        return Err(SqueezeError::content(
            "the number of scales",
            &"one for all",
            &"one for a row",
        ));
    }
    let exponent = decoder.bits(EXPONENT_BITS)? as i32 - MOST_EXPONENT;
    if exponent > MOST_EXPONENT {
        return Err(SqueezeError::content(
            "an exponent",
            &exponent,
            &"-100 to 100",
        ));
    }
    let scales = read_scales(decoder, if one_scale { 1 } else { rows })?;
    let offsets = if has_offsets {
        read_offsets(decoder, rows)?
    } else {
        Vec::new()
    };
    let table = Table::read(decoder, bits)?;
    Ok(CodedMatrix {
        rows,
        columns,
        codes: table.read_codes(decoder, weights)?,
        exponent: exponent as i8,
        scales,
        offsets,
    })
}
