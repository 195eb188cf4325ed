//! A squeezed weights file that comes back: which network it is of, and which stop of the dials.

use super::state::Worker;
use crate::card::WeightSet;
use crate::protocol::Response;
use crate::squeeze::{Setting, SqueezeError, setting_of_file, squeeze};
use crate::web::scope::post;
use crate::weights::ModelFile;

impl Worker {
    /// Say which stop a weights file is of.
    pub(super) fn recognize(&self, bytes: &[u8]) {
        post(&match self.stop_of_file(bytes) {
            Ok(Some((model, setting))) => Response::Recognized { model, setting },
            Ok(None) => Response::NotRecognized {
                message: "This file is not of a network that was squeezed here from the weights of this page. Open one that \
                          was downloaded here."
                    .to_owned(),
            },
            Err(problem) => Response::NotRecognized {
                message: format!("This is no weights file: {problem}. Open one that was downloaded here."),
            },
        });
    }

    /// The network and the setting that give this very file.
    fn stop_of_file(&self, bytes: &[u8]) -> Result<Option<(String, Setting)>, SqueezeError> {
        let setting = setting_of_file(bytes)?.unwrap_or(Setting::AS_TRAINED);
        let given = ModelFile::parse(bytes)?;
        let set = WeightSet::Photographs;
        let names: Vec<&str> = self
            .models
            .borrow()
            .iter()
            .map(|model| model.name)
            .collect();
        let is_source = |name: &&str| {
            if setting.is_as_trained() {
                return self.file(name, set).is_ok_and(|file| file == bytes);
            }
            let source = self.source(name, set).ok();
            let source = source.filter(|source| source.layers == given.layers());
            let squeezed = source.and_then(|source| squeeze(&source, setting).ok());
            squeezed.is_some_and(|squeezed| squeezed.network.to_model_file() == bytes)
        };
        let found = names.into_iter().find(is_source);
        Ok(found.map(|name| (name.to_owned(), setting)))
    }
}
