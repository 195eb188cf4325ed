//! From an event to its effects.

use super::event::{Effect, Event};
use super::state::Session;
use super::task::Wish;

impl Session {
    /// Take in what happened; returns what has to be done about it, in order.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Opened => {
                self.start_worker();
                self.act(Effect::AskForBurn);
            }
            Event::Worker(generation, response) => {
                if self.worker.generation == generation && self.worker.is_alive() {
                    self.worker.watch.hear();
                    self.hear_worker(response);
                }
            }
            Event::Decoder(generation, response) => {
                if self.decoder.generation == generation && self.decoder.is_alive() {
                    self.decoder.watch.hear();
                    self.hear_decoder(response);
                }
            }
            Event::TimeOver(timer) => self.time_over(timer),
            Event::Drawn(levels) => self.drawn(levels),
            Event::PictureChosen(picture) => self.picture_chosen(picture),
            Event::Held(is_held) => {
                self.pictures.is_held = is_held;
                self.announce_answers();
            }
            Event::FileChosen(file, note) => self.file_chosen(file, note),
            Event::FileRead(number, bytes) => self.file_read(number, bytes),
            Event::GiftRefused(sentence) => self.message = Some(sentence),
            Event::MeasurePressed => self.wish(Wish::Measure),
            Event::EvaluatePressed(images) => self.wish(Wish::Evaluate(images)),
            Event::CancelPressed => self.cancel_evaluation(),
            Event::Squeezed(network, setting, grip) => self.squeeze_to(&network, setting, grip),
            Event::ScoreAllPressed => self.score_all(),
            Event::EdgePressed => self.edge_pressed(),
            Event::OriginalToggled => self.toggle_original(),
            Event::SqueezedFileGiven(bytes) => self.squeezed_file_given(bytes),
            Event::CodePressed => self.show_code(true),
            Event::CodeClosed => self.show_code(false),
            Event::SqueezedFilePressed => self.ask_for_squeezed_file(),
            Event::InspectionSeen(inspected, is_seen) => self.see(inspected, is_seen),
            Event::InspectedModelChosen(inspected, model) => {
                self.choose_inspected(inspected, &model);
            }
            Event::ProgramChosen(program) => self.choose_program(program),
            Event::BurnIs(availability) => self.hear_of_burn(availability),
            Event::RetryPressed => self.retry(),
            Event::RetryModelPressed(name) => self.retry_model(name),
            Event::MessageClosed => self.message = None,
            Event::WentOffline => self.online = false,
            Event::WentOnline => self.went_online(),
        }
        self.inspect();
        self.start_queued();
        self.watch_programs();
        std::mem::take(&mut self.effects)
    }
}
