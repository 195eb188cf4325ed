//! The worker and the decoder: starting them, hearing them, and what to do when one ends.

use super::event::{Effect, Generation, Timer};
use super::model::{Model, Stage};
use super::picture::{PendingFile, Picture};
use super::programs::{self, DecoderStage};
use super::state::Session;
use super::task::{EvaluationStage, Task, Wish};
use super::watch::Liveness;
use crate::protocol::{Request, Response, Seen};

impl Session {
    pub(super) fn start_worker(&mut self) {
        self.pictures.in_flight = None;
        let (program, generation) = self.worker.start();
        self.act(Effect::StartWorker(program, generation));
        self.act(Effect::SetTimer(
            Timer::WorkerStart(generation),
            programs::START_LIMIT_MS,
        ));
        for model in &mut self.models {
            model.unload();
        }
        self.show_all_models();
        self.unsend_squeeze();
        if let Some(given) = &mut self.given {
            given.is_sent = false;
        }
        // An evaluation by the program that ended begins anew with this one.
        if let Some(Task { wish, .. }) = self.task.take_if(|task| task.wish.is_evaluation()) {
            self.evaluation.stage = EvaluationStage::Queued;
            self.act(Effect::ShowEvaluation);
            self.queued = Some(wish);
        }
        self.task = None;
    }

    /// Whether the worker has something to do that was asked for.
    pub(super) fn is_working(&self) -> bool {
        self.task.is_some()
            || self.is_squeezing()
            || self.is_inspecting()
            || self.unanswered()
            || self.given.is_some()
            || self.is_saving
    }

    /// Whether the worker owes something: a model, an answer, or the end of what goes on.
    fn is_owed(&self) -> bool {
        self.is_working() || !self.models.iter().all(Model::is_settled)
    }

    /// Whether a file waits for the decoder.
    pub(super) fn is_decoder_owed(&self) -> bool {
        let file = self.pictures.file.as_ref();
        file.is_some_and(|file| file.bytes.is_some())
    }

    /// Notice when a program that owes something says nothing any more.
    pub(super) fn watch_programs(&mut self) {
        if self.is_owed()
            && self.worker.is_running()
            && let Some(number) = self.worker.watch.begin()
        {
            self.wait(Timer::WorkerSilence(self.worker.generation, number));
        }
        if self.is_decoder_owed()
            && self.decoder.is_alive()
            && let Some(number) = self.decoder.watch.begin()
        {
            self.wait(Timer::DecoderSilence(self.decoder.generation, number));
        }
    }

    fn wait(&mut self, timer: Timer) {
        self.act(Effect::SetTimer(timer, programs::SILENCE_LIMIT_MS));
    }

    pub(super) fn hear_worker(&mut self, response: Response) {
        match response {
            Response::Started => {
                self.worker.started();
                self.send_shown();
                self.send_drawing();
                self.send_given();
            }
            Response::Crashed { message } => self.worker_ended(message),
            Response::Preprocessed {
                number,
                seen,
                shots,
                duration_ms,
            } => {
                let answers_follow = seen != Seen::Blank && self.ready_models().next().is_some();
                self.show(number, Picture::preprocessed(seen, shots, duration_ms));
                if !answers_follow {
                    self.landed(number);
                }
            }
            Response::Answered { number } => {
                self.landed(number);
                if self.pictures.is_current(number) {
                    self.answered = Some(number);
                    self.announce_answers();
                    self.rest();
                }
            }
            Response::Alive => {}
            Response::Evaluated { .. }
            | Response::TaskFinished { .. }
            | Response::TaskFailed { .. } => self.hear_of_task(response),
            Response::Squeezed { .. }
            | Response::SqueezedPredicted { .. }
            | Response::SqueezedTimed { .. }
            | Response::SqueezedGzipped { .. }
            | Response::SqueezedScored { .. }
            | Response::SqueezedFile { .. }
            | Response::SqueezedSizes { .. }
            | Response::ScoreFailed { .. }
            | Response::SqueezeFailed { .. } => self.hear_of_squeeze(response),
            Response::Inspected { number, finding } => self.hear_of_inspection(number, finding),
            Response::Recognized { .. } | Response::NotRecognized { .. } => {
                self.hear_of_file(response);
            }
            other => self.hear_of_model(other),
        }
    }

    pub(super) fn worker_ended(&mut self, message: String) {
        if self.worker.may_restart() {
            self.start_worker();
        } else {
            self.worker.failed(message);
            self.pictures.in_flight = None;
            self.act(Effect::StopWorker);
            if self
                .task
                .take()
                .is_some_and(|task| task.wish.is_evaluation())
                || self.queued.take().is_some_and(Wish::is_evaluation)
            {
                self.evaluation.stage = EvaluationStage::Failed;
                self.act(Effect::ShowEvaluation);
            }
            for model in &mut self.models {
                model.unload();
            }
            self.show_all_models();
            self.unsend_squeeze();
        }
    }

    pub(super) fn start_decoder(&mut self) {
        if !self.decoder.is_alive() {
            let generation = self.decoder.start();
            self.act(Effect::StartDecoder(generation));
        }
    }

