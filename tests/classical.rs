//! The classical models: recorded probabilities, cards, and files that must be refused.
#![cfg(feature = "cli")]

#[path = "parity/classical.rs"]
mod recorded;

use chacha20::ChaCha12Rng;
use rand::{RngExt, SeedableRng};
use recorded::{IMAGES, models};
use std::path::Path;
use threadcount::card::Summary;
use threadcount::catalog::{self, Kind, Model};
use threadcount::classical::ClassicalModel;
use threadcount::classical::svm::Svm;
use threadcount::classical::trees::{DecisionTree, Node, RandomForest};
use threadcount::classifier::Classifier;
use threadcount::dataset::{Samples, sha256};
use threadcount::for_classical;
use threadcount::image::GrayImage;
use threadcount::label::Label;
use threadcount::preprocess::normalize;
use threadcount::report::read_card;
use threadcount::tensor_file::TensorFileBuilder;
use threadcount::train::classical::{Fit, k_nearest_neighbors, svm, trees};

fn path(relative: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

#[test]
fn probabilities_are_the_recorded_ones() {
    let path = path("tests/parity/classical.safetensors");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let file = models().fold(TensorFileBuilder::default(), |file, (name, bytes)| {
            file.tensor(name, &[IMAGES, 10], &recorded::compute(name, bytes))
        });
        std::fs::write(&path, file.to_bytes()).unwrap();
    }
    recorded::assert_recorded(&std::fs::read(path).unwrap());
}

#[test]
fn cards_belong_to_the_files_and_sizes_are_kept() {
    let limits = [
        ("logistic-regression", 40),
        ("decision-tree", 40),
        ("random-forest", 1350),
        ("naive-bayes", 20),
        ("naive-bayes-lda", 20),
        ("mlp", 500),
    ];
    for Model { name, .. } in catalog::of_kind(Kind::Classical) {
        let limit = limits.iter().find(|(limited, _)| limited == name);
        let most_kb = limit.map_or(3000, |(_, most_kb)| *most_kb);
        let card = read_card(&path("models"), name).unwrap();
        let bytes = std::fs::read(path("models").join(&card.weights.file)).unwrap();
        assert_eq!(card.weights.file, format!("{name}.safetensors"));
        let text = std::fs::read(path("models").join(format!("{name}.json"))).unwrap();
        let summary: Summary = serde_json::from_slice(&text).unwrap();
        assert_eq!(summary, card.summary(), "{name}: what the page reads");
        assert_eq!(card.weights.sha256, sha256(&bytes), "{name}");
        assert_eq!(card.weights.size_bytes, bytes.len(), "{name}");
        let mut gzipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut gzipped, &bytes).unwrap();
        let size = gzipped.finish().unwrap().len();
        assert!(size <= most_kb * 1000, "{name}: {size} bytes gzipped");
        for_classical!(*name, M => {
            let model = M::from_bytes(name, &bytes).unwrap();
            assert_eq!(model.parameters(), card.parameters, "{name}");
            assert_eq!(model.to_bytes(name), bytes, "{name} is written as it was read");
        });
    }
}

#[test]
fn a_file_is_refused_under_another_name_or_version() {
    for (name, bytes) in models() {
        for other in catalog::MODELS.iter().filter(|other| other.name != name) {
            for_classical!(other.name, M => {
                let error = M::from_bytes(other.name, bytes).err().unwrap().to_string();
                assert!(error.contains("model"), "{error}");
            });
        }
    }
    let bytes = TensorFileBuilder::default()
        .metadata("model", "svm 1")
        .to_bytes();
    let error = Svm::from_bytes("svm", &bytes).unwrap_err().to_string();
    assert_eq!(error, "the file's model is svm 1, expected svm 2");
}

#[test]
fn trees_that_end_early_or_ask_for_no_pixel_are_refused() {
    let split = |pixel| Node::Split {
        pixel,
        threshold: 9,
    };
    let leaf = Node::Leaf([1; 10]);
    let refused = |nodes: Vec<Node>| {
        RandomForest::new(nodes.into_iter())
            .unwrap_err()
            .to_string()
    };
    assert!(refused(vec![]).contains("ends inside a tree"));
    assert!(refused(vec![split(3), leaf]).contains("ends inside a tree, after 2 nodes"));
    assert!(refused(vec![split(784), leaf, leaf]).contains("784 in node 0, expected below 784"));
    assert!(refused(vec![Node::Leaf([0; 10])]).contains("weighs nothing in kind 0"));
    let two = || [split(3), leaf, split(4), leaf, leaf, leaf].into_iter();
    let error = DecisionTree::new(two()).unwrap_err().to_string();
    assert!(error.contains("has 2 trees, expected 1"), "{error}");
    let trees = RandomForest::new(two()).unwrap();
    assert_eq!((trees.count(), trees.parameters()), (2, 2 * 2 + 4 * 10));
    let features = normalize(&GrayImage::black());
    assert_eq!(trees.operations(&features), 1);
}

