//! Packed bytes: what goes in comes out, in as few bytes as it may take, and no bytes are believed.

use crate::{SCALES, dense, recorded, released, setting, source};
use half::f16;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use threadcount::classifier::Classifier;
use threadcount::dataset::sha256;
use threadcount::engine::{Arithmetic, Engine};
use threadcount::layer::Layer;
use threadcount::loader;
use threadcount::squeeze::{
    AS_TRAINED_BITS, BITS, CodedMatrix, CodedNetwork, MOST_CUT, Scale, Source, model_file, pack,
    squeeze, unpack,
};

/// `tiny-5k` at 4 bits as version 1 packed it, and the sum of its weights and offsets, layer by layer, as 32-bit numbers.
const VERSION_1: &[u8] = include_bytes!("version-1.thrd");
const VERSION_1_SHA256: &str = "43ac82397672e0204014fa29ec94469cddd68f68fb213037a43b70ce33d26406";

fn any_network(random: &mut StdRng) -> CodedNetwork {
    let bits = BITS[random.random_range(0..BITS.len())];
    let mut channels = || random.random_range(1..20);
    let [a, b, c] = [channels(), channels(), channels()];
    let name = |kind: &str| format!("{kind}1");
    let layers = vec![
        Layer::Conv {
            name: name("conv"),
            channels: [a, b],
            bias: true,
        },
        Layer::Relu,
        Layer::MaxPool,
        Layer::ResidualStart,
        Layer::Depthwise {
            name: name("depthwise"),
            channels: b,
            bias: true,
        },
        Layer::Pointwise {
            name: name("pointwise"),
            channels: [b, c],
            bias: true,
        },
        Layer::ResidualAdd,
        Layer::GlobalAveragePool,
        Layer::Dense {
            name: name("dense"),
            features: [c, 300],
        },
    ];
    let shapes = [(b, 9 * a), (b, 9), (c, b), (300, c)];
    let matrices = shapes.map(|(rows, columns)| any_matrix(random, bits, rows, columns));
    let scale = SCALES[random.random_range(0..2)];
    CodedNetwork {
        setting: setting(bits, random.random_range(0..=MOST_CUT), scale),
        layers,
        matrices: matrices.to_vec(),
    }
}

fn any_matrix(random: &mut StdRng, bits: u8, rows: usize, columns: usize) -> CodedMatrix {
    let most = (1_i16 << (bits - 1).min(14)) - 1;
    let holes = random.random_range(0.0..1.0);
    let mut code = || {
        if random.random_bool(holes) {
            0
        } else if bits == AS_TRAINED_BITS {
            f16::from_f32(random.random_range(-2.0..2.0)).to_bits() as i16
        } else {
            random.random_range(-most..=most)
        }
    };
    let codes = (0..rows * columns).map(|_| code()).collect();
    let mut halves = |count| {
        (0..count)
            .map(|_| f16::from_f32(random.random_range(-2.0..2.0)))
            .collect()
    };
    let scales = halves(if rows > 1 && columns.is_multiple_of(2) {
        1
    } else {
        rows
    });
    let offsets = halves(if columns.is_multiple_of(3) { 0 } else { rows });
    CodedMatrix {
        rows,
        columns,
        codes,
        exponent: random.random_range(-100..=100),
        scales,
        offsets,
    }
}

#[test]
fn what_is_packed_is_what_comes_out() {
    for seed in 0..500 {
        let network = any_network(&mut StdRng::seed_from_u64(seed));
        let packed = pack(&network);
        assert_eq!(unpack(&packed).unwrap(), network, "{seed}");
        let weights: usize = network.matrices.iter().map(|m| m.codes.len()).sum();
        let most = weights * usize::from(network.setting.bits()) / 8 + 4 * 350 * 4 + 100;
        assert!(packed.len() <= most, "{} > {most}", packed.len());
    }
}

