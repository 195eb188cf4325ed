//! A squeezed weights file that comes back, or packed bytes from a QR code or a link: which network it is of, and which
//! stop of the dials.

use super::state::Worker;
use crate::card::WeightSet;
use crate::catalog::is_network;
use crate::layer::Layer;
use crate::protocol::Response;
use crate::squeeze::{
    Setting, Source, SqueezeError, is_packed, pack, setting_of_file, squeeze, unpack,
};
use crate::web::scope::post;
use crate::weights::ModelFile;

impl Worker {
    /// Say which stop a weights file is of.
    pub(super) fn recognize(&self, bytes: &[u8]) {
        if is_packed(bytes) {
            return self.recognize_packed(bytes);
        }
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

    /// Say which stop packed bytes are of.
    fn recognize_packed(&self, packed: &[u8]) {
        post(&match self.stop_of_packed(packed) {
            Ok(Some((model, setting))) => Response::Recognized { model, setting },
            Ok(None) => Response::NotRecognized {
                message: "This is a network, but it was not made from the weights of this page."
                    .to_owned(),
            },
            Err(problem) => Response::NotRecognized {
                message: format!("This holds no network that can be read: {problem}."),
            },
        });
    }

    /// The network and the setting that give these very bytes; as trained, the network whose file they are.
    fn stop_of_packed(&self, packed: &[u8]) -> Result<Option<(String, Setting)>, SqueezeError> {
        let given = unpack(packed)?;
        let (setting, file) = (given.setting, given.to_model_file());
        // Squeezing takes long; most networks are of another shape.
        let has_shape = |source: &Source| {
            let of_source = source.matrices.iter().map(|m| (m.rows, m.columns));
            of_source.eq(given.matrices.iter().map(|m| (m.rows, m.columns)))
        };
        let set = WeightSet::Photographs;
        let models = self.models.borrow();
        let stop = |name: &'static str| {
            let source = self
                .source(name, set)
                .ok()
                .filter(|source| has_shape(source))?;
            if self.file(name, set).is_ok_and(|kept| kept == file) {
                return Some((name.to_owned(), Setting::AS_TRAINED));
            }
            let squeezed = squeeze(&source, setting).ok()?;
            (pack(&squeezed.network) == packed).then(|| (name.to_owned(), setting))
        };
        let networks = models.iter().map(|model| model.name);
        Ok(networks.filter(|name| is_network(name)).find_map(stop))
    }

    /// The network and the setting that give this very file.
    fn stop_of_file(&self, bytes: &[u8]) -> Result<Option<(String, Setting)>, SqueezeError> {
        let setting = setting_of_file(bytes)?.unwrap_or(Setting::AS_TRAINED);
        let given = ModelFile::parse(bytes)?;
        let paths = |layers: &[Layer]| -> Vec<String> {
            let paths = layers.iter().filter_map(Layer::path);
            paths.map(str::to_owned).collect()
        };
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
            let source = source.filter(|source| paths(&source.layers) == paths(given.layers()));
            let squeezed = source.and_then(|source| squeeze(&source, setting).ok());
            squeezed.is_some_and(|squeezed| squeezed.network.to_model_file() == bytes)
        };
        let found = names.into_iter().find(is_source);
        Ok(found.map(|name| (name.to_owned(), setting)))
    }
}
