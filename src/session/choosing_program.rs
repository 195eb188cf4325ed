//! Which program computes: our engine, or Burn once it can be loaded.

use super::availability::Availability;
use super::event::{Effect, Program, Timer};
use super::state::Session;

/// The pause before it is asked again whether Burn is built, in milliseconds.
const ASK_AGAIN_MS: u32 = 5000;

impl Session {
    /// Whether Burn's program can be loaded.
    pub fn burn(&self) -> Availability {
        self.burn
    }

    pub(super) fn hear_of_burn(&mut self, burn: Availability) {
        self.burn = burn;
        if burn == Availability::Building {
            self.act(Effect::SetTimer(Timer::AskForBurnAgain, ASK_AGAIN_MS));
        }
    }

    pub(super) fn choose_program(&mut self, program: Program) {
        if program == Program::Burn && !self.burn.is_offered() {
            return;
        }
        self.worker.program = program;
        self.worker.forgive();
        self.start_worker();
    }
}
