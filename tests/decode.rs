//! Every kind of file a visitor may bring, from `tests/pictures/`.

use threadcount::decode::{DecodeError, decode};
use threadcount::image::{GrayImage, RgbaImage};
use threadcount::preprocess::{Preprocessed, preprocess};

fn file(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/pictures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

fn picture(name: &str) -> RgbaImage {
    decode(&file(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn garment(name: &str) -> GrayImage {
    match preprocess(&picture(name)) {
        Preprocessed::Garment { image, .. } => image,
        Preprocessed::Blank => panic!("{name} is not blank"),
    }
}

/// Mean absolute difference of pixels, of 255.
fn difference(a: &GrayImage, b: &GrayImage) -> f32 {
    let sum: u32 = a
        .pixels()
        .iter()
        .zip(b.pixels())
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    sum as f32 / a.pixels().len() as f32
}

#[test]
fn the_same_garment_looks_the_same_in_every_format() {
    let png = garment("shirt.png");
    for name in [
        "shirt.jpg",
        "shirt.webp",
        "shirt-cmyk.jpg",
        "shirt-animated.gif",
    ] {
        let other = difference(&png, &garment(name));
        assert!(other < 6.0, "{name} differs by {other}");
    }
}

#[test]
fn photos_are_turned_upright() {
    let (turned, upright) = (picture("shirt-exif6.jpg"), picture("shirt-upright.png"));
    assert_eq!(
        (turned.width(), turned.height()),
        (upright.width(), upright.height())
    );
    let distance = difference(&garment("shirt-exif6.jpg"), &garment("shirt-upright.png"));
    assert!(distance < 6.0, "{distance}");
}

#[test]
fn a_transparent_picture_is_blank() {
    assert_eq!(preprocess(&picture("transparent.png")), Preprocessed::Blank);
}

#[test]
fn bad_files_are_refused_with_the_reason() {
    let error = |name: &str| decode(&file(name)).expect_err(name);
    assert_eq!(error("empty.png"), DecodeError::Empty);
    assert_eq!(error("drawing.svg"), DecodeError::Svg);
    assert_eq!(error("not-a-picture.txt"), DecodeError::Unknown);
    assert_eq!(
        error("huge.png"),
        DecodeError::TooLarge {
            width: 12_000,
            height: 12_000
        }
    );
    assert!(matches!(error("lying-header.png"), DecodeError::Damaged(_)));
    assert!(matches!(error("truncated.png"), DecodeError::Damaged(_)));
}
