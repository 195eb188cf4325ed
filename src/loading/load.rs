//! One model on its way: attempts, stalls, and the pauses between them.

/// A model without a byte for so long is stalled, in milliseconds.
pub const STALL_MS: u32 = 10_000;
/// The pause after the first stall, in milliseconds; each further one doubles it...
const FIRST_PAUSE_MS: u32 = 2_000;
/// ...up to this, in milliseconds.
const LONGEST_PAUSE_MS: u32 = 60_000;

/// Why a model could not be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There was no connection, or it broke: worth another attempt once the browser is online.
    Connection,
    /// What came cannot be used, or the server refused it.
    Content,
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Fetch a model.
    Start {
        /// Its name.
        model: &'static str,
        /// Which attempt this is, from 1.
        attempt: u32,
    },
    /// Give up the current attempt, because nothing arrives; another one follows after a pause.
    Stall {
        /// Its name.
        model: &'static str,
        /// The pause in milliseconds.
        retry_in_ms: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Queued,
    /// Bytes are on their way.
    Active {
        age_ms: u32,
        silent_ms: u32,
    },
    /// Waits for the next attempt.
    Paused {
        left_ms: u32,
    },
    Failed(Failure),
    Loaded,
}

#[derive(Clone, Debug)]
pub(super) struct Load {
    pub(super) model: &'static str,
    pub(super) stage: Stage,
    pub(super) attempt: u32,
    /// Stalls in succession.
    pub(super) stalls: u32,
}

impl Load {
    pub(super) fn new(model: &'static str) -> Self {
        Self {
            model,
            stage: Stage::Queued,
            attempt: 0,
            stalls: 0,
        }
    }

    pub(super) fn start(&mut self) -> Action {
        self.attempt += 1;
        self.stage = Stage::Active {
            age_ms: 0,
            silent_ms: 0,
        };
        Action::Start {
            model: self.model,
            attempt: self.attempt,
        }
    }

    pub(super) fn advance(&mut self, elapsed_ms: u32) -> Option<Action> {
        match &mut self.stage {
            Stage::Active { age_ms, silent_ms } => {
                *age_ms += elapsed_ms;
                *silent_ms += elapsed_ms;
                if *silent_ms < STALL_MS {
                    return None;
                }
                let doubled = FIRST_PAUSE_MS.saturating_mul(2_u32.saturating_pow(self.stalls));
                let retry_in_ms = doubled.min(LONGEST_PAUSE_MS);
                self.stalls += 1;
                self.stage = Stage::Paused {
                    left_ms: retry_in_ms,
                };
                return Some(Action::Stall {
                    model: self.model,
                    retry_in_ms,
                });
            }
            Stage::Paused { left_ms } if *left_ms > elapsed_ms => *left_ms -= elapsed_ms,
            Stage::Paused { .. } => self.stage = Stage::Queued,
            Stage::Queued | Stage::Failed(_) | Stage::Loaded => {}
        }
        None
    }

    pub(super) fn again(&mut self, failures: &[Failure]) {
        let waits = match self.stage {
            Stage::Paused { .. } => true,
            Stage::Failed(failure) => failures.contains(&failure),
            Stage::Queued | Stage::Active { .. } | Stage::Loaded => false,
        };
        if waits {
            self.stage = Stage::Queued;
            self.stalls = 0;
        }
    }
}
