//! What a batch holds: photographs and drawn pictures in their shares, each photograph once an epoch.

use crate::recipe;
use threadcount::card::Recipe;
use threadcount::dataset::Samples;
use threadcount::image::GrayImage;
use threadcount::label::Label;
use threadcount::network::{Lightweight, device};
use threadcount::train::batch::{Batch, BatchBuilder, DrawnRun, Source};
use threadcount::train::targets::NONE_OF_THESE;
use threadcount::train::teacher::Teacher;
use threadcount::train::views::AugmentedViews;

/// Pictures of one brightness each, from `first` on, all of one class.
fn flat(first: u8, count: u8, label: u8) -> Samples {
    let image = |brightness| {
        let mut image = GrayImage::black();
        image.pixels_mut().fill(brightness);
        image
    };
    Samples {
        images: (first..first + count).map(image).collect(),
        labels: vec![Label::new(label).unwrap(); usize::from(count)],
    }
}

#[test]
fn shares_of_every_batch_are_drawn_and_an_epoch_is_one_pass_over_the_photographs() {
    let (photographs, drawn) = (flat(0, 20, 2), flat(100, 10, 8));
    let others = Samples {
        labels: Vec::new(),
        ..flat(200, 6, 0)
    };
    let recipe = Recipe {
        label_smoothing: 0.1,
        max_shift: 0,
        max_scale: 0.0,
        max_shear: 0.0,
        erase: 0.0,
        drawn_share: 0.25,
        other_share: 0.125,
        distillation_weight: 0.5,
        ..recipe()
    };
    let views = AugmentedViews::new(&photographs, &recipe);
    let mut teacher = Teacher::new(&views);
    device().seed(1);
    teacher.add(&Lightweight::init(&device()), &views);
    let source = |samples, teacher| Source { samples, teacher };
    let builder = |seed| {
        let photographs = source(&photographs, Some(&teacher));
        let drawn = DrawnRun {
            train: source(&drawn, None),
            others: &others,
            validation: &drawn,
        };
        BatchBuilder::new(photographs, Some(drawn), &recipe, seed)
    };
    assert_eq!(builder(1).per_epoch(), 2, "20 photographs, 10 a batch");
    let batches: Vec<Batch> = builder(1).batches_from(0).take(10).collect();
    let brightness = |batch: &Batch| -> Vec<u8> {
        let first = |image: &GrayImage| image.pixels()[0];
        batch.images.iter().map(first).collect()
    };
    let [mut photographs_seen, mut drawn_seen, mut others_seen] = [(); 3].map(|()| Vec::new());
    for batch in &batches {
        assert_eq!((batch.images.len(), batch.targets.len()), (16, 16));
        for (brightness, target) in brightness(batch).into_iter().zip(&batch.targets) {
            // Smoothing leaves 0.91 for the label; the teacher has a part of the photographs' targets alone.
            if brightness < 100 {
                photographs_seen.push(brightness);
                assert!(target[2] < 0.9, "{target:?}");
            } else if brightness < 200 {
                drawn_seen.push(brightness);
                assert!((target[8] - 0.91).abs() < 1e-6, "{target:?}");
            } else {
                others_seen.push(brightness);
                assert_eq!(*target, NONE_OF_THESE);
            }
        }
    }
    for epoch in photographs_seen.chunks_mut(20) {
        epoch.sort_unstable();
        assert!(epoch.iter().copied().eq(0..20), "{epoch:?}");
    }
    assert_eq!(photographs_seen.len(), 100);
    for (mut seen, taken, different) in [(drawn_seen, 40, 10), (others_seen, 20, 6)] {
        assert_eq!(seen.len(), taken);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), different, "all of them are taken");
    }
    let resumed: Vec<Batch> = builder(1).batches_from(7).take(3).collect();
    for (batch, again) in batches[7..].iter().zip(&resumed) {
        assert_eq!(brightness(batch), brightness(again));
        assert_eq!(batch.targets, again.targets);
    }
    let other = builder(2).batches_from(0).next().unwrap();
    assert_ne!(brightness(&other), brightness(&batches[0]));
}
