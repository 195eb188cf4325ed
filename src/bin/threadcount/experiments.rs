//! `threadcount experiment`: runs that explain a figure and release no model.

use crate::files::{Result, read_recipe, recipe_path, result_path, write_json};
use crate::progress::{fit, stop_on_interrupt};
use crate::search;
use crate::teachers::ask_teachers;
use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor};
use std::path::PathBuf;
use threadcount::dataset::Dataset;
use threadcount::label::CLASSES;
use threadcount::layer::Layer;
use threadcount::network::layers::Epilogue;
use threadcount::network::lightweight::SeparableBlock;
use threadcount::network::{LayerOps, Lightweight, Network, device};
use threadcount::results::ClaimExperiment;
use threadcount::train::checkpoint::{CheckpointFolder, RunState};
use threadcount::train::fit::{Outcome, Run};
use threadcount::train::inference::accuracy;

/// What is asked.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Experiment {
    /// Train `lightweight` on the test images too, without regularization, for results/claims.json
    Claims,
    /// Train `lightweight` in single precision as it is and with an ordinary 3x3 convolution as its stem, for
    /// results/search.csv
    Stem,
}

#[derive(clap::Args)]
pub struct Arguments {
    /// Continue the saved run
    #[arg(long)]
    resume: bool,
    /// Folder for checkpoints
    #[arg(long, default_value = "checkpoints")]
    checkpoints: PathBuf,
}

pub fn run(experiment: Experiment, arguments: &Arguments, data: &Dataset) -> Result<()> {
    match experiment {
        Experiment::Claims => claims(arguments, data),
        Experiment::Stem => stem(arguments, data),
    }
}

/// Train on training and test images alike and write results/claims.json.
fn claims(arguments: &Arguments, data: &Dataset) -> Result<()> {
    let recipe = read_recipe(&recipe_path("claims"))?;
    let folder = CheckpointFolder::create(&arguments.checkpoints, "claims")?;
    let run = Run::of(&recipe, &folder, arguments.resume);
    let seen = data.train.with(&data.test);
    let stop = stop_on_interrupt()?;
    let Outcome::Finished { state, last, .. } =
        fit(&run, Lightweight::init, &seen, &data.validation, &stop)?
    else {
        println!("stopped; continue with --resume");
        return Ok(());
    };
    let network = last.apply(Lightweight::init(&device()))?;
    let result = ClaimExperiment {
        network: "lightweight".to_owned(),
        epochs: recipe.epochs,
        wall_time_s: state.wall_time_s.round(),
        training_images: accuracy(&network, &data.train),
        test_images_trained_on: accuracy(&network, &data.test),
        validation_images: accuracy(&network, &data.validation),
    };
    println!("{}", serde_json::to_string_pretty(&result)?);
    write_json(&result_path("claims.json"), &result)
}

/// Train `lightweight` with both stems by one recipe, as two lines of results/search.csv.
fn stem(arguments: &Arguments, data: &Dataset) -> Result<()> {
    let mut recipe = read_recipe(&recipe_path("lightweight-float"))?;
    let taught = ask_teachers(&mut recipe, data, None, &arguments.checkpoints)?;
    let stop = stop_on_interrupt()?;
    let folder = |name| CheckpointFolder::create(&arguments.checkpoints, name);
    let (separable, ordinary) = (
        folder(search::SEPARABLE_STEM)?,
        folder(search::ORDINARY_STEM)?,
    );
    let run = |folder| Run {
        teacher: taught.photographs.as_ref(),
        ..Run::of(&recipe, folder, arguments.resume)
    };
    // Both are noted when both are finished, so that going on with a stopped run notes none twice.
    let (train, validation) = (&data.train, &data.validation);
    let (separable, ordinary) = (run(&separable), run(&ordinary));
    let first = fit(&separable, Lightweight::init, train, validation, &stop)?;
    let Some(first) = finished(first) else {
        return Ok(());
    };
    let second = fit(&ordinary, OrdinaryStem::init, train, validation, &stop)?;
    let Some(second) = finished(second) else {
        return Ok(());
    };
    let (name, network) = (search::SEPARABLE_STEM, Lightweight::init(&device()));
    let note = "the recipe of the line with an ordinary stem";
    search::note(name, &network, note, &first, train.len())?;
    let (name, network) = (search::ORDINARY_STEM, OrdinaryStem::init(&device()));
    let note = "an ordinary 3x3 convolution from 1 to 128 channels as the stem";
    search::note(name, &network, note, &second, train.len())
}

/// Where a run stands that is finished; of one that was stopped, it says how to go on.
fn finished(outcome: Outcome) -> Option<RunState> {
    match outcome {
        Outcome::Finished { state, .. } => Some(state),
        Outcome::Stopped(_) => {
            println!("stopped; continue with --resume");
            None
        }
    }
}

/// `lightweight` with an ordinary 3x3 convolution from 1 to 128 channels in place of its first block.
#[derive(Module, Debug)]
struct OrdinaryStem {
    stem: Conv2d,
    stem_norm: BatchNorm,
    block2: SeparableBlock,
    block3: SeparableBlock,
    output: Linear,
}

impl OrdinaryStem {
    fn init(device: &Device) -> Self {
        Self {
            stem: Conv2dConfig::new([1, 128], [3, 3])
                .with_padding(PaddingConfig2d::Same)
                .init(device),
            stem_norm: BatchNormConfig::new(128).init(device),
            block2: SeparableBlock::init(128, 256, device),
            block3: SeparableBlock::init(256, 512, device),
            output: LinearConfig::new(512, CLASSES).init(device),
        }
    }
}

impl Network for OrdinaryStem {
    fn forward_with<K: LayerOps>(&self, images: Tensor<4>) -> Tensor<2> {
        let x = K::conv(&self.stem, images);
        let x = K::batch_norm(&self.stem_norm, x, Epilogue::ReluPool);
        let x = self.block2.forward::<K>(x, Epilogue::ReluPool);
        let x = self.block3.forward::<K>(x, Epilogue::Relu);
        self.output.forward(x.mean_dim(3).mean_dim(2).flatten(1, 3))
    }

    fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![
            Layer::conv("stem", &self.stem),
            Layer::batch_norm("stem_norm", &self.stem_norm),
        ];
        layers.extend_from_slice(Epilogue::ReluPool.layers());
        layers.extend(self.block2.layers("block2", Epilogue::ReluPool));
        layers.extend(self.block3.layers("block3", Epilogue::Relu));
        layers.extend([
            Layer::GlobalAveragePool,
            Layer::dense("output", &self.output),
        ]);
        layers
    }
}