    pub(super) fn hear_decoder(&mut self, response: Response) {
        match response {
            Response::Started => {
                self.decoder.stage = DecoderStage::Running;
                self.send_file();
            }
            Response::Crashed { message } => self.decoder_ended(&message),
            Response::Refused { number, message } => {
                self.decoder.forgive();
                self.refuse(number, message);
            }
            Response::Preprocessed {
                number,
                seen,
                shots,
                duration_ms,
            } => {
                self.decoder.forgive();
                let awaited = self.pictures.file_is(number).is_some();
                let picture = Picture::preprocessed(seen, shots, duration_ms);
                if awaited && self.show(number, picture) {
                    self.send_shown();
                }
            }
            Response::Noted { number, note } if self.pictures.file_is(number).is_some() => {
                self.message = Some(note);
            }
            Response::CodeFound { number, packed } => {
                self.decoder.forgive();
                if self
                    .pictures
                    .file
                    .take_if(|file| file.number == number)
                    .is_some()
                {
                    self.squeezed_file_given(Ok(packed));
                    self.rest();
                }
            }
            // The decoder says nothing else.
            _ => {}
        }
    }

    fn stop_decoder(&mut self) {
        self.decoder.stage = DecoderStage::Absent;
        self.act(Effect::StopDecoder);
    }

    /// Start the decoder once more if a file waits for it; the second time, refuse the file.
    pub(super) fn decoder_ended(&mut self, message: &str) {
        self.stop_decoder();
        let Some(&PendingFile {
            number,
            bytes: Some(_),
        }) = self.pictures.file.as_ref()
        else {
            return;
        };
        if self.decoder.may_restart() {
            self.start_decoder();
        } else {
            self.decoder.forgive();
            self.refuse(
                number,
                format!(
                    "The part of the page that reads files stopped ({message}). Check the connection and choose the \
                     file again."
                ),
            );
        }
    }

    pub(super) fn time_over(&mut self, timer: Timer) {
        match timer {
            Timer::WorkerStart(generation) => self.worker.is_late(generation),
            Timer::WorkerSilence(generation, number) => self.worker_silent(generation, number),
            Timer::DecoderSilence(generation, number) => self.decoder_silent(generation, number),
            Timer::AskForBurnAgain => self.act(Effect::AskForBurn),
            Timer::Rest(rest) => {
                let busy = self.task.is_some()
                    || self.queued.is_some()
                    || self.pictures.any_pending()
                    || self.is_squeezing()
                    || self.is_inspecting();
                if rest == self.rests && !busy {
                    let number = self.pictures.garment();
                    let unmeasured =
                        |model: &Model| number.is_some_and(|n| !model.is_measured_on(n));
                    let untimed = number.and(self.stop_to_time(Wish::MeasureTheRest));
                    if self.ready_models().any(unmeasured) || untimed.is_some() {
                        self.queued = Some(Wish::MeasureTheRest);
                    }
                }
            }
        }
    }

    fn worker_silent(&mut self, generation: Generation, number: u64) {
        if generation != self.worker.generation || !self.worker.is_running() {
            return;
        }
        let owes = self.is_owed();
        match self.worker.watch.time_over(number, owes) {
            Liveness::Alive => {}
            Liveness::Unsure(number) => {
                self.act(Effect::ToWorker(Request::Ping));
                self.wait(Timer::WorkerSilence(generation, number));
            }
            Liveness::Ended => self.worker_ended("its program has stopped answering".to_owned()),
        }
    }

    /// The decoder cannot be asked whether it hears, because it reads a file in one go.
    fn decoder_silent(&mut self, generation: Generation, number: u64) {
        if generation != self.decoder.generation || !self.decoder.is_alive() {
            return;
        }
        let owes = self.is_decoder_owed();
        match self.decoder.watch.time_over(number, owes) {
            Liveness::Alive => {}
            Liveness::Unsure(number) => self.wait(Timer::DecoderSilence(generation, number)),
            Liveness::Ended if self.decoder.stage == DecoderStage::Starting => {
                self.decoder_ended("it has not started");
            }
            Liveness::Ended => self.decoder_ended("it has stopped answering"),
        }
    }

    /// Whether a file waits for a decoder that says nothing.
    pub(super) fn is_decoder_late(&self) -> bool {
        self.is_decoder_owed() && self.decoder.watch.is_late()
    }

    pub(super) fn retry(&mut self) {
        if self.is_decoder_late() {
            self.stop_decoder();
            self.decoder.forgive();
            self.start_decoder();
        }
        if !self.worker.is_running() {
            self.worker.forgive();
            self.start_worker();
            return;
        }
        let failed: Vec<_> = self
            .models
            .iter()
            .filter(|model| matches!(model.stage, Stage::Failed { .. } | Stage::Stalled { .. }))
            .map(|model| model.name.to_owned())
            .collect();
        for name in failed {
            self.retry_model(name);
        }
    }

    pub(super) fn retry_model(&mut self, name: String) {
        let Some(model) = self.models.iter_mut().find(|model| model.name == name) else {
            return;
        };
        if self.worker.is_running()
            && matches!(model.stage, Stage::Failed { .. } | Stage::Stalled { .. })
        {
            model.stage = Stage::Idle;
            self.act(Effect::ShowModel(name.clone()));
            self.act(Effect::ToWorker(Request::Retry { model: name }));
        }
    }

    pub(super) fn went_online(&mut self) {
        self.online = true;
        if self.worker.has_failed() {
            self.retry();
        } else if self.worker.is_running() {
            self.act(Effect::ToWorker(Request::Online));
        }
    }
}
