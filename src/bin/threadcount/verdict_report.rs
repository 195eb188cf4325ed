//! What `results/drawn.json` holds of the page: its verdicts on pictures and photographs, by the networks' answers.

use crate::pictures::{DevelopmentPicture, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use threadcount::card::{Card, WeightSet};
use threadcount::familiarity::Familiarity;
use threadcount::label::{CLASSES, Label};
use threadcount::prediction::{Prediction, Verdict};

/// What a network says of a picture: its answer, and its log-odds that it shows clothing; none of a blank picture.
pub type Judged = Option<(Prediction, Option<f32>)>;

/// sha256 of the weights that answer drawings.
fn drawing_sum(card: &Card) -> String {
    card.weights_of(WeightSet::Drawings).sha256.clone()
}

/// What the page says of pictures and photographs, by the networks' answers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct VerdictReport {
    /// The networks that answered.
    pub networks: BTreeMap<String, Judge>,
    /// Of pictures that show none of the ten classes.
    pub none: BTreeMap<Kind, Verdicts>,
    /// Of pictures of the ten classes.
    pub garments: BTreeMap<Kind, Verdicts>,
    /// Pictures of the ten classes that are called clothing while the networks name another class.
    pub misnamed: usize,
    /// Of validation photographs; none when a network was trained on them.
    pub photographs: Option<Photographs>,
}

/// What the page says of the photographs that are answered rightly.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Photographs {
    /// Rightly by the mean probabilities of the networks.
    pub together: Verdicts,
    /// Rightly by each network.
    pub each: BTreeMap<String, Verdicts>,
}

impl Photographs {
    /// Count the verdicts: `answers` has a row for each photograph, with the answer of each network.
    pub fn new(names: &[&str], labels: &[Label], answers: &[Vec<Judged>]) -> Self {
        let count = |said: &dyn Fn(&[Judged]) -> Option<Label>| {
            let pairs = answers.iter().zip(labels);
            let right = pairs.filter(|(answers, label)| said(answers) == Some(**label));
            Verdicts::of(right.map(|(answers, _)| verdict(answers)))
        };
        let by = |(network, name): (usize, &&str)| {
            let said = |answers: &[Judged]| answers[network].map(|(a, _)| a.label());
            ((*name).to_owned(), count(&said))
        };
        Self {
            together: count(&consensus),
            each: names.iter().enumerate().map(by).collect(),
        }
    }
}

/// A network that answered.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Judge {
    /// sha256 of its weights.
    pub weights_sha256: String,
    /// What its logits were divided by.
    pub temperature: f64,
    /// How its answers told clothing from other things.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub familiarity: Option<Familiarity>,
}

impl Judge {
    /// The network of a card.
    pub fn of(card: &Card) -> Self {
        Self {
            weights_sha256: drawing_sum(card),
            temperature: card.temperature_of(WeightSet::Drawings),
            familiarity: card.familiarity_of(WeightSet::Drawings).cloned(),
        }
    }
}

/// How often each verdict was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Verdicts {
    /// The networks agree on a garment.
    pub clothing: usize,
    /// They don't, or are not confident.
    pub unsure: usize,
    /// There is nothing in the picture.
    pub blank: usize,
}

impl Verdicts {
    /// Count the verdicts.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut counts = Self::default();
        for verdict in verdicts {
            *match verdict {
                Verdict::Clothing => &mut counts.clothing,
                Verdict::Unsure => &mut counts.unsure,
                Verdict::Blank => &mut counts.blank,
            } += 1;
        }
        counts
    }

    /// Number of verdicts.
    pub fn total(self) -> usize {
        self.clothing + self.unsure + self.blank
    }

    /// The share that is called clothing, 0 to 1.
    pub fn clothing_share(self) -> f64 {
        self.clothing as f64 / self.total().max(1) as f64
    }

    /// The share that is called unsure, 0 to 1.
    pub fn unsure_share(self) -> f64 {
        self.unsure as f64 / self.total().max(1) as f64
    }

    /// All kinds together.
    pub fn sum(kinds: &BTreeMap<Kind, Self>) -> Self {
        kinds.values().fold(Self::default(), |sum, one| Self {
            clothing: sum.clothing + one.clothing,
            unsure: sum.unsure + one.unsure,
            blank: sum.blank + one.blank,
        })
    }
}

