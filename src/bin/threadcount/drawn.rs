//! `threadcount evaluate --drawn`: how the released models do on drawings, as the page runs them.
//!
//! Nothing here reads a test image. Photographs are the validation images, uploaded like any other picture.

use crate::answers::{Released, garment, uploaded};
use crate::drawn_report::{ModelReport, Report};
use crate::drawn_table;
use crate::files::{Result, read_json, read_json_if_any, result_path, write_json};
use crate::pictures::{DevelopmentPicture, Pictures};
use crate::released::write_card;
use crate::verdict_report::{Judged, Photographs, VerdictReport};
use threadcount::card::{Card, WeightSet};
use threadcount::catalog;
use threadcount::dataset::Dataset;
use threadcount::preprocess::Preprocessed;

/// The report's file in `results/`.
const FILE: &str = "drawn.json";

fn read() -> Result<Report> {
    read_json(&result_path(FILE))
}

/// README's generated part.
pub fn readme(cards: &[Card]) -> Result<String> {
    Ok(drawn_table::markdown(&read()?, cards) + &drawn_table::familiarity(cards))
}

/// What in the report is not of the released weights or of the pictures as they are now, a sentence each.
pub fn stale(cards: &[Card]) -> Result<Vec<String>> {
    let set = Pictures::read(&Pictures::folder())?;
    Ok(drawn_table::stale(&read()?, cards, &set.sha256))
}

/// Let models answer the development pictures; print what they get right, and put it on their cards and in
/// results/drawn.json.
pub fn evaluate(names: &[&'static str], data: &Dataset) -> Result<()> {
    let set = Pictures::read(&Pictures::folder())?;
    let pictures = &set.all;
    let prepared = |how: fn(&DevelopmentPicture) -> Result<Preprocessed>| -> Result<Vec<_>> {
        pictures.iter().map(how).collect()
    };
    let (seen, squashed) = (
        prepared(DevelopmentPicture::upload)?,
        prepared(DevelopmentPicture::squashed)?,
    );
    // Models that are not asked for keep their figures, as long as the pictures are the same.
    let older: Option<Report> = read_json_if_any(&result_path(FILE))?;
    let older = older.filter(|report| report.pictures_sha256 == set.sha256);
    let mut report = older.unwrap_or_default();
    report.pictures_sha256 = set.sha256;
    let order: Vec<_> = catalog::MODELS.iter().map(|model| model.name).collect();
    for name in names {
        let mut model = Released::read(name, WeightSet::Drawings)?;
        let answers = model.answers(&seen)?;
        let mut found = ModelReport::new(&model.card, pictures, &answers);
        let accuracy = |model: &Released, seen: &[Preprocessed]| -> Result<f64> {
            let report = ModelReport::new(&model.card, pictures, &model.answers(seen)?);
            Ok(report.all.accuracy)
        };
        found.without_preprocessing = accuracy(&model, &squashed)?;
        if model.card.drawings.is_some() {
            let other = Released::read(name, WeightSet::Photographs)?;
            found.by_photograph_weights = Some(accuracy(&other, &seen)?);
            found.without_both = Some(accuracy(&other, &squashed)?);
        }
        println!("{}", drawn_table::text(&found));
        if !found.is_on(&model.card) {
            model.card.drawn_accuracy = Some(found.all.accuracy);
            write_card(&model.card)?;
        }
        report.put(found, &order);
    }
    if names.iter().any(|name| catalog::is_judge(name)) {
        let verdict = verdicts(pictures, &seen, data)?;
        println!("{}", drawn_table::verdict_text(&verdict));
        report.verdict = Some(verdict);
    }
    write_json(&result_path(FILE), &report)
}

/// What the page says of the pictures and of validation photographs, by the networks that give its verdict together.
fn verdicts(
    pictures: &[DevelopmentPicture],
    seen: &[Preprocessed],
    data: &Dataset,
) -> Result<VerdictReport> {
    let networks: Vec<_> = catalog::networks()
        .filter(|name| catalog::is_judge(name))
        .map(|name| Released::read(name, WeightSet::Drawings))
        .collect::<Result<_>>()?;
    let is_unseen = |model: &Released| {
        let run = model.card.training.run();
        run.is_some_and(|run| run.images <= data.train.len())
    };
    let photographs = if networks.iter().all(is_unseen) {
        Some(photographs(&networks, data)?)
    } else {
        None
    };
    let cards: Vec<_> = networks.iter().map(|model| &model.card).collect();
    let answers = of_each(&networks, seen)?;
    Ok(VerdictReport::new(&cards, pictures, &answers, photographs))
}

fn photographs(networks: &[Released], data: &Dataset) -> Result<Photographs> {
    let names: Vec<_> = networks.iter().map(|model| &*model.card.name).collect();
    let answers = of_each(networks, &uploaded(&data.validation.images))?;
    Ok(Photographs::new(&names, &data.validation.labels, &answers))
}

/// For each picture the answers of all models.
fn of_each(models: &[Released], pictures: &[Preprocessed]) -> Result<Vec<Vec<Judged>>> {
    let mut rows = vec![Vec::new(); pictures.len()];
    for model in models {
        let familiarity = model.card.familiarity_of(WeightSet::Drawings);
        let answers = model.answers(pictures)?;
        for ((row, answer), picture) in rows.iter_mut().zip(answers).zip(pictures) {
            let judged = garment(picture).zip(answer).map(|(image, answer)| {
                let log_odds = familiarity.map(|f| f.log_odds(&answer, image));
                (answer, log_odds)
            });
            row.push(judged);
        }
    }
    Ok(rows)
}
