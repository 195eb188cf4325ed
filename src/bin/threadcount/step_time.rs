//! `threadcount step-time`, and README's table of `results/training-speed.json`, which
//! `scripts/compare-training` writes.

use crate::files::{Result, read_json, read_recipe, recipe_path, result_path};
use crate::released::architecture;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use threadcount::card::{OptimizerName, Recipe};
use threadcount::dataset::Dataset;
use threadcount::format::thousands;
use threadcount::network::BurnOps;
use threadcount::timing::median;
use threadcount::train::fused::FusedOps;
use threadcount::train::step::step_times;

/// Images of a step, whatever a recipe trains with; `scripts/keras_step.py` has the same.
const BATCH_SIZE: usize = 64;
/// Steps that are not timed, and steps that are; `scripts/keras_step.py` has the same.
const STEPS: [usize; 2] = [5, 20];
/// The same of Burn's own operations, which take up to a minute a step.
const BURN_STEPS: [usize; 2] = [1, 2];
/// The networks that both trainers know.
const COMPARED: [&str; 2] = ["baseline", "lightweight"];

/// Print the median seconds of a step with `AdamW`, by the trainer's kernels or by Burn's own operations.
pub fn print(name: &str, data: &Dataset, burn: bool) -> Result<()> {
    let recipe = Recipe {
        optimizer: OptimizerName::AdamW,
        batch_size: BATCH_SIZE,
        ..read_recipe(&recipe_path(name))?
    };
    let (measure, [warm_up, timed]) = if burn {
        (step_times::<BurnOps> as fn(_, _, _, _) -> _, BURN_STEPS)
    } else {
        (step_times::<FusedOps> as fn(_, _, _, _) -> _, STEPS)
    };
    let times: Vec<f64> = measure(&architecture(name)?, &recipe, &data.train, warm_up + timed);
    println!("{:.5}", median_of(&times[warm_up..])?);
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
    let found: TrainingSpeed = read_json(&result_path("training-speed.json"))?;
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
            let milliseconds = |seconds: f64| thousands((seconds * 1e3).round() as usize);
            let all: Vec<String> = rounds.iter().map(|s| milliseconds(*s)).collect();
            let step = median_of(rounds)?;
            let speed = batch / step;
            let digits = usize::from(speed < 10.0);
            let (step, all) = (milliseconds(step), all.join(", "));
            write!(text, " {step} ({all}); {speed:.digits$} |")?;
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
        "\n\nMeasured on {cores} cores of {processor}, the trainer and Keras in turns."
    )?;
    Ok(text)
}
