//! Squeezing: what becomes of weights, and that the recorded bytes and answers are those of now.
//!
//! `UPDATE_GOLDEN=1 cargo test --release --features cli --test squeeze` records bytes and answers after new weights; `tests/web.rs`
//! compares the browser's with them.
#![cfg(not(target_arch = "wasm32"))]

#[path = "released/mod.rs"]
mod released;
#[path = "squeeze/packing.rs"]
mod packing;
#[path = "squeeze/mod.rs"]
mod recorded;

use recorded::Recorded;
use threadcount::classifier::Classifier;
use threadcount::dataset::{
    BALANCED_IMAGES, Dataset, balanced, gunzip, parse_images, parse_labels,
};
use threadcount::engine::{Arithmetic, Engine};
use threadcount::layer::Layer;
use threadcount::report::{TEST_SAMPLE_FILES, VALIDATION_SAMPLE_FILES};
use threadcount::squeeze::{
    AS_TRAINED_BITS, BITS, CodedNetwork, MOST_CUT, Scale, Setting, Source, SqueezeError,
    WeightMatrix, bit_stops, setting_of_file, squeeze,
};

const SCALES: [Scale; 2] = [Scale::Channel, Scale::Layer];

fn setting(bits: u8, cut: u8, scale: Scale) -> Setting {
    Setting::new(bits, cut, scale).unwrap()
}

fn source(name: &str) -> (Vec<u8>, Source) {
    let file = released::networks()
        .find(|(model, _)| *model == name)
        .unwrap()
        .1
        .to_vec();
    let source = Source::parse(&file).unwrap();
    (file, source)
}

/// A network of one dense layer, whose weights are given row by row.
fn dense(rows: usize, weights: &[f32]) -> Source {
    let columns = weights.len() / rows;
    Source {
        layers: vec![Layer::Dense {
            name: "dense".to_owned(),
            features: [columns, rows],
        }],
        matrices: vec![WeightMatrix {
            name: "dense".to_owned(),
            rows,
            columns,
            taps: 1,
            deviation: 1.0,
            weights: weights.to_vec(),
            factors: vec![1.0; rows],
            offsets: vec![0.0; rows],
        }],
    }
}

/// The weights of a source's only layer after squeezing.
fn squeezed(source: &Source, setting: Setting) -> Vec<f32> {
    let network = squeeze(source, setting).unwrap().network;
    let matrix = &network.matrices[0];
    let weight = matrix.weights(setting.bits(), false);
    (0..matrix.codes.len()).map(weight).collect()
}

