//! What preprocessing makes of pictures of known shape, against the pictures in `tests/golden/`.
//!
//! `UPDATE_GOLDEN=1 cargo test --release --test golden` writes them anew; look at them before committing.

#[path = "golden/pictures.rs"]
mod pictures;

use image::imageops::{FilterType, resize};
use image::{GrayImage as Png, ImageReader};
use pictures::{BLACK, WHITE, cases, closed_line, in_shirt, outline, painted, shirt};
use std::path::PathBuf;
use threadcount::dataset::Dataset;
use threadcount::drawing::Drawing;
use threadcount::image::{GrayImage, PIXELS, RgbaImage, SIDE};
use threadcount::preprocess::{Preprocessed, Step, preprocess};
use threadcount::steps::shots;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("{name}.png"))
}

fn seen(name: &str, picture: &RgbaImage) -> (GrayImage, bool) {
    match preprocess(picture) {
        Preprocessed::Garment { image, filled } => (image, filled),
        Preprocessed::Blank => panic!("{name} is not blank"),
    }
}

#[test]
fn pictures_become_their_golden_images() {
    for (name, picture) in cases() {
        let (image, _) = seen(name, &picture);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            Png::from_raw(28, 28, image.pixels().to_vec())
                .unwrap()
                .save(path(name))
                .unwrap();
        }
        let golden = ImageReader::open(path(name))
            .unwrap()
            .decode()
            .unwrap()
            .into_luma8();
        for (i, (found, expected)) in image.pixels().iter().zip(golden.as_raw()).enumerate() {
            let (x, y) = (i % SIDE, i / SIDE);
            assert!(
                found.abs_diff(*expected) <= 1,
                "{name} at ({x}, {y}): {found}, golden {expected}"
            );
        }
    }
}

#[test]
fn polarity_and_place_do_not_matter() {
    let reference = seen("", &shirt((100, 100), [10, 10, 80, 80], BLACK, WHITE)).0;
    for (name, picture) in [
        (
            "inverted",
            shirt((100, 100), [10, 10, 80, 80], WHITE, BLACK),
        ),
        ("moved", shirt((300, 150), [210, 3, 80, 80], BLACK, WHITE)),
        (
            "doubled",
            shirt((400, 400), [99, 30, 160, 160], WHITE, BLACK),
        ),
    ] {
        let image = seen(name, &picture).0;
        let sum: u32 = image
            .pixels()
            .iter()
            .zip(reference.pixels())
            .map(|(a, b)| u32::from(a.abs_diff(*b)))
            .sum();
        assert!(
            sum < 4 * PIXELS as u32,
            "{name}: mean difference {}",
            sum as f32 / PIXELS as f32
        );
    }
}

/// A shirt on a ground, each given by its color at a place of the unit square.
fn shirt_on(
    ground: impl Fn(f64, f64) -> [u8; 3],
    cloth: impl Fn(f64, f64) -> [u8; 3],
) -> RgbaImage {
    const LARGE: usize = 200;
    let mut picture = RgbaImage::filled(LARGE, LARGE, WHITE);
    for y in 0..LARGE {
        for x in 0..LARGE {
            let (u, v) = ((x as f64 + 0.5) / 200.0, (y as f64 + 0.5) / 200.0);
            let (in_x, in_y) = ((u - 0.1) / 0.8, (v - 0.1) / 0.8);
            let is_shirt = (0.0..1.0).contains(&in_x) && in_shirt(in_x, in_y);
            let [r, g, b] = if is_shirt { cloth(u, v) } else { ground(u, v) };
            picture.set(x, y, [r, g, b, 255]);
        }
    }
    picture
}

/// Uneven brightness as of wood: rings of changing width, and grain, between -1 and 1.
fn grain(x: f64, y: f64) -> f64 {
    let noise = ((x * 1271.7 + y * 3117.1).sin() * 43_758.5).fract();
    0.7 * (60.0 * x + 6.0 * (7.0 * y).sin()).sin() + 0.3 * noise
}

