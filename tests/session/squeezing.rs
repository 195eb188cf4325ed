//! The dials of the squeeze: the newest stop wins, a dial that is let go is scored on more images, and the search for
//! the edge walks, ends and can be ended.

use crate::replies::{measured, score, squeezed_bytes, squeezed_prediction, squeezed_timed};
use crate::world::World;
use threadcount::protocol::{Request, Response, StopNumber};
use threadcount::session::{Event, Grip, PageState, Squeeze};
use threadcount::squeeze::{ImageSet, Scale, Setting};
use threadcount::timing::{Latency, Thoroughness};

pub fn squeeze(world: &World) -> &Squeeze {
    world.session.squeeze().expect("the dials have a stop")
}

pub fn setting(bits: u8, cut: u8) -> Setting {
    Setting::new(bits, cut, Scale::Channel).unwrap()
}

/// The stops that the worker was asked for, each with its bits and what it is scored on.
pub fn stops(world: &World) -> Vec<(u8, ImageSet)> {
    let stop = |request: &Request| match request {
        Request::Squeeze { setting, on, .. } => Some((setting.bits(), *on)),
        _ => None,
    };
    world.requests.iter().filter_map(stop).collect()
}

pub fn scored(stop: StopNumber, bits: u8, on: ImageSet) -> Response {
    let score = score(setting(bits, 0), on, on.count());
    Response::SqueezedScored { stop, score }
}

#[test]
fn a_stop_is_made_answered_and_scored() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    world.squeeze(4, 30, Grip::Released);
    assert_eq!(world.session.state(), PageState::Busy);
    world.settle();
    assert_eq!(world.session.state(), PageState::Ready);
    let squeeze = squeeze(&world);
    assert_eq!(
        squeeze.made.as_ref().unwrap().size_bytes,
        squeezed_bytes(setting(4, 30))
    );
    assert_eq!(
        squeeze.answer_to(1),
        Some(squeezed_prediction(4, setting(4, 30)))
    );
    let expected = score(setting(4, 30), ImageSet::Test1000, 1000);
    assert_eq!(squeeze.score, Some(expected));
}

#[test]
fn a_stop_before_the_network_is_there_waits_for_it() {
    let mut world = World::new();
    world.squeeze(4, 0, Grip::Released);
    assert_eq!(stops(&world), []);
    world.settle();
    assert_eq!(stops(&world), [(4, ImageSet::Test1000)]);
    assert!(squeeze(&world).score.unwrap().is_complete());
}

#[test]
fn what_is_said_of_an_earlier_stop_overwrites_nothing() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    world.squeeze(8, 0, Grip::Dragging);
    let old = squeeze(&world).stop;
    world.squeeze(2, 0, Grip::Dragging);
    world.settle();
    let before = squeeze(&world).clone();
    assert_eq!(
        before.score,
        Some(score(setting(2, 0), ImageSet::Test200, 200))
    );
    for late in [
        scored(old, 8, ImageSet::Test200),
        Response::SqueezedPredicted {
            stop: old,
            number: 1,
            prediction: squeezed_prediction(4, setting(8, 0)),
        },
        Response::SqueezedGzipped {
            stop: old,
            size_bytes: 1,
        },
        Response::SqueezeFailed {
            stop: old,
            message: "late".to_owned(),
        },
    ] {
        world.worker_adds(late);
        assert_eq!(*squeeze(&world), before);
    }
}

#[test]
fn a_count_on_other_images_overwrites_nothing() {
    let mut world = World::ready();
    world.squeeze(4, 0, Grip::Dragging);
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    let before = squeeze(&world).clone();
    assert_eq!(before.on, ImageSet::Test1000);
    world.worker_adds(scored(before.stop, 4, ImageSet::Test200));
    assert_eq!(*squeeze(&world), before);
}