#[test]
fn weights_become_multiples_of_the_step_and_the_largest_stays() {
    // 3 bits: codes from -3 to 3. The first row's step is 1, the second row's 0.1.
    let weights = [3.0, -1.4, 0.5, 0.6, -0.3, 0.14, 0.05, 0.0];
    let source = dense(2, &weights);
    let by_channel = squeezed(&source, setting(3, 0, Scale::Channel));
    let expected = [3.0, -1.0, 0.0, 1.0, -0.3, 0.1, 0.0, 0.0];
    for (found, expected) in by_channel.iter().zip(expected) {
        assert!((found - expected).abs() < 4e-4, "{by_channel:?}");
    }
    let by_layer = squeezed(&source, setting(3, 0, Scale::Layer));
    assert_eq!(by_layer, [3.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn the_smallest_weights_of_a_layer_are_cut_and_of_equals_the_first() {
    let weights = [0.4, -0.1, 0.2, -0.2, 0.2, 0.9, -0.3, 0.5, 0.7, 0.6];
    let cut = squeezed(
        &dense(1, &weights),
        setting(AS_TRAINED_BITS, 30, Scale::Layer),
    );
    let holes: Vec<usize> = (0..10).filter(|i| cut[*i] == 0.0).collect();
    assert_eq!(holes, [1, 2, 3]);
    let most = squeezed(&dense(1, &weights), setting(8, MOST_CUT, Scale::Layer));
    assert_eq!(most.iter().filter(|w| **w != 0.0).count(), 1);
}

#[test]
fn settings_beyond_the_dials_are_refused() {
    for (bits, cut) in [(1, 0), (9, 0), (15, 0), (0, 0), (4, 91), (4, 255)] {
        assert!(
            Setting::new(bits, cut, Scale::Layer).is_err(),
            "{bits} {cut}"
        );
    }
}

#[test]
fn of_codes_as_trained_is_the_stop_of_their_bits() {
    let at = |bits, cut| setting(bits, cut, Scale::Channel);
    let by_layer = setting(5, 0, Scale::Layer);
    assert!(Setting::AS_TRAINED.is_same_stop(at(5, 0), 5));
    assert!(Setting::AS_TRAINED.is_same_stop(setting(AS_TRAINED_BITS, 0, Scale::Layer), 16));
    assert!(!Setting::AS_TRAINED.is_same_stop(at(5, 0), 16));
    assert!(!Setting::AS_TRAINED.is_same_stop(at(5, 10), 5));
    assert!(!at(8, 0).is_same_stop(at(5, 0), 5));
    assert!(!Setting::AS_TRAINED.is_same_stop(at(8, 0), 5));
    assert!(!by_layer.is_same_stop(at(5, 0), 5));
    // Codes are cut as codes, and what is as trained or has bits of its own stays.
    assert_eq!(at(AS_TRAINED_BITS, 30).of_trained(5), at(5, 30));
    assert_eq!(at(AS_TRAINED_BITS, 30).of_trained(16), at(16, 30));
    assert_eq!(Setting::AS_TRAINED.of_trained(5), Setting::AS_TRAINED);
    assert_eq!(at(8, 30).of_trained(5), at(8, 30));
    let stops = |trained| bit_stops(trained).collect::<Vec<_>>();
    assert_eq!(stops(AS_TRAINED_BITS), BITS);
    assert_eq!(stops(5), BITS[1..]);
}

#[test]
fn a_squeezed_network_squeezed_again_stays_as_it_is() {
    let (_, source) = source("pocket");
    let setting = setting(4, 0, Scale::Channel);
    let once = squeeze(&source, setting).unwrap().network;
    let again = Source::parse(&once.to_model_file()).unwrap();
    let twice = squeeze(&again, setting).unwrap().network;
    // Batch norm may turn the sign of a channel, which is in the weights now.
    let codes = |network: &CodedNetwork| -> Vec<i16> {
        let codes = network.matrices.iter().flat_map(|m| &m.codes);
        codes.map(|code| code.abs()).collect()
    };
    assert!(codes(&once) == codes(&twice));
    assert_eq!(once.layers, twice.layers);
}

#[test]
fn a_file_says_how_it_was_squeezed_and_a_setting_beyond_the_dials_is_refused() {
    let (packed, _) = source("stitch");
    let of_codes = setting(4, 0, Scale::Channel);
    assert_eq!(setting_of_file(&packed).unwrap(), Some(of_codes));
    let (file, source) = source("tiny-5k");
    assert_eq!(setting_of_file(&file).unwrap(), None);
    let setting = setting(4, 30, Scale::Layer);
    let squeezed = squeeze(&source, setting).unwrap().network.to_model_file();
    assert_eq!(setting_of_file(&squeezed).unwrap(), Some(setting));
    let text = br#"\"bits\":4"#;
    let place = squeezed
        .windows(text.len())
        .position(|w| w == text)
        .unwrap();
    let mut other = squeezed.clone();
    other[place + text.len() - 1] = b'1';
    assert!(matches!(
        setting_of_file(&other),
        Err(SqueezeError::Bits(1))
    ));
    assert!(setting_of_file(&squeezed[..1000]).is_err());
}

/// A network of codes without sense, and with every kind of layer.
#[test]
fn folding_changes_no_logit_by_much() {
    let images = recorded::images();
    let features: Vec<_> = images
        .iter()
        .map(threadcount::preprocess::normalize)
        .collect();
    for (name, file) in released::networks() {
        // One weight in a hundred of each layer is cut: the least that is not the file itself.
        let network = squeeze(
            &Source::parse(file).unwrap(),
            setting(AS_TRAINED_BITS, 1, Scale::Channel),
        );
        let model = network.unwrap().network.to_model_file();
        let engine = |bytes: &[u8]| Engine::from_bytes(bytes, Arithmetic::Float, 1).unwrap();
        for one in &features {
            let [before, after] = [engine(file).logits(one), engine(&model).logits(one)];
            let far = before
                .iter()
                .zip(after)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(far < 0.5, "{name}: {far}");
        }
    }
}

#[test]
fn native_bytes_and_answers_are_the_recorded_ones() {
    let found = Recorded::compute();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/squeeze/recorded.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    }
    found.assert_equal(&std::fs::read_to_string(path).unwrap());
}

#[test]
fn the_pages_samples_are_those_of_the_data_set() {
    let data = Dataset::load(None).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    for (samples, [images, labels]) in [
        (&data.test, TEST_SAMPLE_FILES),
        (&data.validation, VALIDATION_SAMPLE_FILES),
    ] {
        let expected = samples.select(&balanced(samples, BALANCED_IMAGES));
        assert_eq!(expected.class_counts(), [BALANCED_IMAGES / 10; 10]);
        let read = |name| gunzip(name, &std::fs::read(folder.join(name)).unwrap()).unwrap();
        assert_eq!(
            parse_images(images, &read(images)).unwrap(),
            expected.images
        );
        assert_eq!(
            parse_labels(labels, &read(labels)).unwrap(),
            expected.labels
        );
    }
}