#[test]
fn a_tree_whose_leaf_is_of_no_kind_is_refused() {
    let file = |version: u8, kind: u16| {
        TensorFileBuilder::default()
            .metadata("model", &format!("decision-tree {version}"))
            .tensor("pixel", &[1], &[u16::MAX])
            .tensor::<u8>("threshold", &[0], &[])
            .tensor("kind", &[1], &[kind])
            .tensor("leaf", &[1, 10], &[1_u8; 10])
            .to_bytes()
    };
    let read = |bytes: &[u8]| DecisionTree::from_bytes("decision-tree", bytes);
    let refusal = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert_eq!(read(&file(3, 0)).unwrap().parameters(), 10);
    assert!(refusal(&file(3, 1)).contains("kind has 1 in node 0, expected below 1"));
    assert!(refusal(&file(2, 0)).contains("decision-tree 2, expected decision-tree 3"));
}

#[test]
fn trees_with_more_than_a_node_has_room_for_are_refused() {
    let leaf = |number: usize| {
        let [low, high] = [number % 256, number / 256].map(|byte| byte as u8);
        Node::Leaf([1, low, high, 0, 0, 0, 0, 0, 0, 0])
    };
    let kinds = |count: usize| RandomForest::new((0..count).map(leaf));
    assert_eq!(kinds(1 << 16).unwrap().count(), 1 << 16);
    let more = || (0..1 << 16).map(leaf).chain([Node::Leaf([2; 10])]);
    let error = RandomForest::new(more()).unwrap_err().to_string();
    assert!(error.contains("has more than 65536 kinds"), "{error}");

    // Each split has all further ones on its left.
    let chain = |splits: usize| {
        let split = Node::Split {
            pixel: 0,
            threshold: 1,
        };
        let nodes = vec![split; splits].into_iter();
        DecisionTree::new(nodes.chain(vec![leaf(1); splits + 1]))
    };
    let tree = chain(1 << 16).unwrap();
    assert_eq!(tree.operations(&normalize(&GrayImage::black())), 1 << 16);
    let error = chain((1 << 16) + 1).unwrap_err().to_string();
    let expected = "has 65536 splits on the left of node 0, expected at most 65535";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn damaged_files_neither_panic_nor_loop() {
    let mut random = ChaCha12Rng::seed_from_u64(5);
    let features = normalize(&GrayImage::black());
    for (name, bytes) in models() {
        for_classical!(name, M => {
            for _ in 0..40 {
                let mut damaged = bytes.to_vec();
                for _ in 0..random.random_range(1..20) {
                    let place = random.random_range(0..damaged.len());
                    damaged[place] = random.random();
                }
                if random.random() {
                    damaged.truncate(random.random_range(0..damaged.len()));
                }
                if let Ok(mut model) = M::from_bytes(name, &damaged) {
                    // Damage that leaves a readable model may change its answer, not its manners.
                    let _ = model.predict_proba(&features);
                }
            }
            for length in [0, 7, 8, 100, 5000] {
                let noise: Vec<u8> = (0..length).map(|_| random.random()).collect();
                assert!(M::from_bytes(name, &noise).is_err());
            }
        });
    }
}

/// Why the first choice of a recipe cannot be fitted.
fn error<F: Fit>(recipe: &str, samples: &Samples) -> String {
    let recipe: F = toml::from_str(recipe).unwrap();
    recipe.fit(&recipe.choices()[0], samples).err().unwrap()
}

#[test]
fn hyper_parameters_out_of_range_are_refused() {
    let samples = Samples {
        images: (0..20)
            .map(|i| GrayImage::from_pixels(&[i * 9; 784]).unwrap())
            .collect(),
        labels: (0..20).map(|i| Label::new(i % 10).unwrap()).collect(),
    };
    let tree = error::<trees::TreeRecipe>(
        "criterion = [\"gini\"]\nmin_samples_leaf = [0]\nshrinkage = [0.0]",
        &samples,
    );
    assert_eq!(tree, "min_samples_leaf is 0, expected at least 1");
    let knn = "dimensions = [785]\nwhitening = [0.0]\nneighbors = [1]";
    let knn = error::<k_nearest_neighbors::Recipe>(knn, &samples);
    assert_eq!(knn, "dimensions is 785, expected 1 to 784");
    let svm = "dimensions = [4]\ngamma = [1.0]\ncost = [0.0]";
    let svm = error::<svm::Recipe>(svm, &samples);
    assert_eq!(svm, "cost is 0, expected above 0");
}
