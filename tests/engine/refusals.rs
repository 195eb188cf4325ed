//! What the engine refuses: damaged files and layers that do not follow one another.

use threadcount::classifier::Classifier;
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::GrayImage;
use threadcount::layer::Layer;
use threadcount::network::weights::{StorageType, StoredTensor, Weights};
use threadcount::network::{Lightweight, Network, device};
use threadcount::preprocess::normalize;

fn refusal(bytes: &[u8]) -> String {
    Engine::from_bytes(bytes, Arithmetic::Quantized, 1)
        .expect_err("a damaged file")
        .to_string()
}

fn lightweight() -> (Weights, Vec<Layer>) {
    let network = Lightweight::init(&device());
    (Weights::of(&network), network.layers())
}

#[test]
fn damaged_files_are_refused_with_what_was_expected_and_found() {
    let (weights, layers) = lightweight();
    let bytes = weights.to_model_file(StorageType::F32, &layers);
    assert!(refusal(&bytes[..bytes.len() / 2]).contains("complete safetensors"));
    assert!(refusal(b"").contains("complete safetensors"));
    assert!(refusal(&weights.to_bytes(StorageType::F32)).contains("list of layers"));
    let changed = |change: &dyn Fn(&mut Weights)| {
        let mut weights = weights.clone();
        change(&mut weights);
        refusal(&weights.to_model_file(StorageType::F32, &layers))
    };
    let tensor = |shape: &[usize], value| StoredTensor {
        shape: shape.to_vec(),
        values: vec![value; shape.iter().product()],
    };
    let text = changed(&|w| w.insert("output.weight", tensor(&[512, 9], 0.0)));
    for part in ["output.weight", "[512, 9]", "[512, 10]"] {
        assert!(text.contains(part), "{text}");
    }
    let text = changed(&|w| w.insert("output.bias", tensor(&[10], f32::NAN)));
    assert!(
        text.contains("output.bias") && text.contains("NaN"),
        "{text}"
    );
    let text = changed(&|w| drop(w.remove("block2.pointwise.weight")));
    assert!(
        text.contains("block2.pointwise.weight") && text.contains("[256, 128, 1, 1]"),
        "{text}"
    );
    let text = changed(&|w| w.insert("extra", tensor(&[1], 0.0)));
    assert!(text.contains("extra"), "{text}");
    let text = changed(&|w| w.insert("block1.pointwise_norm.running_var", tensor(&[128], -1.0)));
    assert!(text.contains("variance"), "{text}");
}

#[test]
fn layers_that_do_not_follow_are_refused() {
    let (weights, layers) = lightweight();
    let changed = |change: &dyn Fn(&mut Vec<Layer>)| {
        let mut layers = layers.clone();
        change(&mut layers);
        refusal(&weights.to_model_file(StorageType::F32, &layers))
    };
    assert!(changed(&Vec::clear).contains("expected [10, 1, 1]"));
    assert!(changed(&|l| l.insert(0, Layer::Relu)).contains("relu"));
    assert!(changed(&|l| l.insert(0, Layer::MaxPool)).contains("expected a convolution"));
    assert!(changed(&|l| l.insert(6, Layer::ResidualAdd)).contains("residual add"));
    assert!(changed(&|l| l.insert(4, Layer::ResidualAdd)).contains("no residual start"));
    let left = "leaves the residual [128, 14, 14]";
    let begin = Layer::ResidualStart;
    assert!(changed(&|l| l.insert(6, begin.clone())).contains(left));
    assert!(changed(&|l| drop(l.splice(6..6, [begin.clone(), begin.clone()]))).contains(left));
    assert!(changed(&|l| drop(l.remove(0))).contains("block1.depthwise_norm"));
    assert!(changed(&|l| drop(l.pop())).contains("[512, 1, 1]"));
}

#[test]
fn a_mutated_file_never_panics() {
    let (weights, layers) = lightweight();
    let bytes = weights.to_model_file(StorageType::F16, &layers);
    let header = 8 + u64::from_le_bytes(*bytes.first_chunk().unwrap()) as usize;
    let mut state = 1_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 4) as usize % below
    };
    let (mut refused, mut accepted) = (0, 0);
    for _ in 0..400 {
        let mut bytes = bytes.clone();
        for _ in 0..=next(3) {
            let at = next(header);
            bytes[at] = b"0123456789[]{},\"an"[next(18)];
        }
        match Engine::from_bytes(&bytes, Arithmetic::Quantized, 1) {
            Ok(mut engine) => {
                engine.logits(&normalize(&GrayImage::black()));
                accepted += 1;
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
        }
    }
    assert!(refused > 100, "{refused} refused, {accepted} accepted");
}
