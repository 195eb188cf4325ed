//! What is said of `results/drawn.json`: in a terminal, in README, and when it is of other weights or pictures.

use crate::corrupted_report::sums;
use crate::drawn_report::{ModelReport, Report};
use crate::familiarity::KEPT;
use crate::pictures::Kind;
use crate::verdict_report::{Judge, VerdictReport, Verdicts};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use threadcount::card::Card;
use threadcount::catalog;
use threadcount::format::{interval, percent};
use threadcount::label::NAMES;

/// A share with one digit: that of 50 pictures has no more.
fn share(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Accuracy, recall per class and kind, and confusions, for a terminal.
pub fn text(report: &ModelReport) -> String {
    let all = &report.all;
    let mut text = format!(
        "{}: {} of {} drawings (95 % interval {})\n{:<12}",
        report.name,
        share(all.accuracy),
        all.pictures,
        interval(report.interval),
        "recall",
    );
    let mut columns: Vec<_> = Kind::ALL
        .iter()
        .map(|kind| (kind.name(), &report.kinds[kind]))
        .collect();
    columns.push(("all", all));
    for (name, _) in &columns {
        text += &format!(" {name:>12}");
    }
    for (class, name) in NAMES.iter().enumerate() {
        text += &format!("\n{name:<12}");
        for (_, column) in &columns {
            text += &format!(" {:>12}", share(column.recall[class]));
        }
    }
    text += &format!("\n{:<12}", "all");
    for (_, column) in &columns {
        text += &format!(" {:>12}", share(column.accuracy));
    }
    text.push('\n');
    for confusion in &report.confusions {
        let kinds = confusion.kinds.iter();
        let kinds: Vec<_> = kinds.map(|(k, n)| format!("{n} {}", k.name())).collect();
        let (label, prediction) = (&confusion.label, &confusion.prediction);
        let pictures = confusion.pictures();
        text += &format!(
            "  {label} as {prediction}: {pictures} ({})\n",
            kinds.join(", ")
        );
    }
    text
}

/// What the page says, for a terminal.
pub fn verdict_text(report: &VerdictReport) -> String {
    let mut text = String::from(
        "verdict of the page by the networks that give it together: clothing, unsure, blank",
    );
    let mut line = |name: &str, verdicts: Verdicts| {
        let Verdicts {
            clothing,
            unsure,
            blank,
        } = verdicts;
        let (of, is) = (
            share(verdicts.unsure_share()),
            share(verdicts.clothing_share()),
        );
        text += &format!(
            "\n{name:<33} {clothing:>5} {unsure:>5} {blank:>5}  clothing {is}, unsure {of}"
        );
    };
    let mut kinds = |what: &str, counts: &BTreeMap<Kind, Verdicts>| {
        for (kind, verdicts) in counts {
            line(&format!("{what}, {}", kind.name()), *verdicts);
        }
        line(&format!("{what}, all"), Verdicts::sum(counts));
    };
    kinds("no clothing", &report.none);
    kinds("garments", &report.garments);
    if let Some(photographs) = &report.photographs {
        line("photographs right together", photographs.together);
        for (name, verdicts) in &photographs.each {
            line(&format!("photographs right by {name}"), *verdicts);
        }
    }
    text += &format!(
        "\ngarments called clothing by another name: {}\n",
        report.misnamed
    );
    text
}

/// What the weights for drawings get right of the held-out drawn garments and of the validation photographs, and in brackets
/// what the weights for photographs get right of those.
fn second_set(card: Option<&Card>) -> [String; 2] {
    let both = card.and_then(|card| Some((card, card.drawings.as_ref()?)));
    let Some((card, drawings)) = both else {
        let photographs = card.map(|card| percent(card.accuracy.validation));
        return [Some("–".to_owned()), photographs].map(Option::unwrap_or_default);
    };
    let photographs = [drawings.validation, card.accuracy.validation].map(percent);
    [
        percent(drawings.drawn_validation),
        format!("{} ({})", photographs[0], photographs[1]),
    ]
}

/// README's table of accuracies by model and kind, and what the page says.
pub fn markdown(report: &Report, cards: &[Card]) -> String {
    let mut table = String::from("| model | all drawings (95 % interval) |");
    for kind in Kind::ALL {
        table += &format!(" {} |", kind.name());
    }
    table += " held-out constructions | validation photographs (by the weights for photographs) | \
              all, by the weights for photographs | all, not preprocessed | all, with neither |\n\
              |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";
    for model in &report.models {
        let all = share(model.all.accuracy);
        write!(
            table,
            "| `{}` | {all} ({}) |",
            model.name,
            interval(model.interval)
        )
        .expect("writing to a string");
        for kind in Kind::ALL {
            table += &format!(" {} |", share(model.kinds[&kind].accuracy));
        }
        let card = cards.iter().find(|card| card.name == model.name);
        let [held_out, photographs] = second_set(card);
        let of_photographs = |accuracy: Option<f64>| {
            let text = accuracy.map(share);
            text.unwrap_or_else(|| String::from("the same"))
        };
        writeln!(
            table,
            " {held_out} | {photographs} | {} | {} | {} |",
            of_photographs(model.by_photograph_weights),
            share(model.without_preprocessing),
            of_photographs(model.without_both),
        )
        .expect("writing to a string");
    }
    if let Some(verdict) = &report.verdict {
        let (none, garments) = (
            Verdicts::sum(&verdict.none),
            Verdicts::sum(&verdict.garments),
        );
        table += &format!(
            "\nOf {} pictures that are none of the ten classes, the page calls {} `unsure`; of the {} garments it calls {} \
             `clothing`, {} of them by another name.",
            none.total(),
            share(none.unsure_share()),
            garments.total(),
            share(garments.clothing_share()),
            verdict.misnamed,
        );
        if let Some(photographs) = &verdict.photographs {
            table += &format!(
                " Of the validation photographs that the networks together answer rightly, {} stay `clothing`.",
                share(photographs.together.clothing_share())
            );
        }
        table.push('\n');
    }
    table
}

/// README's table of what the networks that give the verdict hold for clothing, each by itself.
pub fn familiarity(cards: &[Card]) -> String {
    let mut table = format!(
        "\nWhat each network by itself takes for clothing: the share of the validation photographs and of the held-out drawn \
         garments that it answers rightly, and the share of held-out drawn other things that it refuses. Its threshold is \
         set to keep {} of the photographs. No network was trained on any of these pictures.\n\n\
         | model | trained on other things | photographs kept | drawn garments kept | other things refused |\n\
         |---|---|---:|---:|---:|\n",
        share(KEPT),
    );
    for card in cards.iter().filter(|card| catalog::is_judge(&card.name)) {
        let Some(drawings) = &card.drawings else {
            continue;
        };
        let Some(found) = &drawings.familiarity else {
            continue;
        };
        let is_trained = drawings.training.recipe.others_in_batch() > 0;
        writeln!(
            table,
            "| `{}` | {} | {} | {} | {} |",
            card.name,
            if is_trained { "yes" } else { "no" },
            share(found.photographs),
            share(found.drawings),
            share(found.others),
        )
        .expect("writing to a string");
    }
    table
}

/// What in the report is not of the released weights or of these pictures, a sentence each.
pub fn stale(report: &Report, cards: &[Card], pictures_sha256: &str) -> Vec<String> {
    const FILE: &str = "results/drawn.json";
    const RUN: &str = "run `threadcount evaluate --drawn";
    if report.pictures_sha256 != pictures_sha256 {
        return vec![format!("{FILE} is of other pictures; {RUN}`")];
    }
    let mut found = Vec::new();
    let verdict = report.verdict.as_ref();
    for card in cards {
        let (name, sums) = (&card.name, sums(card));
        let is_of_card = |model: &&ModelReport| model.name == *name && model.weights_sha256 == sums;
        match report.models.iter().find(is_of_card) {
            None => found.push(format!(
                "{FILE} has no figures of the released weights of {name}; {RUN} {name}`"
            )),
            Some(model) if !model.is_on(card) => {
                found.push(format!(
                    "{FILE} and models/{name}.json differ; {RUN} {name}`"
                ));
            }
            Some(_) => {}
        }
        let judge = verdict.and_then(|verdict| verdict.networks.get(name));
        if catalog::is_judge(name) && judge != Some(&Judge::of(card)) {
            found.push(format!(
                "the verdicts in {FILE} are of another {name}; {RUN} {name}`"
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::Pictures;

    fn card() -> Card {
        crate::released::card("pocket").unwrap()
    }

    /// A report in which no model has an answer.
    fn report() -> (Report, Pictures) {
        let set = Pictures::read(&Pictures::folder()).unwrap();
        let answers = vec![None; set.all.len()];
        let rows = vec![vec![None]; set.all.len()];
        let report = Report {
            pictures_sha256: set.sha256.clone(),
            verdict: Some(VerdictReport::new(&[&card()], &set.all, &rows, None)),
            models: vec![ModelReport::new(&card(), &set.all, &answers)],
        };
        (report, set)
    }

    #[test]
    fn the_tables_have_a_row_a_model_and_a_column_a_kind() {
        let (report, _) = report();
        let table = markdown(&report, &[card()]);
        let rows: Vec<_> = table.lines().take_while(|l| l.starts_with('|')).collect();
        assert_eq!(rows.len(), 2 + report.models.len());
        for row in &rows {
            assert_eq!(row.matches('|').count(), 8 + Kind::ALL.len(), "{row}");
        }
        assert!(rows[2].starts_with("| `pocket` | 0.0 % ("), "{}", rows[2]);
        let [held_out, photographs] = second_set(Some(&card()));
        let both = format!("| {held_out} | {photographs} |");
        assert!(rows[2].contains(&both), "{}", rows[2]);
        assert!(markdown(&report, &[]).contains("| – |"));
        assert!(table.contains("Of 78 pictures"), "{table}");
        let text = text(&report.models[0]);
        for class in NAMES {
            assert!(text.contains(&format!("\n{class}")), "{text}");
        }
        assert!(
            text.contains("Coat as blank: 15 (5 colored, 5 silhouette, 5 line)"),
            "{text}"
        );
    }

    #[test]
    fn networks_that_give_the_verdict_have_a_row_each() {
        let mut of_tree = card();
        of_tree.name = String::from("decision-tree");
        let table = familiarity(&[card(), of_tree]);
        let rows: Vec<_> = table.lines().filter(|l| l.starts_with("| `")).collect();
        assert_eq!(rows.len(), 1, "{table}");
        assert!(rows[0].starts_with("| `pocket` | "), "{}", rows[0]);
        assert_eq!(rows[0].matches(" %").count(), 3, "{}", rows[0]);
    }

    #[test]
    fn figures_are_of_the_released_weights_and_of_the_pictures_or_stale() {
        let (report, set) = report();
        let mut card = card();
        card.drawn_accuracy = Some(0.0);
        let stale = |report, card: &Card, sum| stale(report, std::slice::from_ref(card), sum);
        assert_eq!(stale(&report, &card, &set.sha256), [""; 0]);
        assert!(stale(&report, &card, "0")[0].contains("other pictures"));
        card.drawn_accuracy = Some(0.5);
        assert!(stale(&report, &card, &set.sha256)[0].contains("differ"));
        let drawings = card.drawings.as_mut().unwrap();
        drawings.weights.sha256 = String::from("0");
        let found = stale(&report, &card, &set.sha256);
        assert_eq!(found.len(), 2, "{found:?}");
        let mut of_photographs = self::card();
        of_photographs.drawn_accuracy = Some(0.0);
        of_photographs.weights.sha256 = String::from("0");
        let found = stale(&report, &of_photographs, &set.sha256);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
