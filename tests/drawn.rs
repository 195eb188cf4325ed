//! The drawn pictures: deterministic, never blank, classes balanced, held-out families held out.
#![cfg(feature = "cli")]

use image::{Rgba, RgbaImage as Sheet, imageops};
use threadcount::label::Label;
use threadcount::train::drawn::garments::families;
use threadcount::train::drawn::{Drawn, FamilySplit, Style, drawn, drawn_as, drawn_of};

const BOTH: [FamilySplit; 2] = [FamilySplit::Training, FamilySplit::Development];

/// Side of a picture on a contact sheet, in pixels.
const CELL: u32 = 84;

/// A picture beside what the networks see of it.
fn cell(drawn: &Drawn) -> Sheet {
    let mut cell = Sheet::from_pixel(2 * CELL + 10, CELL + 6, Rgba([128, 160, 200, 255]));
    let seen = drawn.image.to_rgba();
    for (picture, left) in [(&drawn.picture, 2), (&seen, i64::from(CELL) + 4)] {
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

fn write_sheet(name: &str, rows: &[Vec<Drawn>]) {
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

/// Contact sheets for the eye: one a class, a row a family. `SHEETS` names the folder, `CLASS` one class.
#[test]
#[ignore = "writes pictures to look at"]
fn contact_sheets() {
    let only = std::env::var("CLASS").ok();
    let first: u64 = std::env::var("SEED")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(0);
    for label in Label::all() {
        if only
            .as_ref()
            .is_some_and(|class| *class != label.index().to_string())
        {
            continue;
        }
        let rows: Vec<Vec<Drawn>> = families(label)
            .iter()
            .map(|family| {
                (0..10)
                    .map(|i| drawn_as(family, label, Style::ALL[i as usize % 5], first + i))
                    .collect()
            })
            .collect();
        write_sheet(&format!("class-{}", label.index()), &rows);
        for family in families(label) {
            println!("{label:?} {}: {:?}", family.name, family.split);
        }
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
}
