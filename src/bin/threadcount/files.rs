//! The folders of the command line, and the files in them: JSON and TOML, each error naming its file.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use threadcount::card::Recipe;

/// Cards and weights.
pub const MODELS: &str = "models";
/// What the figures in README are generated from.
pub const RESULTS: &str = "results";

/// What a command returns.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Read a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    Ok(std::fs::read(path).map_err(named(path))?)
}

/// Read a JSON file.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    Ok(serde_json::from_slice(&read(path)?).map_err(named(path))?)
}

/// Write a JSON file.
pub fn write_json(path: &Path, content: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(content)? + "\n";
    Ok(std::fs::write(path, text).map_err(named(path))?)
}

/// Read a TOML file.
pub fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).map_err(named(path))?;
    Ok(toml::from_str(&text).map_err(named(path))?)
}

/// Read the choices of a network's run.
pub fn read_recipe(path: &Path) -> Result<Recipe> {
    read_toml(path)
}

/// The recipe of a model.
pub fn recipe_path(name: &str) -> PathBuf {
    Path::new(MODELS).join(format!("recipes/{name}.toml"))
}

/// A file in `results/`.
pub fn result_path(file: &str) -> PathBuf {
    Path::new(RESULTS).join(file)
}

fn named<E: Display>(path: &Path) -> impl Fn(E) -> String {
    move |error| format!("{}: {error}", path.display())
}
