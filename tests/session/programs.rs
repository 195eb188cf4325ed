//! Programs and files that end, are late, or say what is stale.

use crate::transitions::{answered, notice};
use crate::world::World;
use threadcount::protocol::Response;
use threadcount::session::{
    Availability, EvaluationStage, Event, PageState, Program, Retry, Timer,
};

#[test]
fn a_worker_that_ends_is_started_once_by_itself_then_on_request_and_keeps_the_picture() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    world.worker_crashes();
    assert_eq!(world.session.state(), PageState::Loading);
    world.settle();
    assert_eq!(answered(&world), Some(1), "the same picture, answered anew");
    world.worker_crashes();
    assert_eq!(world.session.state(), PageState::Error);
    assert!(notice(&world).contains("stopped"));
    world.draw(5);
    assert!(
        notice(&world).contains("stopped"),
        "a stroke does not hide it"
    );
    assert_eq!(world.session.words().0, "The networks cannot answer now.");
    assert_eq!(world.session.notices()[0].retry, Retry::Offered);
    world.happen(Event::RetryPressed);
    world.settle();
    assert_eq!(answered(&world), Some(2));
    assert_eq!(
        world.session.notices(),
        [],
        "the condition is over, and so is its notice"
    );
}

#[test]
fn a_worker_that_vanishes_is_missed_when_it_owes_an_answer() {
    let mut world = World::ready();
    world.worker_vanishes();
    while world.time_passes() {}
    assert_eq!(world.requests.len(), 0, "it owes nothing");
    world.draw(4);
    assert!(world.time_passes(), "a limit is set");
    assert_eq!(world.session.state(), PageState::Busy, "it may be slow");
    world.settle();
    assert_eq!(answered(&world), Some(1), "another one answers");
    world.worker_vanishes();
    world.sample(5);
    world.settle();
    assert_eq!(world.session.state(), PageState::Error);
    assert!(notice(&world).contains("stopped answering"));
}

#[test]
fn a_worker_that_vanishes_during_an_evaluation_is_missed_and_the_evaluation_begins_anew() {
    let mut world = World::ready();
    world.happen(Event::EvaluatePressed(100));
    world.worker_vanishes();
    world.settle();
    assert_eq!(world.worker_starts(), 2);
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
}

#[test]
fn a_worker_that_says_something_now_and_then_is_slow_and_not_gone() {
    let mut world = World::ready();
    world.draw(4);
    for _ in 0..3 {
        assert!(world.worker_says() && world.time_passes());
    }
    world.settle();
    assert_eq!(answered(&world), Some(1));
    assert_eq!(world.worker_starts(), 1, "no other worker was started");
}

#[test]
fn what_an_ended_worker_said_is_stale() {
    let mut world = World::ready();
    let before = world.session.models().len();
    world.happen(Event::ProgramChosen(Program::Burn));
    world.happen(Event::Worker(
        1,
        Response::Crashed {
            message: String::new(),
        },
    ));
    assert_eq!(world.session.program(), Program::Burn);
    world.settle();
    let ready = world
        .session
        .models()
        .iter()
        .filter(|m| m.is_ready())
        .count();
    assert_eq!(ready, before);
}

#[test]
fn burn_can_be_chosen_once_it_is_built() {
    let mut world = World::new();
    assert_eq!(world.burn_asked, 1);
    assert!(world.session.burn().is_offered(), "until it is known");
    world.happen(Event::BurnIs(Availability::Building));
    assert_eq!(world.session.burn().text(), "Burn is being built");
    world.happen(Event::ProgramChosen(Program::Burn));
    assert_eq!(world.session.program(), Program::Engine);
    world.settle();
    assert_eq!(world.burn_asked, 2, "asked again after a while");
    world.happen(Event::BurnIs(Availability::Ready));
    world.settle();
    assert_eq!(world.burn_asked, 2, "what is ready stays so");
    world.happen(Event::ProgramChosen(Program::Burn));
    assert_eq!(world.session.program(), Program::Burn);
}

#[test]
fn burn_that_cannot_be_built_is_not_asked_for_again() {
    for burn in [Availability::Failed, Availability::Absent] {
        let mut world = World::new();
        world.happen(Event::BurnIs(burn));
        world.settle();
        assert_eq!(world.burn_asked, 1);
        world.happen(Event::ProgramChosen(Program::Burn));
        assert_eq!(world.session.program(), Program::Engine);
    }
}

