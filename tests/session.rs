//! The page's state without a browser: every transition, and a property that no order of events may break.

#[path = "session/book.rs"]
mod book;
#[path = "session/edge.rs"]
mod edge;
#[path = "session/given.rs"]
mod given;
#[path = "session/inspecting.rs"]
mod inspecting;
#[path = "session/programs.rs"]
mod programs;
#[path = "session/replies.rs"]
mod replies;
#[path = "session/squeezing.rs"]
mod squeezing;
#[path = "session/tasks.rs"]
mod tasks;
#[path = "session/transitions.rs"]
mod transitions;
#[path = "session/world.rs"]
mod world;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use replies::{image, loaded, prediction, score, seen, squeezed_bytes, squeezed_prediction};
use threadcount::protocol::{Inspected, Response, Seen};
use threadcount::session::{Availability, Event, Grip, PageState, Program, Retry};
use threadcount::squeeze::BITS;
use world::{MODELS, World};

/// A file with the QR code of a network in it.
const CODE: u8 = 254;
/// A picture that nobody chooses.
const UNSEEN: u8 = 253;

/// What may be known of Burn.
const BURN: [Availability; 4] = [
    Availability::Ready,
    Availability::Building,
    Availability::Failed,
    Availability::Unknown,
];

/// One random event: a visitor's, a delivery, or a fault.
fn any_event(world: &mut World, random: &mut StdRng) {
    let tag = random.random_range(0..250);
    let model = MODELS[random.random_range(0..MODELS.len())].0.to_owned();
    let bits = BITS[random.random_range(0..BITS.len())];
    let cut = random.random_range(0..=9) * 10;
    let inspected = if tag < 125 {
        Inspected::Activations
    } else {
        Inspected::Occlusion
    };
    match random.random_range(0..58) {
        40 => world.worker_vanishes(),
        41 => world.decoder_vanishes(),
        42 => world.file(CODE),
        43 => drop(world.file_is_unreadable()),
        44 => world.happen(Event::MessageClosed),
        45 => world.happen(Event::GiftRefused("no picture".to_owned())),
        46 => world.happen(Event::SqueezedFileGiven(Ok(vec![bits]))),
        47 => world.happen(Event::SqueezedFileGiven(Ok(vec![1, 2]))),
        48 => world.happen(Event::SqueezedFileGiven(Err("gone".to_owned()))),
        49 => world.happen(Event::CodePressed),
        50 => world.happen(Event::CodeClosed),
        51 => world.happen(Event::SqueezedFilePressed),
        53 => world.happen(Event::BurnIs(BURN[usize::from(tag) % BURN.len()])),
        52 => world.ended_programs_say(any_stale(world, tag)),
        36 | 37 => world.happen(Event::InspectionSeen(inspected, true)),
        38 => world.happen(Event::InspectionSeen(inspected, false)),
        39 => world.happen(Event::InspectedModelChosen(inspected, model)),
        54 => world.happen(Event::Held(true)),
        55 => world.happen(Event::Held(false)),
        30 | 31 => world.squeeze(bits, cut, Grip::Dragging),
        32 => world.squeeze(bits, cut, Grip::Released),
        33 => world.happen(Event::EdgePressed),
        34 => world.happen(Event::ScoreAllPressed),
        35 => world.happen(Event::OriginalToggled),
        0..4 => world.draw(tag),
        4 => world.draw(0),
        5 => world.sample(tag.max(1)),
        6 => world.file(tag),
        7 => world.file(255),
        8 => world.happen(Event::MeasurePressed),
        9 => world.happen(Event::EvaluatePressed(100)),
        10 => world.happen(Event::CancelPressed),
        11 => world.happen(Event::ProgramChosen(Program::Burn)),
        12 => world.happen(Event::ProgramChosen(Program::Engine)),
        13 => world.happen(Event::RetryPressed),
        14 => world.happen(Event::RetryModelPressed(model)),
        15 => world.worker_crashes(),
        16 => world.decoder_crashes(),
        17 => world.model_stalls(&model),
        18 => world.worker_adds(Response::LoadFailed {
            model,
            message: "damaged".to_owned(),
        }),
        19 => world.happen(Event::WentOffline),
        20 => world.happen(Event::WentOnline),
        21 => drop(world.file_is_read(true)),
        22 => drop(world.time_passes()),
        23 | 24 => drop(world.decoder_says()),
        _ => drop(world.worker_says()),
    }
}

