//! What `results/drawn.json` holds of the models: how they do on the development pictures.

use crate::corrupted_report::sums;
use crate::pictures::{DevelopmentPicture, Kind};
use crate::verdict_report::VerdictReport;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use threadcount::card::Card;
use threadcount::label::{CLASSES, Label, NAMES};
use threadcount::metrics::wilson_interval;
use threadcount::prediction::Prediction;

/// In a list of answers, a picture that is blank to the models.
const BLANK: char = '-';

/// The report of all models.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Report {
    /// sha256 of the pictures, see [`crate::pictures::Pictures`].
    pub pictures_sha256: String,
    /// What the page says of the pictures, once networks have answered.
    pub verdict: Option<VerdictReport>,
    /// In the order of display.
    pub models: Vec<ModelReport>,
}

/// How one model does.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct ModelReport {
    /// The model's name.
    pub name: String,
    /// sha256 of the weights for photographs and of those for drawings, which answered.
    pub weights_sha256: [String; 2],
    /// Of all pictures of the ten classes.
    #[serde(flatten)]
    pub all: Recognized,
    /// 95 % Wilson interval of the accuracy.
    pub interval: [f64; 2],
    /// Of each kind.
    pub kinds: BTreeMap<Kind, Recognized>,
    /// What was taken for what, most frequent first.
    pub confusions: Vec<Confusion>,
    /// The accuracy of the weights that answer photographs, on the same pictures; none when they are the same weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_photograph_weights: Option<f64>,
    /// The accuracy on the same pictures without preprocessing.
    pub without_preprocessing: f64,
    /// The same of the weights that answer photographs; none when they are the same weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_both: Option<f64>,
    /// The predicted class of each picture in the order of the index, a digit each; `-` for one that is blank.
    pub answers: String,
}

/// Pictures that were recognized.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Recognized {
    /// Number of pictures.
    pub pictures: usize,
    /// Number of them whose most probable class is what they show.
    pub correct: usize,
    /// `correct / pictures`, 0 to 1.
    pub accuracy: f64,
    /// For each class, the share of its pictures that were recognized.
    pub recall: [f64; CLASSES],
}

/// A class that was taken for another.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Confusion {
    /// What is shown.
    pub label: String,
    /// What the model says.
    pub prediction: String,
    /// How many pictures of each kind.
    pub kinds: BTreeMap<Kind, usize>,
}

impl Report {
    /// Put a model's report in, in place of an older one; the order is that of `names`.
    pub fn put(&mut self, report: ModelReport, names: &[&str]) {
        self.models.retain(|other| other.name != report.name);
        self.models.push(report);
        let place = |report: &ModelReport| names.iter().position(|name| *name == report.name);
        self.models.sort_by_key(place);
    }
}

impl ModelReport {
    /// Compare one answer a picture with what the pictures show.
    ///
    /// # Panics
    /// When there are more or fewer answers than pictures.
    pub fn new(
        card: &Card,
        pictures: &[DevelopmentPicture],
        answers: &[Option<Prediction>],
    ) -> Self {
        assert_eq!(pictures.len(), answers.len(), "one answer a picture");
        let named: Vec<_> = answers.iter().map(|a| a.map(|a| a.label())).collect();
        let pairs: Vec<(Kind, Label, Option<Label>)> = pictures
            .iter()
            .zip(&named)
            .filter_map(|(picture, answer)| Some((picture.kind, picture.label?, *answer)))
            .collect();
        let of_kind = |kind| {
            let pairs = pairs.iter().filter(move |pair| pair.0 == kind);
            Recognized::of(pairs.map(|pair| (pair.1, pair.2)))
        };
        let all = Recognized::of(pairs.iter().map(|pair| (pair.1, pair.2)));
        let digit = |label: &Option<Label>| match label {
            Some(label) => char::from(b'0' + u8::from(*label)),
            None => BLANK,
        };
        Self {
            name: card.name.clone(),
            weights_sha256: sums(card),
            interval: wilson_interval(all.correct, all.pictures),
            all,
            kinds: Kind::ALL.map(|kind| (kind, of_kind(kind))).into(),
            confusions: confusions(&pairs),
            by_photograph_weights: None,
            without_preprocessing: 0.0,
            without_both: None,
            answers: named.iter().map(digit).collect(),
        }
    }
}

impl ModelReport {
    /// Whether the accuracy is the one on a card; the last digit may be lost when a file is read.
    pub fn is_on(&self, card: &Card) -> bool {
        let drawn = card.drawn_accuracy;
        drawn.is_some_and(|drawn| (drawn - self.all.accuracy).abs() < 1e-9)
    }
}