#[test]
fn a_worker_that_is_late_is_told_of_and_forgotten_when_it_comes() {
    let mut world = World::new();
    world.happen(Event::TimeOver(Timer::WorkerStart(1)));
    assert!(notice(&world).contains("has not started yet"));
    world.settle();
    assert_eq!(world.session.notices(), []);
    // The timer of an earlier start says nothing of a later one.
    world.happen(Event::TimeOver(Timer::WorkerStart(1)));
    assert_eq!(world.session.notices(), []);
}

#[test]
fn a_decoder_that_ends_is_started_once_more_then_the_file_is_refused() {
    let mut world = World::ready();
    world.file(3);
    world.file_is_read(false);
    world.decoder_crashes();
    world.settle();
    assert_eq!(answered(&world), Some(1), "the second start reads it");
    world.file(4);
    world.file_is_read(false);
    world.decoder_crashes();
    world.decoder_crashes();
    assert!(notice(&world).contains("choose the file again"));
    assert_eq!(answered(&world), Some(1), "the picture before stays");
    world.file(5);
    world.settle();
    assert_eq!(answered(&world), Some(3));
}

/// A page on which a file waits for a decoder that says nothing.
fn waiting(file: u8) -> World {
    let mut world = World::ready();
    world.file(file);
    world.decoder_vanishes();
    world.file_is_read(false);
    world
}

#[test]
fn a_decoder_that_vanishes_is_late_then_started_once_more_and_then_the_file_is_refused() {
    let mut world = waiting(3);
    assert_eq!(world.session.notices(), [], "it may be slow");
    world.happen(Event::EvaluatePressed(100));
    let over = |world: &mut World| {
        let is_silence = |timer: &Timer| matches!(timer, Timer::DecoderSilence(..));
        let place = world.timers.iter().position(is_silence);
        let timer = world.timers.remove(place.expect("a limit is set"));
        world.happen(Event::TimeOver(timer));
    };
    over(&mut world);
    assert!(notice(&world).contains("not answered yet"));
    over(&mut world);
    assert_eq!(world.session.notices(), [], "another one was started");
    assert_eq!(world.decoder_starts(), 2);
    world.decoder_vanishes();
    over(&mut world);
    over(&mut world);
    assert!(notice(&world).contains("choose the file again"));
    world.settle();
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
}

#[test]
fn a_file_that_a_late_decoder_did_not_read_is_read_by_the_next_one() {
    let mut world = waiting(3);
    world.settle();
    assert_eq!((answered(&world), world.decoder_starts()), (Some(1), 2));
    // "Retry" does not wait for the second limit.
    let mut world = waiting(3);
    while !notice(&world).contains("not answered yet") {
        assert!(world.time_passes());
    }
    world.happen(Event::RetryPressed);
    assert_eq!(world.decoder_starts(), 2);
    world.settle();
    assert_eq!(answered(&world), Some(1));
    assert_eq!(world.worker_starts(), 1, "the worker is not at fault");
}

#[test]
fn a_decoder_that_nothing_waits_for_is_not_missed() {
    let mut world = waiting(3);
    world.draw(4);
    world.settle();
    assert_eq!((answered(&world), world.decoder_starts()), (Some(2), 1));
}

#[test]
fn a_worker_that_vanishes_with_models_on_their_way_is_missed() {
    let mut world = World::new();
    world.worker_says();
    world.worker_vanishes();
    world.settle();
    assert_eq!(world.session.state(), PageState::Ready);
    assert_eq!(world.worker_starts(), 2);
}

#[test]
fn a_worker_that_vanishes_with_a_file_of_the_visitor_or_for_one_is_missed() {
    let mut world = World::ready();
    world.worker_vanishes();
    world.happen(Event::SqueezedFileGiven(Ok(vec![3])));
    assert_eq!(world.session.state(), PageState::Busy);
    world.settle();
    assert_eq!(world.session.squeeze().unwrap().setting.bits(), 3);
    world.worker_vanishes();
    world.happen(Event::SqueezedFilePressed);
    assert_eq!(world.session.state(), PageState::Busy);
    world.settle();
    world.happen(Event::RetryPressed);
    world.settle();
    assert_eq!(world.saved.len(), 1);
    assert_eq!(world.session.state(), PageState::Ready);
}

#[test]
fn a_file_that_cannot_be_read_is_refused_and_a_stale_one_changes_nothing() {
    let mut world = World::ready();
    world.file(3);
    world.file(4);
    world.happen(Event::FileRead(1, Ok(vec![3])));
    world.happen(Event::FileRead(2, Err("gone".to_owned())));
    assert_eq!(notice(&world), "gone");
    world.settle();
    assert!(world.session.shown().is_none());
    assert_eq!(world.session.state(), PageState::Ready);
}
