//! What is said of the looks inside.

use super::inspection::Look;
use super::model::Stage;
use super::state::Session;
use crate::format::{counted, thousands};
use crate::occlusion::{Occlusion, PLACES};
use crate::protocol::{Activations, Inspected};

impl Session {
    /// A sentence or two on a look inside: what was found, or why nothing is there.
    pub fn inspection_line(&self, inspected: Inspected) -> String {
        let look = self.look(inspected);
        let name = look.model;
        let model = self.models.iter().find(|model| model.name == name);
        match model.map(|model| &model.stage) {
            Some(Stage::Ready(_)) => {}
            Some(Stage::Failed { .. }) => return format!("{name} did not arrive."),
            _ => return format!("{name} is on its way."),
        }
        if let Some(problem) = &look.problem {
            return problem.clone();
        }
        match (&look.activations, &look.occlusion) {
            (Some(activations), _) => layers_line(look, activations),
            (_, Some(occlusion)) => occlusion_line(name, occlusion),
            _ if look.is_pending() => format!("{name} is being asked."),
            _ if self.pictures.garment().is_none() => {
                "Draw a garment, or take a sample.".to_owned()
            }
            _ if self.is_evaluating() => {
                "It waits until the test images are classified.".to_owned()
            }
            _ if self.is_measuring() => "It waits until the times are measured.".to_owned(),
            _ => format!("{name} has not been asked yet."),
        }
    }
}

fn layers_line(look: &Look, activations: &Activations) -> String {
    let steps = &activations.steps;
    let parameters = steps.iter().map(|step| step.parameters).sum();
    let macs = steps.iter().map(|step| step.macs).sum();
    let time = match (look.time_shares.is_empty(), look.is_done) {
        (true, false) => "The share of the time is being measured.",
        (true, true) => "This browser's clock is too coarse for the share of the time.",
        (false, _) => {
            "The share of the time is measured here, step by step: each step by itself, the median of several runs."
        }
    };
    format!(
        "{}: {} steps, {} parameters, {} multiply-adds. {time}",
        look.model,
        steps.len(),
        thousands(parameters),
        counted(macs),
    )
}

fn occlusion_line(name: &str, occlusion: &Occlusion) -> String {
    let sure = format!(
        "{name} is {:.0}\u{a0}% sure of {}.",
        occlusion.confidence() * 100.0,
        occlusion.label().name()
    );
    let done = occlusion.costs().len();
    if !occlusion.is_complete() {
        return format!("{sure} {done} of {PLACES} places are covered so far.");
    }
    let [most, least] = occlusion.extremes().unwrap_or_default();
    let found = match (points(most), points(-least)) {
        (..1, ..1) => "Covering any square changes that by less than a point.".to_owned(),
        (most, ..1) => format!("The place that matters most costs {most} of these points."),
        (..1, least) => format!("Covering one place adds {least} points."),
        (most, least) => {
            format!(
                "The place that matters most costs {most} of these points; covering another adds {least}."
            )
        }
    };
    format!("{sure} {found}")
}

/// What a place of the picture costs, as a sentence; rows and columns count from 1.
pub fn place_line(occlusion: &Occlusion, [row, column]: [usize; 2]) -> String {
    let at = format!("Row {}, column {}:", row + 1, column + 1);
    let sure = points(occlusion.confidence());
    let Some(cost) = occlusion.cost([row, column]) else {
        return format!("{at} not covered yet.");
    };
    let class = occlusion.label().name();
    match points(cost) {
        1.. => format!(
            "{at} it speaks for {class}. Covering it costs {} of {sure} points.",
            points(cost)
        ),
        ..=-1 => format!(
            "{at} it speaks against {class}. Covering it adds {} to {sure} points.",
            points(-cost)
        ),
        0 => format!("{at} covering it changes less than a point of {sure}."),
    }
}

/// Whole points of a hundred.
fn points(share: f32) -> i32 {
    (share * 100.0).round() as i32
}
