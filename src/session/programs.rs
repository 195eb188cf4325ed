//! The two programs that the page starts: the worker, which computes, and the decoder, which reads image files.

use super::event::{Generation, Program};
use super::watch::Watch;

/// A worker that is silent for so long has not started as it should, in milliseconds.
pub const START_LIMIT_MS: u32 = 20_000;
/// A program that owes something and says nothing for so long is late, in milliseconds; when it says nothing for as long
/// again, it has ended without a word.
pub const SILENCE_LIMIT_MS: u32 = 10_000;
/// How often a program is started once more without being asked.
const RESTARTS: u8 = 1;

/// Where the worker is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum WorkerStage {
    /// It was not started.
    #[default]
    Absent,
    /// It was started and has said nothing yet.
    Starting,
    /// It should have started by now, and still may.
    Late,
    /// It runs.
    Running,
    /// It ended, and ended again after it was started once more.
    Failed(String),
}

/// The program that computes.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Which program it is.
    pub program: Program,
    /// Its present start.
    pub generation: Generation,
    /// Where it is.
    pub stage: WorkerStage,
    /// Notices when it says nothing any more.
    pub watch: Watch,
    restarts: u8,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            program: Program::default(),
            generation: 0,
            stage: WorkerStage::Absent,
            watch: Watch::default(),
            restarts: RESTARTS,
        }
    }
}

impl Worker {
    /// Start it; what an earlier start says is stale from now on.
    pub fn start(&mut self) -> (Program, Generation) {
        self.generation += 1;
        self.stage = WorkerStage::Starting;
        self.watch = Watch::default();
        (self.program, self.generation)
    }

    /// It said that it runs.
    pub fn started(&mut self) {
        self.stage = WorkerStage::Running;
    }

    /// Its time to start is over.
    pub fn is_late(&mut self, generation: Generation) {
        if self.generation == generation && self.stage == WorkerStage::Starting {
            self.stage = WorkerStage::Late;
        }
    }

    /// It ended for good.
    pub fn failed(&mut self, message: String) {
        self.stage = WorkerStage::Failed(message);
    }

    /// Use up a restart; false when there is none left.
    pub fn may_restart(&mut self) -> bool {
        let may = self.restarts > 0;
        self.restarts = self.restarts.saturating_sub(1);
        may
    }

    /// Allow restarts again, because the visitor acted.
    pub fn forgive(&mut self) {
        self.restarts = RESTARTS;
    }

    /// Whether it hears.
    pub fn is_running(&self) -> bool {
        self.stage == WorkerStage::Running
    }

    /// Whether it ended for good.
    pub fn has_failed(&self) -> bool {
        matches!(self.stage, WorkerStage::Failed(_))
    }

    /// Whether it runs or may yet.
    pub fn is_alive(&self) -> bool {
        !matches!(self.stage, WorkerStage::Absent | WorkerStage::Failed(_))
    }
}

/// Where the decoder is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecoderStage {
    /// It is not there.
    #[default]
    Absent,
    /// It was started and has said nothing yet.
    Starting,
    /// It runs.
    Running,
}

/// The program that reads image files.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// Its present start.
    pub generation: Generation,
    /// Where it is.
    pub stage: DecoderStage,
    /// Notices when it says nothing any more, or has not started.
    pub watch: Watch,
    restarts: u8,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            generation: 0,
            stage: DecoderStage::Absent,
            watch: Watch::default(),
            restarts: RESTARTS,
        }
    }
}

impl Decoder {
    /// Start it; what an earlier start says is stale from now on.
    pub fn start(&mut self) -> Generation {
        self.generation += 1;
        self.stage = DecoderStage::Starting;
        self.watch = Watch::default();
        self.generation
    }

    /// Use up a restart; false when there is none left.
    pub fn may_restart(&mut self) -> bool {
        let may = self.restarts > 0;
        self.restarts = self.restarts.saturating_sub(1);
        may
    }

    /// Allow restarts again, because it did its work or the visitor will act.
    pub fn forgive(&mut self) {
        self.restarts = RESTARTS;
    }

    /// Whether it runs or may yet.
    pub fn is_alive(&self) -> bool {
        self.stage != DecoderStage::Absent
    }
}
