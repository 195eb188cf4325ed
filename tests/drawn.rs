//! The drawn pictures: deterministic, never blank, classes balanced, held-out families held out.
#![cfg(feature = "cli")]

use image::{Rgba, RgbaImage as Sheet, imageops};
use threadcount::image::{GrayImage, RgbaImage};
use threadcount::label::{CLASSES, Label};
use threadcount::train::drawn::garments::families;
use threadcount::train::drawn::{
    FamilySplit, Style, drawn, drawn_as, drawn_from, drawn_of, non_garment, non_garment_as,
    non_garments,
};

const BOTH: [FamilySplit; 2] = [FamilySplit::Training, FamilySplit::Development];

/// Side of a picture on a contact sheet, in pixels.
const CELL: u32 = 84;

/// A picture, and the same as the networks see it.
type Both = (RgbaImage, GrayImage);

/// A picture beside what the networks see of it.
fn cell((given, image): &Both) -> Sheet {
    let mut cell = Sheet::from_pixel(2 * CELL + 10, CELL + 6, Rgba([128, 160, 200, 255]));
    let seen = image.to_rgba();
    for (picture, left) in [(given, 2), (&seen, i64::from(CELL) + 4)] {
        let (width, height) = (picture.width() as u32, picture.height() as u32);
        let scale = f64::from(CELL) / f64::from(width.max(height));
        let size = |v: u32| ((f64::from(v) * scale) as u32).max(1);
        let whole = Sheet::from_raw(width, height, picture.pixels().to_vec()).expect("its size");
        let filter = if scale > 1.0 {
            imageops::FilterType::Nearest
        } else {
            imageops::FilterType::Triangle
        };
        let small = imageops::resize(&whole, size(width), size(height), filter);
        let mut white = Sheet::from_pixel(small.width(), small.height(), Rgba([255; 4]));
        imageops::overlay(&mut white, &small, 0, 0);
        imageops::overlay(&mut cell, &white, left, 3);
    }
    cell
}

fn write_sheet(name: &str, rows: &[Vec<Both>]) {
    let folder = std::env::var("SHEETS").unwrap_or_else(|_| env!("CARGO_TARGET_TMPDIR").into());
    let cells: Vec<Vec<Sheet>> = rows
        .iter()
        .map(|row| row.iter().map(cell).collect())
        .collect();
    let (w, h) = (cells[0][0].width(), cells[0][0].height());
    let columns = cells.iter().map(Vec::len).max().unwrap_or(0) as u32;
    let mut sheet = Sheet::new(w * columns, h * cells.len() as u32);
    for (y, row) in cells.iter().enumerate() {
        for (x, cell) in row.iter().enumerate() {
            let at = (x as i64 * i64::from(w), y as i64 * i64::from(h));
            imageops::overlay(&mut sheet, cell, at.0, at.1);
        }
    }
    sheet
        .save(format!("{folder}/{name}.png"))
        .expect("a folder to write to");
}

/// A photograph-like picture: a light shirt with a darker stripe.
fn photograph() -> GrayImage {
    let mut image = GrayImage::black();
    for (i, v) in image.pixels_mut().iter_mut().enumerate() {
        let (x, y) = (i % 28, i / 28);
        if (8..20).contains(&x) && y > 1 || (3..25).contains(&x) && (2..9).contains(&y) {
            *v = if (14..17).contains(&y) { 90 } else { 200 };
        }
    }
    image
}

/// Contact sheets for the eye: one a class, a row a family. `SHEETS` names the folder, `SEED` the first seed.
#[test]
#[ignore = "writes pictures to look at"]
fn contact_sheets() {
    let first: u64 = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(0);
    let style = |i: u64| Style::ALL[i as usize % 5];
    for label in Label::all() {
        let rows: Vec<Vec<Both>> = (0..)
            .zip(families(label))
            .map(|(row, family): (u64, _)| {
                let at = |i| drawn_as(family, label, style(i), first + 97 * row + i);
                (0..10).map(at).map(|d| (d.picture, d.image)).collect()
            })
            .collect();
        write_sheet(&format!("class-{}", label.index()), &rows);
    }
    let rows: Vec<Vec<Both>> = (0..)
        .zip(non_garments::families())
        .map(|(row, family): (u64, _)| {
            let at = |i| non_garment_as(family, style(i), first + 97 * row + i);
            (0..10).map(at).map(|d| (d.picture, d.image)).collect()
        })
        .collect();
    write_sheet("non-garments", &rows);
    for split in BOTH {
        let rows: Vec<Vec<Both>> = (0..12)
            .map(|row| {
                let at = |i| drawn(split, first + 10 * row + i);
                (0..10).map(at).map(|d| (d.picture, d.image)).collect()
            })
            .collect();
        write_sheet(&format!("any-{split:?}"), &rows);
    }
}

