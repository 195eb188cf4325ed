//! The trainer's kernels against Burn's own operations and gradients.
#![cfg(feature = "cli")]

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Dropout, DropoutConfig};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use std::sync::{Mutex, PoisonError};
use threadcount::layer::Layer;
use threadcount::network::layers::Epilogue;
use threadcount::network::residual::{Residual, ResidualBlock};
use threadcount::network::weights::{StoredTensor, Weights};
use threadcount::network::{Baseline, BurnOps, LayerOps, Lightweight, Network, device};
use threadcount::train::fused::FusedOps;

/// Burn's own operations, with the trainer's dropout, so that both draw the same masks.
struct BurnOpsWithOurDropout;

impl LayerOps for BurnOpsWithOurDropout {
    fn dropout(dropout: &Dropout, x: Tensor<4>) -> Tensor<4> {
        FusedOps::dropout(dropout, x)
    }
}

/// Logits, and the gradient of a fixed weighted sum of them for every parameter.
fn logits_and_gradients<N: Network, K: LayerOps>(
    network: &N,
    images: &Tensor<4>,
) -> (Vec<f32>, Vec<Vec<f32>>) {
    // Dropout draws from the device's generator: the same seed gives the same masks.
    images.device().seed(7);
    let logits = network.forward_with::<K>(images.clone());
    let [n, classes] = logits.dims();
    let weights: Vec<f32> = (0..n * classes).map(|i| (i as f32 * 0.7).sin()).collect();
    let weights = Tensor::<2>::from_data(TensorData::new(weights, [n, classes]), &images.device());
    let gradients = (logits.clone() * weights).sum().backward();
    let mut collector = Gradients {
        gradients: &gradients,
        found: Vec::new(),
    };
    network.visit(&mut collector);
    (logits.into_data().try_to_vec().unwrap(), collector.found)
}

struct Gradients<'a> {
    gradients: &'a burn::tensor::Gradients,
    found: Vec<Vec<f32>>,
}

impl burn::module::ModuleVisitor for Gradients<'_> {
    fn visit_float<const D: usize>(&mut self, param: &burn::module::Param<Tensor<D>>) {
        if let Some(gradient) = param.val().grad(self.gradients) {
            self.found.push(gradient.into_data().try_to_vec().unwrap());
        }
    }
}

/// Replaces all-zero parameters by distinct values around one.
struct NonzeroScales(usize);

impl burn::module::ModuleMapper for NonzeroScales {
    fn map_float<const D: usize>(
        &mut self,
        param: burn::module::Param<Tensor<D>>,
    ) -> burn::module::Param<Tensor<D>> {
        param.map(|tensor| {
            let values: Vec<f32> = tensor.to_data().try_to_vec().unwrap();
            if values.iter().any(|v| *v != 0.0) {
                return tensor;
            }
            self.0 += 1;
            let start = self.0 as f32;
            let values: Vec<f32> = (0..values.len())
                .map(|i| 1.0 + 0.3 * (i as f32 + start).sin())
                .collect();
            let data = TensorData::new(values, tensor.shape());
            Tensor::from_data(data, &tensor.device()).require_grad()
        })
    }
}

fn assert_close(what: &str, expected: &[f32], found: &[f32]) {
    assert_close_at(what, expected, found, 1e-2, 2e-4);
}

/// Differences of at most `tolerance` times the largest expected value, or `floor` when that is larger.
fn assert_close_at(what: &str, expected: &[f32], found: &[f32], floor: f32, tolerance: f32) {
    assert_eq!(expected.len(), found.len(), "{what}");
    let scale = expected.iter().fold(floor, |m, v| m.max(v.abs()));
    for (i, (e, f)) in expected.iter().zip(found).enumerate() {
        assert!(
            (e - f).abs() <= tolerance * scale,
            "{what}[{i}]: Burn {e}, kernels {f}, scale {scale}"
        );
    }
}

/// The generator that dropout draws from belongs to the process: one test at a time may seed it.
static GENERATOR: Mutex<()> = Mutex::new(());

fn kernels_agree_with_burn<N: Network>(
    init: impl Fn(&Device) -> N,
    expected_parameters: usize,
    tolerance: f32,
) {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let device = device().autodiff();
    device.seed(3);
    // Parameters are drawn when first read; read them now, so that both runs draw dropout alone.
    let mut network = init(&device);
    assert!(Weights::of(&network).iter().count() >= expected_parameters);
    // A scale of zero, with which residual blocks start, would hide the gradients in front of it.
    network = network.map(&mut NonzeroScales(0));
    let images = Tensor::<4>::random([3, 1, 28, 28], Distribution::Normal(0.0, 1.0), &device);
    let (burn_logits, burn_gradients) =
        logits_and_gradients::<N, BurnOpsWithOurDropout>(&network, &images);
    let (logits, gradients) = logits_and_gradients::<N, FusedOps>(&network, &images);
    assert_close("logits", &burn_logits, &logits);
    assert_eq!(burn_gradients.len(), expected_parameters);
    assert_eq!(gradients.len(), expected_parameters);
    // Biases in front of a batch norm have a gradient of zero, computed as a sum of terms as large
    // as the other gradients: hence a floor of a tenth of the largest gradient.
    let largest = burn_gradients
        .iter()
        .flatten()
        .fold(0.0_f32, |m, v| m.max(v.abs()));
    for (i, (burn, ours)) in burn_gradients.iter().zip(&gradients).enumerate() {
        assert_close_at(
            &format!("gradient {i}"),
            burn,
            ours,
            0.1 * largest,
            tolerance,
        );
    }
}

