//! `threadcount squeeze`: a released network with fewer bits for each weight and its smallest weights cut, as the page
//! computes it: its packed bytes, and what it gets right beside the network as trained.

use crate::files::{self, Result};
use crate::model_name::burn_model;
use crate::released::file_and_card;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use std::path::PathBuf;
use threadcount::catalog::Model;
use threadcount::classifier::Classifier;
use threadcount::dataset::{BALANCED_IMAGES, Dataset, Samples, balanced};
use threadcount::engine::{Arithmetic, Engine};
use threadcount::format::{interval, percent, thousands};
use threadcount::metrics::wilson_interval;
use threadcount::prediction::{Logits, Prediction};
use threadcount::preprocess::normalize;
use threadcount::squeeze::{AS_TRAINED_BITS, BITS, Scale, Setting, Source, pack, squeeze, unpack};

/// Images of one task of the engine, and of one run.
const BLOCK: usize = 250;
const BATCH: usize = 16;

/// What to squeeze, how much, and on what it is scored.
#[derive(Args)]
pub struct Arguments {
    /// The network
    #[arg(value_parser = burn_model())]
    model: &'static Model,
    /// Bits for each weight: 2 to 8, or 16 for as trained
    #[arg(long, default_value_t = AS_TRAINED_BITS, value_parser = bits)]
    bits: u8,
    /// Share of each layer's weights that is cut, the smallest first: 0 to 0.9, in steps of 0.01
    #[arg(long, default_value = "0", value_parser = percents)]
    prune: u8,
    /// What shares a scale
    #[arg(long, default_value = "channel")]
    per: Per,
    /// Score on validation images, which is the default
    #[arg(long, conflicts_with = "test")]
    validation: bool,
    /// Score on test images instead; nothing may be chosen by the result
    #[arg(long)]
    test: bool,
    /// How many images, as many of each class; all of the rarest class and as many of the others at most
    #[arg(long, default_value_t = BALANCED_IMAGES, value_parser = counted())]
    images: usize,
    /// Write the packed bytes and the squeezed weights file into this folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// What shares a scale, by its name on the command line.
#[derive(Clone, Copy)]
struct Per(Scale);

impl ValueEnum for Per {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self(Scale::Channel), Self(Scale::Layer)]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self.0 {
            Scale::Channel => "channel",
            Scale::Layer => "layer",
        }))
    }
}

/// A number of bits that a weight can have.
pub fn bits(text: &str) -> std::result::Result<u8, String> {
    let known = text.parse().ok().filter(|bits| BITS.contains(bits));
    known.ok_or_else(|| "expected 2 to 8, or 16 for as trained".to_owned())
}

/// A number of images, from 1.
pub fn counted() -> impl TypedValueParser<Value = usize> {
    clap::value_parser!(u32)
        .range(1..)
        .map(|images| images as usize)
}

/// A share as whole percents.
fn percents(text: &str) -> std::result::Result<u8, String> {
    let share: f64 = text.parse().map_err(|_| "expected a number")?;
    let percents = share * 100.0;
    if (0.0..=90.0).contains(&percents) && (percents - percents.round()).abs() < 1e-6 {
        Ok(percents.round() as u8)
    } else {
        Err("expected 0 to 0.9, in steps of 0.01".to_owned())
    }
}

/// Squeeze, score and print.
pub fn run(arguments: &Arguments, data: &Dataset) -> Result<()> {
    if let Some(folder) = &arguments.out {
        // Before what takes a while.
        files::create_folder(folder)?;
    }
    let setting = Setting::new(arguments.bits, arguments.prune, arguments.per.0)?;
    let name = arguments.model.name;
    let (file, card) = file_and_card(name)?;
    let file_size = card.weights.size_bytes;
    let squeezed = squeeze(&Source::parse(&file)?, setting)?.network;
    let packed = pack(&squeezed);
    // What is scored is what comes out of the packed bytes; as trained, it is the file.
    let model = if setting.is_as_trained() {
        file.clone()
    } else {
        unpack(&packed)?.to_model_file()
    };
    let size = if setting.is_as_trained() {
        file_size
    } else {
        packed.len()
    };
    let [weights, threads] = squeezed.weights_and_threads();
    let (samples, kind) = if arguments.test {
        (&data.test, "test")
    } else {
        (&data.validation, "validation")
    };
    let samples = samples.select(&balanced(samples, arguments.images));
    let [as_trained, correct] = [right(&file, &samples)?, right(&model, &samples)?];
    let [before, after] = [as_trained, correct].map(|n| n as f64 / samples.len() as f64);
    println!("{name}, {}", setting.words());
    println!(
        "packed    {} bytes, {} of its file of {}",
        thousands(size),
        percent(size as f64 / file_size as f64),
        thousands(file_size)
    );
    println!(
        "weights   {}, of which {} are not zero",
        thousands(weights),
        thousands(threads)
    );
    println!(
        "accuracy  {} of {} {kind} images ({}), {:+.2} points against {} as trained",
        percent(after),
        thousands(samples.len()),
        interval(wilson_interval(correct, samples.len())),
        (after - before) * 100.0,
        percent(before)
    );
    if let Some(folder) = &arguments.out {
        let stem = setting.file_stem(name);
        files::write(&folder.join(format!("{stem}.thrd")), &packed)?;
        let weights = squeezed.to_model_file();
        files::write(&folder.join(format!("{stem}.safetensors")), &weights)?;
    }
    Ok(())
}

/// The images that a network classifies correctly, in integers as on the page.
pub fn right(model: &[u8], samples: &Samples) -> Result<usize> {
    let engine = || Engine::from_bytes(model, Arithmetic::Quantized, BATCH);
    engine()?;
    let blocks = samples.images.par_chunks(BLOCK).flat_map_iter(|images| {
        let features: Vec<_> = images.iter().map(normalize).collect();
        let mut engine = engine().expect("compiled before");
        engine.logits_of_many(&features)
    });
    let logits: Vec<Logits> = blocks.collect();
    let answers = logits.iter().map(Prediction::from_logits);
    let right = answers
        .zip(&samples.labels)
        .filter(|(answer, label)| answer.as_ref().is_ok_and(|p| p.label() == **label));
    Ok(right.count())
}
