//! The networks' sizes, their weights files, and the released models against their cards.
#![cfg(feature = "cli")]

use burn::module::Module;
use burn::tensor::{Distribution, Tensor};
use std::path::Path;
use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::dataset::sha256;
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::GrayImage;
use threadcount::layer::costs;
use threadcount::network::weights::WeightsError;
use threadcount::network::weights::{StorageType, StoredTensor, Weights};
use threadcount::network::{
    Architecture, Baseline, Lightweight, Network, ReferenceClassifier, device,
};
use threadcount::preprocess::normalize;
use threadcount::qr::{self, Code};
use threadcount::report::read_card;
use threadcount::squeeze::{
    Scale, Setting, Source, model_file, pack, setting_of_file, squeeze, unpack,
};
use threadcount::weave::Weave;

fn architecture(name: &str) -> Architecture {
    catalog::architecture(name).unwrap()
}

fn reference(name: &str, bytes: &[u8]) -> Result<ReferenceClassifier, WeightsError> {
    ReferenceClassifier::from_bytes(&architecture(name), bytes)
}

fn sizes(name: &str) -> (usize, usize, usize) {
    let network = architecture(name).init(&device());
    let costs = costs(&network.layers());
    let layers: usize = costs.iter().map(|cost| cost.parameters).sum();
    assert_eq!(
        layers,
        network.num_params(),
        "the layers account for every parameter"
    );
    (
        network.num_params(),
        network.trainable_parameters(),
        network.macs(),
    )
}

#[test]
fn sizes_are_the_published_ones() {
    assert_eq!(sizes("baseline"), (2_067_850, 2_067_850, 117_099_776));
    assert_eq!(sizes("lightweight"), (178_968, 176_406, 13_296_272));
}

#[test]
fn every_teacher_that_a_card_names_is_kept() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept: Vec<String> = std::fs::read_dir(root.join("results/teachers"))
        .unwrap()
        .map(|entry| sha256(&std::fs::read(entry.unwrap().path()).unwrap()))
        .collect();
    let mut taught = 0;
    for name in catalog::networks() {
        let card = read_card(&root.join("models"), name).unwrap();
        for teacher in &card.training.run().expect("a network").recipe.teachers {
            let sum = teacher.sha256.as_ref().expect("written by the run");
            assert!(kept.contains(sum), "{name}: {}", teacher.weights);
            taught += 1;
        }
    }
    assert!(taught > 0);
}

#[test]
fn compact_is_no_larger_than_lightweight() {
    let (parameters, _, macs) = sizes("compact");
    assert!(parameters <= 178_968, "{parameters} parameters");
    assert!(macs <= 13_300_000, "{macs} MACs");
}

#[test]
fn pocket_has_at_most_50_000_parameters() {
    let (parameters, ..) = sizes("pocket");
    assert!(parameters <= 50_000, "{parameters} parameters");
}

#[test]
fn the_ladder_keeps_its_budgets() {
    let rungs = [
        ("tiny-500", 500),
        ("tiny-1k", 1_000),
        ("tiny-2k", 2_000),
        ("tiny-5k", 5_000),
        ("tiny-10k", 10_000),
        ("tiny-20k", 20_000),
    ];
    for (name, budget) in rungs {
        let (released, ..) = sizes(name);
        let trained = architecture(name).init_for_training(&device()).num_params();
        assert!(released <= budget, "{released} of {budget}");
        // Nearly all of it, or the name would promise a smaller network than there is. Some are as wide as the budget
        // allows with batch norms, which training has and the released network lacks.
        assert!(trained >= budget * 9 / 10, "{trained} of {budget}");
        assert!(
            released < trained,
            "{released} after folding, {trained} before"
        );
    }
}

#[test]
fn the_file_of_stitch_fits_into_a_qr_code() {
    let file = std::fs::read("models/stitch.thrd").unwrap();
    let code = Code::of_bytes(&file).unwrap();
    assert_eq!(qr::read(&code.to_picture(2)).unwrap().as_ref(), Some(&file));
}

#[test]
fn folding_keeps_the_answers() {
    let device = device();
    let architecture = architecture("tiny-2k");
    let trained = architecture.init_for_training(&device);
    // Batch norms as training leaves them: no number is 0 or 1.
    let mut weights = Weights::of(&trained);
    let names: Vec<String> = weights.iter().map(|(name, _)| name.to_owned()).collect();
    for (n, name) in names.iter().enumerate() {
        if name.contains("norm") {
            let mut tensor = weights.remove(name).unwrap();
            for (i, value) in tensor.values.iter_mut().enumerate() {
                *value = 0.3 + ((n * 7 + i) % 5) as f32 / 4.0;
            }
            weights.insert(name, tensor);
        }
    }
    let trained = weights.apply(trained).unwrap();
    let images = Tensor::random([3, 1, 28, 28], Distribution::Normal(0.0, 1.0), &device);
    let expected = trained.forward(images.clone());
    let folded = trained.clone().folded();
    assert!(folded.num_params() < trained.num_params());
    let difference = (folded.forward(images) - expected.clone()).abs().max();
    let largest = expected.abs().max().into_scalar::<f32>();
    assert!(difference.into_scalar::<f32>() < 1e-5 * largest);
    // What is released has the shape that a file is read into.
    let released = Weights::of(&folded)
        .apply(architecture.init(&device))
        .unwrap();
    assert_eq!(released.layers(), folded.layers());
}

fn weights() -> Weights {
    Weights::of(&Lightweight::init(&device()))
}

fn refusal(bytes: &[u8]) -> String {
    reference("lightweight", bytes)
        .expect_err("damaged weights")
        .to_string()
}

