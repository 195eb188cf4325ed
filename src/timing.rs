//! How long a prediction takes, measured so that the figure can be trusted.
//!
//! Warm-up runs first, then runs until there are enough; when the clock is coarse, runs are timed in
//! batches. The clock is an argument, so that the tests run without one; the page passes
//! `performance.now`. What is timed: normalized features in, probabilities out.

use serde::{Deserialize, Serialize};

/// Untimed runs in front of a full measurement.
pub const WARM_UP_RUNS: usize = 20;
/// A full measurement has at least so many timed runs...
const LEAST_RUNS: usize = 200;
/// ...and lasts at least so long, in milliseconds...
const LEAST_MS: f64 = 1000.0;
/// ...but no longer than this when the model is slow, in milliseconds.
const MOST_MS: f64 = 3000.0;
/// The clock's grain may be at most this share of one timed batch.
const MOST_GRAIN_SHARE: f64 = 0.1;
/// Fewest runs of a quick measurement.
pub const QUICK_RUNS: usize = 3;

/// What a measurement came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Median of the runs, in milliseconds.
    pub median_ms: f64,
    /// 95th percentile, in milliseconds.
    pub p95_ms: f64,
    /// Fastest run, in milliseconds.
    pub min_ms: f64,
    /// Timed runs.
    pub runs: usize,
    /// Runs that were timed together because the clock is coarse; 1 when it is not.
    pub batch: usize,
}

impl Latency {
    /// Whether two measurements agree within their spread: each median lies between the fastest run and the 95th percentile
    /// of the other.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let lies_in = |a: &Self, b: &Self| (b.min_ms..=b.p95_ms).contains(&a.median_ms);
        lies_in(self, other) && lies_in(other, self)
    }
}

/// How long a measurement goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thoroughness {
    /// [`QUICK_RUNS`] runs, while the visitor draws.
    Quick,
    /// At least 200 runs and 1 s, at most 3 s.
    Full,
}

/// A measurement that is under way.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    thoroughness: Thoroughness,
    grain_ms: f64,
    batch: usize,
    samples: Vec<f64>,
    elapsed_ms: f64,
}

impl Stopwatch {
    /// Start a measurement with a clock whose smallest step is `grain_ms` milliseconds.
    pub fn new(thoroughness: Thoroughness, grain_ms: f64) -> Self {
        Self {
            thoroughness,
            grain_ms,
            batch: 1,
            samples: Vec::new(),
            elapsed_ms: 0.0,
        }
    }

    /// Time one batch of runs; returns whether the measurement is complete.
    ///
    /// A batch that is too short for the clock does not count: the next one has twice the runs.
    pub fn time(&mut self, now: impl Fn() -> f64, mut run: impl FnMut()) -> bool {
        let start = now();
        for _ in 0..self.batch {
            run();
        }
        let spent = now() - start;
        if self.grain_ms > MOST_GRAIN_SHARE * spent {
            self.batch *= 2;
            self.samples.clear();
            return false;
        }
        self.elapsed_ms += spent;
        self.samples.push(spent / self.batch as f64);
        self.is_complete()
    }

    fn is_complete(&self) -> bool {
        let runs = self.samples.len() * self.batch;
        match self.thoroughness {
            Thoroughness::Quick => runs >= QUICK_RUNS,
            Thoroughness::Full => {
                self.elapsed_ms >= MOST_MS || (runs >= LEAST_RUNS && self.elapsed_ms >= LEAST_MS)
            }
        }
    }

    /// The figures so far, or `None` before the first timed batch.
    pub fn latency(&self) -> Option<Latency> {
        let mut sorted = self.samples.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        Some(Latency {
            median_ms: median(&sorted)?,
            p95_ms: percentile(&sorted, 0.95)?,
            min_ms: *sorted.first()?,
            runs: sorted.len() * self.batch,
            batch: self.batch,
        })
    }
}

/// The middle value, or the mean of the middle two.
pub fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    Some(if sorted.len().is_multiple_of(2) {
        f64::midpoint(sorted[sorted.len() / 2 - 1], upper)
    } else {
        upper
    })
}

/// The smallest value that is at least as large as a share of all values (nearest rank).
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

/// The smallest step of a clock in milliseconds, over a few of its ticks.
pub fn clock_grain_ms(now: impl Fn() -> f64) -> f64 {
    let mut smallest = f64::INFINITY;
    let mut last = now();
    for _ in 0..8 {
        let mut next = now();
        while next <= last {
            next = now();
        }
        smallest = smallest.min(next - last);
        last = next;
    }
    smallest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Measure runs of `run_ms` with a clock that shows whole multiples of `grain_ms`.
    fn measure(thoroughness: Thoroughness, run_ms: f64, grain_ms: f64) -> (Latency, f64) {
        let time = Cell::new(0.0);
        let now = || (time.get() / grain_ms).floor() * grain_ms;
        let mut stopwatch = Stopwatch::new(thoroughness, grain_ms);
        while !stopwatch.time(now, || time.set(time.get() + run_ms)) {}
        (stopwatch.latency().unwrap(), time.get())
    }

    #[test]
    fn full_measurements_reach_200_runs_and_a_second() {
        let (latency, time) = measure(Thoroughness::Full, 0.5, 0.001);
        assert!(latency.runs >= 2000 && latency.batch == 1 && time >= 1000.0);
        assert!((latency.median_ms - 0.5).abs() < 0.01);
        let (latency, _) = measure(Thoroughness::Full, 7.0, 0.001);
        assert_eq!(latency.runs, 200);
    }

    #[test]
    fn slow_models_end_after_three_seconds() {
        let (latency, time) = measure(Thoroughness::Full, 100.0, 0.1);
        assert!((latency.runs as i64 - 30).abs() <= 1, "{}", latency.runs);
        assert!(time < 3200.0);
    }

    #[test]
    fn a_coarse_clock_makes_batches_and_never_shows_zero() {
        let (latency, _) = measure(Thoroughness::Quick, 0.3, 1.0);
        assert!(latency.batch >= 32, "{}", latency.batch);
        assert!(
            (latency.median_ms - 0.3).abs() < 0.03,
            "{}",
            latency.median_ms
        );
        assert!(latency.runs >= QUICK_RUNS);
    }

    #[test]
    fn measurements_agree_when_each_median_lies_within_the_other_spread() {
        let of = |min_ms, median_ms, p95_ms| Latency {
            median_ms,
            p95_ms,
            min_ms,
            runs: 200,
            batch: 1,
        };
        let trained = of(0.9, 1.0, 1.2);
        for (other, agrees) in [
            (of(1.0, 1.1, 1.3), true),
            (of(0.7, 0.9, 1.0), true),
            (of(1.1, 1.2, 1.3), false),
            (of(0.1, 0.8, 5.0), false),
        ] {
            assert_eq!(other.agrees_with(&trained), agrees, "{other:?}");
            assert_eq!(trained.agrees_with(&other), agrees, "{other:?}");
        }
    }

    #[test]
    fn median_and_percentile_by_hand() {
        assert_eq!(median(&[1.0, 2.0, 4.0, 8.0]), Some(3.0));
        assert_eq!(median(&[1.0, 2.0, 4.0]), Some(2.0));
        assert_eq!(median(&[]), None);
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&hundred, 0.95), Some(95.0));
        assert_eq!(percentile(&[7.0], 0.95), Some(7.0));
    }
}
