//! Evaluations and measurements: what they wait for, what ends them, and which models they are of.

use crate::replies::measured;
use crate::transitions::notice;
use crate::world::World;
use threadcount::protocol::{Request, Response};
use threadcount::session::{EvaluationStage, Event, PageState, Program, Stage};
use threadcount::timing::Thoroughness;

#[test]
fn an_evaluation_outlives_a_refused_file_a_drawing_and_a_model_that_arrives() {
    let mut world = World::ready();
    world.happen(Event::EvaluatePressed(100));
    world.file(255);
    world.draw(3);
    let ready = world.session.models()[0].stage.clone();
    let Stage::Ready(ready) = ready else { panic!() };
    world.worker_adds(Response::Loaded(ready));
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Running);
    assert_eq!(world.session.state(), PageState::Busy);
    world.settle();
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
    assert!(
        world
            .requests
            .iter()
            .all(|r| !matches!(r, Request::Cancel { .. }))
    );
}

#[test]
fn an_evaluation_on_an_empty_cloth_keeps_the_page_busy() {
    let mut world = World::ready();
    world.happen(Event::EvaluatePressed(100));
    assert_eq!(world.session.newest(), 0, "there is no picture");
    assert_eq!(world.session.state(), PageState::Busy);
    world.settle();
    assert_eq!(world.session.state(), PageState::Ready);
}

#[test]
fn an_evaluation_names_the_models_that_it_is_of_and_those_that_are_missing() {
    let mut world = World::new();
    // Started, then the first model's progress, then the model.
    (0..3).for_each(|_| assert!(world.worker_says()));
    world.happen(Event::EvaluatePressed(100));
    let evaluation = world.session.evaluation();
    let names: Vec<_> = evaluation
        .correct
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["small"]);
    assert_eq!(evaluation.missing, ["large", "tree"]);
}

#[test]
fn an_evaluation_without_any_model_waits_for_one() {
    let mut world = World::new();
    world.worker_says();
    world.happen(Event::EvaluatePressed(100));
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Queued);
    assert!(
        !world
            .requests
            .iter()
            .any(|r| matches!(r, Request::Evaluate { .. }))
    );
    world.settle();
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
}

#[test]
fn an_evaluation_begins_anew_with_another_program_and_with_all_of_its_models() {
    let mut world = World::ready();
    world.happen(Event::EvaluatePressed(100));
    world.happen(Event::ProgramChosen(Program::Burn));
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Queued);
    world.settle();
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
    assert_eq!(world.session.evaluation().correct.len(), 3);
}

#[test]
fn an_evaluation_can_be_cancelled_while_it_waits_and_while_it_runs() {
    for mut world in [World::new(), World::ready()] {
        world.happen(Event::EvaluatePressed(100));
        world.happen(Event::CancelPressed);
        world.settle();
        assert_eq!(world.session.evaluation().stage, EvaluationStage::Cancelled);
        assert_eq!(world.session.state(), PageState::Ready);
    }
}

#[test]
fn a_measurement_that_is_pressed_while_models_load_is_not_lost() {
    let mut world = World::new();
    world.draw(2);
    world.happen(Event::MeasurePressed);
    world.settle();
    let models = world.session.models();
    assert!(models.iter().all(|model| model.is_measured_on(1)));
}

#[test]
fn a_measurement_waits_for_a_file_and_is_dropped_with_a_word_when_that_is_blank() {
    let mut world = World::ready();
    world.file(0);
    world.happen(Event::MeasurePressed);
    world.settle();
    assert!(notice(&world).contains("nothing to measure"));
    assert_eq!(world.session.state(), PageState::Ready);
}

#[test]
fn the_full_measurement_starts_after_a_pause_and_a_new_picture_ends_it() {
    let mut world = World::ready();
    world.sample(2);
    while world.worker_says() {}
    assert!(
        !world
            .requests
            .iter()
            .any(|r| matches!(r, Request::Measure { .. }))
    );
    world.pauses();
    world.sample(3);
    let cancelled = |r: &Request| matches!(r, Request::Cancel { .. });
    assert!(world.requests.iter().any(cancelled));
    world.settle();
    assert!(
        world
            .session
            .models()
            .iter()
            .all(|model| model.is_measured_on(2))
    );
}

#[test]
fn a_few_runs_do_not_replace_the_full_measurement() {
    let mut world = World::ready();
    world.sample(2);
    world.settle();
    world.worker_adds(measured(1, "small", Thoroughness::Quick));
    assert!(world.session.models()[0].is_measured_on(1));
}
