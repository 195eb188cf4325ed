//! Each transition that once went wrong, or that a visitor would notice.

use crate::replies::prediction;
use crate::world::World;
use threadcount::card::WeightSet;
use threadcount::protocol::{Request, Response};
use threadcount::session::{EvaluationStage, Event, Grip, PageState, Program};

/// The number of the picture that every ready model answers.
pub fn answered(world: &World) -> Option<u64> {
    let mut answers = world
        .session
        .models()
        .iter()
        .map(|m| m.answer.map(|(n, _)| n));
    let first = answers.next()??;
    answers.all(|n| n == Some(first)).then_some(first)
}

pub fn notice(world: &World) -> String {
    let notices = world.session.notices();
    notices
        .iter()
        .map(|n| n.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn drawings_sent(world: &World) -> usize {
    let is_drawing = |r: &&Request| matches!(r, Request::Draw { .. });
    world.requests.iter().filter(is_drawing).count()
}

#[test]
fn a_file_that_is_being_read_survives_measuring_evaluating_and_another_program() {
    for disturb in [
        Event::MeasurePressed,
        Event::EvaluatePressed(100),
        Event::ProgramChosen(Program::Burn),
    ] {
        let mut world = World::ready();
        world.sample(3);
        world.settle();
        world.file(7);
        world.happen(disturb.clone());
        assert_ne!(world.session.state(), PageState::Ready);
        world.settle();
        assert_eq!(answered(&world), Some(2), "{disturb:?}");
        assert_eq!(world.session.state(), PageState::Ready, "{disturb:?}");
    }
}

#[test]
fn a_sample_is_answered_though_evaluate_is_pressed_at_once() {
    let mut world = World::ready();
    world.sample(5);
    world.happen(Event::EvaluatePressed(100));
    world.settle();
    assert_eq!(answered(&world), Some(1));
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
    let evaluation = world.session.evaluation();
    assert_eq!(evaluation.done, 100);
    let confusion = evaluation.confusion("small");
    assert_eq!([confusion[1][1], confusion[1][2]], [50, 50]);
    assert_eq!(evaluation.taken("small", 1, 2)[..3], [1, 3, 5]);
    assert_eq!(evaluation.confusion("nobody"), [[0; 10]; 10]);
}

#[test]
fn a_drawing_and_an_evaluation_before_the_worker_has_started_both_happen() {
    let mut world = World::new();
    world.draw(9);
    world.happen(Event::EvaluatePressed(100));
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Queued);
    assert_eq!(drawings_sent(&world), 0, "the worker cannot hear yet");
    world.settle();
    assert_eq!(answered(&world), Some(1));
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
}

#[test]
fn a_slow_file_does_not_replace_the_drawing_that_was_made_after_it() {
    let mut world = World::ready();
    world.file(4);
    world.draw(6);
    world.settle();
    assert_eq!(answered(&world), Some(2));
    let (_, answer) = world.session.models()[0].answer.unwrap();
    assert_eq!(answer, prediction(6));
}

#[test]
fn a_drawing_that_is_under_way_is_what_stays_when_the_next_file_is_refused() {
    let mut world = World::ready();
    world.draw(6);
    world.draw(8); // It waits, because the worker is busy with the one before.
    world.file(255);
    world.settle();
    assert_eq!(answered(&world), Some(2));
    assert_eq!(world.session.newest(), 3, "a refused file counts");
    assert!(notice(&world).contains("no picture"));
}

#[test]
fn while_a_stroke_goes_on_one_drawing_at_a_time_is_sent_and_the_last_one_always() {
    let mut world = World::ready();
    (1..=50).for_each(|tag| world.draw(tag));
    assert_eq!(drawings_sent(&world), 1);
    world.settle();
    assert_eq!(drawings_sent(&world), 2);
    assert_eq!(answered(&world), Some(50));
}

#[test]
fn a_model_that_arrives_answers_alone() {
    let mut world = World::new();
    world.draw(4);
    world.settle();
    let shows = |r: &&Request| matches!(r, Request::Show { .. } | Request::Draw { .. });
    assert_eq!(world.requests.iter().filter(shows).count(), 1);
    assert_eq!(answered(&world), Some(1));
}

#[test]
fn a_test_image_is_answered_by_other_weights_than_a_file_or_a_drawing() {
    let set = |world: &World| {
        let shows = world.requests.iter().rev();
        let mut shows = shows.filter_map(|request| match request {
            Request::Show { set, .. } => Some(*set),
            _ => None,
        });
        shows.next()
    };
    let mut world = World::ready();
    world.sample(2);
    world.settle();
    assert_eq!(set(&world), Some(WeightSet::Photographs));
    world.file(3);
    world.settle();
    assert_eq!(set(&world), Some(WeightSet::Drawings));
    world.draw(4);
    world.settle();
    // The worker that takes over is shown what the drawing became.
    world.worker_crashes();
    world.settle();
    assert_eq!(set(&world), Some(WeightSet::Drawings));
}

#[test]
fn a_picture_that_undo_brings_back_is_answered_as_it_was() {
    let mut world = World::ready();
    world.file(3);
    world.settle();
    let uploaded = world.session.shown().unwrap().picture.clone();
    world.draw(4);
    world.settle();
    world.choose(3, uploaded.clone());
    world.settle();
    assert_eq!(world.session.shown().unwrap().picture, uploaded);
    assert_eq!(answered(&world), Some(3));
    let shows = |r: &&Request| {
        matches!(
            r,
            Request::Show {
                set: WeightSet::Drawings,
                ..
            }
        )
    };
    assert_eq!(world.requests.iter().filter(shows).count(), 2);
    // An empty file, too.
    world.file(0);
    world.settle();
    let empty = world.session.shown().unwrap().picture.clone();
    world.draw(4);
    world.settle();
    world.choose(0, empty);
    world.settle();
    assert_eq!(world.session.verdict().as_str(), "blank");
    assert_eq!(answered(&world), None);
}

#[test]
fn a_message_ends_with_the_next_picture_and_a_condition_does_not() {
    let mut world = World::ready();
    world.happen(Event::GiftRefused("text".to_owned()));
    for model in ["small", "large"] {
        world.worker_adds(Response::LoadFailed {
            model: model.to_owned(),
            message: "It is damaged.".to_owned(),
        });
    }
    let condition = "2 models could not be loaded; of small: It is damaged.";
    assert_eq!(notice(&world), format!("{condition} text"));
    world.draw(1);
    assert_eq!(notice(&world), condition);
    world.happen(Event::MessageClosed);
    assert_eq!(notice(&world), condition);
    world.happen(Event::RetryPressed);
    world.settle();
    assert_eq!(world.session.notices(), []);
    assert_eq!(answered(&world), Some(1), "it answers the picture too");
}

#[test]
fn models_that_failed_load_again_when_the_connection_is_back() {
    let mut world = World::ready();
    world.happen(Event::WentOffline);
    assert_eq!(world.session.notices(), [], "nothing is missing");
    let model = "large".to_owned();
    world.worker_adds(Response::Stalled {
        model,
        retry_in_ms: 1000,
    });
    assert!(notice(&world).contains("offline"));
    world.happen(Event::WentOnline);
    assert_eq!(world.requests.last(), Some(&Request::Online));
}

#[test]
fn a_connection_that_is_back_starts_a_worker_that_had_failed() {
    let mut world = World::new();
    world.worker_crashes();
    world.worker_crashes();
    assert_eq!(world.session.state(), PageState::Error);
    world.happen(Event::WentOnline);
    world.settle();
    assert_eq!(world.session.state(), PageState::Ready);
}

#[test]
fn a_blank_drawing_takes_the_answers_away_and_late_ones_do_not_come_back() {
    let mut world = World::ready();
    world.draw(4);
    world.draw(0);
    world.settle();
    assert_eq!(answered(&world), None);
    assert_eq!(world.session.words().0, "Nothing to wear yet.");
    assert_eq!(world.session.verdict().as_str(), "blank");
}

#[test]
fn answers_are_announced_once_a_picture() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    assert_eq!(world.announcements, 1);
    // The squeezed network at another stop answers the same picture.
    world.squeeze(5, 0, Grip::Dragging);
    world.worker_adds(Response::Answered { number: 1 });
    world.settle();
    assert_eq!(world.announcements, 1);
}