#[test]
fn weights_survive_a_file() {
    let weights = weights();
    let read = |storage| Weights::from_bytes(&weights.to_bytes(storage)).unwrap();
    assert_eq!(read(StorageType::F32), weights);
    // Half precision has 11 bits; below 2^-14 its steps are 2^-24. Shortened, it is rounded once more, to 8 bits
    // and steps of 2^-21.
    for (storage, share, smallest) in [
        (StorageType::F16, 1.0 / 2048.0, 6e-8),
        (StorageType::ShortF16, 1.0 / 2048.0 + 1.0 / 256.0, 3e-7),
    ] {
        let half = read(storage);
        for (name, tensor) in weights.iter() {
            for (a, b) in tensor.values.iter().zip(&half.get(name).unwrap().values) {
                assert!(
                    (a - b).abs() <= a.abs() * share + smallest,
                    "{name}: {a} became {b}"
                );
            }
        }
    }
}

#[test]
fn damaged_weights_are_refused_with_the_tensor_named() {
    let bytes = weights().to_bytes(StorageType::F32);
    assert!(refusal(&bytes[..bytes.len() / 2]).contains("complete safetensors"));
    assert!(refusal(b"").contains("complete safetensors"));
    let tensor = |shape: &[usize], value| StoredTensor {
        shape: shape.to_vec(),
        values: vec![value; shape.iter().product()],
    };
    let changed = |name: &str, tensor| {
        let mut weights = weights();
        weights.insert(name, tensor);
        refusal(&weights.to_bytes(StorageType::F32))
    };
    let text = changed("output.weight", tensor(&[512, 9], 0.0));
    assert!(
        text.contains("output.weight") && text.contains("[512, 9]") && text.contains("[512, 10]"),
        "{text}"
    );
    let text = changed("output.bias", tensor(&[10], f32::NAN));
    assert!(
        text.contains("output.bias") && text.contains("NaN"),
        "{text}"
    );
    let text = changed("extra", tensor(&[1], 0.0));
    assert!(text.contains("extra"), "{text}");
    let other = Weights::of(&Baseline::init(&device())).to_bytes(StorageType::F16);
    assert!(refusal(&other).contains("block1.depthwise.weight"));
}

#[test]
fn an_unpacked_file_without_batch_norms_answers_in_a_network_that_has_them() {
    let mut picture = GrayImage::black();
    picture
        .pixels_mut()
        .iter_mut()
        .enumerate()
        .for_each(|(i, pixel)| *pixel = (i % 251) as u8);
    let features = normalize(&picture);
    for name in ["pocket", "lightweight"] {
        let file = std::fs::read(format!("results/teachers/{name}-float.safetensors")).unwrap();
        let setting = Setting::new(8, 0, Scale::Channel).unwrap();
        let network = squeeze(&Source::parse(&file).unwrap(), setting);
        let unpacked = unpack(&pack(&network.unwrap().network))
            .unwrap()
            .to_model_file();
        let engine = Engine::from_bytes(&unpacked, Arithmetic::Float, 1);
        let expected = engine.unwrap().logits(&features);
        let found = reference(name, &unpacked).unwrap().logits(&features);
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-4,
                "{name}: {found}, expected {expected}"
            );
        }
    }
}

#[test]
fn layers_of_an_unpacked_file_take_the_modules_names_in_order() {
    let file = std::fs::read("models/mlp.safetensors").unwrap();
    let setting = Setting::new(8, 0, Scale::Channel).unwrap();
    let network = squeeze(&Source::parse(&file).unwrap(), setting);
    let network = network.unwrap().network;
    let unpacked = unpack(&pack(&network)).unwrap().to_model_file();
    let logits = |bytes: &[u8]| {
        let mut classifier = reference("mlp", bytes).unwrap();
        classifier.logits(&normalize(&GrayImage::black()))
    };
    assert_eq!(logits(&unpacked), logits(&network.to_model_file()));
    // A file of another network is still refused.
    assert!(reference("logistic-regression", &unpacked).is_err());
}

#[test]
fn every_model_of_the_catalog_makes_a_cloth() {
    for model in catalog::MODELS {
        let file = std::fs::read(Path::new("models").join(model.file)).unwrap();
        let weave = Weave::of_file(&model_file(file).unwrap()).unwrap();
        let threads = weave.cloth(100).threads;
        let holes = threads.iter().filter(|thread| **thread == 0).count();
        assert!(holes < 9000, "{}: {holes} holes", model.name);
    }
}

#[test]
fn every_released_model_is_what_its_card_says() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for name in catalog::networks() {
        let card = read_card(&models, name).unwrap();
        let bytes = std::fs::read(models.join(&card.weights.file)).unwrap();
        assert_eq!(sha256(&bytes), card.weights.sha256, "{name}");
        assert_eq!(bytes.len(), card.weights.size_bytes, "{name}");
        let model = model_file(bytes).unwrap();
        let setting = setting_of_file(&model).unwrap();
        assert_eq!(setting.map(Setting::bits), card.weights.bits, "{name}");
        let (found, logits) = run(name, &model);
        assert_eq!(
            found,
            (card.parameters, card.trainable_parameters, card.macs),
            "{name}"
        );
        assert!(logits.iter().all(|z| z.is_finite()));
        let [low, high] = card.accuracy.test_interval.expect("evaluated");
        assert!(
            (low..=high).contains(&card.accuracy.test.expect("evaluated")),
            "{name}"
        );
    }
}

fn run(name: &str, bytes: &[u8]) -> ((usize, usize, usize), [f32; 10]) {
    let mut classifier = reference(name, bytes).unwrap();
    let logits = classifier.logits(&normalize(&GrayImage::black()));
    let network = classifier.network();
    (
        (
            network.num_params(),
            network.trainable_parameters(),
            network.macs(),
        ),
        logits,
    )
}
