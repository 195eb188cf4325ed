//! Measuring and evaluating: what is asked for, when it begins, how it ends.

use super::event::Effect;
use super::model::{Model, Stage};
use super::state::Session;
use super::task::{Evaluation, EvaluationStage, Task, Wish};
use crate::protocol::{Request, Response};

const NOTHING_TO_MEASURE: &str =
    "There is nothing to measure on yet. Draw or choose a garment first.";

impl Session {
    pub(super) fn wish(&mut self, wish: Wish) {
        if self.worker.has_failed() {
            return; // The notice says so, and how to go on.
        }
        if wish == Wish::Measure
            && !self.pictures.any_pending()
            && self.pictures.garment().is_none()
        {
            self.message = Some(NOTHING_TO_MEASURE.to_owned());
            return;
        }
        if wish.is_evaluation() {
            // A measurement gives way; an evaluation begins anew.
            if let Some(task) = self.task.take() {
                self.act(Effect::ToWorker(Request::Cancel { task: task.number }));
            }
            self.evaluation = Evaluation {
                stage: EvaluationStage::Queued,
                ..Evaluation::default()
            };
            self.act(Effect::ShowEvaluation);
        } else if self.queued.is_some_and(Wish::is_evaluation) {
            return; // One thing at a time: the measurement follows the evaluation by itself.
        } else if let Some(task) = self.task.take_if(|task| !task.wish.is_evaluation()) {
            self.act(Effect::ToWorker(Request::Cancel { task: task.number }));
        }
        self.queued = Some(wish);
    }

    pub(super) fn cancel_evaluation(&mut self) {
        let queued = self.queued.take_if(|wish| wish.is_evaluation());
        let task = self.task.take_if(|task| task.wish.is_evaluation());
        if let Some(task) = &task {
            self.act(Effect::ToWorker(Request::Cancel { task: task.number }));
        }
        if queued.is_some() || task.is_some() {
            self.evaluation.stage = EvaluationStage::Cancelled;
            self.act(Effect::ShowEvaluation);
            self.rest();
        }
    }

    /// Begin what waits, once no picture is on its way and a model is there.
    pub(super) fn start_queued(&mut self) {
        if self.task.is_some() || self.pictures.any_pending() || !self.worker.is_running() {
            return;
        }
        if self.is_inspecting() {
            return; // A look inside takes a moment, and nothing else may run beside a measurement.
        }
        let Some(wish) = self.queued else { return };
        if !wish.is_evaluation() && self.is_squeezing() {
            return; // Nothing else may run beside a measurement.
        }
        let garment = self.pictures.garment();
        let wanted = |model: &&Model| match wish {
            Wish::MeasureTheRest => garment.is_some_and(|number| !model.is_measured_on(number)),
            Wish::Measure | Wish::Evaluate(_) => true,
        };
        let models: Vec<String> = self
            .ready_models()
            .filter(wanted)
            .map(|model| model.name.to_owned())
            .collect();
        if !wish.is_evaluation() && garment.is_none() {
            self.queued = None;
            if wish == Wish::Measure {
                self.message = Some(NOTHING_TO_MEASURE.to_owned());
            }
            return;
        }
        // An evaluation that was interrupted waits for the models that it had.
        let mut had = self.evaluation.correct.iter();
        let awaited = |model: &Model| matches!(model.stage, Stage::Idle | Stage::Loading { .. });
        let waits = had.any(|(name, _)| self.models.iter().any(|m| m.name == name && awaited(m)));
        let stop = self.stop_to_time(wish);
        if (models.is_empty() && stop.is_none()) || (wish.is_evaluation() && waits) {
            return;
        }
        self.queued = None;
        self.tasks += 1;
        let task = self.tasks;
        self.task = Some(Task { number: task, wish });
        let request = match wish {
            Wish::Measure | Wish::MeasureTheRest => Request::Measure { task, stop, models },
            Wish::Evaluate(images) => {
                let missing = self.models.iter().filter(|model| !model.is_ready());
                self.evaluation = Evaluation {
                    stage: EvaluationStage::Running,
                    done: 0,
                    total: images,
                    correct: models.iter().map(|name| (name.clone(), 0)).collect(),
                    missing: missing.map(|model| model.name).collect(),
                    ..Evaluation::default()
                };
                self.act(Effect::ShowEvaluation);
                Request::Evaluate {
                    task,
                    images,
                    models,
                }
            }
        };
        self.act(Effect::ToWorker(request));
    }

    pub(super) fn hear_of_task(&mut self, response: Response) {
        let number = match &response {
            Response::Evaluated { task, .. }
            | Response::TaskFinished { task }
            | Response::TaskFailed { task, .. } => *task,
            _ => return,
        };
        let Some(task) = self.task.clone().filter(|task| task.number == number) else {
            return;
        };
        match response {
            Response::Evaluated {
                done,
                total,
                correct,
                labels,
                answers,
                ..
            } => {
                self.evaluation.done = done;
                self.evaluation.total = total;
                self.evaluation.correct = correct;
                self.evaluation.labels.extend(labels);
                for (name, classes) in answers {
                    let known = &mut self.evaluation.answers;
                    match known.iter_mut().find(|(model, _)| *model == name) {
                        Some((_, all)) => all.extend(classes),
                        None => known.push((name, classes.into_vec())),
                    }
                }
            }
            Response::TaskFinished { .. } => self.end_task(&task, EvaluationStage::Finished),
            Response::TaskFailed { message, .. } => {
                self.message = Some(message);
                self.end_task(&task, EvaluationStage::Failed);
            }
            _ => {}
        }
        if task.wish.is_evaluation() {
            self.act(Effect::ShowEvaluation);
        }
    }

    pub(super) fn end_task(&mut self, task: &Task, stage: EvaluationStage) {
        self.task = None;
        if task.wish.is_evaluation() {
            self.evaluation.stage = stage;
            self.rest();
        }
    }
}
