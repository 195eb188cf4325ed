//! What computes a model: the classifier of one set of its weights at a time, since each takes several times the memory
//! of its file. That of the other set is made when a picture of the other kind comes.

use super::network::Network;
use super::state::Worker;
use crate::calibration::Calibrated;
use crate::card::WeightSet;

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
        let mut network = model.network.take_if(|(made, _)| *made == set);
        if network.is_none() {
            // The other one goes first, so that its memory can be used again.
            model.network = None;
            let file = self.file(name, set)?;
            let classifier = (self.load)(name, &file, &|| self.arithmetic())?.classifier;
            network = Some((
                set,
                Calibrated::new(classifier, self.temperature(name, set)?),
            ));
        }
        let (_, network) = model.network.insert(network.expect("made above"));
        Ok(work(network))
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
