//! `threadcount qr`: a network's packed bytes as a QR code, and what network is in a code.

use crate::files::{self, Result};
use crate::model_name::burn_model;
use crate::released::{card, packed_if_so};
use crate::squeeze::{bits, right};
use clap::Args;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use std::path::{Path, PathBuf};
use threadcount::catalog::Model;
use threadcount::dataset::Dataset;
use threadcount::decode::decode;
use threadcount::format::{percent, thousands};
use threadcount::layer::Layer;
use threadcount::qr::{self, Code, MOST_BYTES, QUIET_ZONE, QrError};
use threadcount::squeeze::{CodedNetwork, Scale, Setting, Source, pack, squeeze, unpack};

/// Pixels of a square in a PNG.
const SCALE: usize = 6;
/// The bits that a network is squeezed to when its file is not packed.
const BITS: u8 = 4;
/// Codes have no fewer.
const LEAST_BITS: u8 = 2;

/// What to draw or to read.
#[derive(Args)]
pub struct Arguments {
    /// The network to draw
    #[arg(value_parser = burn_model(), required_unless_present_any = ["read", "validation"])]
    model: Option<&'static Model>,
    /// Bits for each weight: 2 to 8, or 16 for as trained (default: a packed file as it is, other networks with 4)
    #[arg(long, value_parser = bits)]
    bits: Option<u8>,
    /// Write a picture, .svg or .png, instead of printing the code
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say what network is in the code on a picture
    #[arg(long, value_name = "PICTURE", conflicts_with_all = ["model", "bits", "out"])]
    read: Option<PathBuf>,
    /// Classify the validation images with the network in the code
    #[arg(long, requires = "read", conflicts_with_all = ["model", "bits", "out"])]
    validation: bool,
}

/// Draw or read.
pub fn run(arguments: &Arguments, data: impl FnOnce() -> Result<Dataset>) -> Result<()> {
    if let Some(picture) = &arguments.read {
        return read(picture, arguments.validation.then_some(data));
    }
    let Some(model) = arguments.model else {
        return Ok(());
    };
    let packed = packed(model.name, arguments.bits)?;
    let code = Code::of_bytes(&packed).map_err(|error| match error {
        QrError::TooLong(_) => {
            let fewer = arguments.bits.unwrap_or(BITS) > LEAST_BITS;
            let advice = if fewer {
                "; squeeze it to fewer bits with --bits"
            } else {
                ""
            };
            format!("{}: {error}{advice}", model.name)
        }
        QrError::Unreadable(_) => error.to_string(),
    })?;
    match &arguments.out {
        None => print!("{}", terminal(&code)),
        Some(path) => match path.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => files::write(path, svg(&code))?,
            Some("png") => files::write(path, png(&code)?)?,
            _ => return Err(format!("{}: expected .svg or .png", path.display()).into()),
        },
    }
    eprintln!(
        "{} in {} of {} bytes",
        model.name,
        thousands(packed.len()),
        thousands(MOST_BYTES)
    );
    Ok(())
}

/// A network's packed bytes: its file, if that is packed, or the network squeezed.
fn packed(name: &str, bits: Option<u8>) -> Result<Vec<u8>> {
    let (file, packed) = packed_if_so(&card(name)?.weights)?;
    match (packed, bits) {
        (Some(packed), None) => Ok(packed),
        (_, bits) => {
            let setting = Setting::new(bits.unwrap_or(BITS), 0, Scale::Channel)?;
            Ok(pack(&squeeze(&Source::parse(&file)?, setting)?.network))
        }
    }
}

fn read(path: &Path, data: Option<impl FnOnce() -> Result<Dataset>>) -> Result<()> {
    let named = |problem: &dyn std::fmt::Display| format!("{}: {problem}", path.display());
    let picture = decode(&files::read(path)?).map_err(|e| named(&e))?;
    let bytes = qr::read(&picture).map_err(|e| named(&e))?;
    let bytes = bytes.ok_or_else(|| named(&"there is no QR code"))?;
    let network = unpack(&bytes).map_err(|e| named(&format!("the code holds no network: {e}")))?;
    print!("{}", description(&network, bytes.len()));
    if let Some(data) = data {
        let samples = data()?.validation;
        let correct = right(&network.to_model_file(), &samples)?;
        let share = percent(correct as f64 / samples.len() as f64);
        println!(
            "accuracy  {share} of {} validation images",
            thousands(samples.len())
        );
    }
    Ok(())
}

fn description(network: &CodedNetwork, size: usize) -> String {
    let [weights, threads] = network.weights_and_threads();
    let offsets: usize = network.matrices.iter().map(|m| m.rows).sum();
    let layers = network.layers.iter().filter_map(Layer::operation);
    format!(
        "packed    {} bytes, {}\nweights   {}, of which {} are not zero, and {} offsets\nlayers    {}\n",
        thousands(size),
        network.setting.words(),
        thousands(weights),
        thousands(threads),
        thousands(offsets),
        layers.collect::<Vec<_>>().join(", "),
    )
}

/// The code in half blocks, two rows of squares a line, dark on light whatever the terminal's colors.
fn terminal(code: &Code) -> String {
    let side = code.side() + 2 * QUIET_ZONE;
    let is_dark = |x: usize, y: usize| {
        let at = |at: usize| at.checked_sub(QUIET_ZONE);
        at(x).zip(at(y)).is_some_and(|(x, y)| code.is_dark(x, y))
    };
    let line = |y: usize| {
        let cells = (0..side).map(|x| match (is_dark(x, y), is_dark(x, y + 1)) {
            (true, true) => '\u{2588}',
            (true, false) => '\u{2580}',
            (false, true) => '\u{2584}',
            (false, false) => ' ',
        });
        format!("\x1b[30;107m{}\x1b[0m\n", cells.collect::<String>())
    };
    (0..side).step_by(2).map(line).collect()
}

fn svg(code: &Code) -> String {
    let side = code.side() + 2 * QUIET_ZONE;
    let mut path = String::new();
    for y in 0..code.side() {
        for x in (0..code.side()).filter(|x| code.is_dark(*x, y)) {
            path += &format!("M{} {}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>\n"
    )
}

fn png(code: &Code) -> Result<Vec<u8>> {
    let picture = code.to_picture(SCALE);
    let gray: Vec<u8> = picture.pixels().iter().copied().step_by(4).collect();
    let side = picture.width() as u32;
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(&gray, side, side, ExtendedColorType::L8)?;
    Ok(bytes)
}