impl Recognized {
    /// Compare what is shown with what is said.
    fn of(pairs: impl Iterator<Item = (Label, Option<Label>)>) -> Self {
        let (mut correct, mut total) = ([0_usize; CLASSES], [0_usize; CLASSES]);
        for (label, answer) in pairs {
            total[label.index()] += 1;
            correct[label.index()] += usize::from(answer == Some(label));
        }
        let share = |correct: usize, total: usize| correct as f64 / total.max(1) as f64;
        let (all_correct, pictures) = (correct.iter().sum(), total.iter().sum());
        Self {
            pictures,
            correct: all_correct,
            accuracy: share(all_correct, pictures),
            recall: std::array::from_fn(|i| share(correct[i], total[i])),
        }
    }
}

/// Count the errors by what is shown and what is said, most frequent first.
fn confusions(pairs: &[(Kind, Label, Option<Label>)]) -> Vec<Confusion> {
    let mut counts: BTreeMap<(usize, Option<usize>), BTreeMap<Kind, usize>> = BTreeMap::new();
    for (kind, label, answer) in pairs {
        if *answer != Some(*label) {
            let classes = (label.index(), answer.map(Label::index));
            *counts.entry(classes).or_default().entry(*kind).or_default() += 1;
        }
    }
    let confusion = |((label, answer), kinds): ((usize, Option<usize>), _)| Confusion {
        label: NAMES[label].to_owned(),
        prediction: answer.map_or("blank", |index| NAMES[index]).to_owned(),
        kinds,
    };
    let mut confusions: Vec<_> = counts.into_iter().map(confusion).collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.pictures()));
    confusions
}

impl Confusion {
    /// How many pictures.
    pub fn pictures(&self) -> usize {
        self.kinds.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::Pictures;
    use crate::pictures::answers::{right, sure};

    fn card() -> Card {
        crate::released::card("pocket").unwrap()
    }

    #[test]
    fn accuracy_recall_and_confusions_are_counted_by_kind() {
        let pictures = Pictures::read(&Pictures::folder()).unwrap().all;
        let mut answers = right(&pictures);
        let report = ModelReport::new(&card(), &pictures, &answers);
        assert_eq!((report.all.correct, report.all.pictures), (150, 150));
        assert_eq!(report.confusions, []);
        // Two line drawings of trousers are taken for dresses, a silhouette is blank.
        let trousers = |kind| {
            let is_such = move |p: &&DevelopmentPicture| p.kind == kind && p.label == Label::new(1);
            let places = pictures.iter().enumerate();
            places.filter(move |(_, p)| is_such(p)).map(|(i, _)| i)
        };
        for place in trousers(Kind::Line).take(2) {
            answers[place] = Some(sure(3));
        }
        answers[trousers(Kind::Silhouette).next().unwrap()] = None;
        let report = ModelReport::new(&card(), &pictures, &answers);
        assert_eq!(report.all.correct, 147);
        assert_eq!(report.kinds[&Kind::Colored].accuracy, 1.0);
        assert_eq!(report.kinds[&Kind::Line].correct, 48);
        assert_eq!(report.kinds[&Kind::Line].recall[1], 0.6);
        assert_eq!(report.all.recall[1], 0.8);
        let names: Vec<_> = report
            .confusions
            .iter()
            .map(|c| (&*c.label, &*c.prediction, c.pictures()))
            .collect();
        assert_eq!(names, [("Trouser", "Dress", 2), ("Trouser", "blank", 1)]);
        assert_eq!(report.answers.len(), pictures.len());
        assert_eq!(report.answers.matches(BLANK).count(), 1);
        let json = serde_json::to_string(&report).unwrap();
        let parsed: ModelReport = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (parsed.all.correct, &parsed.confusions),
            (147, &report.confusions)
        );
    }

    #[test]
    fn a_new_report_replaces_the_older_one_and_keeps_the_order() {
        let pictures = Pictures::read(&Pictures::folder()).unwrap().all;
        let model = |name: &str, answers: &[_]| ModelReport {
            name: name.to_owned(),
            ..ModelReport::new(&card(), &pictures, answers)
        };
        let mut report = Report::default();
        let names = ["baseline", "pocket"];
        report.put(model("pocket", &right(&pictures)), &names);
        report.put(model("baseline", &right(&pictures)), &names);
        report.put(model("pocket", &vec![None; pictures.len()]), &names);
        let found: Vec<_> = report
            .models
            .iter()
            .map(|m| (&*m.name, m.all.correct))
            .collect();
        assert_eq!(found, [("baseline", 150), ("pocket", 0)]);
    }
}
