//! Which models are fetched when: the first one alone, so that an answer is there soon, then at most three at a time in a
//! given order, and those that stall again after a pause.
//!
//! Each model goes its own way, so a response that never ends or hardly moves holds up no other. Neither a clock nor
//! a network is here: [`Loads::advance`] is told how much time has passed and says what to do; `web::worker` does it.

mod load;

pub use load::{Action, Failure, STALL_MS};
use load::{Load, Stage};

/// Models that are fetched at a time.
const MOST_AT_ONCE: usize = 3;
/// The first model is fetched alone unless it is on its way for so long, in milliseconds.
const HEAD_START_MS: u32 = 900;
/// A model that is on its way for so long gives its place to the next one, in milliseconds...
const SLOW_MS: u32 = 5_000;
/// ...and so does one without a byte for so long, in milliseconds.
const QUIET_MS: u32 = 2_000;
/// The most that counts of the time between two calls, in milliseconds. A computer that slept, or a worker that
/// computed, could not have heard of a byte.
const MOST_STEP_MS: u32 = 2_000;

/// Every model and how far it is.
#[derive(Clone, Debug)]
pub struct Loads(Vec<Load>);

impl Loads {
    /// All models, in the order in which they are to be fetched.
    pub fn new(models: impl IntoIterator<Item = &'static str>) -> Self {
        Self(models.into_iter().map(Load::new).collect())
    }

    /// Let time pass and say what is to be done now; with 0 milliseconds after every other call.
    pub fn advance(&mut self, elapsed_ms: u32) -> Vec<Action> {
        let elapsed_ms = elapsed_ms.min(MOST_STEP_MS);
        let mut actions: Vec<_> = self
            .0
            .iter_mut()
            .filter_map(|load| load.advance(elapsed_ms))
            .collect();
        let moving = |load: &&Load| matches!(load.stage, Stage::Active { age_ms, silent_ms } if age_ms < SLOW_MS && silent_ms < QUIET_MS);
        let moving = self.0.iter().filter(moving).count();
        for _ in moving..self.most_at_once() {
            // One that stalled before comes after those that did not.
            let queued = self.0.iter_mut().filter(|load| load.stage == Stage::Queued);
            let Some(load) = queued.min_by_key(|load| load.stalls) else {
                break;
            };
            actions.push(load.start());
        }
        actions
    }

    /// How many models may be fetched now.
    fn most_at_once(&self) -> usize {
        let alone = |first: &Load| match first.stage {
            Stage::Queued => first.attempt == 0,
            Stage::Active { age_ms, .. } => first.attempt == 1 && age_ms < HEAD_START_MS,
            Stage::Paused { .. } | Stage::Failed(_) | Stage::Loaded => false,
        };
        if self.0.first().is_some_and(alone) {
            1
        } else {
            MOST_AT_ONCE
        }
    }

    /// Bytes of a model have arrived.
    pub fn received(&mut self, model: &str, attempt: u32) {
        if let Some(Load {
            stage: Stage::Active { silent_ms, .. },
            ..
        }) = self.current(model, attempt)
        {
            *silent_ms = 0;
        }
    }

    /// An attempt succeeded; false when it had been given up before.
    pub fn loaded(&mut self, model: &str, attempt: u32) -> bool {
        self.end(model, attempt, Stage::Loaded)
    }

    /// An attempt failed; false when it had been given up before.
    pub fn failed(&mut self, model: &str, attempt: u32, failure: Failure) -> bool {
        self.end(model, attempt, Stage::Failed(failure))
    }

    /// A model that was loaded turns out to be useless.
    pub fn discard(&mut self, model: &str) {
        for load in self.0.iter_mut().filter(|load| load.model == model) {
            load.stage = Stage::Failed(Failure::Content);
        }
    }

    /// Fetch a model again now, if it has stalled or failed.
    pub fn retry(&mut self, model: &str) {
        for load in self.0.iter_mut().filter(|load| load.model == model) {
            load.again(&[Failure::Connection, Failure::Content]);
        }
    }

