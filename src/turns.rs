//! Whose turn it is in the worker: which model answers or is timed next, and when others get the processor.
//!
//! One thread does everything but evaluations, so work is cut into slices of time between which newer requests are heard.

/// The longest time for which the worker keeps control, in milliseconds: a newer picture waits no longer than this
/// and one run of a model.
pub const SLICE_MS: f64 = 10.0;

/// A slice of time.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    end_ms: f64,
}

impl Slice {
    /// A slice that begins now.
    pub fn begin(now_ms: f64) -> Self {
        Self {
            end_ms: now_ms + SLICE_MS,
        }
    }

    /// Whether it is over.
    pub fn is_over(self, now_ms: f64) -> bool {
        // A clock that was set back must not make it endless.
        !(self.end_ms - SLICE_MS..self.end_ms).contains(&now_ms)
    }
}

/// The latest pictures that a model answered and was timed on; 0 for none. Pictures are counted from 1 as they come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Answered.
    pub answered: u64,
    /// Timed for a few runs.
    pub timed: u64,
}

/// What is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The model at this position answers.
    Answer(usize),
    /// The model at this position is timed.
    Time(usize),
}

/// What to do next for a picture; `None` when all is done.
///
/// All answers come before all times. The model whose last answer is the oldest is first: when one picture follows
/// another faster than all models answer, each has its turn.
pub fn next(models: &[Done], picture: u64) -> Option<Turn> {
    let oldest = |last: fn(&Done) -> u64| {
        let waiting = models.iter().enumerate();
        let waiting = waiting.filter(|(_, done)| last(done) != picture);
        waiting
            .min_by_key(|(_, done)| last(done))
            .map(|(index, _)| index)
    };
    let answer = oldest(|done| done.answered).map(Turn::Answer);
    answer.or_else(|| oldest(|done| done.timed).map(Turn::Time))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Do what is next for a picture, at most so many times.
    fn run(models: &mut [Done], picture: u64, most: usize) -> Vec<Turn> {
        let mut turns = Vec::new();
        while let Some(turn) = next(models, picture).filter(|_| turns.len() < most) {
            match turn {
                Turn::Answer(index) => models[index].answered = picture,
                Turn::Time(index) => models[index].timed = picture,
            }
            turns.push(turn);
        }
        turns
    }

    #[test]
    fn every_model_answers_and_then_every_model_is_timed() {
        use Turn::{Answer, Time};
        let mut models = [Done::default(); 2];
        let all = [Answer(0), Answer(1), Time(0), Time(1)];
        assert_eq!(run(&mut models, 1, 9), all);
        assert_eq!(run(&mut models, 1, 9), []);
        assert_eq!(run(&mut models, 2, 9), all);
        assert_eq!(run(&mut [], 1, 9), []);
    }

    #[test]
    fn a_model_that_comes_later_answers_alone() {
        let mut models = vec![Done::default(); 3];
        run(&mut models, 1, 9);
        models.push(Done::default());
        assert_eq!(run(&mut models, 1, 9), [Turn::Answer(3), Turn::Time(3)]);
    }

    #[test]
    fn no_model_starves_when_pictures_come_faster_than_answers() {
        let mut models = [Done::default(); 12];
        for picture in 1..=6 {
            run(&mut models, picture, 2);
        }
        assert!(models.iter().all(|done| done.answered > 0), "{models:?}");
    }

    #[test]
    fn a_slice_ends_by_time_and_when_the_clock_is_set_back() {
        let slice = Slice::begin(1000.0);
        for (now, over) in [
            (1000.0, false),
            (1009.9, false),
            (1010.0, true),
            (999.0, true),
        ] {
            assert_eq!(slice.is_over(now), over, "{now}");
        }
    }
}