#[test]
fn a_dial_that_is_let_go_where_it_was_is_scored_on_more_images_and_not_made_again() {
    let mut world = World::ready();
    world.squeeze(4, 0, Grip::Dragging);
    world.settle();
    assert_eq!(squeeze(&world).score.unwrap().done, 200);
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    assert_eq!(squeeze(&world).score.unwrap().done, 1000);
    assert_eq!(stops(&world), [(4, ImageSet::Test200)]);
    // All 10,000 are not thrown away by touching the dial.
    world.happen(Event::ScoreAllPressed);
    world.settle();
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    assert_eq!(squeeze(&world).score.unwrap().done, 10_000);
}

#[test]
fn the_count_on_all_images_can_be_ended() {
    let mut world = World::ready();
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    world.happen(Event::ScoreAllPressed);
    world.happen(Event::ScoreAllPressed);
    world.settle();
    assert_eq!(squeeze(&world).score.unwrap().on, ImageSet::Test1000);
    assert_eq!(world.session.state(), PageState::Ready);
}

#[test]
fn a_new_picture_is_answered_by_the_squeezed_network_too() {
    let mut world = World::ready();
    world.squeeze(3, 0, Grip::Released);
    world.draw(5);
    world.settle();
    assert_eq!(
        squeeze(&world).answer_to(1),
        Some(squeezed_prediction(5, setting(3, 0)))
    );
    assert!(world.session.is_flipped());
    let (verdict, note) = world.session.words();
    assert!(verdict.starts_with("One says "), "{verdict}");
    let squeezed = squeeze(&world).answer_to(1).unwrap().label().name();
    let name = squeeze(&world).network;
    assert_eq!(note, format!("{name} at 3\u{a0}bits says {squeezed}."));
    world.draw(6);
    assert_eq!(squeeze(&world).answer_to(2), None);
    world.settle();
    assert_eq!(
        squeeze(&world).answer_to(2),
        Some(squeezed_prediction(6, setting(3, 0)))
    );
}

#[test]
fn tried_stops_stay_as_marks_and_more_images_replace_fewer() {
    let mut world = World::ready();
    for bits in [16, 8, 4] {
        world.squeeze(bits, 0, Grip::Dragging);
        world.settle();
    }
    world.squeeze(8, 0, Grip::Released);
    world.settle();
    world.squeeze(8, 0, Grip::Dragging);
    world.settle();
    let marks = squeeze(&world)
        .tried()
        .map(|tried| (tried.setting.bits(), tried.score.unwrap().done));
    assert_eq!(marks.collect::<Vec<_>>(), [(16, 200), (8, 1000), (4, 200)]);
}

#[test]
fn a_stop_ends_a_measurement_that_begins_again_when_it_is_scored() {
    let mut world = World::measuring();
    world.squeeze(4, 0, Grip::Dragging);
    assert!(
        world
            .requests
            .iter()
            .any(|r| matches!(r, Request::Cancel { .. }))
    );
    world.settle();
    assert!(
        world
            .session
            .models()
            .iter()
            .all(|model| model.is_measured_on(1))
    );
}

#[test]
fn one_announcement_follows_a_dial_that_is_let_go_and_none_while_it_is_dragged() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    let before = world.announcements;
    world.squeeze(16, 0, Grip::Opened);
    world.settle();
    for bits in [8, 7, 6, 5] {
        world.squeeze(bits, 0, Grip::Dragging);
        world.settle();
    }
    assert_eq!(world.announcements, before);
    world.squeeze(5, 0, Grip::Released);
    world.settle();
    world.worker_adds(measured(1, "small", Thoroughness::Quick));
    assert_eq!(world.announcements, before + 1);
}

#[test]
fn the_line_says_what_became_of_the_answer() {
    let mut world = World::ready();
    let line = |world: &World| world.session.squeeze_line().text().replace('\u{a0}', " ");
    world.squeeze(5, 0, Grip::Released);
    world.settle();
    assert_eq!(
        line(&world),
        "small at 5 bits: 5.1 kB, 509000 % of its file."
    );
    world.draw(4);
    world.settle();
    assert_eq!(
        line(&world),
        "Still Coat at 5 bits. 5.1 kB, 509000 % of its file."
    );
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    assert_eq!(
        line(&world),
        "Still Coat at 4 bits, but 3 more in 100 go wrong. 4.1 kB."
    );
    world.squeeze(2, 30, Grip::Released);
    world.settle();
    assert_eq!(
        line(&world),
        "Now Sandal at 2 bits with 30 % cut. 2.1 kB, 206000 % of its file."
    );
    world.squeeze(16, 0, Grip::Released);
    world.settle();
    assert_eq!(line(&world), "small as released: 16.1 kB.");
}

