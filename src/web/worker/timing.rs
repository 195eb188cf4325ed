//! Timing one model on one picture, in slices of time.

use super::state::{Current, Worker};
use crate::classifier::Classifier;
use crate::preprocess::Features;
use crate::protocol::Response;
use crate::timing::{Latency, Stopwatch, Thoroughness};
use crate::turns::Slice;
use crate::web::scope::{now_ms, post};

impl Worker {
    /// Time a model, after some runs that do not count, while `wanted`, and tell the page.
    pub(super) async fn time_model(
        &self,
        name: &str,
        current: &Current,
        features: &Features,
        thoroughness: Thoroughness,
        warm_up: usize,
        wanted: impl Fn() -> bool,
    ) {
        let run = || {
            // The answer was given before; one that is no number was refused then.
            let _ = self.compute(name, current.set, |network| network.predict_proba(features));
        };
        if let Some(latency) = self.time(run, thoroughness, warm_up, wanted).await {
            post(&Response::Measured {
                number: current.number,
                model: name.to_owned(),
                latency,
                thoroughness,
            });
        }
    }

    /// Time what `run` does, after some runs that do not count; none when it was not `wanted` to the end.
    pub(super) async fn time(
        &self,
        run: impl Fn(),
        thoroughness: Thoroughness,
        warm_up: usize,
        wanted: impl Fn() -> bool,
    ) -> Option<Latency> {
        let mut stopwatch = Stopwatch::new(thoroughness, self.grain_ms());
        let (mut slice, mut runs, mut complete) = (Slice::begin(now_ms()), 0, false);
        while !complete {
            if slice.is_over(now_ms()) {
                self.yielder.give_way().await;
                slice = Slice::begin(now_ms());
            }
            if !wanted() {
                return None;
            }
            if runs < warm_up {
                run();
                runs += 1;
            } else {
                complete = stopwatch.time(now_ms, &run);
            }
        }
        stopwatch.latency()
    }
}
