//! Boots with laces.

use super::boot_parts::{any_tone, flat_sole, heeled_sole, pull_tab, tongue, treaded};
use super::shoe::{self, Last};
use crate::train::drawn::garment::{Garment, Rank, Tone};
use crate::train::drawn::path::Path;
use crate::train::drawn::random::Random;

/// To the ankle or above it.
pub fn lace_up(random: &mut Random) -> Garment {
    let shaft = random.within(0.65, 0.95);
    let last = Last::boot(random, shaft);
    let mut garment = Garment::default();
    tongue(&last, &mut garment, random);
    garment.area(last.upper(), Tone::Main);
    if random.chance(0.6) {
        last.eyestay(&mut garment, any_tone(random), random);
    }
    if random.chance(0.5) {
        last.toe_cap(&mut garment, any_tone(random), random);
    }
    if random.chance(0.5) {
        last.heel_counter(&mut garment, any_tone(random), random);
    }
    last.laces(&mut garment, Rank::Usual, random);
    heeled_sole(&last, &mut garment, Tone::Trim, random);
    shoe::one_or_two(garment, random)
}

/// Padded, laced, on a sole with a profile.
pub fn hiking(random: &mut Random) -> Garment {
    let shaft = random.within(0.6, 0.78);
    let last = Last {
        sole: random.within(0.09, 0.13),
        toe: random.within(0.19, 0.24),
        ..Last::boot(random, shaft)
    };
    let mut garment = Garment::default();
    tongue(&last, &mut garment, random);
    garment.area(last.upper(), Tone::Main);
    last.toe_cap(&mut garment, any_tone(random), random);
    last.heel_counter(&mut garment, any_tone(random), random);
    last.eyestay(&mut garment, any_tone(random), random);
    let collar = last.opening().map(|(x, y)| (x, y + 0.07));
    garment.line(collar, Rank::Usual);
    last.laces(&mut garment, Rank::Usual, random);
    treaded(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}

/// High, laced, on a thick sole.
pub fn combat(random: &mut Random) -> Garment {
    let shaft = random.within(0.9, 1.2);
    let last = Last {
        sole: random.within(0.1, 0.15),
        toe: random.within(0.2, 0.26),
        ..Last::boot(random, shaft)
    };
    let mut garment = Garment::default();
    tongue(&last, &mut garment, random);
    garment.area(last.upper(), Tone::Main);
    garment.line(shoe::across(&last, 0.9, 0.48), Rank::Usual);
    last.laces(&mut garment, Rank::Usual, random);
    if random.chance(0.5) {
        pull_tab(&last, &mut garment);
    }
    if random.chance(0.5) {
        treaded(&last, &mut garment, random);
    } else {
        heeled_sole(&last, &mut garment, Tone::Trim, random);
    }
    shoe::one_or_two(garment, random)
}

/// To the ankle, two or three eyelets.
pub fn chukka(random: &mut Random) -> Garment {
    let shaft = random.within(0.5, 0.6);
    let last = Last {
        vamp: (random.within(0.52, 0.6), random.within(0.27, 0.32)),
        ..Last::boot(random, shaft)
    };
    let mut garment = Garment::default();
    garment.area(last.upper(), Tone::Main);
    garment.line(
        shoe::across(&last, 0.85, random.within(0.36, 0.46)),
        Rank::Usual,
    );
    let slope = last.slope();
    for t in [0.15, 0.5] {
        let (x, y) = slope.along(t);
        let lace = Path::open(&[(x + 0.01, y), (x - 0.12, y + 0.05)]);
        garment.thin_strap(lace, 0.025, Tone::Trim, Rank::Usual);
    }
    flat_sole(&last, &mut garment, random);
    shoe::one_or_two(garment, random)
}