#[test]
fn the_original_is_shown_until_the_next_stop_and_only_when_something_is_squeezed() {
    let mut world = World::ready();
    world.happen(Event::OriginalToggled);
    world.squeeze(4, 0, Grip::Released);
    assert!(squeeze(&world).is_shown());
    world.happen(Event::OriginalToggled);
    assert!(!squeeze(&world).is_shown());
    world.settle();
    assert!(!squeeze(&world).is_shown());
    world.squeeze(3, 0, Grip::Dragging);
    assert!(squeeze(&world).is_shown());
    world.squeeze(16, 0, Grip::Released);
    world.happen(Event::OriginalToggled);
    assert!(!squeeze(&world).shows_original);
}

#[test]
fn a_network_that_cannot_be_squeezed_says_so_and_the_next_stop_is_tried() {
    let mut world = World::ready();
    world.squeeze(4, 0, Grip::Released);
    let stop = squeeze(&world).stop;
    world.worker_adds(Response::SqueezeFailed {
        stop,
        message: "no".to_owned(),
    });
    assert_eq!(world.session.squeeze_line().text(), "no");
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    assert!(squeeze(&world).score.unwrap().is_complete());
}

#[test]
fn the_answer_is_said_before_the_bytes_are_known() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    world.squeeze(5, 0, Grip::Dragging);
    let line = |world: &World| world.session.squeeze_line().text().replace('\u{a0}', " ");
    assert_eq!(line(&world), "small is on its way.");
    world.worker_says();
    assert!(squeeze(&world).made.is_none());
    assert_eq!(line(&world), "Still Coat at 5 bits.");
    world.squeeze(2, 0, Grip::Dragging);
    while squeeze(&world).answer.is_none() {
        assert!(world.worker_says());
    }
    assert_eq!(line(&world), "Now Sandal at 2 bits.");
}

#[test]
fn the_longest_line_about_a_loss_is_short_enough_for_two_lines() {
    let mut world = World::ready();
    world.draw(0x09);
    world.settle();
    world.squeeze(4, 90, Grip::Released);
    world.settle();
    let line = world.session.squeeze_line().text();
    assert!(line.starts_with("Still Ankle boot at 4"), "{line}");
    assert!(line.contains(" more in 100 go wrong. "), "{line}");
    assert!(line.chars().count() <= 80, "{line}");
}