#[test]
fn the_garment_is_found_on_any_ground() {
    let plain = |color: [u8; 3]| move |_: f64, _: f64| color;
    let level = |v: f64| v.round().clamp(0.0, 255.0) as u8;
    let shaded = |x: f64, y: f64| [140.0, 170.0, 200.0].map(|v| level(v + 60.0 * (x + y - 1.0)));
    let wood = |x: f64, y: f64| [170.0, 125.0, 80.0].map(|v| level(v + 14.0 * grain(x, y)));
    let reference = seen("", &shirt_on(plain([255; 3]), plain([0; 3]))).0;
    let lit = |image: &GrayImage| image.pixels().map(|v| v > 60);
    for (name, picture) in [
        (
            "pale on white",
            shirt_on(plain([255; 3]), plain([240, 238, 232])),
        ),
        // Both have a brightness of 120.
        (
            "by color alone",
            shirt_on(plain([214, 86, 46]), plain([40, 150, 176])),
        ),
        ("on a shaded ground", shirt_on(shaded, plain([60, 50, 70]))),
        ("on wood", shirt_on(wood, plain([30, 60, 150]))),
    ] {
        let found = lit(&seen(name, &picture).0);
        let differing = (0..PIXELS)
            .filter(|i| found[*i] != lit(&reference)[*i])
            .count();
        assert!(differing < PIXELS / 20, "{name}: {differing} pixels");
    }
}

#[test]
fn a_light_filling_in_a_dark_contour_comes_out_light() {
    let mut drawing = RgbaImage::filled(200, 200, WHITE);
    for y in 20..180 {
        for x in 40..160 {
            let inner = (50..150).contains(&x) && (30..170).contains(&y);
            let line = (95..105).contains(&x) && (60..140).contains(&y);
            let color = if inner && !line {
                [190, 215, 240, 255]
            } else {
                [20, 30, 70, 255]
            };
            drawing.set(x, y, color);
        }
    }
    let (image, filled) = seen("contour", &drawing);
    assert!(filled);
    let at = |x: usize, y: usize| image.pixels()[y * SIDE + x];
    assert!(at(9, 14) > 150, "the filling is {}", at(9, 14));
    assert!(at(13, 14) < at(9, 14) - 40, "the line is {}", at(13, 14));
    assert!(at(4, 14) > 150, "the contour is {}", at(4, 14));
}

#[test]
fn a_handle_drawn_as_a_loop_stays_open() {
    let body = [(40.0, 130.0), (240.0, 130.0), (230.0, 250.0), (50.0, 250.0)];
    let mut drawing = closed_line(&body, 1.0, 4.0);
    let handle = [
        (90.0, 130.0),
        (95.0, 60.0),
        (140.0, 40.0),
        (185.0, 60.0),
        (190.0, 130.0),
    ];
    for pair in handle.windows(2) {
        drawing.stroke(pair[0], pair[1], 4.0, 255);
    }
    let (image, filled) = seen("bag", &drawing.levels().to_rgba());
    assert!(filled);
    let at = |x: usize, y: usize| image.pixels()[y * SIDE + x];
    assert_eq!(at(14, 7), 0, "under the handle");
    assert!(at(14, 20) > 150, "the bag is {}", at(14, 20));
}

#[test]
fn the_longest_side_fills_the_picture_and_the_aspect_is_kept() {
    for (name, long, short) in [("wide", 0, 1), ("tall", 1, 0)] {
        let (image, _) = seen(name, &cases().into_iter().find(|c| c.0 == name).unwrap().1);
        let lit = |axis: usize| {
            let mut spots: Vec<usize> = (0..PIXELS)
                .filter(|i| image.pixels()[*i] > 20)
                .map(|i| if axis == 0 { i % SIDE } else { i / SIDE })
                .collect();
            spots.sort_unstable();
            spots.dedup();
            spots.len()
        };
        assert_eq!(lit(long), SIDE, "{name}");
        assert!(lit(short) <= 2, "{name}");
    }
}

#[test]
fn garments_drawn_with_the_medium_pen_are_filled() {
    let shirt = [
        (80.0, 50.0),
        (200.0, 50.0),
        (250.0, 100.0),
        (220.0, 130.0),
        (195.0, 100.0),
        (195.0, 240.0),
        (85.0, 240.0),
        (85.0, 100.0),
        (60.0, 130.0),
        (30.0, 100.0),
    ];
    let trousers = [
        (90.0, 30.0),
        (190.0, 30.0),
        (205.0, 250.0),
        (160.0, 250.0),
        (140.0, 90.0),
        (120.0, 250.0),
        (75.0, 250.0),
    ];
    let sneaker = [
        (30.0, 120.0),
        (90.0, 110.0),
        (150.0, 160.0),
        (240.0, 180.0),
        (240.0, 210.0),
        (30.0, 210.0),
    ];
    for (name, points, scale) in [
        ("shirt", &shirt[..], 0.7),
        ("trousers", &trousers[..], 1.0),
        ("sneaker", &sneaker[..], 0.7),
    ] {
        let drawing = closed_line(points, scale, 9.0);
        assert!(seen(name, &drawing.levels().to_rgba()).1, "{name}");
    }
}

