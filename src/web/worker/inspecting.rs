//! Looks inside a model: the activations of a network with the time of each step, and occlusion maps. Both go on in
//! slices of time when nothing else is under way, and end with a newer picture or another look at the same.

use super::network::Network;
use super::state::Worker;
use crate::classifier::Classifier;
use crate::occlusion::Occlusion;
use crate::preprocess::{Features, normalize};
use crate::protocol::{Activations, Finding, Inspected, Inspection, Response, StepView};
use crate::timing::{Stopwatch, Thoroughness};
use crate::turns::Slice;
use crate::web::scope::{now_ms, post};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How often every step is measured, in turns.
const ROUNDS: usize = 15;
/// After so many milliseconds what is measured has to do, when every step was timed at all...
const MOST_MS: f64 = 2000.0;
/// ...and after so many in any case, as when the clock is too coarse or the processor has other work.
const LAST_MS: f64 = 10_000.0;
/// Milliseconds between two reports of an occlusion map.
const REPORT_MS: f64 = 100.0;

/// A look that is under way.
struct Wanted {
    inspection: Inspection,
    /// The turn of the picture that was current when it was asked for.
    turn: u64,
}

impl Worker {
    /// Look inside a model.
    pub(super) fn inspect(self: &Rc<Self>, inspection: Inspection) {
        self.inspecting
            .begin(inspection.inspected, inspection.number);
        let turn = self.turns.get();
        let (worker, wanted) = (Rc::clone(self), Wanted { inspection, turn });
        spawn_local(async move {
            worker.wait_for_turn().await;
            let outcome = match wanted.inspection.inspected {
                _ if !worker.is_wanted(&wanted) => Ok(()),
                Inspected::Activations => worker.inspect_activations(&wanted).await,
                Inspected::Occlusion => worker.occlude(&wanted).await,
            };
            if let Err(problem) = outcome
                && worker.is_wanted(&wanted)
            {
                wanted.report(Finding::None(problem));
            }
            worker.inspecting.end();
        });
    }

    /// Let everything be heard that waits, and let answers and scoring come first.
    async fn wait_for_turn(&self) {
        self.yielder.give_way().await;
        while self.answering.get() || self.squeezing.scoring.is_busy.get() {
            self.yielder.give_way().await;
        }
    }

    fn is_wanted(&self, Wanted { inspection, turn }: &Wanted) -> bool {
        let newest = self.inspecting.newest(inspection.inspected);
        newest == inspection.number && self.is_current(*turn)
    }

    async fn inspect_activations(&self, wanted: &Wanted) -> Result<(), String> {
        let Inspection {
            model, image, set, ..
        } = &wanted.inspection;
        let features = normalize(image);
        let inspect = |network: &mut Network| {
            let answer = network.predict_proba(&features)?;
            let layered = network.layered().ok_or_else(|| computed_at_once(model))?;
            Ok::<_, String>((answer, layered.activations(&features)))
        };
        let (answer, activations) = self.compute(model, *set, inspect).flatten()?;
        let last = activations
            .last()
            .and_then(|last| last.values.first_chunk());
        let logits = *last.ok_or_else(|| computed_at_once(model))?;
        wanted.report(Finding::Activations(Box::new(Activations {
            steps: activations.iter().map(StepView::new).collect(),
            logits,
            answer,
        })));
        self.time_steps(wanted, &features, activations.len()).await
    }

    /// Measure all steps in turns, until each has been measured so often or the time is up.
    async fn time_steps(
        &self,
        wanted: &Wanted,
        features: &Features,
        steps: usize,
    ) -> Result<(), String> {
        let Inspection { model, set, .. } = &wanted.inspection;
        let stopwatch = Stopwatch::new(Thoroughness::Quick, self.grain_ms());
        let mut stopwatches = vec![stopwatch; steps];
        let runs = |stopwatch: &Stopwatch| stopwatch.latency().map_or(0, |l| l.runs / l.batch);
        let begin_ms = now_ms();
        let mut slice = Slice::begin(begin_ms);
        let is_over = |stopwatches: &[Stopwatch]| {
            let fewest = stopwatches.iter().map(runs).min().unwrap_or(ROUNDS);
            let limit_ms = if fewest == 0 { LAST_MS } else { MOST_MS };
            fewest >= ROUNDS || now_ms() - begin_ms >= limit_ms
        };
        while !is_over(&stopwatches) {
            for (number, stopwatch) in stopwatches.iter_mut().enumerate() {
                if slice.is_over(now_ms()) {
                    self.wait_for_turn().await;
                    slice = Slice::begin(now_ms());
                }
                if !self.is_wanted(wanted) {
                    return Ok(());
                }
                let time = |network: &mut Network| {
                    if let Some(layered) = network.layered() {
                        if number == 0 {
                            layered.begin(features);
                        }
                        layered.time_step(number, stopwatch, &now_ms);
                    }
                };
                self.compute(model, *set, time)?;
            }
        }
        let median = |stopwatch: &Stopwatch| stopwatch.latency().map(|l| l.median_ms);
        // None when the clock is too coarse for one of them.
        let medians: Option<Vec<f64>> = stopwatches.iter().map(median).collect();
        let medians = medians.unwrap_or_default();
        let all: f64 = medians.iter().sum();
        wanted.report(Finding::TimeShares(
            medians.iter().map(|ms| ms / all).collect(),
        ));
        Ok(())
    }

    async fn occlude(&self, wanted: &Wanted) -> Result<(), String> {
        let Inspection {
            model, image, set, ..
        } = &wanted.inspection;
        let features = normalize(image);
        let predict = |network: &mut Network| network.predict_proba(&features);
        let answer = self.compute(model, *set, predict).flatten()?;
        let mut occlusion = Occlusion::new(answer);
        let (mut reported, mut reported_ms) = (0, f64::NEG_INFINITY);
        let mut slice = Slice::begin(now_ms());
        loop {
            if occlusion.is_complete() || now_ms() - reported_ms > REPORT_MS {
                let costs = occlusion.costs()[reported..].to_vec();
                wanted.report(Finding::Occlusion { answer, costs });
                (reported, reported_ms) = (occlusion.costs().len(), now_ms());
            }
            if occlusion.is_complete() {
                return Ok(());
            }
            if slice.is_over(now_ms()) {
                self.wait_for_turn().await;
                if !self.is_wanted(wanted) {
                    return Ok(());
                }
                slice = Slice::begin(now_ms());
            }
            let advance = |network: &mut Network| network.occlude_next(&mut occlusion, image);
            self.compute(model, *set, advance).flatten()?;
        }
    }
}

impl Wanted {
    fn report(&self, finding: Finding) {
        post(&Response::Inspected {
            number: self.inspection.number,
            finding,
        });
    }
}

fn computed_at_once(model: &str) -> String {
    format!(
        "Burn computes {model} as a whole here. Let our engine compute, under \u{201c}All the numbers\u{201d}, to see its \
         layers."
    )
}
