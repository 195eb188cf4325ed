//! The networks of the first screen: those of the catalog, and as a guest in the last place the one that is squeezed.

use super::model::Model;
use super::state::Session;
use crate::catalog;

impl Session {
    /// The network in the last place of the first screen: the squeezed one, when it has no place of its own there.
    pub fn last_in_book(&self) -> &'static str {
        self.guest().unwrap_or(catalog::LAST_IN_BOOK)
    }

    /// Whether a model is on the first screen.
    pub fn is_in_book(&self, model: &Model) -> bool {
        match self.guest() {
            Some(guest) if model.name == guest => true,
            Some(_) if model.name == catalog::LAST_IN_BOOK => false,
            _ => model.is_in_book(),
        }
    }

    fn guest(&self) -> Option<&'static str> {
        let network = self.squeeze.as_ref()?.network;
        let model = self.models.iter().find(|model| model.name == network)?;
        (model.is_network && !model.is_in_book()).then_some(network)
    }
}