/// What the page says of one picture that every network has answered; blank when there is no answer.
pub fn verdict(answers: &[Judged]) -> Verdict {
    let answers: Option<Vec<_>> = answers.iter().copied().collect();
    answers.map_or(Verdict::Blank, |answers| Verdict::of(&answers))
}

/// The class that has the largest mean probability; none of a blank picture.
pub fn consensus(answers: &[Judged]) -> Option<Label> {
    let mut probabilities = [0.0; CLASSES];
    for answer in answers {
        for (sum, p) in probabilities.iter_mut().zip((*answer)?.0.probabilities) {
            *sum += p;
        }
    }
    let together = Prediction {
        probabilities,
        log_sum_exp: 0.0,
    };
    (!answers.is_empty()).then(|| together.label())
}

impl VerdictReport {
    /// Count the page's verdicts: `answers` has a row for each picture, with the answer of each network.
    pub fn new(
        cards: &[&Card],
        pictures: &[DevelopmentPicture],
        answers: &[Vec<Judged>],
        photographs: Option<Photographs>,
    ) -> Self {
        let pairs: Vec<_> = pictures.iter().zip(answers).collect();
        let count = |is_garment: bool, kind| {
            let is_such =
                |p: &DevelopmentPicture| p.kind == kind && p.label.is_some() == is_garment;
            let such = pairs.iter().filter(|(picture, _)| is_such(picture));
            Verdicts::of(such.map(|(_, answers)| verdict(answers)))
        };
        let kinds = |is_garment| Kind::ALL.map(|kind| (kind, count(is_garment, kind))).into();
        let is_misnamed = |(picture, answers): &&(&DevelopmentPicture, &Vec<_>)| {
            let is_other = picture.label.is_some() && consensus(answers) != picture.label;
            is_other && verdict(answers) == Verdict::Clothing
        };
        let judge = |card: &&Card| (card.name.clone(), Judge::of(card));
        Self {
            networks: cards.iter().map(judge).collect(),
            none: kinds(false),
            garments: kinds(true),
            misnamed: pairs.iter().filter(is_misnamed).count(),
            photographs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::Pictures;
    use crate::pictures::answers::{right, sure};

    /// An answer to a picture that is held for clothing.
    fn known(class: usize) -> (Prediction, Option<f32>) {
        (sure(class), Some(1.0))
    }

    fn card() -> Card {
        crate::released::card("pocket").unwrap()
    }

    #[test]
    fn verdicts_are_counted_over_the_networks() {
        let pictures = Pictures::read(&Pictures::folder()).unwrap().all;
        let twice = |answer: Option<Prediction>| vec![answer.map(|a| (a, Some(1.0))); 2];
        let mut answers: Vec<Vec<_>> = right(&pictures).into_iter().map(twice).collect();
        let others: Vec<usize> = (0..pictures.len())
            .filter(|&i| pictures[i].label.is_none())
            .collect();
        answers[others[0]][1] = Some(known(0));
        answers[others[1]] = vec![None; 2];
        let bag = pictures.iter().position(|p| p.label == Label::new(8));
        answers[bag.unwrap()] = vec![Some(known(5)); 2];
        let report = VerdictReport::new(&[&card()], &pictures, &answers, None);
        let none = Verdicts::sum(&report.none);
        assert_eq!(
            (none.unsure, none.blank, none.total()),
            (1, 1, others.len())
        );
        let garments = Verdicts::sum(&report.garments);
        assert_eq!((garments.clothing, garments.total()), (150, 150));
        assert_eq!(report.misnamed, 1);
        assert_eq!(report.networks["pocket"], Judge::of(&card()));
    }

    #[test]
    fn photographs_are_counted_by_who_answers_rightly() {
        let labels = [0, 1, 2].map(|i| Label::new(i).unwrap());
        // Both are right, the second alone is, neither is.
        let answers =
            [[0, 0], [0, 1], [3, 3]].map(|row| row.map(|class| Some(known(class))).to_vec());
        let found = Photographs::new(&["a", "b"], &labels, &answers);
        let verdicts = |clothing, unsure| Verdicts {
            clothing,
            unsure,
            blank: 0,
        };
        // Of equal sums the first class counts.
        assert_eq!(found.together, verdicts(1, 0));
        assert_eq!(found.each["a"], verdicts(1, 0));
        assert_eq!(found.each["b"], verdicts(1, 1));
    }
}
