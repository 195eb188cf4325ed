//! A helper: the same program in a worker of its own, which holds models and classifies blocks of test images.

use super::state::Load;
use crate::classifier::Classifier;
use crate::preprocess::{Features, normalize};
use crate::protocol::{HelperRequest, HelperResponse};
use crate::shares::class_of;
use crate::web::scope;
use serde_bytes::ByteBuf;
use std::cell::RefCell;

/// The name of a worker that is a helper.
pub const NAME: &str = "helper";

/// Listen for models and images.
pub fn start(load: Load) {
    let models: RefCell<Vec<Box<dyn Classifier>>> = RefCell::default();
    scope::start(move |request| match request {
        HelperRequest::Load {
            model,
            bytes,
            arithmetic,
        } => {
            // The worker has made the same model of the same bytes.
            let loaded = load(&model, &bytes, &|| arithmetic);
            let loaded = loaded.expect("bytes of a model that is ready");
            models.borrow_mut().push(loaded.classifier);
        }
        HelperRequest::Classify { block, images } => {
            let features: Vec<Features> = images.iter().map(normalize).collect();
            let classify = |model: &mut Box<dyn Classifier>| {
                let logits = model.logits_of_many(&features);
                ByteBuf::from(logits.iter().map(class_of).collect::<Vec<u8>>())
            };
            let answers = models.borrow_mut().iter_mut().map(classify).collect();
            scope::post(&HelperResponse::Classified { block, answers });
        }
    });
}