#[test]
fn a_network_that_has_to_fit_keeps_as_many_digits_as_it_can() {
    let (_, source) = source("tiny-5k");
    let network = squeeze(&source, setting(4, 0, Scale::Channel))
        .unwrap()
        .network;
    let whole = pack(&network).len();
    assert_eq!(network.fit(whole).unwrap(), pack(&network));
    let mut before = whole;
    for most in [whole - 1, whole - 150, whole - 300] {
        let packed = network.fit(most).unwrap();
        assert!(
            packed.len() <= most && packed.len() < before,
            "{most}: {}",
            packed.len()
        );
        let fitted = unpack(&packed).unwrap();
        // Codes stay, and a scale is off by at most half a digit: with no digits, by half.
        for (matrix, of) in fitted.matrices.iter().zip(&network.matrices) {
            assert_eq!(matrix.codes, of.codes);
            for row in 0..of.rows {
                let far = (matrix.scale(row) / of.scale(row) - 1.0).abs();
                assert!(far <= 0.5, "{most}: {far}");
            }
        }
        before = packed.len();
    }
    let refusal = network.fit(1000).unwrap_err().to_string();
    assert!(refusal.ends_with("expected at most 1000"), "{refusal}");
}

#[test]
fn released_networks_come_out_of_their_bytes_at_every_stop_and_answer_as_before() {
    let features = threadcount::preprocess::normalize(&recorded::images()[0]);
    for (name, file) in released::networks() {
        let source = Source::parse(file).unwrap();
        let mut last = usize::MAX;
        for bits in BITS {
            for scale in SCALES {
                let cut = if bits == AS_TRAINED_BITS { 10 } else { 0 };
                let network = squeeze(&source, setting(bits, cut, scale)).unwrap().network;
                let packed = pack(&network);
                let unpacked = unpack(&packed).unwrap();
                let named = unpacked.clone().with_layers(network.layers.clone());
                assert_eq!(named, network, "{name} {bits}");
                let logits = |network: &CodedNetwork| {
                    let file = network.to_model_file();
                    let mut engine = Engine::from_bytes(&file, Arithmetic::Quantized, 1).unwrap();
                    engine.logits(&features)
                };
                // The page answers before it packs.
                assert_eq!(logits(&unpacked), logits(&network), "{name} {bits}");
                if scale == Scale::Channel {
                    assert!(packed.len() < last, "{name} {bits}: {}", packed.len());
                    last = packed.len();
                }
            }
        }
    }
}

#[test]
fn cutting_never_makes_a_file_longer() {
    let (_, source) = source("pocket");
    for bits in BITS {
        let size = |cut| {
            pack(
                &squeeze(&source, setting(bits, cut, Scale::Channel))
                    .unwrap()
                    .network,
            )
            .len()
        };
        let sizes: Vec<usize> = (0..=MOST_CUT).step_by(10).map(size).collect();
        assert!(sizes.is_sorted_by(|a, b| a >= b), "{bits}: {sizes:?}");
    }
}