#[test]
fn a_seed_gives_one_picture() {
    for split in BOTH {
        for seed in 0..40 {
            let (a, b) = (drawn(split, seed), drawn(split, seed));
            assert_eq!((a.label, a.family, a.style), (b.label, b.family, b.style));
            assert!(a.picture == b.picture && a.image == b.image, "seed {seed}");
            assert_eq!(drawn_of(split, a.label, seed).family, a.family);
        }
        assert!(drawn(split, 1).picture != drawn(split, 2).picture);
    }
}

#[test]
fn held_out_families_are_never_drawn_for_training() {
    for split in BOTH {
        for seed in 0..2_000 {
            let drawn = drawn(split, seed);
            let family = families(drawn.label)
                .iter()
                .find(|family| family.name == drawn.family);
            assert_eq!(family.expect("a family of its class").split, split);
        }
    }
}

#[test]
fn every_family_gives_pictures_in_every_style() {
    for label in Label::all() {
        for family in families(label) {
            for (seed, style) in (0..).zip(Style::ALL.into_iter().cycle().take(25)) {
                let drawn = drawn_as(family, label, style, seed);
                let lit = drawn.image.pixels().iter().filter(|v| **v > 40).count();
                assert!(lit > 20, "{} in {style:?}, seed {seed}: {lit}", family.name);
            }
        }
    }
    for family in non_garments::families() {
        for (seed, style) in (0..).zip(Style::ALL.into_iter().cycle().take(25)) {
            let other = non_garment_as(family, style, seed);
            let lit = other.image.pixels().iter().filter(|v| **v > 40).count();
            assert!(lit > 5, "{} in {style:?}, seed {seed}: {lit}", family.name);
        }
    }
}

#[test]
fn all_classes_are_equally_frequent() {
    let mut counts = [0; CLASSES];
    for seed in 0..3_000 {
        counts[drawn(FamilySplit::Training, seed).label.index()] += 1;
    }
    // Each count is binomial with mean 300 and standard deviation 16.4; five of them are 82.
    assert!(
        counts.iter().all(|n: &i32| (n - 300).abs() < 82),
        "{counts:?}"
    );
}

#[test]
fn every_class_has_six_families_to_train_on_and_one_held_out() {
    for label in Label::all() {
        let count = |split| families(label).iter().filter(|f| f.split == split).count();
        assert!(count(FamilySplit::Training) >= 6, "{label:?}");
        assert!(count(FamilySplit::Development) >= 1, "{label:?}");
    }
}

#[test]
fn other_things_are_drawn_too() {
    for split in BOTH {
        for seed in 0..300 {
            let other = non_garment(split, seed);
            let family = non_garments::families().find(|f| f.name == other.family);
            assert_eq!(family.expect("a family").split, split);
            assert!(other.image.pixels().iter().any(|v| *v > 40), "seed {seed}");
            assert_eq!(non_garment(split, seed).picture, other.picture);
        }
    }
}

#[test]
fn a_photograph_becomes_drawings_of_several_kinds() {
    let (photograph, label) = (photograph(), Label::new(0).expect("below ten"));
    let turned: Vec<_> = (0..60)
        .map(|seed| drawn_from(&photograph, label, seed))
        .collect();
    for drawn in &turned {
        assert_eq!(drawn.label, label);
        assert!(drawn.image.pixels().iter().filter(|v| **v > 20).count() > 60);
    }
    for style in [Style::Line, Style::Silhouette, Style::Color, Style::Icon] {
        assert!(turned.iter().any(|drawn| drawn.style == style), "{style:?}");
    }
    assert_eq!(turned[3].image, drawn_from(&photograph, label, 3).image);
}
