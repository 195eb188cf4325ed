//! The search for the edge: it walks, ends, and can be ended.

use crate::replies::{score, squeezed_prediction};
use crate::squeezing::{setting, squeeze, stops};
use crate::world::World;
use threadcount::session::{Edge, Event, Grip, PageState, Program};
use threadcount::squeeze::ImageSet;

#[test]
fn the_edge_is_the_fewest_bits_that_lose_at_most_one_point_of_validation_images() {
    let mut world = World::ready();
    world.squeeze(3, 20, Grip::Released);
    world.settle();
    world.happen(Event::EdgePressed);
    world.settle();
    let walked: Vec<_> = stops(&world).into_iter().skip(1).collect();
    let validation = |bits| (bits, ImageSet::Validation1000);
    let mut expected = [16, 8, 7, 6, 5, 4].map(validation).to_vec();
    expected.push((5, ImageSet::Test1000));
    assert_eq!(walked, expected);
    let on_validation = score(setting(5, 0), ImageSet::Validation1000, 1000);
    assert_eq!(squeeze(&world).edge, Edge::Found(5, on_validation));
    assert_eq!(squeeze(&world).setting, setting(5, 0));
    // What is shown in the end is on test images, which chose nothing.
    assert_eq!(squeeze(&world).score.unwrap().on, ImageSet::Test1000);
    assert!(
        squeeze(&world)
            .tried()
            .all(|t| t.score.is_none_or(|j| j.on != ImageSet::Validation1000))
    );
    assert!(
        world
            .session
            .edge_line()
            .starts_with("The edge is 5 bits: ")
    );
    assert_eq!(world.session.state(), PageState::Ready);
}

#[test]
fn the_search_ends_where_it_is_when_it_is_cancelled_or_a_dial_is_moved() {
    let walking = || {
        let mut world = World::ready();
        world.squeeze(4, 0, Grip::Released);
        world.settle();
        world.happen(Event::EdgePressed);
        while squeeze(&world).setting.bits() != 7 {
            assert!(world.worker_says());
        }
        world
    };
    let mut world = walking();
    world.happen(Event::EdgePressed);
    world.settle();
    assert_eq!(
        (squeeze(&world).edge, squeeze(&world).setting),
        (Edge::Cancelled, setting(7, 0))
    );
    assert_eq!(squeeze(&world).score.unwrap().on, ImageSet::Test1000);
    let mut world = walking();
    world.squeeze(2, 0, Grip::Dragging);
    world.settle();
    assert_eq!(
        (squeeze(&world).edge, squeeze(&world).setting),
        (Edge::Idle, setting(2, 0))
    );
    let mut world = walking();
    world.happen(Event::EdgePressed);
    world.happen(Event::EdgePressed);
    world.settle();
    assert!(
        matches!(squeeze(&world).edge, Edge::Found(5, _)),
        "it begins anew"
    );
}

#[test]
fn a_worker_that_ends_is_asked_for_the_same_stop_again_and_the_search_goes_on() {
    let mut world = World::ready();
    world.draw(4);
    world.settle();
    world.squeeze(4, 30, Grip::Released);
    world.settle();
    world.worker_crashes();
    world.settle();
    assert_eq!(
        squeeze(&world).answer_to(1),
        Some(squeezed_prediction(4, setting(4, 30)))
    );
    world.happen(Event::EdgePressed);
    world.worker_says();
    world.happen(Event::ProgramChosen(Program::Burn));
    world.settle();
    assert!(matches!(squeeze(&world).edge, Edge::Found(5, _)));
}