/// What a program that has ended may still say: none of it is true of the page as it is.
fn any_stale(world: &World, tag: u8) -> Response {
    let number = world.session.newest();
    let model = MODELS[0].0.to_owned();
    let message = "stale".to_owned();
    match tag % 8 {
        0 => Response::Started,
        1 => Response::Crashed { message },
        2 => seen(number, UNSEEN),
        3 => Response::Refused { number, message },
        4 => loaded(MODELS[0].0),
        5 => Response::LoadFailed { model, message },
        6 => Response::Answered { number },
        _ => Response::Predicted {
            number,
            model,
            prediction: prediction(UNSEEN),
        },
    }
}

/// What holds at any time.
fn check_always(world: &World, history: u64) {
    let session = &world.session;
    for model in session.models() {
        let Some((number, prediction)) = model.answer else {
            continue;
        };
        assert!(
            world.is_answer_to(prediction, number),
            "run {history}: {} shows an answer under the wrong picture",
            model.name
        );
    }
    if let Some(squeeze) = session.squeeze() {
        let setting = squeeze.setting;
        if let Some(made) = &squeeze.made {
            let expected = squeezed_bytes(setting);
            assert_eq!(made.size_bytes, expected, "run {history}: stale bytes");
        }
        if let Some(found) = squeeze.score {
            let expected = score(setting, found.on, found.done);
            assert_eq!(found, expected, "run {history}: stale accuracy");
        }
        if let Some((number, found)) = squeeze.answer
            && let Some(tag) = world.chosen.get(&number)
        {
            let expected = squeezed_prediction(*tag, setting);
            assert_eq!(found, expected, "run {history}: stale answer");
        }
        for tried in &squeeze.tried {
            assert_eq!(tried.size_bytes, squeezed_bytes(tried.setting));
            let found = tried
                .score
                .map(|found| (found, score(tried.setting, found.on, found.done)));
            assert!(
                found.is_none_or(|(found, expected)| found == expected),
                "run {history}"
            );
        }
    }
    for inspected in [Inspected::Activations, Inspected::Occlusion] {
        inspecting::check(world, inspected);
    }
    if let Some(shown) = session.shown()
        && let Seen::Garment { image: found, .. } = &shown.picture.seen
    {
        assert_eq!(*found, image(world.chosen[&shown.number]), "run {history}");
    }
    if session.state() == PageState::Error {
        assert_can_be_left(world, history);
    }
}

/// A notice says what is wrong, for as long as it lasts, and offers to try again.
fn assert_can_be_left(world: &World, history: u64) {
    let mut notices = world.session.notices().into_iter();
    let told = notices.any(|n| n.retry == Retry::Offered && !n.closable);
    assert!(told, "run {history}: {:?}", world.session);
}

#[test]
fn no_order_of_events_leaves_a_picture_undecided_or_the_page_stuck() {
    for history in 0..10_000 {
        let mut random = StdRng::seed_from_u64(history);
        let mut world = World::new();
        for _ in 0..50 {
            any_event(&mut world, &mut random);
            check_always(&world, history);
        }
        world.settle();
        check_always(&world, history);
        if world.session.state() != PageState::Ready {
            assert_can_be_left(&world, history);
            world.happen(Event::RetryPressed);
            world.settle();
        }
        assert_eq!(
            world.session.state(),
            PageState::Ready,
            "run {history}: {:?}",
            world.session
        );
        // Whatever happened, the next drawing is answered by every model that is ready.
        world.draw(77);
        let newest = world.session.newest();
        world.settle();
        let ready = world.session.models().iter().filter(|m| m.is_ready());
        for model in ready {
            assert!(
                model.answer_to(newest).is_some(),
                "run {history}: {}",
                model.name
            );
        }
        assert!(
            world
                .session
                .shown()
                .is_some_and(|shown| shown.number == newest)
        );
    }
}
