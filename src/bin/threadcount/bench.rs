//! What `scripts/bench` wrote to `results/bench.json`, and who was fastest in it.

use crate::files::{RESULTS, Result, read_json, result_path};
use serde::Deserialize;
use std::collections::BTreeMap;
use threadcount::card::Card;
use threadcount::timing::median;

/// How far a contender's accuracy may be below its own single precision to be as accurate.
const EQUAL_ACCURACY: f64 = 0.002;

/// The resolution of the clock in a browser's isolated page, to which steps were timed before means of runs were taken.
fn clock_ms() -> f64 {
    0.005
}

/// Whose program it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Our engine.
    Ours,
    /// A runtime that others made for browsers.
    Peer,
    /// What defines the logits; it is no competitor.
    Reference,
}

/// One way to compute a network; `bench/contenders.js` has the same names.
#[derive(Debug)]
pub struct Contender {
    /// Its name in the file.
    pub name: &'static str,
    /// Whose it is.
    pub side: Side,
    /// For one that computes in integers: what does the same in single precision.
    pub single: Option<&'static str>,
}

const fn contender(name: &'static str, side: Side, single: Option<&'static str>) -> Contender {
    Contender { name, side, single }
}

/// Every contender, in the order of the tables.
pub const CONTENDERS: [Contender; 11] = [
    contender("engine, relaxed SIMD", Side::Ours, None),
    contender("engine, SIMD", Side::Ours, None),
    contender("engine, scalar", Side::Ours, None),
    contender(
        "engine, relaxed SIMD, integers",
        Side::Ours,
        Some("engine, relaxed SIMD"),
    ),
    contender("engine, SIMD, integers", Side::Ours, Some("engine, SIMD")),
    contender("LiteRT.js", Side::Peer, None),
    contender("LiteRT.js, int8", Side::Peer, Some("LiteRT.js")),
    contender("ONNX Runtime Web", Side::Peer, None),
    contender(
        "ONNX Runtime Web, int8",
        Side::Peer,
        Some("ONNX Runtime Web"),
    ),
    contender("TensorFlow.js", Side::Peer, None),
    contender("Burn, ndarray", Side::Reference, None),
];

/// What a run of the benchmark found.
#[derive(Debug, Deserialize)]
pub struct Bench {
    /// Name and version of the browser.
    pub browser: String,
    /// The processor.
    pub processor: String,
    /// The commit whose engine was measured.
    pub commit: String,
    /// Runs of each cell in each round.
    pub runs: usize,
    /// Rounds; each cell has a fresh browser in each.
    pub rounds: usize,
    /// Images that accuracies are measured on.
    pub validation_images: usize,
    /// What the time of a step is known to.
    #[serde(default = "clock_ms")]
    pub step_resolution_ms: f64,
    /// Versions of the peers.
    pub peers: BTreeMap<String, String>,
    /// Billions of operations a second of multiply-adds in registers.
    pub peak_gflops: BTreeMap<String, f64>,
    /// What was measured, by network.
    pub networks: BTreeMap<String, Network>,
    /// From navigation to the first prediction.
    pub cold_start_ms: BTreeMap<String, f64>,
    /// What is fetched until then.
    pub cold_start_gzipped_bytes: BTreeMap<String, usize>,
    /// How long the page takes for the test images.
    pub evaluation: Option<Evaluation>,
    /// sha256 of the weights file that was measured, by network.
    weights: BTreeMap<String, String>,
    /// sha256 of the weights that the peers' files were made from, by format and network.
    exported: BTreeMap<String, BTreeMap<String, String>>,
}

/// The page's evaluation of some networks on test images.
#[derive(Debug, Deserialize)]
pub struct Evaluation {
    /// The networks.
    pub networks: Vec<String>,
    /// The images.
    pub images: usize,
    /// From the press of the button, in seconds.
    pub seconds: f64,
    /// Cores of the machine.
    pub cores: usize,
}

/// The cells of one network.
#[derive(Debug, Deserialize)]
pub struct Network {
    cells: BTreeMap<String, Cell>,
    /// The engine's steps, by path.
    pub steps: BTreeMap<String, Vec<StepTime>>,
}

/// One contender on one network.
#[derive(Debug, Deserialize)]
pub struct Cell {
    /// The median of each round.
    pub medians_ms: Vec<f64>,
    /// Share of the validation images; none for those that are judged by their logits alone.
    pub accuracy: Option<f64>,
}

/// One step of the engine.
#[derive(Debug, Deserialize)]
pub struct StepTime {
    /// What it computes.
    pub title: String,
    /// Multiply-adds by the direct method.
    pub macs: u64,
    /// How long it takes; a time below [`Bench::step_resolution_ms`] is not known.
    pub time_ms: f64,
    /// None where a step has no multiply-adds or no time.
    pub share_of_peak: Option<f64>,
}

