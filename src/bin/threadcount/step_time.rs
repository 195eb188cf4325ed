//! `threadcount step-time`, and README's table of `results/training-speed.json`, which
//! `scripts/compare-training` writes.

use crate::training::read_recipe;
use crate::{MODELS, RESULTS, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use threadcount::card::{OptimizerName, Recipe};
use threadcount::dataset::Dataset;
use threadcount::network::{Network, PlainKernels};
use threadcount::timing::median;
use threadcount::train::fit::step_times;
use threadcount::train::fused::FusedKernels;

/// Steps that are not timed, and steps that are; `scripts/keras_step.py` has the same.
const WARM_UP_STEPS: usize = 5;
const TIMED_STEPS: usize = 20;
/// The networks that both trainers know.
const COMPARED: [&str; 2] = ["baseline", "lightweight"];

/// Print the median seconds of a step with `AdamW`, by the trainer's kernels or by Burn's own operations.
pub fn print<N: Network>(data: &Dataset, burn: bool) -> Result<()> {
    let path = Path::new(MODELS).join(format!("recipes/{}.toml", N::NAME));
    let recipe = Recipe {
        optimizer: OptimizerName::AdamW,
        ..read_recipe(&path)?
    };
    let measure = if burn {
        step_times::<N, PlainKernels>
    } else {
        step_times::<N, FusedKernels>
    };
    let times = measure(&recipe, &data.train, WARM_UP_STEPS + TIMED_STEPS);
    println!("{:.5}", median_of(&times[WARM_UP_STEPS..])?);
    Ok(())
}

fn median_of(times: &[f64]) -> Result<f64> {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    Ok(median(&sorted).ok_or("nothing was timed")?)
}

/// What a run of the comparison found.
#[derive(Deserialize)]
struct TrainingSpeed {
    processor: String,
    cores: usize,
    tensorflow: String,
    batch_size: usize,
    /// Median seconds of a step, one for each round, by network and contender.
    seconds: BTreeMap<String, BTreeMap<String, Vec<f64>>>,
}

/// The table and what belongs to it.
pub fn table() -> Result<String> {
    let path = Path::new(RESULTS).join("training-speed.json");
    let found: TrainingSpeed = serde_json::from_slice(&std::fs::read(path)?)?;
    let batch = found.batch_size as f64;
    let mut text =
        format!("| a step of {batch} images with AdamW: median (all rounds), ms; images/s |");
    for name in COMPARED {
        write!(text, " `{name}` |")?;
    }
    text += "\n|---|---:|---:|\n";
    let keras = format!("Keras, TensorFlow {}", found.tensorflow);
    for (contender, title) in [
        ("ours", "the trainer's kernels"),
        ("keras", keras.as_str()),
        ("burn", "Burn's own operations"),
    ] {
        write!(text, "| {title} |")?;
        for name in COMPARED {
            let rounds = &found.seconds[name][contender];
            let ms: Vec<String> = rounds.iter().map(|s| format!("{:.0}", s * 1e3)).collect();
            let step = median_of(rounds)?;
            write!(
                text,
                " {:.0} ({}); {:.0} |",
                step * 1e3,
                ms.join(", "),
                batch / step
            )?;
        }
        text += "\n";
    }
    text += "| **ours to Keras** |";
    for name in COMPARED {
        let rounds = &found.seconds[name];
        let ratio = median_of(&rounds["ours"])? / median_of(&rounds["keras"])?;
        write!(text, " **{ratio:.2}x** |")?;
    }
    let TrainingSpeed {
        processor, cores, ..
    } = found;
    writeln!(
        text,
        "\n\nMeasured in turns on {cores} cores of {processor}."
    )?;
    Ok(text)
}