#[test]
fn a_bag_keeps_the_hole_under_its_handle() {
    let body = [(50.0, 150.0), (230.0, 150.0), (230.0, 240.0), (50.0, 240.0)];
    let mut drawing = closed_line(&body, 1.0, 9.0);
    drawing.fill((140.0, 200.0), 255);
    let handle = [(90.0, 150.0), (100.0, 80.0), (180.0, 80.0), (190.0, 150.0)];
    for pair in handle.windows(2) {
        drawing.stroke(pair[0], pair[1], 9.0, 255);
    }
    assert!(!seen("bag", &drawing.levels().to_rgba()).1);
}

#[test]
fn photos_are_hardly_ever_outlines() {
    const IMAGES: usize = 4000;
    let data = Dataset::load(None).unwrap();
    let filled = data.train.images[..IMAGES].iter().filter(|image| {
        let small = Png::from_raw(SIDE as u32, SIDE as u32, image.pixels().to_vec()).unwrap();
        let side = 4 * SIDE;
        let large = resize(&small, side as u32, side as u32, FilterType::Triangle);
        let rgba = large.pixels().flat_map(|p| [p[0], p[0], p[0], 255]);
        let picture = RgbaImage::new(side, side, rgba.collect()).unwrap();
        matches!(
            preprocess(&picture),
            Preprocessed::Garment { filled: true, .. }
        )
    });
    let filled = filled.count();
    assert!(filled <= IMAGES / 400, "{filled} of {IMAGES}");
}

#[test]
fn an_outline_is_filled_and_its_inner_line_is_darker() {
    let (image, filled) = seen("outline", &outline());
    assert!(filled);
    let at = |x: usize, y: usize| image.pixels()[y * SIDE + x];
    // The shaft spans x 106 to 174 of a garment that is 198 high and 128 wide: columns 5 to 14.
    assert!(at(9, 14) > 150, "inside {}", at(9, 14));
    assert!(
        at(9, 7) < at(9, 14) - 40,
        "the line across the shaft {}",
        at(9, 7)
    );
    assert_eq!(at(25, 3), 0, "outside");
    assert!(!seen("painted", &painted()).1);
}

#[test]
fn the_last_step_shown_is_what_the_models_see() {
    let sample = GrayImage::from_pixels(&[200; PIXELS]).unwrap();
    let mut framed = GrayImage::black();
    framed.pixels_mut()[300..400].copy_from_slice(&sample.pixels()[..100]);
    let pictures = cases().into_iter().map(|(_, picture)| picture);
    for picture in pictures.chain([framed.to_rgba()]) {
        let (prepared, shots) = shots(&picture);
        assert_eq!(prepared, preprocess(&picture));
        let Preprocessed::Garment { image, .. } = prepared else {
            panic!("not blank");
        };
        let last = shots.last().expect("steps");
        assert_eq!(
            (last.step, &last.picture),
            (Step::Centered, &image.to_rgba())
        );
        assert_eq!(shots[0].step, Step::Original);
    }
}

#[test]
fn blank_pictures_are_blank() {
    for picture in [
        Drawing::default().levels().to_rgba(),
        RgbaImage::filled(1, 1, WHITE),
        RgbaImage::filled(50, 3, [120, 130, 140, 255]),
        RgbaImage::filled(28, 28, BLACK),
        RgbaImage::filled(64, 64, [9, 9, 9, 0]),
    ] {
        assert_eq!(preprocess(&picture), Preprocessed::Blank);
    }
}

#[test]
fn a_picture_of_the_data_set_is_taken_as_it_is() {
    let pixels: Vec<u8> = (0..PIXELS)
        .map(|i| {
            if (200..600).contains(&i) {
                (i % 251) as u8
            } else {
                0
            }
        })
        .collect();
    let original = GrayImage::from_pixels(&pixels).unwrap();
    assert_eq!(seen("sample", &original.to_rgba()).0, original);
}