#[test]
fn a_squeezed_network_is_timed_beside_the_same_as_trained_and_only_when_nothing_else_runs() {
    let time = |world: &World| {
        let [.., time] = world.session.squeeze_readings();
        [time.figure, time.note]
    };
    let mut world = World::ready();
    world.draw(4);
    world.squeeze(4, 30, Grip::Released);
    while squeeze(&world).is_pending() {
        assert!(world.worker_says());
    }
    let measurements = |world: &World| {
        let requests = world.requests.iter();
        let stop = |request: &Request| match request {
            Request::Measure { stop, .. } => Some(*stop),
            _ => None,
        };
        requests.filter_map(stop).collect::<Vec<_>>()
    };
    assert_eq!(measurements(&world), []);
    let waiting = "measured when nothing else runs. Cut without training again.";
    assert_eq!(time(&world), ["–", waiting]);
    world.settle();
    assert_eq!(measurements(&world), [Some(squeeze(&world).stop)]);
    let note = "2.50 ms as trained: unchanged, zeros are not skipped. Cut without training again.";
    assert_eq!(time(&world), ["2.00 ms", note]);
    // It is not timed again on the next picture, and a next stop is.
    world.draw(5);
    world.settle();
    assert_eq!(measurements(&world).last(), Some(&None));
    world.squeeze(3, 0, Grip::Released);
    assert_eq!(time(&world), ["–", "measured when nothing else runs"]);
    world.settle();
    assert_eq!(
        measurements(&world).last(),
        Some(&Some(squeeze(&world).stop))
    );
    let note = "2.50 ms as trained: unchanged, the engine unpacks the codes first";
    assert_eq!(time(&world), ["2.00 ms", note]);
    let Response::SqueezedTimed { latencies, .. } = squeezed_timed(0) else {
        unreachable!("times");
    };
    let slower = Latency {
        median_ms: 9.0,
        p95_ms: 9.5,
        min_ms: 8.0,
        ..latencies[0]
    };
    world.worker_adds(Response::SqueezedTimed {
        stop: squeeze(&world).stop,
        latencies: [slower, latencies[1]],
    });
    assert_eq!(time(&world), ["9.00 ms", "2.50 ms as trained"]);
    // As trained, the network's own measurement says it.
    world.squeeze(16, 0, Grip::Released);
    world.settle();
    assert_eq!(time(&world), ["1.00 ms", "as trained"]);
}

#[test]
fn scoring_ends_a_measurement() {
    let mut world = World::ready();
    world.draw(4);
    world.squeeze(4, 0, Grip::Released);
    while squeeze(&world).is_pending() {
        assert!(world.worker_says());
    }
    world.pauses();
    world.happen(Event::ScoreAllPressed);
    let [.., before, last] = &world.requests[..] else {
        panic!("two requests");
    };
    assert!(matches!(before, Request::Cancel { .. }));
    assert!(matches!(last, Request::Score { .. }));
}

#[test]
fn a_count_that_fails_leaves_a_button_that_begins_it_again() {
    let mut world = World::ready();
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    let label = |world: &World| world.session.score_all_label();
    let message = |world: &World| {
        let notices = world.session.notices();
        notices.iter().any(|notice| notice.text == "no images")
    };
    assert_eq!(label(&world), "Test on 10,000 images");
    let counted = squeeze(&world).score;
    world.worker_vanishes();
    world.happen(Event::ScoreAllPressed);
    assert_eq!(label(&world), "Cancel (0 of 10,000)");
    world.worker_adds(Response::ScoreFailed {
        stop: squeeze(&world).stop,
        on: ImageSet::Test10000,
        message: "no images".to_owned(),
    });
    assert_eq!(label(&world), "Test on 10,000 images");
    assert_eq!(world.session.state(), PageState::Ready);
    assert!(message(&world));
    assert_eq!(squeeze(&world).score, counted);
    world.happen(Event::ScoreAllPressed);
    assert_eq!(label(&world), "Cancel (0 of 10,000)");
    assert!(!message(&world));
    assert!(matches!(
        world.requests.last(),
        Some(Request::Score {
            on: ImageSet::Test10000,
            ..
        })
    ));
    let stop = squeeze(&world).stop;
    world.worker_adds(scored(stop, 4, ImageSet::Test10000));
    assert_eq!(label(&world), "Tested on 10,000 images");
}

#[test]
fn the_file_of_the_present_stop_is_given_when_it_is_asked_for() {
    let mut world = World::ready();
    world.happen(Event::SqueezedFilePressed);
    world.squeeze(4, 0, Grip::Released);
    world.happen(Event::SqueezedFilePressed);
    assert_eq!(world.saved, [""; 0], "nothing is made yet");
    world.settle();
    world.happen(Event::SqueezedFilePressed);
    world.settle();
    assert_eq!(world.saved, ["1.safetensors"]);
}

#[test]
fn an_unknown_network_is_not_squeezed() {
    let mut world = World::ready();
    let setting = setting(4, 0);
    world.happen(Event::Squeezed(
        "unknown".to_owned(),
        setting,
        Grip::Released,
    ));
    assert!(world.session.squeeze().is_none());
}
