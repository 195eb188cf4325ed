//! Teachers: the networks of a recipe that answer the training images before a run, so that it learns from them.

use crate::files::{Result, read, write};
use crate::released::architecture;
use std::path::Path;
use threadcount::card::{Recipe, TeacherFile};
use threadcount::catalog::{self, Model};
use threadcount::dataset::{Dataset, Samples, sha256};
use threadcount::format::percent;
use threadcount::network::device;
use threadcount::network::weights::Weights;
use threadcount::train::drawn_pictures::DrawnPictures;
use threadcount::train::teacher::Teacher;
use threadcount::train::views::AugmentedViews;

/// The soft targets of a run.
#[derive(Default)]
pub struct SoftTargets {
    /// Of the photographs, by all teachers of the recipe.
    pub photographs: Option<Teacher>,
    /// Of the drawn pictures, by the teachers that were trained on such pictures.
    pub drawn: Option<Teacher>,
}

/// Ask the recipe's teachers about the augmented views. Their answers are kept in `folder` for the next run
/// that asks the same.
pub fn ask_teachers(
    recipe: &mut Recipe,
    data: &Dataset,
    drawn: Option<&DrawnPictures>,
    folder: &Path,
) -> Result<SoftTargets> {
    if recipe.teachers.is_empty() {
        return Ok(SoftTargets::default());
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
    let photographs = kept_answers(&teachers, &data.train, recipe, folder)?;
    let of_drawn = teachers.iter().filter(|teacher| teacher.file.drawn);
    let of_drawn: Vec<_> = of_drawn.cloned().collect();
    let drawn = drawn.filter(|_| !of_drawn.is_empty());
    let drawn = drawn.map(|drawn| kept_answers(&of_drawn, &drawn.train, recipe, folder));
    Ok(SoftTargets {
        photographs: Some(photographs),
        drawn: drawn.transpose()?,
    })
}

/// The answers in `folder`, or new ones, which are then kept there.
fn kept_answers(
    teachers: &[TrainedTeacher],
    samples: &Samples,
    recipe: &Recipe,
    folder: &Path,
) -> Result<Teacher> {
    let views = AugmentedViews::new(samples, recipe);
    let files: Vec<_> = teachers.iter().map(|t| t.file.clone()).collect();
    let path = folder.join(format!("teacher-{}.f32", views.fingerprint(&files)));
    let kept = std::fs::read(&path).ok();
    let kept = kept.and_then(|bytes| Teacher::from_bytes(&bytes, &views));
    if let Some(teacher) = kept {
        println!("the teachers' answers are in {}", path.display());
        return Ok(teacher);
    }
    let teacher = ask(teachers, samples, recipe)?;
    std::fs::create_dir_all(folder)?;
    write(&path, teacher.to_bytes())?;
    Ok(teacher)
}

/// A teacher's file, model and weights.
#[derive(Clone)]
struct TrainedTeacher {
    file: TeacherFile,
    model: &'static Model,
    weights: Weights,
}

/// Read the recipe's teachers, and write down their files' sums.
fn read_teachers(recipe: &mut Recipe) -> Result<Vec<TrainedTeacher>> {
    let read_teacher = |file: &mut TeacherFile| -> Result<_> {
        let bytes = read(Path::new(&file.weights)).map_err(|e| {
            let model = &file.model;
            format!("{e}; train the teacher first, with `threadcount train {model}`")
        })?;
        file.sha256 = Some(sha256(&bytes));
        let unknown = || format!("there is no model {}", file.model);
        let model = catalog::find(&file.model).ok_or_else(unknown)?;
        Ok(TrainedTeacher {
            file: file.clone(),
            model,
            weights: Weights::from_bytes(&bytes)?,
        })
    };
    recipe.teachers.iter_mut().map(read_teacher).collect()
}

fn ask(teachers: &[TrainedTeacher], samples: &Samples, recipe: &Recipe) -> Result<Teacher> {
    let views = AugmentedViews::new(samples, recipe);
    let mut answers = Teacher::new(&views);
    for TrainedTeacher { model, weights, .. } in teachers {
        let (name, per_image, images) = (model.name, views.views_per_image(), samples.len());
        println!("asking the teacher {name} about {per_image} views of {images} images");
        let network = weights.apply(architecture(name)?.init(&device()))?;
        answers.add(&network, &views);
    }
    Ok(answers)
}
