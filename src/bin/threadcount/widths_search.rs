//! `threadcount search --budget`: how many channels a network of the ladder should have where.
//!
//! Successive halving: all candidates train for a few epochs, the better half for twice as many, and so on. Validation
//! chooses; every run is a line of results/search.csv.

use crate::files::{Result, read_recipe};
use crate::progress::{fit, stop_on_interrupt};
use crate::search;
use crate::teachers::ask_teachers;
use chacha20::ChaCha12Rng;
use rand::{Rng, RngExt, SeedableRng};
use std::path::PathBuf;
use threadcount::dataset::Dataset;
use threadcount::format::percent;
use threadcount::network::{Architecture, Widths, device};
use threadcount::train::checkpoint::CheckpointFolder;
use threadcount::train::fit::{Outcome, Run};

/// The most blocks at 14x14, and at 7x7.
const MOST_BLOCKS: usize = 3;
/// A block with other channels than the one before has so many times as many.
const GROWTH: std::ops::Range<f64> = 1.1..1.9;
/// The fewest channels.
const FEWEST_CHANNELS: usize = 4;
/// The most channels of a stem that are tried for a candidate.
const MOST_STEM: usize = 64;
/// The name of a candidate in results/search.csv, and of its folder.
const CANDIDATE: &str = "ladder";
/// A candidate uses at least this share of the budget.
const LEAST_USE: f64 = 0.94;

#[derive(clap::Args)]
pub struct Arguments {
    /// The most parameters
    #[arg(long, value_parser = clap::value_parser!(u32).range(200..=100_000))]
    budget: u32,
    /// Candidates of the first round
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1000))]
    candidates: u32,
    /// Epochs of the first round
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=100))]
    epochs: u32,
    /// Seed of the candidates and of their runs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Train by this recipe, but for its epochs and seeds
    #[arg(
        long,
        value_name = "FILE",
        default_value = "models/recipes/tiny-1k.toml"
    )]
    recipe: PathBuf,
    /// Folder for checkpoints and the teachers' answers
    #[arg(long, default_value = "checkpoints")]
    checkpoints: PathBuf,
}

/// Search, and print the best widths.
pub fn run(arguments: &Arguments, data: &Dataset) -> Result<()> {
    let mut recipe = read_recipe(&arguments.recipe)?;
    recipe.seeds = vec![arguments.seed];
    let taught = ask_teachers(&mut recipe, data, None, &arguments.checkpoints)?;
    let stop = stop_on_interrupt()?;
    let folder = CheckpointFolder::create(&arguments.checkpoints, CANDIDATE)?;
    let mut candidates = draw(arguments);
    recipe.epochs = arguments.epochs as usize;
    loop {
        let mut judged = Vec::new();
        for widths in candidates {
            println!(
                "{widths}, {} parameters, {} epochs",
                widths.parameters(),
                recipe.epochs
            );
            let run = Run {
                teacher: taught.photographs.as_ref(),
                ..Run::of(&recipe, &folder, false)
            };
            let architecture = Architecture::Ladder(widths.clone());
            let init = |device: &_| architecture.init_for_training(device);
            let Outcome::Finished { state, .. } =
                fit(&run, init, &data.train, &data.validation, &stop)?
            else {
                println!("stopped; what was tried is in results/search.csv");
                return Ok(());
            };
            let note = format!("widths for {}: {widths}", arguments.budget);
            let released = architecture.init(&device());
            search::note(CANDIDATE, &released, &note, &state, data.train.len())?;
            judged.push((state.best_validation, widths));
        }
        judged.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (accuracy, best) = judged[0].clone();
        if judged.len() <= 2 {
            println!(
                "best for {} parameters: {best}, {} parameters, {} of the validation images after {} epochs",
                arguments.budget,
                best.parameters(),
                percent(accuracy),
                recipe.epochs
            );
            return Ok(());
        }
        judged.truncate(judged.len().div_ceil(2));
        candidates = judged.into_iter().map(|(_, widths)| widths).collect();
        recipe.epochs *= 2;
    }
}

/// As many different widths as are asked for, or as many as are found.
fn draw(arguments: &Arguments) -> Vec<Widths> {
    let mut rng = ChaCha12Rng::seed_from_u64(arguments.seed);
    let wanted = arguments.candidates as usize;
    let mut found: Vec<Widths> = Vec::new();
    for _ in 0..wanted * 100 {
        if found.len() == wanted {
            break;
        }
        if let Some(widths) = candidate(arguments.budget as usize, &mut rng)
            && !found.contains(&widths)
        {
            found.push(widths);
        }
    }
    found
}

/// Widths that grow at random from the stem on, as wide as the budget allows; none when they leave too much of it.
fn candidate(budget: usize, rng: &mut impl Rng) -> Option<Widths> {
    let mut factor = 1.0;
    let mut blocks = || -> Vec<f64> {
        let count = rng.random_range(1..=MOST_BLOCKS);
        let mut grow = |_| {
            // Half of the blocks have as many channels as the one before, and so a residual.
            if rng.random_bool(0.5) {
                factor *= rng.random_range(GROWTH);
            }
            factor
        };
        (0..count).map(&mut grow).collect()
    };
    let (early, late) = (blocks(), blocks());
    let scaled = |stem: usize| {
        let channels = |factors: &[f64]| {
            let channels = |factor: &f64| (factor * stem as f64).round() as usize;
            factors.iter().map(channels).collect()
        };
        Widths {
            stem,
            early: channels(&early),
            late: channels(&late),
        }
    };
    let fits = |widths: &Widths| widths.parameters() <= budget;
    let stems = FEWEST_CHANNELS..=MOST_STEM;
    let widest = stems.map(scaled).take_while(fits).last()?;
    (widest.parameters() as f64 >= LEAST_USE * budget as f64).then_some(widest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::Module;

    #[test]
    fn candidates_keep_the_budget_and_differ() {
        for budget in [500, 2_000, 20_000] {
            let arguments = Arguments {
                budget,
                candidates: 12,
                epochs: 1,
                seed: 3,
                recipe: PathBuf::new(),
                checkpoints: PathBuf::new(),
            };
            let found = draw(&arguments);
            assert_eq!(found.len(), 12, "budget {budget}");
            for (i, widths) in found.iter().enumerate() {
                let network = Architecture::Ladder(widths.clone()).init(&device());
                assert_eq!(network.num_params(), widths.parameters());
                let least = (f64::from(budget) * LEAST_USE) as usize;
                assert!(
                    (least..=budget as usize).contains(&widths.parameters()),
                    "{widths}"
                );
                assert!(!found[..i].contains(widths), "{widths} twice");
            }
        }
    }
}