#[test]
fn dropout_keeps_the_mean_and_the_gradient_of_what_it_keeps() {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let dropout = DropoutConfig::new(0.25).init();
    let shape = [4, 8, 25, 50];
    let (training, count) = (device().autodiff(), 40_000);
    let ones = Tensor::<4>::ones(shape, &training).require_grad();
    training.seed(11);
    let y = FusedOps::dropout(&dropout, ones.clone());
    let gradient = ones.grad(&y.clone().sum().backward()).unwrap();
    let values = |t: Tensor<4>| -> Vec<f32> { t.into_data().try_to_vec().unwrap() };
    let (kept, next) = (values(y), values(FusedOps::dropout(&dropout, ones.clone())));
    assert!(kept.iter().all(|v| *v == 0.0 || *v == 4.0 / 3.0));
    // The standard deviation of the number of zeros is 87.
    let zeros = kept.iter().filter(|v| **v == 0.0).count();
    assert!(zeros.abs_diff(count / 4) < 400, "{zeros} of {count}");
    let (first, rest) = kept.split_at(count / 4);
    assert!(rest.chunks(count / 4).all(|image| image != first));
    assert_ne!(kept, next, "the next mask is another one");
    assert_eq!(values(gradient), kept);
    training.seed(11);
    assert_eq!(values(FusedOps::dropout(&dropout, ones)), kept);
    let outside = Tensor::<4>::ones(shape, &device());
    let untouched = values(FusedOps::dropout(&dropout, outside));
    assert!(untouched.iter().all(|v| *v == 1.0));
}

#[test]
fn baseline_gradients_are_those_of_burn() {
    kernels_agree_with_burn(Baseline::init, 10, 2e-4);
}

#[test]
fn lightweight_gradients_are_those_of_burn() {
    kernels_agree_with_burn(Lightweight::init, 26, 2e-4);
}

#[test]
fn compact_gradients_are_those_of_burn() {
    // Rounding grows through eight batch norms, and turns a ReLU on or off here and there.
    kernels_agree_with_burn(|device| Residual::init([32, 72], device), 26, 1e-2);
}

/// A stem and a residual block with each epilogue, shallow enough for the tight tolerance.
#[derive(Module, Debug)]
struct TwoBlocks {
    stem: Conv2d,
    blocks: [ResidualBlock; 2],
}

impl TwoBlocks {
    fn init(device: &Device) -> Self {
        Self {
            stem: Conv2dConfig::new([1, 7], [3, 3])
                .with_padding(PaddingConfig2d::Same)
                .init(device),
            blocks: [(); 2].map(|()| ResidualBlock::init(7, device)),
        }
    }
}

impl Network for TwoBlocks {
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = K::conv(&self.stem, images);
        let x = self.blocks[0].forward::<K>(x, Epilogue::Relu);
        let x = self.blocks[1].forward::<K>(x, Epilogue::ReluPool);
        x.flatten(1, 3)
    }

    fn layers(&self) -> Vec<Layer> {
        Vec::new()
    }
}

#[test]
fn gradients_of_residual_blocks_are_those_of_burn() {
    kernels_agree_with_burn(TwoBlocks::init, 14, 2e-4);
}

#[test]
fn running_statistics_and_inference_are_those_of_burn() {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let device = device().autodiff();
    device.seed(5);
    let start = Weights::of(&Lightweight::init(&device));
    let images = Tensor::<4>::random([4, 1, 28, 28], Distribution::Normal(0.3, 2.0), &device);
    let after = |plain: bool| {
        let network = start.apply(Lightweight::init(&device)).unwrap();
        if plain {
            network.forward_with::<BurnOps>(images.clone());
        } else {
            network.forward_with::<FusedOps>(images.clone());
        }
        network.valid()
    };
    let (burn, ours) = (after(true), after(false));
    let (a, b) = (Weights::of(&burn), Weights::of(&ours));
    let changed: &StoredTensor = a.get("block2.pointwise_norm.running_var").unwrap();
    assert_ne!(
        Some(changed),
        start.get("block2.pointwise_norm.running_var")
    );
    for (name, tensor) in a.iter() {
        // Burn divides the running variance by n, as these kernels do.
        assert_close(name, &tensor.values, &b.get(name).unwrap().values);
    }
    let inputs = images.inner();
    let values = |t: Tensor<2>| t.into_data().try_to_vec::<f32>().unwrap();
    let plain = values(burn.forward_with::<BurnOps>(inputs.clone()));
    assert_close(
        "inference",
        &plain,
        &values(burn.forward_with::<FusedOps>(inputs)),
    );
}

#[test]
fn baseline_inference_is_that_of_burn() {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let device = device();
    let network = Baseline::init(&device);
    let values: Vec<f32> = (0..2 * 784).map(|i| (i as f32 * 0.37).sin()).collect();
    let images = Tensor::<4>::from_data(TensorData::new(values, [2, 1, 28, 28]), &device);
    let logits = |t: Tensor<2>| t.into_data().try_to_vec::<f32>().unwrap();
    let plain = logits(network.forward_with::<BurnOps>(images.clone()));
    assert_close(
        "inference",
        &plain,
        &logits(network.forward_with::<FusedOps>(images)),
    );
}
