//! What may replace released weights.
//!
//! Validation accuracy decides, with what weights are worth beside it: codes a tenth of a point, since their file is
//! several times smaller than that of numbers; weights that were trained on other things than clothing half a point, since
//! they know when not to answer. A run with the same choices as the released one adds a seed to its card; a run with other
//! choices that is not better leaves everything as it is.

use crate::files::Result;
use crate::released::card_if_any;
use threadcount::card::{Recipe, SeedRun, TeacherFile, Training, WeightSet};

/// The validation accuracy that codes are worth against numbers.
const CODES_ARE_WORTH: f64 = 0.001;
/// The validation accuracy that it is worth to be trained on other things than clothing.
const OTHERS_ARE_WORTH: f64 = 0.005;
/// More than the differences of decimal fractions are off by.
const ROUNDING: f64 = 1e-9;

/// What becomes of a finished run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its weights are released.
    Release,
    /// The weights stay, and its seed is added to their card.
    AddSeed,
    /// Nothing changes.
    Keep,
}

/// The runs that a new one is compared with.
#[derive(Debug, Default, PartialEq)]
pub struct Contest {
    /// The runs with the same choices, sorted by seed.
    pub runs: Vec<SeedRun>,
    /// The validation accuracy to exceed.
    bar: Option<f64>,
    /// Whether the released weights come of the same choices.
    is_same_recipe: bool,
}

impl Contest {
    /// The runs behind a released set of weights; none when there is no card yet.
    ///
    /// A card that is there and cannot be read is an error: what it says of may be better than what is trained.
    pub fn with_released(name: &str, set: WeightSet, recipe: &Recipe) -> Result<Self> {
        let Some(card) = card_if_any(name)? else {
            return Ok(Self::default());
        };
        let training = match set {
            WeightSet::Photographs => card.training.run(),
            WeightSet::Drawings => card.drawings.as_ref().map(|drawings| &*drawings.training),
        };
        Ok(training.map_or_else(Self::default, |training| Self::with(training, recipe)))
    }

    /// The runs behind a training, of which those that the recipe makes again do not count.
    fn with(training: &Training, recipe: &Recipe) -> Self {
        let released = training.seeds.iter().find(|run| run.seed == training.seed);
        if !same_choices(&training.recipe, recipe) {
            let lead = worth(recipe) - worth(&training.recipe);
            let allowed = if lead > 0.0 { lead + ROUNDING } else { lead };
            return Self {
                bar: released.map(|run| run.validation - allowed),
                ..Self::default()
            };
        }
        let is_other = |run: &&SeedRun| !recipe.seeds.contains(&run.seed);
        Self {
            runs: training.seeds.iter().filter(is_other).cloned().collect(),
            bar: released.filter(is_other).map(|run| run.validation),
            is_same_recipe: true,
        }
    }

    /// Take a finished run in and say what becomes of it.
    pub fn enter(&mut self, run: SeedRun) -> Verdict {
        let is_better = self.bar.is_none_or(|bar| run.validation > bar);
        if is_better {
            self.bar = Some(run.validation);
            // From here on, what is released comes of these choices.
            self.is_same_recipe = true;
        }
        self.runs.push(run);
        self.runs.sort_by_key(|run| run.seed);
        match (is_better, self.is_same_recipe) {
            (true, _) => Verdict::Release,
            (false, true) => Verdict::AddSeed,
            (false, false) => Verdict::Keep,
        }
    }

    /// The validation accuracy to exceed, for a message.
    pub fn bar(&self) -> f64 {
        self.bar.unwrap_or_default()
    }
}

/// What weights are worth beside their validation accuracy, as a part of it.
fn worth(recipe: &Recipe) -> f64 {
    let codes = recipe.most_bytes.map_or(0.0, |_| CODES_ARE_WORTH);
    let others = if recipe.others_in_batch() > 0 {
        OTHERS_ARE_WORTH
    } else {
        0.0
    };
    codes + others
}

