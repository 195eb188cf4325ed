//! Teachers: the networks of a recipe that answer the training images before a run, so that it learns from them.

use crate::files::{Result, read};
use std::path::Path;
use threadcount::card::{Recipe, TeacherFile};
use threadcount::catalog::{self, Model};
use threadcount::dataset::{Dataset, Samples, sha256};
use threadcount::for_network;
use threadcount::format::percent;
use threadcount::network::weights::Weights;
use threadcount::network::{Network, device};
use threadcount::train::teacher::Teacher;
use threadcount::train::views::AugmentedViews;

/// Ask the recipe's teachers about the augmented views. Their answers are kept in `folder` for the next run
/// that asks the same.
pub fn ask_teachers(recipe: &mut Recipe, data: &Dataset, folder: &Path) -> Result<Option<Teacher>> {
    if recipe.teachers.is_empty() {
        return Ok(None);
    }
    if recipe.mixup > 0.0 && recipe.augmented_views == 0 {
        let why = "a recipe with teachers and mixup needs augmented_views, which the teachers are asked about";
        return Err(why.into());
    }
    let teachers = read_teachers(recipe)?;
    let as_they_are = Recipe {
        augmented_views: 0,
        ..recipe.clone()
    };
    let together = ask(&teachers, &data.validation, &as_they_are)?;
    let accuracy = percent(together.accuracy(0, &data.validation.labels));
    println!("the teachers' mean answer is right for {accuracy} of the validation images");
    let views = AugmentedViews::new(&data.train, recipe);
    let path = folder.join(format!("teacher-{}.f32", views.fingerprint()));
    let kept = std::fs::read(&path).ok();
    let kept = kept.and_then(|bytes| Teacher::from_bytes(&bytes, &views));
    if let Some(teacher) = kept {
        println!("their answers are in {}", path.display());
        return Ok(Some(teacher));
    }
    let teacher = ask(&teachers, &data.train, recipe)?;
    std::fs::create_dir_all(folder)?;
    std::fs::write(&path, teacher.to_bytes())?;
    Ok(Some(teacher))
}

/// Read the recipe's teachers, and write down their files' sums.
fn read_teachers(recipe: &mut Recipe) -> Result<Vec<(&'static Model, Weights)>> {
    let read_teacher = |file: &mut TeacherFile| -> Result<_> {
        let bytes = read(Path::new(&file.weights)).map_err(|e| {
            let model = &file.model;
            format!("{e}; train the teacher first, with `threadcount train {model}`")
        })?;
        file.sha256 = Some(sha256(&bytes));
        let unknown = || format!("there is no model {}", file.model);
        let model = catalog::find(&file.model).ok_or_else(unknown)?;
        Ok((model, Weights::from_bytes(&bytes)?))
    };
    recipe.teachers.iter_mut().map(read_teacher).collect()
}

fn ask(
    teachers: &[(&'static Model, Weights)],
    samples: &Samples,
    recipe: &Recipe,
) -> Result<Teacher> {
    let views = AugmentedViews::new(samples, recipe);
    let mut answers = Teacher::new(&views);
    for (model, weights) in teachers {
        let (name, per_image, images) = (model.name, views.views_per_image(), samples.len());
        println!("asking the teacher {name} about {per_image} views of {images} images");
        for_network!(name, N => add_teacher::<N>(&mut answers, weights, &views)?)
            .ok_or_else(|| format!("{name} is not a network"))?;
    }
    Ok(answers)
}

fn add_teacher<N: Network>(
    teacher: &mut Teacher,
    weights: &Weights,
    views: &AugmentedViews,
) -> Result<()> {
    let network: N = weights.apply(N::init(&device()))?;
    teacher.add(&network, views);
    Ok(())
}
