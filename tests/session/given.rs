//! What the visitor gives: weights files and codes that come back, and the code that is shown.

use crate::squeezing::{setting, squeeze};
use crate::world::World;
use threadcount::protocol::{Request, Response};
use threadcount::session::{Event, Grip};

#[test]
fn a_file_that_comes_back_is_the_stop_that_it_was_of() {
    let mut world = World::ready();
    world.squeeze(16, 0, Grip::Released);
    world.settle();
    world.happen(Event::SqueezedFileGiven(Ok(vec![3])));
    world.settle();
    assert_eq!(squeeze(&world).setting, setting(3, 0));
    world.happen(Event::SqueezedFileGiven(Ok(vec![1, 2])));
    world.settle();
    assert_eq!(squeeze(&world).setting, setting(3, 0));
    assert_eq!(world.session.notices()[0].text, "no weights file");
    world.happen(Event::SqueezedFileGiven(Err("gone".to_owned())));
    assert_eq!(world.session.notices()[0].text, "gone");
}

#[test]
fn a_picture_of_a_code_is_the_network_in_it_and_the_picture_before_it_stays() {
    let mut world = World::ready();
    world.sample(5);
    world.squeeze(16, 0, Grip::Released);
    world.settle();
    let shown = world.session.shown().unwrap().number;
    world.file(254);
    world.settle();
    assert_eq!(squeeze(&world).setting, setting(3, 0));
    assert_eq!(world.session.shown().unwrap().number, shown);
    assert!(squeeze(&world).answer_to(shown).is_some());
    assert!(world.session.notices().is_empty());
}

#[test]
fn packed_bytes_wait_for_the_worker_and_for_the_network_that_they_are_of() {
    let mut world = World::new();
    world.happen(Event::SqueezedFileGiven(Ok(vec![3])));
    let asked = |world: &World| {
        let is_asked = |r: &&Request| matches!(r, Request::Recognize { .. });
        world.requests.iter().filter(is_asked).count()
    };
    assert_eq!(asked(&world), 0);
    world.worker_says();
    assert_eq!(asked(&world), 1, "the worker runs");
    // No network is loaded, so none is recognized yet.
    let message = "none".to_owned();
    world.worker_adds(Response::NotRecognized { message });
    assert!(
        world
            .session
            .notices()
            .iter()
            .all(|notice| notice.text != "none")
    );
    world.settle();
    assert!(asked(&world) > 1);
    assert_eq!(squeeze(&world).setting, setting(3, 0));
}

#[test]
fn a_code_is_shown_where_it_holds_the_network_and_another_stop_closes_it() {
    let mut world = World::ready();
    world.squeeze(4, 0, Grip::Released);
    world.settle();
    world.happen(Event::CodePressed);
    assert!(!squeeze(&world).shows_code, "too many bytes");
    world.squeeze(3, 0, Grip::Released);
    world.settle();
    assert_eq!(squeeze(&world).code(), Some(&[3][..]));
    world.happen(Event::CodePressed);
    assert!(squeeze(&world).shows_code);
    world.happen(Event::CodeClosed);
    assert!(!squeeze(&world).shows_code);
    world.happen(Event::CodePressed);
    world.squeeze(2, 0, Grip::Released);
    assert!(!squeeze(&world).shows_code);
}

#[test]
fn a_note_is_told_of_the_file_that_is_on_its_way_alone() {
    let mut world = World::ready();
    world.file(7);
    let number = world.session.newest();
    let noted = |number, note: &str| Response::Noted {
        number,
        note: note.to_owned(),
    };
    world.decoder_adds(noted(number - 1, "of another"));
    assert!(world.session.notices().is_empty());
    world.decoder_adds(noted(number, "no network"));
    assert_eq!(world.session.notices()[0].text, "no network");
    world.settle();
    assert_eq!(world.session.notices()[0].text, "no network");
}