#[test]
fn a_stroke_is_announced_once_and_not_before_it_is_let_go() {
    // Let go after the last answer, and before it.
    for is_slow in [false, true] {
        let mut world = World::ready();
        world.happen(Event::Held(true));
        for tag in 1..=3 {
            world.draw(tag);
            world.settle();
        }
        world.draw(4);
        world.draw(5);
        if !is_slow {
            world.settle();
        }
        assert_eq!(world.announcements, 0);
        world.happen(Event::Held(false));
        let at_once = usize::from(!is_slow);
        assert_eq!(world.announcements, at_once);
        world.settle();
        assert_eq!(world.announcements, 1);
        assert_eq!(answered(&world), Some(5));
    }
}

#[test]
fn the_verdict_is_the_networks_alone() {
    let mut world = World::ready();
    world.sample(4);
    for (model, tag) in [("small", 4), ("large", 4), ("tree", 5)] {
        world.worker_adds(Response::Predicted {
            number: 1,
            model: model.to_owned(),
            prediction: prediction(tag),
        });
    }
    assert_eq!(world.session.verdict().as_str(), "clothing");
    assert!(world.session.words().0.starts_with("All two say "));
}

#[test]
fn stitch_is_counted_in_the_headline_and_named_where_it_says_something_else_but_does_not_decide() {
    let mut world = World::of(&[("pocket", true), ("compact", true), ("stitch", true)]);
    world.settle();
    world.sample(4);
    let mut answer = |model: &str, tag| {
        world.worker_adds(Response::Predicted {
            number: 1,
            model: model.to_owned(),
            prediction: prediction(tag),
        });
        world.session.words()
    };
    answer("pocket", 4);
    answer("compact", 4);
    assert_eq!(answer("stitch", 4).0, "All three say Coat.");
    let (verdict, note) = answer("stitch", 6);
    assert_eq!(verdict, "Two say Coat.");
    assert!(
        note.starts_with("stitch, with ") && note.ends_with(", says Shirt."),
        "{note}"
    );
    assert_eq!(answer("compact", 6).0, "They disagree.");
    assert_eq!(world.session.verdict().as_str(), "unsure");
}

#[test]
fn the_decoder_is_fetched_when_every_model_is_there() {
    let mut world = World::new();
    while world.worker_says() {}
    assert!(world.decoder_says(), "it says that it has started");
}