impl Bench {
    /// Read what the last run found.
    pub fn read() -> Result<Self> {
        read_json(&result_path("bench.json"))
    }

    /// What runs on other processors found, which are kept as results/bench-NAME.json.
    pub fn on_other_processors() -> Result<Vec<Self>> {
        let mut files: Vec<_> = std::fs::read_dir(RESULTS)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<_>>()?;
        files.retain(|path| {
            let name = path.file_stem().and_then(|name| name.to_str());
            let is_json = path
                .extension()
                .is_some_and(|extension| extension == "json");
            is_json && name.is_some_and(|name| name.starts_with("bench-"))
        });
        files.sort();
        files.iter().map(|path| read_json(path)).collect()
    }

    /// Whether a network's released weights were measured, and the peers' files were made from them.
    pub fn is_of(&self, card: &Card) -> bool {
        let is_released =
            |sums: &BTreeMap<String, String>| sums.get(&card.name) == Some(&card.weights.sha256);
        self.networks.contains_key(&card.name)
            && is_released(&self.weights)
            && self.exported.values().all(is_released)
    }
}

impl Network {
    /// A contender's cell; none where it has nothing for this network.
    pub fn cell(&self, name: &str) -> Option<&Cell> {
        self.cells.get(name)
    }

    /// The median over the rounds' medians.
    pub fn time(&self, name: &str) -> Option<f64> {
        let mut times = self.cell(name)?.medians_ms.clone();
        times.sort_by(f64::total_cmp);
        median(&times)
    }

    /// Whether a contender is as accurate as its own single precision.
    pub fn is_accurate(&self, contender: &Contender) -> bool {
        let accuracy = |name| self.cell(name).and_then(|cell| cell.accuracy);
        contender.single.is_none_or(|single| {
            let pair = accuracy(contender.name).zip(accuracy(single));
            // The margin is one of whole images, so the rounding of their shares does not decide.
            pair.is_some_and(|(int8, single)| single - int8 < EQUAL_ACCURACY + 1e-9)
        })
    }

    /// The fastest of a side: in single precision, or in any that is as accurate.
    pub fn best(&self, side: Side, any_precision: bool) -> Option<(&'static Contender, f64)> {
        CONTENDERS
            .iter()
            .filter(|contender| contender.side == side)
            .filter(|contender| any_precision || contender.single.is_none())
            .filter(|contender| self.is_accurate(contender))
            .filter_map(|contender| Some((contender, self.time(contender.name)?)))
            .min_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// The time of our fastest as a multiple of the best peer's.
    pub fn ratio(&self, any_precision: bool) -> Option<f64> {
        let time = |side| Some(self.best(side, any_precision)?.1);
        Some(time(Side::Ours)? / time(Side::Peer)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(cells: &serde_json::Value) -> Network {
        serde_json::from_value(serde_json::json!({ "cells": cells, "steps": {} })).unwrap()
    }

    fn name(found: Option<(&Contender, f64)>) -> &'static str {
        found.map_or("none", |(contender, _)| contender.name)
    }

    #[test]
    fn a_slow_round_does_not_decide() {
        let found = network(&serde_json::json!({
            "engine, SIMD": { "medians_ms": [1.0, 9.0, 1.2], "accuracy": 0.94 },
            "LiteRT.js": { "medians_ms": [4.0, 2.4, 2.2], "accuracy": 0.94 },
            "Burn, ndarray": { "medians_ms": [0.1, 0.1, 0.1] },
        }));
        assert_eq!(found.time("engine, SIMD"), Some(1.2));
        assert_eq!(found.ratio(false), Some(0.5));
        assert_eq!(found.time("TensorFlow.js"), None);
    }

    #[test]
    fn integers_count_only_where_they_are_as_accurate() {
        let found = |int8: f64| {
            network(&serde_json::json!({
                "engine, SIMD": { "medians_ms": [1.0], "accuracy": 0.94 },
                "LiteRT.js": { "medians_ms": [4.0], "accuracy": 0.94 },
                "LiteRT.js, int8": { "medians_ms": [2.0], "accuracy": int8 },
            }))
        };
        let [close, far] = [0.938, 0.9375].map(found);
        assert_eq!(name(close.best(Side::Peer, true)), "LiteRT.js, int8");
        assert_eq!(name(close.best(Side::Peer, false)), "LiteRT.js");
        assert_eq!(name(far.best(Side::Peer, true)), "LiteRT.js");
        assert_eq!(
            [close.ratio(true), far.ratio(true)],
            [Some(0.5), Some(0.25)]
        );
        assert_eq!(name(far.best(Side::Reference, true)), "none");
    }
}
