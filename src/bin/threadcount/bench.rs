//! README's table of `results/bench.json`, which `scripts/bench` writes.

use crate::files::{Result, read_json, result_path};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use threadcount::card::Card;
use threadcount::format::kilobytes;

/// The contenders in the order of the table.
const CONTENDERS: [&str; 8] = [
    "engine, relaxed SIMD, integers",
    "engine, SIMD, integers",
    "engine, relaxed SIMD",
    "engine, SIMD",
    "engine, scalar",
    "TensorFlow.js",
    "ONNX Runtime Web",
    "Burn, ndarray",
];

/// What a run of the benchmark found.
#[derive(Deserialize)]
pub struct Bench {
    browser: String,
    processor: String,
    peers: BTreeMap<String, String>,
    peak_gflops: BTreeMap<String, f64>,
    networks: BTreeMap<String, Network>,
    ratio_to_best_peer: BTreeMap<String, f64>,
    ratio_to_best_peer_in_floats: BTreeMap<String, f64>,
    cold_start_ms: BTreeMap<String, f64>,
    cold_start_gzipped_bytes: BTreeMap<String, usize>,
    /// sha256 of the weights file that was measured, by network.
    weights: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Network {
    cells: BTreeMap<String, Cell>,
    steps: BTreeMap<String, Vec<Step>>,
}

#[derive(Deserialize)]
struct Cell {
    median_ms: f64,
    p95_ms: f64,
    n: usize,
}

#[derive(Deserialize)]
struct Step {
    title: String,
    time_ms: f64,
    /// None where a step has no multiply-adds or is shorter than the clock's grain.
    share_of_peak: Option<f64>,
}

impl Bench {
    /// Read what the last run found.
    pub fn read() -> Result<Self> {
        read_json(&result_path("bench.json"))
    }

    /// Whether a network's released weights were measured.
    pub fn is_of(&self, card: &Card) -> bool {
        self.networks.contains_key(&card.name)
            && self.weights.get(&card.name) == Some(&card.weights.sha256)
    }
}

/// The table and what belongs to it, of the networks whose released weights were measured; the others are named.
pub fn table(bench: &Bench, cards: &[Card]) -> Result<String> {
    let (measured, others): (Vec<&Card>, Vec<&Card>) =
        cards.iter().partition(|card| bench.is_of(card));
    let mut text = String::new();
    if !measured.is_empty() {
        text += &speeds(bench, &measured)?;
    }
    if !others.is_empty() {
        let names: Vec<String> = others
            .iter()
            .map(|card| format!("`{}`", card.name))
            .collect();
        text += &format!(
            "\nNot measured on the released weights yet: {}.\n",
            names.join(", ")
        );
    }
    Ok(text)
}

fn speeds(bench: &Bench, cards: &[&Card]) -> Result<String> {
    let networks = || cards.iter().map(|card| card.name.as_str());
    let mut text = String::from("| median (95th percentile), ms |");
    for name in networks() {
        write!(text, " `{name}` |")?;
    }
    text += "\n|---|";
    text += &"---:|".repeat(networks().count());
    text += "\n";
    for contender in CONTENDERS {
        let version = bench.peers.get(contender).map_or("", String::as_str);
        write!(text, "| {} |", [contender, version].join(" ").trim())?;
        for name in networks() {
            match bench.networks[name].cells.get(contender) {
                Some(cell) => write!(text, " {:.2} ({:.2}) |", cell.median_ms, cell.p95_ms)?,
                None => text += " – |",
            }
        }
        text += "\n";
    }
    for (title, ratios) in [
        ("as the page runs it", &bench.ratio_to_best_peer),
        ("in floats", &bench.ratio_to_best_peer_in_floats),
    ] {
        write!(text, "| **relaxed SIMD, {title}, to the best peer** |")?;
        for name in networks() {
            write!(text, " **{:.2}x** |", ratios[name])?;
        }
        text += "\n";
    }
    let runs = bench.networks[&cards[0].name].cells["engine, SIMD"].n;
    let starts: Vec<String> = bench
        .cold_start_ms
        .iter()
        .map(|(name, time)| {
            let size = kilobytes(bench.cold_start_gzipped_bytes[name]);
            format!("{name} {time:.0} ms and {size} gzipped")
        })
        .collect();
    write!(
        text,
        "\n{runs} runs of each in turns of 20, one thread, {}, {}. A loop of multiply-adds in registers reaches \
         {:.0} GFLOP/s with relaxed SIMD and {:.0} without. From navigation to the first prediction of \
         `lightweight`, cache empty, on the same machine: {}.\n",
        bench.browser,
        bench.processor,
        bench.peak_gflops["relaxed SIMD"],
        bench.peak_gflops["SIMD"],
        starts.join(", "),
    )?;
    text += "\n| step, relaxed SIMD | time, µs | share of that peak, by the direct method's count |\n|---|---:|---:|\n";
    for name in networks() {
        for (path, steps) in &bench.networks[name].steps {
            let Some(kind) = path.strip_prefix("relaxed SIMD") else {
                continue;
            };
            for step in steps {
                let Some(share) = step.share_of_peak.filter(|share| *share > 0.0) else {
                    continue;
                };
                let (title, time_us) = (&step.title, step.time_ms * 1000.0);
                let percent = share * 100.0;
                writeln!(
                    text,
                    "| `{name}`{kind}: {title} | {time_us:.0} | {percent:.0} % |"
                )?;
            }
        }
    }
    Ok(text)
}
