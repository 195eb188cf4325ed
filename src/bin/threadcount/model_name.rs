//! Names of models on the command line.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use threadcount::catalog::{self, Kind, MODELS, Model};

/// Read the name of any model.
pub fn any_model() -> impl TypedValueParser<Value = &'static Model> {
    named(MODELS.iter())
}

/// Read the name of a model that Burn defines.
pub fn burn_model() -> impl TypedValueParser<Value = &'static Model> {
    let is_burn = |model: &&Model| catalog::architecture(model.name).is_some();
    named(MODELS.iter().filter(is_burn))
}

/// Read the name of a network, whose runs have a log.
pub fn network() -> impl TypedValueParser<Value = &'static Model> {
    named(catalog::of_kind(Kind::Network))
}

fn named(
    models: impl Iterator<Item = &'static Model>,
) -> impl TypedValueParser<Value = &'static Model> {
    let names: Vec<_> = models.map(|model| model.name).collect();
    PossibleValuesParser::new(names).map(|name| catalog::find(&name).expect("a name of the list"))
}
