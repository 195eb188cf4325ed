//! Every kind of file a visitor may bring, from `tests/pictures/`.

use image::imageops;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::io::Cursor;
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
    let cases = [
        ("empty.png", DecodeError::Empty),
        ("drawing.svg", DecodeError::Svg),
        ("not-a-picture.txt", DecodeError::Unknown),
        (
            "huge.png",
            DecodeError::TooLarge {
                width: 12_000,
                height: 12_000,
            },
        ),
        ("truncated.png", DecodeError::EndsEarly),
    ];
    for (name, expected) in cases {
        assert_eq!(decode(&file(name)), Err(expected), "{name}");
    }
    let lying = decode(&file("lying-header.png"));
    assert!(matches!(lying, Err(DecodeError::Damaged(_))), "{lying:?}");
}

/// The shirt as a BMP file.
fn bitmap() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let shirt = image::load_from_memory(&file("shirt.png")).unwrap();
    shirt
        .to_rgb8()
        .write_to(&mut bytes, image::ImageFormat::Bmp)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn a_file_that_ends_too_early_is_refused_in_every_format() {
    for (name, bytes) in [
        ("png", file("shirt.png")),
        ("jpeg", file("shirt.jpg")),
        ("cmyk jpeg", file("shirt-cmyk.jpg")),
        ("jpeg with exif", file("shirt-exif6.jpg")),
        ("webp", file("shirt.webp")),
        ("gif", file("shirt-animated.gif")),
        ("bmp", bitmap()),
    ] {
        assert!(decode(&bytes).is_ok(), "{name}");
        // Of the animation, the first of its frames is needed alone.
        let whole = if name == "gif" {
            bytes.len() / 4
        } else {
            bytes.len()
        };
        for quarters in 1..=3 {
            let cut = &bytes[..whole * quarters / 4];
            assert_eq!(
                decode(cut),
                Err(DecodeError::EndsEarly),
                "{name} {quarters}/4"
            );
        }
    }
}

/// The header of a PNG file of so many pixels, and nothing else.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = file("shirt.png")[..33].to_vec();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes
}

#[test]
fn what_is_too_large_is_named_with_the_limit_before_it_is_decoded() {
    for (bytes, parts) in [
        (
            png_header(60_000, 60_000),
            ["60000 x 60000", "25 megapixels", "10000 pixels a side"],
        ),
        (
            png_header(u32::MAX, 1),
            ["4294967295 x 1", "25 megapixels", "10000 pixels a side"],
        ),
        (
            png_header(5001, 5000),
            ["5001 x 5000", "25 megapixels", "10000 pixels a side"],
        ),
        (vec![0; 99_000_000], ["99.0 MB", "32 MB", "JPEG"]),
    ] {
        let refusal = decode(&bytes).unwrap_err().to_string();
        for part in parts {
            assert!(refusal.contains(part), "{refusal}");
        }
    }
    // This one is not too large; only its checksum is wrong.
    assert!(matches!(
        decode(&png_header(5000, 5000)),
        Err(DecodeError::Damaged(_))
    ));
}

#[test]
fn a_large_picture_is_reduced_and_looks_the_same() {
    let shirt = image::load_from_memory(&file("shirt.png")).unwrap();
    let large = imageops::resize(
        &shirt.to_rgba8(),
        4000,
        4000,
        imageops::FilterType::Triangle,
    );
    let mut bytes = Cursor::new(Vec::new());
    large.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let reduced = decode(&bytes.into_inner()).unwrap();
    assert_eq!((reduced.width(), reduced.height()), (2048, 2048));
    let whole = RgbaImage::new(4000, 4000, large.into_raw()).unwrap();
    let [reduced, whole] = [reduced, whole].map(|picture| match preprocess(&picture) {
        Preprocessed::Garment { image, .. } => image,
        Preprocessed::Blank => panic!("not blank"),
    });
    let distance = difference(&reduced, &whole);
    assert!(distance < 1.0, "{distance}");
}

#[test]
fn changed_bytes_are_read_or_refused_without_a_fault() {
    let mut random = StdRng::seed_from_u64(18);
    for name in [
        "shirt.png",
        "shirt.jpg",
        "shirt-cmyk.jpg",
        "shirt.webp",
        "shirt-animated.gif",
    ] {
        let whole = file(name);
        for _ in 0..300 {
            let mut bytes = whole.clone();
            for _ in 0..random.random_range(1..8) {
                let at = random.random_range(0..bytes.len());
                bytes[at] = random.random();
            }
            let _ = decode(&bytes);
        }
    }
}
