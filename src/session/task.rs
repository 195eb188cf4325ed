//! Measuring and evaluating: one task at a time, and one that waits for its turn.

use crate::label::CLASSES;
use crate::protocol::TaskNumber;

/// What the visitor asked for, or the page by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Measure every model on the current picture.
    Measure,
    /// Measure the models that have no full measurement on the current picture.
    MeasureTheRest,
    /// Classify so many test images.
    Evaluate(usize),
}

impl Wish {
    /// Whether it is an evaluation.
    pub fn is_evaluation(self) -> bool {
        matches!(self, Self::Evaluate(_))
    }
}

/// A task that is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its number.
    pub number: TaskNumber,
    /// What was asked for.
    pub wish: Wish,
}

/// How an evaluation stands or ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EvaluationStage {
    /// None was asked for.
    #[default]
    Idle,
    /// It waits for a picture or a model.
    Queued,
    /// It goes on.
    Running,
    /// All images are classified.
    Finished,
    /// The visitor ended it.
    Cancelled,
    /// It could not go on; a message says why.
    Failed,
}

/// What the page shows of the evaluation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// How it stands.
    pub stage: EvaluationStage,
    /// Images done.
    pub done: usize,
    /// Images asked for.
    pub total: usize,
    /// For each model of it, its name and the images it classified correctly.
    pub correct: Vec<(String, usize)>,
    /// The models that were not loaded when it began.
    pub missing: Vec<&'static str>,
    /// The labels of the images done, 0 to 9.
    pub labels: Vec<u8>,
    /// For each model of it, its name and its answers to the images done; above 9 where it gave none.
    pub answers: Vec<(String, Vec<u8>)>,
}

impl Evaluation {
    /// How often a model took images of each label for each class: `[label][class]`.
    pub fn confusion(&self, name: &str) -> [[usize; CLASSES]; CLASSES] {
        let mut counts = [[0; CLASSES]; CLASSES];
        for (label, class) in self.pairs(name) {
            if let Some(count) = counts[label].get_mut(class) {
                *count += 1;
            }
        }
        counts
    }

    /// The positions of the images of a label that a model took for a class.
    pub fn taken(&self, name: &str, label: usize, class: usize) -> Vec<usize> {
        let pairs = self.pairs(name).enumerate();
        pairs
            .filter(|(_, pair)| *pair == (label, class))
            .map(|(image, _)| image)
            .collect()
    }

    fn pairs(&self, name: &str) -> impl Iterator<Item = (usize, usize)> {
        let answers = self.answers.iter().find(|(model, _)| model == name);
        let answers = answers.map_or(&[][..], |(_, answers)| answers);
        let labels = self.labels.iter().map(|label| usize::from(*label));
        labels.zip(answers.iter().map(|class| usize::from(*class)))
    }
}
