//! The data set's files: the published sums, and a plain message for every way to be broken.

use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::{Path, PathBuf};
use threadcount::dataset::{
    Dataset, SOURCE_FILES, VALIDATION_IMAGES, gunzip, parse_images, parse_labels, sha256, split,
};
use threadcount::image::PIXELS;
use threadcount::preprocess::{MEAN, STANDARD_DEVIATION};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn message(folder: &Path) -> String {
    Dataset::load(Some(folder))
        .expect_err("broken files")
        .to_string()
}

#[test]
fn the_installed_files_are_the_published_ones() {
    let data = Dataset::load(None).unwrap();
    assert_eq!(
        (data.train.len(), data.validation.len(), data.test.len()),
        (55_000, VALIDATION_IMAGES, 10_000)
    );
    assert_eq!(data.test.class_counts(), [1000; 10]);
    let (train, validation) = (data.train.class_counts(), data.validation.class_counts());
    assert!(train.iter().zip(validation).all(|(t, v)| t + v == 6000));
    let all = data
        .train
        .images
        .iter()
        .chain(&data.validation.images)
        .flat_map(|image| *image.pixels());
    let (mut sum, mut squares) = (0.0, 0.0);
    for v in all {
        let v = f64::from(v) / 255.0;
        sum += v;
        squares += v * v;
    }
    let n = (60_000 * PIXELS) as f64;
    let (mean, deviation) = (sum / n, (squares / n - (sum / n).powi(2)).sqrt());
    assert!((mean - f64::from(MEAN)).abs() < 1e-5, "{mean}");
    assert!(
        (deviation - f64::from(STANDARD_DEVIATION)).abs() < 1e-5,
        "{deviation}"
    );
}

#[test]
fn the_split_is_a_partition_that_never_changes() {
    let (train, validation) = split(60_000);
    let mut all = [train.clone(), validation.clone()].concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..60_000));
    let bytes = |indices: &[usize]| -> Vec<u8> {
        let number = |i: &usize| u32::try_from(*i).unwrap().to_le_bytes();
        indices.iter().flat_map(number).collect()
    };
    assert_eq!((&train[..3], validation.len()), (&TRAIN_START[..], 5_000));
    assert_eq!(sha256(&bytes(&validation)), VALIDATION_SHA256);
}

const TRAIN_START: [usize; 3] = [4313, 21_421, 51_512];
/// Of the 5,000 validation indices as little-endian 32-bit numbers.
const VALIDATION_SHA256: &str = "4801603c0f7cd5bc2d14577cc1cf08a545d518450d2410586945687f015b3e83";

#[test]
fn a_missing_file_is_named_with_the_remedy() {
    let text = message(&folder("missing"));
    for part in [
        SOURCE_FILES[0].name,
        "missing",
        "dataset-fashion-mnist",
        "--data",
    ] {
        assert!(text.contains(part), "{part} in: {text}");
    }
}

#[test]
fn a_truncated_file_is_named() {
    let folder = folder("truncated");
    let whole = gzip(&[7; 4000]);
    std::fs::write(folder.join(SOURCE_FILES[0].name), &whole[..whole.len() / 2]).unwrap();
    let text = message(&folder);
    assert!(
        text.contains(SOURCE_FILES[0].name) && text.contains("complete gzip"),
        "{text}"
    );
}

#[test]
fn a_wrong_sum_is_shown_with_the_expected_one() {
    let folder = folder("sum");
    std::fs::write(folder.join(SOURCE_FILES[0].name), gzip(b"other content")).unwrap();
    let text = message(&folder);
    assert!(
        text.contains(SOURCE_FILES[0].sha256) && text.contains(SOURCE_FILES[0].name),
        "{text}"
    );
}

#[test]
fn idx_headers_are_checked() {
    let idx = |fields: &[u32], body: usize| {
        let mut bytes: Vec<u8> = fields.iter().flat_map(|f| f.to_be_bytes()).collect();
        bytes.extend(vec![3; body]);
        bytes
    };
    let images = |bytes: &[u8]| {
        parse_images("pictures", bytes)
            .map(|i| i.len())
            .map_err(|e| e.to_string())
    };
    assert_eq!(images(&idx(&[0x0803, 2, 28, 28], 2 * PIXELS)), Ok(2));
    for (bytes, part) in [
        (idx(&[0x0801, 2], 2), "0x00000801, expected 0x00000803"),
        (
            idx(&[0x0803, 2, 28, 28], PIXELS),
            "800 bytes, its header asks for 1584",
        ),
        (idx(&[0x0803, u32::MAX, 28, 28], 5), "its header asks for"),
        (idx(&[0x0803, 1, 32, 32], 1024), "32x32, expected 28x28"),
        (vec![0, 0], "2 bytes"),
        (vec![], "0 bytes"),
    ] {
        let text = images(&bytes).unwrap_err();
        assert!(
            text.contains("pictures") && text.contains(part),
            "{part} in: {text}"
        );
    }
    let mut labels = idx(&[0x0801, 3], 3);
    assert_eq!(parse_labels("labels", &labels).unwrap().len(), 3);
    labels[10] = 10;
    let text = parse_labels("labels", &labels).unwrap_err().to_string();
    assert!(text.contains("below 10, got 10"), "{text}");
    assert!(
        gunzip("labels", b"no gzip")
            .unwrap_err()
            .to_string()
            .contains("labels")
    );
}
