//! The released models: reading them, checking them against their cards, and finding weights by their sum.

use crate::files::{MODELS, RESULTS, Result, read, write_json};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use threadcount::card::{Card, Data, WeightsFile};
use threadcount::catalog;
use threadcount::dataset::{SOURCE_FILES, SourceFile, sha256};
use threadcount::network::weights::Weights;
use threadcount::network::{AnyNetwork, Architecture, Network, device};
use threadcount::report;
use threadcount::squeeze::{is_packed, model_file};

/// Read a released model's card.
pub fn card(name: &str) -> Result<Card> {
    Ok(report::read_card(Path::new(MODELS), name)?)
}

/// A released model's card; none when the model has none yet.
pub fn card_if_any(name: &str) -> Result<Option<Card>> {
    card_path(name)
        .try_exists()?
        .then(|| card(name))
        .transpose()
}

fn card_path(name: &str) -> PathBuf {
    Path::new(MODELS).join(format!("{name}.json"))
}

/// Write a card beside its weights.
pub fn write_card(card: &Card) -> Result<()> {
    write_json(&card_path(&card.name), card)
}

/// A released model's file and its card, after the file's sum was checked.
pub fn file_and_card(name: &str) -> Result<(Vec<u8>, Card)> {
    let card = card(name)?;
    let bytes = weights(&card.weights)?;
    Ok((bytes, card))
}

/// A weights file, after its sum was checked; packed bytes are unpacked.
pub fn weights(weights: &WeightsFile) -> Result<Vec<u8>> {
    Ok(packed_if_so(weights)?.0)
}

/// A weights file, unpacked where it holds packed bytes, and those.
pub fn packed_if_so(
    WeightsFile {
        file,
        sha256: expected,
        ..
    }: &WeightsFile,
) -> Result<(Vec<u8>, Option<Vec<u8>>)> {
    let bytes = read(&Path::new(MODELS).join(file))?;
    let found = sha256(&bytes);
    if found != *expected {
        return Err(format!("{file} has sha256 {found}, its card says {expected}").into());
    }
    let packed = is_packed(&bytes).then(|| bytes.clone());
    Ok((model_file(bytes)?, packed))
}

/// The architecture of a model that must be a network.
pub fn architecture(name: &str) -> Result<Architecture> {
    Ok(catalog::architecture(name).ok_or_else(|| format!("{name} is not a network"))?)
}

/// A released network, its card and its file.
pub fn network(name: &str) -> Result<(AnyNetwork, Card, Vec<u8>)> {
    let (bytes, card) = file_and_card(name)?;
    let network = architecture(name)?.init(&device());
    let weights = Weights::of_file(&bytes, &network.layers())?;
    Ok((weights.apply(network)?, card, bytes))
}

/// The sums of the four files that every model is trained and tested on.
pub fn data_sums() -> Data {
    let name = |f: &SourceFile| f.name.trim_end_matches(".gz").to_owned();
    Data {
        sha256: SOURCE_FILES
            .iter()
            .map(|f| (name(f), f.sha256.to_owned()))
            .collect(),
    }
}

/// The weights file of a sum that a run wrote down, wherever the file is now.
pub fn find_weights(sum: Option<&str>) -> Result<Option<PathBuf>> {
    let Some(sum) = sum else {
        return Ok(None);
    };
    for folder in [Path::new(RESULTS).join("teachers"), PathBuf::from(MODELS)] {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let is_weights = |e: &OsStr| e == "safetensors" || e == "thrd";
            if path.extension().is_some_and(is_weights) && sha256(&read(&path)?) == *sum {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_both_formats_are_found_by_their_sums() {
        for (model, ending) in [("pocket", "thrd"), ("mlp", "safetensors")] {
            let card = card(model).unwrap();
            let found = find_weights(Some(&card.weights.sha256)).unwrap();
            let path = Path::new(MODELS).join(format!("{model}.{ending}"));
            assert_eq!(found, Some(path));
        }
        assert_eq!(find_weights(Some(&"0".repeat(64))).unwrap(), None);
        assert_eq!(find_weights(None).unwrap(), None);
    }
}
