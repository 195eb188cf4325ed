//! What computes a model: a classifier for each set of its weights, made when a picture of that kind first comes.
//!
//! Of a large network only one is kept at a time, since each takes several times the memory of its file.

use super::network::Network;
use super::state::Worker;
use crate::calibration::Calibrated;
use crate::card::WeightSet;

/// The largest file, in bytes, of which both classifiers are kept.
const SMALL_FILE: usize = 1_000_000;

impl Worker {
    /// Let a model that is ready compute, with the weights that answer pictures of a kind.
    ///
    /// # Errors
    /// Why it cannot: it is gone, or its weights cannot be used any more.
    pub(super) fn compute<T>(
        &self,
        name: &str,
        set: WeightSet,
        work: impl FnOnce(&mut Network) -> T,
    ) -> Result<T, String> {
        let set = self.set_of(name, set);
        let mut models = self.models.borrow_mut();
        let model = models.iter_mut().find(|model| model.name == name);
        let model = model.ok_or_else(|| format!("{name} is no longer loaded."))?;
        let made = model.networks.iter().position(|(made, _)| *made == set);
        let index = if let Some(index) = made {
            index
        } else {
            let file = self.file(name, set)?;
            if file.len() > SMALL_FILE {
                // Before the new one is made, so that the memory can be used again.
                model.networks.clear();
            }
            let classifier = (self.load)(name, &file)?.classifier;
            let network = Calibrated::new(classifier, self.temperature(name, set)?);
            model.networks.push((set, network));
            model.networks.len() - 1
        };
        Ok(work(&mut model.networks[index].1))
    }

    /// The set that answers pictures of a kind: not every model has one for drawings.
    pub(super) fn set_of(&self, name: &str, set: WeightSet) -> WeightSet {
        if self.has(name, set) {
            set
        } else {
            WeightSet::Photographs
        }
    }
}
