//! Bags: a body to put things in and something to carry it by.

use super::handbag::{bucket_bag, chain_bag, clutch, dome_bag, handbag, hobo, purse, tote};
use super::luggage::{
    backpack, briefcase, duffel, messenger, sack, satchel, shopping_bag, suitcase,
};
use crate::train::drawn::family::{Family, held_out, training};

/// The ways to build one.
pub const FAMILIES: [Family; 16] = [
    training("tote", tote).weighing(1.5),
    training("handbag", handbag).weighing(1.6),
    training("clutch", clutch),
    training("backpack", backpack).weighing(1.4),
    training("messenger", messenger),
    training("duffel", duffel),
    training("purse with clasp", purse),
    training("shopping bag", shopping_bag),
    training("hobo", hobo),
    training("chain bag", chain_bag),
    training("dome bag", dome_bag),
    training("suitcase", suitcase).weighing(0.4),
    training("satchel", satchel),
    training("sack", sack).weighing(0.5),
    held_out("bucket bag", bucket_bag),
    held_out("briefcase", briefcase),
];