/// Whether two recipes differ in nothing but their seeds and the places of weights files, which are compared by their
/// sums.
fn same_choices(released: &Recipe, new: &Recipe) -> bool {
    let initial_sum = |recipe: &Recipe| recipe.initial.as_ref().map(|file| file.sha256.clone());
    if initial_sum(released) != initial_sum(new) {
        return false;
    }
    let others = |recipe: &Recipe| Recipe {
        seeds: Vec::new(),
        teachers: Vec::new(),
        initial: None,
        ..recipe.clone()
    };
    let same_file = |(a, b): (&TeacherFile, &TeacherFile)| {
        (&a.model, a.drawn) == (&b.model, b.drawn) && a.sha256.is_some() && a.sha256 == b.sha256
    };
    others(released) == others(new)
        && released.teachers.len() == new.teachers.len()
        && released.teachers.iter().zip(&new.teachers).all(same_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(epochs: usize, seeds: &[u64], teacher: Option<(&str, Option<&str>)>) -> Recipe {
        let teachers = teacher.into_iter().map(|(path, sum)| TeacherFile {
            model: String::from("compact"),
            weights: path.to_owned(),
            drawn: false,
            sha256: sum.map(String::from),
        });
        let toml = format!(
            "epochs = {epochs}\nbatch_size = 64\nlearning_rate = 0.1\nwarm_up = 0.1\nweight_decay = 0.0\n\
             label_smoothing = 0.0\nmax_shift = 0\nseeds = {seeds:?}"
        );
        Recipe {
            teachers: teachers.collect(),
            ..toml::from_str(&toml).unwrap()
        }
    }

    fn run(seed: u64, validation: f64) -> SeedRun {
        SeedRun { seed, validation }
    }

    fn training(recipe: Recipe, seed: u64, seeds: &[SeedRun]) -> Training {
        Training {
            recipe,
            seed,
            epochs: 1,
            best_epoch: 1,
            images: 55_000,
            wall_time_s: 1.0,
            images_per_s: 1.0,
            seeds: seeds.to_vec(),
        }
    }

    #[test]
    fn teachers_are_compared_by_their_sums() {
        let of = |path, sum| recipe(1, &[1], Some((path, sum)));
        let released = of("models/compact.safetensors", Some("a"));
        assert!(same_choices(
            &released,
            &of("results/teachers/seed-1.safetensors", Some("a"))
        ));
        assert!(!same_choices(
            &released,
            &of("models/compact.safetensors", Some("b"))
        ));
        assert!(!same_choices(
            &released,
            &of("models/compact.safetensors", None)
        ));
        assert!(!same_choices(&released, &recipe(1, &[1], None)));
        assert!(same_choices(
            &recipe(1, &[1], None),
            &recipe(1, &[2, 3], None)
        ));
        assert!(!same_choices(
            &recipe(1, &[1], None),
            &recipe(2, &[1], None)
        ));
    }

    #[test]
    fn a_further_seed_replaces_the_weights_only_when_it_is_better() {
        let released = training(recipe(1, &[1, 2], None), 2, &[run(1, 0.90), run(2, 0.92)]);
        let mut contest = Contest::with(&released, &recipe(1, &[3], None));
        assert_eq!(contest.enter(run(3, 0.92)), Verdict::AddSeed, "not better");
        assert_eq!(contest.runs.len(), 3);
        let mut contest = Contest::with(&released, &recipe(1, &[0], None));
        assert_eq!(contest.enter(run(0, 0.93)), Verdict::Release);
        assert_eq!(contest.runs[0].seed, 0, "sorted");
        assert_eq!(contest.enter(run(5, 0.925)), Verdict::AddSeed);
    }

    #[test]
    fn the_released_seed_made_again_replaces_itself() {
        let released = training(recipe(1, &[1], None), 1, &[run(1, 0.92)]);
        let mut contest = Contest::with(&released, &recipe(1, &[1], None));
        assert_eq!(contest.enter(run(1, 0.91)), Verdict::Release);
        assert_eq!(contest.runs, [run(1, 0.91)]);
    }

    #[test]
    fn other_choices_replace_the_weights_only_when_they_are_better() {
        let released = training(recipe(1, &[1], None), 1, &[run(1, 0.92)]);
        let mut contest = Contest::with(&released, &recipe(9, &[1, 2, 3], None));
        assert_eq!(contest.enter(run(1, 0.91)), Verdict::Keep);
        assert_eq!(contest.enter(run(2, 0.93)), Verdict::Release);
        assert_eq!(contest.enter(run(3, 0.90)), Verdict::AddSeed);
        assert_eq!(
            contest.runs.len(),
            3,
            "all of the new choices, none of the old"
        );
    }

    #[test]
    fn codes_replace_numbers_when_they_lose_at_most_a_tenth_of_a_point() {
        let numbers = training(recipe(1, &[1], None), 1, &[run(1, 0.92)]);
        let codes = Recipe {
            weight_bits: Some(5),
            most_bytes: Some(26_000),
            ..recipe(9, &[1, 2], None)
        };
        let mut contest = Contest::with(&numbers, &codes);
        assert_eq!(contest.enter(run(1, 0.9188)), Verdict::Keep);
        assert_eq!(contest.enter(run(2, 0.919)), Verdict::Release);
        // Codes replace other codes only when they are better, numbers when they are better by a tenth of a point.
        let released = training(codes.clone(), 2, &[run(2, 0.919)]);
        let others = Recipe {
            weight_bits: Some(4),
            ..codes
        };
        for recipe in [others, recipe(1, &[1], None)] {
            let mut contest = Contest::with(&released, &recipe);
            assert_eq!(contest.enter(run(1, 0.919)), Verdict::Keep);
        }
    }

    #[test]
    fn weights_that_know_other_things_may_lose_half_a_point() {
        let garments = recipe(1, &[1], None);
        let others = Recipe {
            other_share: 0.1,
            other_pictures: 100,
            ..garments.clone()
        };
        let released = training(garments.clone(), 1, &[run(1, 0.92)]);
        let mut contest = Contest::with(&released, &others);
        assert_eq!(contest.enter(run(1, 0.9149)), Verdict::Keep);
        assert_eq!(contest.enter(run(1, 0.915)), Verdict::Release);
        // Back again only for as much.
        let released = training(others.clone(), 1, &[run(1, 0.915)]);
        let mut contest = Contest::with(&released, &garments);
        assert_eq!(contest.enter(run(1, 0.92)), Verdict::Keep);
        assert_eq!(contest.enter(run(1, 0.9201)), Verdict::Release);
        let longer = Recipe {
            epochs: 9,
            ..others
        };
        let mut contest = Contest::with(&released, &longer);
        assert_eq!(contest.enter(run(1, 0.915)), Verdict::Keep);
        // Codes that know other things may lose both.
        let codes = Recipe {
            weight_bits: Some(5),
            most_bytes: Some(26_000),
            ..longer
        };
        let numbers = training(garments, 1, &[run(1, 0.92)]);
        let mut contest = Contest::with(&numbers, &codes);
        assert_eq!(contest.enter(run(1, 0.9139)), Verdict::Keep);
        assert_eq!(contest.enter(run(1, 0.914)), Verdict::Release);
    }

    #[test]
    fn without_a_release_the_first_run_is_released() {
        assert_eq!(Contest::default().enter(run(1, 0.1)), Verdict::Release);
    }
}