#[test]
fn malformed_bytes_are_refused_and_never_panic() {
    let (_, source) = source("pocket");
    let packed = |bits, cut| {
        pack(
            &squeeze(&source, setting(bits, cut, Scale::Channel))
                .unwrap()
                .network,
        )
    };
    for whole in [packed(4, 0), packed(2, 80), packed(AS_TRAINED_BITS, 50)] {
        for end in (0..200).chain((200..whole.len()).step_by(97)) {
            assert!(unpack(&whole[..end]).is_err(), "{end}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(unpack(&longer).is_err());
        let mut random = StdRng::seed_from_u64(1);
        for _ in 0..2000 {
            let mut damaged = whole.clone();
            for _ in 0..random.random_range(1..4) {
                let near = if random.random_bool(0.5) {
                    150
                } else {
                    damaged.len()
                };
                let at = random.random_range(0..near);
                damaged[at] = random.random();
            }
            // A changed code may be another code. What is read is then a network of its own, which packs again.
            if let Ok(network) = unpack(&damaged) {
                let engine = Engine::from_bytes(&network.to_model_file(), Arithmetic::Quantized, 1);
                drop(engine);
                assert_eq!(unpack(&pack(&network)).unwrap(), network);
            }
        }
    }
    let mut random = StdRng::seed_from_u64(2);
    for round in 0..40_000 {
        let mut noise: Vec<u8> = b"THRD\x01\x04\x00\x00".to_vec();
        noise[4] += u8::from(round % 2 == 1);
        let length = random.random_range(0..60);
        noise.extend((0..length).map(|_| random.random_range(0..20_u8)));
        drop(unpack(&noise));
    }
}

#[test]
fn every_truncation_and_every_changed_byte_of_both_versions_is_harmless() {
    let second = pack(&unpack(VERSION_1).unwrap());
    for whole in [VERSION_1, &second] {
        for end in 0..whole.len() {
            assert!(unpack(&whole[..end]).is_err(), "{end}");
        }
        for at in 0..whole.len() {
            for change in [1, 0x80, 0xff] {
                let mut damaged = whole.to_vec();
                damaged[at] ^= change;
                if let Ok(network) = unpack(&damaged) {
                    assert_eq!(unpack(&pack(&network)).unwrap(), network);
                }
            }
        }
    }
}

#[test]
fn bytes_of_version_1_are_read_as_they_always_were() {
    assert_eq!(VERSION_1.len(), 2915);
    let network = unpack(VERSION_1).unwrap();
    let numbers = network.matrices.iter().flat_map(|matrix| {
        let offsets = matrix.offsets.iter().map(|o| o.to_f32());
        let weight = matrix.weights(network.setting.bits(), false);
        let weights = (0..matrix.codes.len()).map(weight);
        weights.chain(offsets).flat_map(f32::to_le_bytes)
    });
    assert_eq!(sha256(&numbers.collect::<Vec<u8>>()), VERSION_1_SHA256);
    let packed = pack(&network);
    assert_eq!(unpack(&packed).unwrap(), network);
    assert_eq!(pack(&unpack(&packed).unwrap()), packed);
    assert!(packed.len() < 2700, "{}", packed.len());
}

#[test]
fn packed_bytes_load_as_a_models_file_and_answer_as_the_network_that_was_packed() {
    let network = unpack(VERSION_1).unwrap();
    let file = network.to_model_file();
    let mut engine = Engine::from_bytes(&file, Arithmetic::Quantized, 1).unwrap();
    for packed in [VERSION_1.to_vec(), pack(&network)] {
        let file = model_file(packed).unwrap();
        let mut loaded = loader::load("tiny-5k", &file, 1, || Arithmetic::Quantized)
            .unwrap()
            .classifier;
        for image in recorded::images() {
            let features = threadcount::preprocess::normalize(&image);
            assert_eq!(loaded.logits(&features), engine.logits(&features));
        }
    }
    assert_eq!(model_file(b"other".to_vec()).unwrap(), b"other");
    assert!(model_file(VERSION_1[..2000].to_vec()).is_err());
}

#[test]
fn a_network_of_holes_alone_takes_next_to_no_bytes() {
    let network = squeeze(
        &dense(100, &vec![0.0; 100 * 700]),
        setting(4, 0, Scale::Channel),
    );
    let network = network.unwrap().network;
    let packed = pack(&network);
    assert!(packed.len() < 80, "{}", packed.len());
    let unpacked = unpack(&packed).unwrap();
    assert_eq!(unpacked.with_layers(network.layers.clone()), network);
}

#[test]
fn a_claim_of_many_weights_takes_no_memory() {
    // The layer says more than is behind it.
    let mut few = squeeze(&dense(2, &[1.0; 20]), setting(4, 0, Scale::Layer))
        .unwrap()
        .network;
    few.layers = vec![Layer::Dense {
        name: "dense".to_owned(),
        features: [1 << 20, 1 << 20],
    }];
    assert!(unpack(&pack(&few)).is_err());
    // A dense layer of 2^20 by 2^20, and nothing behind it.
    let mut bytes = b"THRD\x01\x04\x00\x00\x01\x03".to_vec();
    bytes.extend([0x80, 0x80, 0x40, 0x80, 0x80, 0x40, 0x06, 0x00]);
    bytes.extend([0; 100]);
    assert!(unpack(&bytes).is_err());
}
