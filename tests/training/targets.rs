//! What a network is taught to answer: a label, a mixture of two, or what teachers say of the same view.

use crate::{GENERATOR, recipe, some};
use std::sync::PoisonError;
use threadcount::calibration::predictions;
use threadcount::card::Recipe;
use threadcount::dataset::{Dataset, Samples};
use threadcount::image::GrayImage;
use threadcount::label::Label;
use threadcount::network::{Lightweight, device};
use threadcount::train::inference::logits;
use threadcount::train::targets::blend;
use threadcount::train::teacher::Teacher;
use threadcount::train::views::{AugmentedViews, View};

#[test]
fn a_teacher_says_what_its_networks_say_on_average() {
    let _guard = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let data = Dataset::load(None).unwrap();
    let samples = some(&data.train, 3);
    let networks = [3, 4].map(|seed| {
        device().seed(seed);
        Lightweight::init(&device())
    });
    let views = Recipe {
        mixup: 0.5,
        augmented_views: 4,
        ..recipe()
    };
    for recipe in [recipe(), views] {
        let recipe = Recipe {
            distillation_weight: 0.25,
            ..recipe
        };
        let views = AugmentedViews::new(&samples, &recipe);
        let mut teacher = Teacher::new(&views);
        for network in &networks {
            teacher.add(network, &views);
        }
        let bytes = teacher.to_bytes();
        let read = Teacher::from_bytes(&bytes, &views).unwrap();
        assert!(Teacher::from_bytes(&bytes[1..], &views).is_none());
        for image in 0..samples.len() {
            for view in 0..views.views_per_image() {
                let shown = views.shown(view, image);
                let answers = networks.each_ref().map(|network| {
                    let logits = logits(network, std::slice::from_ref(&shown));
                    predictions(&logits, 1.0)[0].probabilities
                });
                for teacher in [&teacher, &read] {
                    let mut target = [0.0; 10];
                    target[4] = 1.0;
                    blend(&mut target, &teacher.target(view, image), 0.25);
                    for class in 0..10 {
                        let said = f32::midpoint(answers[0][class], answers[1][class]);
                        let expected = 0.25 * said + if class == 4 { 0.75 } else { 0.0 };
                        assert!((target[class] - expected).abs() < 1e-5, "{target:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn views_are_the_same_for_every_run_and_come_again() {
    let data = Dataset::load(None).unwrap();
    let samples = some(&data.train, 40);
    let recipe = Recipe {
        label_smoothing: 0.0,
        mixup: 0.5,
        augmented_views: 3,
        ..recipe()
    };
    let views = AugmentedViews::new(&samples, &recipe);
    let mut mixed = 0;
    for image in 0..samples.len() {
        let view = views.get(1, 0, image);
        assert_eq!(view, views.get(2, 3, image));
        assert_ne!(view.image, views.get(1, 1, image).image, "another view");
        assert_eq!(view.image, views.shown(0, image), "a teacher sees the same");
        assert!((view.target.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        mixed += usize::from(view.target[samples.labels[image].index()] < 1.0);
    }
    // Half of 40 are mixed, of which a tenth with their own class.
    assert!((8..=28).contains(&mixed), "{mixed}");
}

#[test]
fn a_mixed_target_has_the_share_of_its_pixels() {
    // One white image among black ones, a class each: brightness tells the share of white.
    let mut white = GrayImage::black();
    white.pixels_mut().fill(255);
    let samples = Samples {
        images: vec![white, GrayImage::black()],
        labels: [3, 7].map(|i| Label::new(i).unwrap()).to_vec(),
    };
    let recipe = Recipe {
        label_smoothing: 0.0,
        max_shift: 0,
        max_scale: 0.0,
        max_shear: 0.0,
        erase: 0.0,
        mixup: 1.0,
        ..recipe()
    };
    let views = AugmentedViews::new(&samples, &recipe);
    let shares: Vec<f32> = (0..100)
        .map(|epoch| {
            let View { image, target, .. } = views.get(1, epoch, 0);
            let brightness = f32::from(image.pixels()[0]) / 255.0;
            assert!((target[3] - brightness).abs() < 0.003, "{target:?}");
            assert!((target[7] - (1.0 - brightness)).abs() < 0.003, "{target:?}");
            target[3]
        })
        .collect();
    assert!(shares.iter().any(|s| *s < 0.3) && shares.contains(&1.0));
}