    /// Fetch every model again now that has stalled or failed for want of a connection.
    pub fn online(&mut self) {
        for load in &mut self.0 {
            load.again(&[Failure::Connection]);
        }
    }

    /// Whether nothing is under way, so that no time needs to be told.
    pub fn is_settled(&self) -> bool {
        let settled = |load: &Load| matches!(load.stage, Stage::Loaded | Stage::Failed(_));
        self.0.iter().all(settled)
    }

    /// A model whose attempt is the one that is under way.
    fn current(&mut self, model: &str, attempt: u32) -> Option<&mut Load> {
        self.0.iter_mut().find(|load| {
            load.model == model
                && load.attempt == attempt
                && matches!(load.stage, Stage::Active { .. })
        })
    }

    fn end(&mut self, model: &str, attempt: u32, stage: Stage) -> bool {
        let load = self.current(model, attempt);
        load.map(|load| load.stage = stage).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn start(model: &'static str, attempt: u32) -> Action {
        Action::Start { model, attempt }
    }

    fn stall(model: &'static str, retry_in_ms: u32) -> Action {
        Action::Stall { model, retry_in_ms }
    }

    /// Models that are not the first ones: that one is there.
    fn further(models: impl IntoIterator<Item = &'static str>) -> Loads {
        let mut loads = Loads::new(std::iter::once("first").chain(models));
        assert_eq!(loads.advance(0), [start("first", 1)]);
        assert!(loads.loaded("first", 1));
        loads
    }

    #[test]
    fn the_first_one_has_a_second_for_itself() {
        let starts = ["b", "c", "d"].map(|model| start(model, 1));
        for end in [
            |loads: &mut Loads| assert!(loads.loaded("a", 1)),
            |loads: &mut Loads| assert!(loads.failed("a", 1, Failure::Connection)),
            |loads: &mut Loads| assert!(loads.failed("a", 1, Failure::Content)),
        ] {
            let mut loads = Loads::new(NAMES);
            assert_eq!(loads.advance(0), [start("a", 1)]);
            assert_eq!(loads.advance(899), []);
            end(&mut loads);
            assert_eq!(loads.advance(0), starts);
        }
        let mut slow = Loads::new(NAMES);
        slow.advance(0);
        slow.received("a", 1);
        assert_eq!(slow.advance(1000), starts[..2]);
        // When it is fetched again, the others go on.
        let mut again = Loads::new(NAMES);
        again.advance(0);
        assert!(again.failed("a", 1, Failure::Content));
        again.retry("a");
        assert_eq!(
            again.advance(0),
            [start("a", 2), start("b", 1), start("c", 1)]
        );
    }

    /// Let seconds pass one by one.
    fn seconds(loads: &mut Loads, n: usize) -> Vec<Action> {
        (0..n).flat_map(|_| loads.advance(1000)).collect()
    }

    #[test]
    fn three_at_a_time_in_order() {
        let mut loads = further(NAMES);
        let first = loads.advance(0);
        assert_eq!(first, [start("a", 1), start("b", 1), start("c", 1)]);
        assert_eq!(loads.advance(0), []);
        assert!(loads.loaded("b", 1));
        assert_eq!(loads.advance(0), [start("d", 1)]);
        assert!(loads.failed("a", 1, Failure::Content));
        assert_eq!(loads.advance(0), [start("e", 1)]);
        for model in ["c", "d", "e"] {
            assert!(!loads.is_settled());
            assert!(loads.loaded(model, 1));
        }
        assert!(loads.is_settled());
        assert_eq!(seconds(&mut loads, 100), []);
    }

    #[test]
    fn ten_silent_seconds_are_a_stall_and_pauses_grow() {
        let mut loads = Loads::new(["a"]);
        assert_eq!(loads.advance(0), [start("a", 1)]);
        assert_eq!(seconds(&mut loads, 9), []);
        loads.received("a", 1);
        assert_eq!(seconds(&mut loads, 9), []);
        for (stalls, pause_s) in [2, 4, 8, 16, 32, 60, 60].into_iter().enumerate() {
            let attempt = stalls as u32 + 1;
            assert_eq!(loads.advance(1000), [stall("a", pause_s * 1000)]);
            assert!(!loads.is_settled());
            assert_eq!(seconds(&mut loads, pause_s as usize - 1), []);
            assert_eq!(loads.advance(1000), [start("a", attempt + 1)]);
            assert_eq!(seconds(&mut loads, 9), []);
        }
    }

    #[test]
    fn what_an_abandoned_attempt_still_says_is_not_believed() {
        let mut loads = Loads::new(["a"]);
        loads.advance(0);
        assert_eq!(seconds(&mut loads, 10), [stall("a", 2000)]);
        assert!(!loads.loaded("a", 1) && !loads.failed("a", 1, Failure::Connection));
        assert_eq!(seconds(&mut loads, 2), [start("a", 2)]);
        loads.received("a", 1);
        assert!(!loads.loaded("a", 1));
        assert_eq!(seconds(&mut loads, 10), [stall("a", 4000)]);
    }

    #[test]
    fn slow_ones_block_no_other() {
        // 1 kB/s: a byte every second, for ever.
        let mut loads = further(NAMES);
        let mut started = loads.advance(0);
        for _ in 0..12 {
            for model in NAMES {
                loads.received(model, 1);
            }
            started.extend(loads.advance(1000));
        }
        assert_eq!(started, NAMES.map(|model| start(model, 1)));
    }

    #[test]
    fn responses_that_never_begin_block_no_other() {
        let mut loads = further(NAMES);
        loads.advance(0);
        assert_eq!(seconds(&mut loads, 2), [start("d", 1), start("e", 1)]);
        assert!(loads.loaded("d", 1) && loads.loaded("e", 1));
        let stalls = ["a", "b", "c"].map(|model| stall(model, 2000));
        assert_eq!(seconds(&mut loads, 8), stalls);
    }

    #[test]
    fn fresh_ones_come_before_those_that_stalled() {
        let mut loads = further(["x", "a", "b", "c"]);
        loads.advance(0);
        loads.0[1].stage = Stage::Queued;
        loads.0[1].stalls = 1;
        assert_eq!(loads.advance(0), [start("c", 1)]);
    }

    #[test]
    fn retry_and_online_fetch_at_once_what_they_are_for() {
        for (failure, online_helps) in [(Failure::Connection, true), (Failure::Content, false)] {
            let failed = || {
                let mut loads = Loads::new(["a"]);
                loads.advance(0);
                assert!(loads.failed("a", 1, failure));
                assert_eq!(seconds(&mut loads, 100), []);
                loads
            };
            let mut loads = failed();
            loads.retry("a");
            assert_eq!(loads.advance(0), [start("a", 2)]);
            let mut loads = failed();
            loads.online();
            let expected = if online_helps {
                vec![start("a", 2)]
            } else {
                vec![]
            };
            assert_eq!(loads.advance(0), expected, "{failure:?}");
        }
        let mut stalled = Loads::new(["a"]);
        stalled.advance(0);
        for pause in [2000, 2000] {
            assert_eq!(seconds(&mut stalled, 10), [stall("a", pause)]);
            stalled.online();
            // A stall after a break is the first again.
            assert!(matches!(stalled.advance(0)[..], [Action::Start { .. }]));
        }
        // Neither interrupts what is under way, nor fetches twice.
        stalled.retry("a");
        stalled.online();
        stalled.retry("unknown");
        assert_eq!(stalled.advance(0), []);
        assert!(stalled.loaded("a", 3));
        stalled.retry("a");
        assert_eq!(stalled.advance(0), []);
        stalled.discard("a");
        stalled.retry("a");
        assert_eq!(stalled.advance(0), [start("a", 4)]);
    }

    #[test]
    fn sleep_is_no_stall() {
        let mut loads = Loads::new(["a"]);
        loads.advance(0);
        assert_eq!(loads.advance(3_600_000), []);
        assert_eq!(seconds(&mut loads, 7), []);
        assert_eq!(loads.advance(1000), [stall("a", 2000)]);
    }
}
