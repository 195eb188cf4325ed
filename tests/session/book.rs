//! The networks of the first screen: the squeezed one takes the last place, and of a single one that is missing the
//! verdict's lines tell.

use crate::squeezing::{scored, setting, squeeze};
use crate::world::World;
use threadcount::protocol::Response;
use threadcount::session::{Event, Grip};
use threadcount::squeeze::ImageSet;

const NETWORKS: [(&str, bool); 4] = [
    ("pocket", true),
    ("stitch", true),
    ("tiny-1k", true),
    ("knn", false),
];

fn squeezed(world: &mut World, network: &str, bits: u8) {
    let grip = Grip::Released;
    world.happen(Event::Squeezed(network.to_owned(), setting(bits, 0), grip));
    world.settle();
}

/// The models of the first screen.
fn book(world: &World) -> Vec<&'static str> {
    let models = world.session.models().iter();
    let in_book = models.filter(|model| world.session.is_in_book(model));
    in_book.map(|model| model.name).collect()
}

#[test]
fn a_small_network_that_is_squeezed_is_a_guest_in_the_last_place_of_the_book() {
    let mut world = World::of(&NETWORKS);
    world.settle();
    world.sample(4);
    world.settle();
    assert_eq!(book(&world), ["pocket", "stitch"]);
    squeezed(&mut world, "tiny-1k", 5);
    assert_eq!(book(&world), ["pocket", "tiny-1k"]);
    assert_eq!(world.session.last_in_book(), "tiny-1k");
    let names: Vec<_> = world
        .session
        .network_answers()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["pocket", "tiny-1k"], "its answer is among those");
    assert_eq!(world.session.words().0, "All two say Coat.");
    squeezed(&mut world, "stitch", 5);
    assert_eq!(book(&world), ["pocket", "stitch"]);
    squeezed(&mut world, "knn", 5);
    assert_eq!(
        world.session.last_in_book(),
        "stitch",
        "no classical model is one"
    );
}

#[test]
fn the_ghost_is_the_squeezed_network_with_its_present_count() {
    let mut world = World::of(&NETWORKS);
    assert_eq!(world.session.ghost(), None);
    world.settle();
    squeezed(&mut world, "pocket", 4);
    let ghost = world.session.ghost().unwrap();
    let score = squeeze(&world).score.unwrap();
    assert_eq!(
        (ghost.network, ghost.images, ghost.correct),
        ("pocket", 1000, score.correct)
    );
    assert_eq!(
        ghost.size_bytes,
        squeeze(&world).made.as_ref().unwrap().size_bytes
    );
    assert!(
        ghost.words().starts_with("pocket at 4\u{a0}bits, "),
        "{}",
        ghost.words()
    );
    assert!(
        ghost.words().ends_with(" % of 1,000 test images"),
        "{}",
        ghost.words()
    );
    // A new stop is not there before its first images are.
    world.happen(Event::Squeezed(
        "pocket".to_owned(),
        setting(3, 0),
        Grip::Dragging,
    ));
    assert_eq!(world.session.ghost(), None);
    world.settle();
    let stop = squeeze(&world).stop;
    world.worker_adds(scored(stop, 3, ImageSet::Test200));
    assert_eq!(world.session.ghost().unwrap().images, 200);
    world.happen(Event::OriginalToggled);
    assert_eq!(
        world.session.ghost(),
        None,
        "the network as trained has a mark"
    );
    world.happen(Event::OriginalToggled);
    squeezed(&mut world, "pocket", 16);
    assert_eq!(world.session.ghost(), None);
}

#[test]
fn a_single_network_that_is_missing_is_told_of_in_the_verdicts_lines_and_in_no_notice() {
    let mut world = World::of(&NETWORKS);
    world.settle();
    squeezed(&mut world, "stitch", 4);
    let fails = |world: &mut World, name: &str| {
        world.worker_adds(Response::LoadFailed {
            model: name.to_owned(),
            message: "The server answered 404.".to_owned(),
        });
    };
    let announced = world.announcements;
    fails(&mut world, "knn");
    assert_eq!(world.session.words().1, "Draw a garment, or take a sample.");
    world.happen(Event::RetryModelPressed("knn".to_owned()));
    world.settle();
    fails(&mut world, "stitch");
    assert_eq!(world.announcements, announced + 2);
    assert_eq!(world.session.notices(), []);
    let told = "stitch did not arrive: The server answered 404.";
    assert_eq!(
        world.session.words(),
        ("Nothing to wear yet.".to_owned(), told.to_owned())
    );
    assert_eq!(
        world.session.squeeze_line().text(),
        "stitch did not arrive."
    );
    world.sample(4);
    world.settle();
    assert_eq!(
        world.session.words(),
        ("pocket says Coat.".to_owned(), told.to_owned())
    );
    fails(&mut world, "knn");
    assert_eq!(world.session.words().1, "stitch did not arrive.");
    assert_eq!(world.session.notices().len(), 1, "one button for both");
}
