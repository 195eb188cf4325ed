//! Timing a model on one picture, in slices of time; a squeezed network beside the same as trained.

use super::squeezed::Wanted;
use super::state::{Current, Worker};
use crate::classifier::Classifier;
use crate::preprocess::Features;
use crate::protocol::{Response, StopNumber};
use crate::squeeze::Setting;
use crate::timing::{Latency, Stopwatch, Thoroughness, WARM_UP_RUNS};
use crate::turns::Slice;
use crate::web::scope::{now_ms, post};
use std::cell::RefCell;

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

    /// Time a stop of the squeeze and then its network as trained, both by the engine, while `wanted`, and tell the page.
    pub(super) async fn time_squeezed(
        &self,
        stop: StopNumber,
        current: &Current,
        features: &Features,
        wanted: impl Fn() -> bool,
    ) {
        let present = self.squeezing.wanted_of_present();
        let Some(Wanted { model, .. }) = present.filter(|present| present.stop == stop) else {
            return;
        };
        let set = self.set_of(&model, current.set);
        let Ok(trained) = self.squeezed_network(&model, Setting::AS_TRAINED, set) else {
            return; // It was discarded meanwhile, and its swatch says so.
        };
        let trained = RefCell::new(trained);
        // The answers were given before.
        let run_squeezed = || {
            let _ = self.compute_squeezed(set, |network| network.predict_proba(features));
        };
        let run_trained = || {
            let _ = trained.borrow_mut().predict_proba(features);
        };
        let wanted = || wanted() && self.squeezing.stop() == Some(stop);
        let full = Thoroughness::Full;
        let squeezed = self.time(run_squeezed, full, WARM_UP_RUNS, wanted).await;
        let trained = self.time(run_trained, full, WARM_UP_RUNS, wanted).await;
        if let (Some(squeezed), Some(trained)) = (squeezed, trained) {
            let latencies = [squeezed, trained];
            post(&Response::SqueezedTimed { stop, latencies });
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
