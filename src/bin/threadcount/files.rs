//! The folders of the command line, and the files in them: JSON, TOML and CSV, each error naming its file.

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

/// Refuse to run where the repository's files are not.
pub fn in_repository() -> Result<()> {
    let recipes = Path::new(MODELS).join("recipes");
    if recipes.is_dir() {
        return Ok(());
    }
    let recipes = recipes.display();
    Err(format!("there is no {recipes} here; run this in the root of the repository").into())
}

/// Read a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    Ok(std::fs::read(path).map_err(named(path))?)
}

/// Read a JSON file.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    Ok(serde_json::from_slice(&read(path)?).map_err(named(path))?)
}

/// Read a JSON file; none when there is no such file.
pub fn read_json_if_any<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    path.try_exists()?.then(|| read_json(path)).transpose()
}

/// Read the rows of a CSV file.
pub fn read_csv<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let bytes = read(path)?;
    let rows = csv::Reader::from_reader(&*bytes).into_deserialize();
    let rows: std::result::Result<_, csv::Error> = rows.collect();
    Ok(rows.map_err(named(path))?)
}

/// Write a file so that it is the old one or the new one at any time, whatever ends the program.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    std::fs::write(&partial, content).map_err(named(path))?;
    Ok(std::fs::rename(&partial, path).map_err(named(path))?)
}

/// Write a JSON file.
pub fn write_json(path: &Path, content: &impl Serialize) -> Result<()> {
    write(path, serde_json::to_string_pretty(content)? + "\n")
}

/// Write a weights file into the folder of models. Its card follows: until then the card's sum is of the older file, and
/// whatever reads both says so.
pub fn write_weights(file: &str, bytes: &[u8]) -> Result<()> {
    let folder = Path::new(MODELS);
    create_folder(folder)?;
    write(&folder.join(file), bytes)
}

/// Make a folder, if there is none yet.
pub fn create_folder(path: &Path) -> Result<()> {
    Ok(std::fs::create_dir_all(path).map_err(named(path))?)
}

/// Read a text file.
pub fn read_text(path: &Path) -> Result<String> {
    Ok(std::fs::read_to_string(path).map_err(named(path))?)
}

/// Read a TOML file.
pub fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = read_text(path)?;
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
