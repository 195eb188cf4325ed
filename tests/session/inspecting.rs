//! Looks inside: what is shown is of the current picture and the chosen model, is asked for while it is seen, and gives
//! way to nothing but what the visitor asked for.

use crate::replies::findings;
use crate::world::{MODELS, World};
use threadcount::occlusion::PLACES;
use threadcount::prediction::Prediction;
use threadcount::protocol::{Finding, Inspected, Request, Response};
use threadcount::session::{EvaluationStage, Event, Look, PageState, Program, place_line};

const BOTH: [Inspected; 2] = [Inspected::Activations, Inspected::Occlusion];

fn look(world: &World, inspected: Inspected) -> &Look {
    world.session.look(inspected)
}

fn see(world: &mut World, inspected: Inspected) {
    world.happen(Event::InspectionSeen(inspected, true));
}

fn choose(world: &mut World, inspected: Inspected, model: &str) {
    let model = model.to_owned();
    world.happen(Event::InspectedModelChosen(inspected, model));
}

/// How many looks of a kind the worker was asked for.
fn asked(world: &World, of: Inspected) -> usize {
    let is_this = |request: &&Request| matches!(request, Request::Inspect(i) if i.inspected == of);
    world.requests.iter().filter(is_this).count()
}

/// What is shown is of the current picture and the chosen model.
pub fn check(world: &World, inspected: Inspected) {
    let look = look(world, inspected);
    let has_any = look.activations.is_some() || look.occlusion.is_some();
    assert!(!has_any || look.picture.is_some());
    let Some(number) = look.picture else { return };
    let shown = world.session.shown().expect("a picture");
    assert_eq!(number, shown.number, "of an older picture");
    let Some(tag) = world.chosen.get(&number) else {
        return;
    };
    for finding in findings(inspected, look.model, *tag) {
        match finding {
            Finding::Activations(expected) => {
                let found = look.activations.as_ref();
                assert!(found.is_none_or(|found| *found == expected));
            }
            Finding::Occlusion { answer, costs } => {
                if let Some(found) = &look.occlusion {
                    assert_eq!(found.label(), answer.label());
                    let cost = costs.first().or(found.costs().first());
                    assert!(found.costs().iter().all(|c| Some(c) == cost));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn nothing_is_computed_for_what_nobody_sees() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    assert_eq!(BOTH.map(|of| asked(&world, of)), [0, 0]);
    see(&mut world, Inspected::Occlusion);
    assert_eq!(world.session.state(), PageState::Busy);
    world.settle();
    assert_eq!(BOTH.map(|of| asked(&world, of)), [0, 1]);
    let map = look(&world, Inspected::Occlusion)
        .occlusion
        .as_ref()
        .unwrap();
    assert!(map.is_complete());
    assert_eq!(world.session.state(), PageState::Ready);
    world.happen(Event::InspectionSeen(Inspected::Occlusion, false));
    world.draw(5);
    world.settle();
    assert_eq!(asked(&world, Inspected::Occlusion), 1);
    assert_eq!(look(&world, Inspected::Occlusion).occlusion, None);
}

#[test]
fn activations_come_with_the_share_of_the_time() {
    let mut world = World::ready();
    see(&mut world, Inspected::Activations);
    assert_eq!(asked(&world, Inspected::Activations), 0, "a blank cloth");
    world.draw(4);
    world.settle();
    let found = look(&world, Inspected::Activations);
    assert_eq!((found.picture, found.is_done), (Some(1), true));
    assert_eq!(found.time_shares, [1.0]);
    check(&world, Inspected::Activations);
    world.draw(0);
    world.settle();
    assert_eq!(look(&world, Inspected::Activations).activations, None);
}

#[test]
fn a_stroke_ends_what_was_found_and_late_findings_change_nothing() {
    for inspected in BOTH {
        let mut world = World::ready();
        world.draw(4);
        world.settle();
        see(&mut world, inspected);
        while look(&world, inspected).activations.is_none()
            && look(&world, inspected).occlusion.is_none()
        {
            assert!(world.worker_says());
        }
        let old = look(&world, inspected).number;
        world.draw(5);
        while world.session.shown().unwrap().number == 1 {
            assert!(world.worker_says());
        }
        assert!(look(&world, inspected).occlusion.is_none());
        assert!(look(&world, inspected).activations.is_none());
        world.settle();
        let before = look(&world, inspected).clone();
        assert!(before.is_done && before.number > old);
        for finding in findings(inspected, "small", 4) {
            let number = old;
            world.worker_adds(Response::Inspected { number, finding });
            assert_eq!(*look(&world, inspected), before);
        }
    }
}

#[test]
fn another_model_takes_the_place_of_the_one_before() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    see(&mut world, Inspected::Occlusion);
    world.worker_says();
    choose(&mut world, Inspected::Occlusion, "tree");
    assert_eq!(look(&world, Inspected::Occlusion).occlusion, None);
    world.settle();
    check(&world, Inspected::Occlusion);
    assert_eq!(look(&world, Inspected::Occlusion).model, "tree");
    assert_eq!(asked(&world, Inspected::Occlusion), 2);
    choose(&mut world, Inspected::Occlusion, "tree");
    choose(&mut world, Inspected::Occlusion, "unknown");
    world.settle();
    assert_eq!(asked(&world, Inspected::Occlusion), 2, "nothing new");
}

#[test]
fn a_model_that_is_not_here_says_so_and_is_asked_when_it_comes() {
    let mut world = World::new();
    see(&mut world, Inspected::Occlusion);
    world.draw(4);
    let line = |world: &World| world.session.inspection_line(Inspected::Occlusion);
    assert_eq!(line(&world), "small is on its way.");
    assert_eq!(asked(&world, Inspected::Occlusion), 0);
    world.settle();
    assert!(look(&world, Inspected::Occlusion).is_done);
    let message = "damaged".to_owned();
    world.worker_adds(Response::LoadFailed {
        model: MODELS[0].0.to_owned(),
        message,
    });
    assert_eq!(line(&world), "small did not arrive.");
    assert_eq!(look(&world, Inspected::Occlusion).occlusion, None);
    choose(&mut world, Inspected::Occlusion, "large");
    world.settle();
    assert!(look(&world, Inspected::Occlusion).is_done);
}

#[test]
fn another_program_is_asked_anew_and_what_it_cannot_do_is_said() {
    let mut world = World::ready();
    world.draw(4);
    see(&mut world, Inspected::Activations);
    world.settle();
    let before = look(&world, Inspected::Activations).number;
    world.happen(Event::ProgramChosen(Program::Burn));
    assert_eq!(look(&world, Inspected::Activations).activations, None);
    world.settle();
    let number = look(&world, Inspected::Activations).number;
    assert!(number > before);
    world.draw(5);
    while asked(&world, Inspected::Activations) < 3 {
        assert!(world.worker_says());
    }
    let number = look(&world, Inspected::Activations).number.max(number);
    let finding = Finding::None("As a whole.".to_owned());
    world.worker_adds(Response::Inspected { number, finding });
    let line = world.session.inspection_line(Inspected::Activations);
    assert_eq!(line, "As a whole.");
}

#[test]
fn a_measurement_of_the_page_gives_way_and_begins_again() {
    let mut world = World::measuring();
    see(&mut world, Inspected::Occlusion);
    assert_eq!(asked(&world, Inspected::Occlusion), 1);
    world.settle();
    assert!(look(&world, Inspected::Occlusion).is_done);
    let measured = |world: &World| world.session.models().iter().all(|m| m.is_measured_on(1));
    assert!(measured(&world));
}

#[test]
fn a_measurement_and_an_evaluation_of_the_visitor_come_first() {
    for event in [Event::MeasurePressed, Event::EvaluatePressed(100)] {
        let mut world = World::ready();
        world.sample(2);
        world.settle();
        world.happen(event.clone());
        see(&mut world, Inspected::Occlusion);
        assert_eq!(asked(&world, Inspected::Occlusion), 0, "{event:?}");
        world.settle();
        assert!(look(&world, Inspected::Occlusion).is_done, "{event:?}");
        assert_eq!(world.session.state(), PageState::Ready);
    }
    // One that comes later waits.
    let mut world = World::ready();
    world.sample(2);
    world.settle();
    see(&mut world, Inspected::Occlusion);
    world.happen(Event::EvaluatePressed(100));
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Queued);
    world.settle();
    assert_eq!(world.session.evaluation().stage, EvaluationStage::Finished);
}

#[test]
fn the_map_is_put_into_words() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    see(&mut world, Inspected::Occlusion);
    let number = look(&world, Inspected::Occlusion).number;
    let mut probabilities = [0.02; 10];
    probabilities[6] = 0.82;
    let answer = Prediction {
        probabilities,
        log_sum_exp: 0.0,
    };
    let line = |world: &World| {
        let line = world.session.inspection_line(Inspected::Occlusion);
        line.replace('\u{a0}', " ")
    };
    let mut costs = vec![0.001; PLACES];
    // The first two places are at row 1 and columns 1 and 5.
    (costs[0], costs[1]) = (0.31, -0.04);
    let part = |costs: &[f32]| Finding::Occlusion {
        answer,
        costs: costs.to_vec(),
    };
    let say = |world: &mut World, finding| {
        world.worker_adds(Response::Inspected { number, finding });
    };
    say(&mut world, part(&costs[..3]));
    assert_eq!(
        line(&world),
        "small is 82 % sure of Shirt. 3 of 784 places are covered so far."
    );
    say(&mut world, part(&costs[3..]));
    assert_eq!(
        line(&world),
        "small is 82 % sure of Shirt. The place that matters most costs 31 of these points; covering another adds 4."
    );
    let map = look(&world, Inspected::Occlusion)
        .occlusion
        .clone()
        .unwrap();
    assert_eq!(
        place_line(&map, [1, 1]),
        "Row 2, column 2: it speaks for Shirt. Covering it costs 31 of 82 points."
    );
    assert_eq!(
        place_line(&map, [1, 5]),
        "Row 2, column 6: it speaks against Shirt. Covering it adds 4 to 82 points."
    );
    assert_eq!(
        place_line(&map, [9, 9]),
        "Row 10, column 10: covering it changes less than a point of 82."
    );
}
