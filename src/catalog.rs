//! The one list of models, from which page, worker, command line, comparison, tests and benchmark derive.
//!
//! Adding a model is an architecture of `network/` (a file, its line in `network/mod.rs` and its variants in
//! `network/architecture.rs`) or a file in `classical/` (with its recipe's type in `train/classical/`, and a line for each
//! in the folder's `mod.rs`), `models/recipes/NAME.toml`, and one row of [`catalog!`](crate::catalog!). What the first
//! screen shows is [`BOOK`], and what gives the verdict is `JUDGES`.
//!
//! This file imports nothing: the page knows the facts alone. A program that computes gets what a row names by
//! `architecture` or [`for_classical!`](crate::for_classical!). `loader` makes a model of a name and its file's bytes.

mod types;

#[cfg(feature = "burn")]
pub use types::architecture;

/// What kind of model it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A convolutional network.
    Network,
    /// Anything else.
    Classical,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Network => "network",
            Self::Classical => "classical",
        })
    }
}

/// What the operations of a model are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A multiplication with its addition.
    MultiplyAdd,
    /// A comparison of a pixel with a threshold.
    Comparison,
}

/// What is known of a model before its files are there.
#[derive(Debug)]
pub struct Model {
    /// The name in file names, on the command line and in `data-model`.
    pub name: &'static str,
    /// The name of its weights file: `NAME.safetensors`, or `NAME.thrd` where that holds packed bytes.
    pub file: &'static str,
    /// Network or classical model.
    pub kind: Kind,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Its turn when models are loaded, with gaps for more: networks of the first screen, the ladder, classical models, and
    /// of each the small files before large ones.
    pub loads: u8,
    /// The unit of its operations.
    pub operation: Operation,
    /// What its parameters are.
    pub parameters: &'static str,
}

/// Pass the rows to another macro, in the order of display, after its own arguments in parentheses.
///
/// After the facts of a row stands what computes: a `network::Architecture`, or a type of `classical` with the type of
/// its recipe in `train::classical`.
#[macro_export]
macro_rules! catalog {
    ($($then:ident)::+ $(, $argument:tt)*) => {
        $($then)::+! {
            ($($argument),*)
            "baseline" {
                file: "baseline.thrd",
                kind: Kind::Network,
                title: "three convolutions (CNN-3-128)",
                loads: 5,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Baseline)
            "lightweight" {
                file: "lightweight.thrd",
                kind: Kind::Network,
                title: "depthwise separable convolutions",
                loads: 4,
                operation: Operation::MultiplyAdd,
                parameters: "weights, biases and the numbers of batch norm",
            } = network(Lightweight)
            "compact" {
                file: "compact.thrd",
                kind: Kind::Network,
                title: "residual blocks",
                loads: 3,
                operation: Operation::MultiplyAdd,
                parameters: "weights, biases and the numbers of batch norm",
            } = network(Residual([32, 72]))
            "pocket" {
                file: "pocket.thrd",
                kind: Kind::Network,
                title: "residual blocks with fewer channels",
                loads: 2,
                operation: Operation::MultiplyAdd,
                parameters: "weights, biases and the numbers of batch norm",
            } = network(Residual([24, 32]))
            "stitch" {
                file: "stitch.thrd",
                kind: Kind::Network,
                title: "separable blocks in a QR code",
                loads: 1,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Ladder(Widths::new(16, &[16, 24, 24], &[40, 40])))
            "tiny-20k" {
                file: "tiny-20k.safetensors",
                kind: Kind::Network,
                title: "separable blocks, at most 20,000 parameters",
                loads: 16,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Ladder(Widths::new(32, &[32, 32, 48, 48], &[72, 72])))
            "tiny-10k" {
                file: "tiny-10k.safetensors",
                kind: Kind::Network,
                title: "separable blocks, at most 10,000 parameters",
                loads: 15,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Ladder(Widths::new(24, &[24, 24, 36], &[52, 52])))
            "tiny-5k" {
                file: "tiny-5k.safetensors",
                kind: Kind::Network,
                title: "separable blocks, at most 5,000 parameters",
                loads: 14,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Ladder(Widths::new(18, &[18, 18, 26], &[35, 35])))
            "tiny-2k" {
                file: "tiny-2k.safetensors",
                kind: Kind::Network,
                title: "separable blocks, at most 2,000 parameters",
                loads: 13,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Ladder(Widths::new(13, &[13, 22], &[26])))
            "tiny-1k" {
                file: "tiny-1k.safetensors",
                kind: Kind::Network,
                title: "separable blocks, at most 1,000 parameters",
                loads: 12,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Ladder(Widths::new(11, &[15], &[17])))
            "tiny-500" {
                file: "tiny-500.safetensors",
                kind: Kind::Network,
                title: "separable blocks, at most 500 parameters",
                loads: 11,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Ladder(Widths::new(7, &[9], &[10])))
            "mlp" {
                file: "mlp.safetensors",
                kind: Kind::Classical,
                title: "multi-layer perceptron",
                loads: 90,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(Mlp)
            "svm" {
                file: "svm.safetensors",
                kind: Kind::Classical,
                title: "support vector machine",
                loads: 120,
                operation: Operation::MultiplyAdd,
                parameters: "the coordinates of the support vectors, nine weights and a label for each, \
                             a bias for each pair of classes, and the projection",
            } = classical(svm::Svm, svm::Recipe)
            "random-forest" {
                file: "random-forest.safetensors",
                kind: Kind::Classical,
                title: "random forest",
                loads: 100,
                operation: Operation::Comparison,
                parameters: "two for each split (pixel and threshold) and ten for each leaf (class weights); \
                             the file stores equal leaves only once",
            } = classical(trees::RandomForest, trees::ForestRecipe)
            "knn" {
                file: "knn.safetensors",
                kind: Kind::Classical,
                title: "k nearest neighbors",
                loads: 110,
                operation: Operation::MultiplyAdd,
                parameters: "the coordinates and labels of the stored images, and the projection",
            } = classical(k_nearest_neighbors::KNearestNeighbors, k_nearest_neighbors::Recipe)
            "logistic-regression" {
                file: "logistic-regression.safetensors",
                kind: Kind::Classical,
                title: "logistic regression",
                loads: 60,
                operation: Operation::MultiplyAdd,
                parameters: "weights and biases",
            } = network(LogisticRegression)
            "decision-tree" {
                file: "decision-tree.safetensors",
                kind: Kind::Classical,
                title: "decision tree",
                loads: 80,
                operation: Operation::Comparison,
                parameters: "two for each split (pixel and threshold) and ten for each leaf (class weights); \
                             the file stores equal leaves only once",
            } = classical(trees::DecisionTree, trees::TreeRecipe)
            "naive-bayes-lda" {
                file: "naive-bayes-lda.safetensors",
                kind: Kind::Classical,
                title: "naive Bayes on discriminants",
                loads: 50,
                operation: Operation::MultiplyAdd,
                parameters: "a mean and a deviation for each class and discriminant, and the projection",
            } = classical(gaussian_nb::GaussianNb, gaussian_nb::DiscriminantRecipe)
            "naive-bayes" {
                file: "naive-bayes.safetensors",
                kind: Kind::Classical,
                title: "naive Bayes on pixels",
                loads: 70,
                operation: Operation::MultiplyAdd,
                parameters: "a mean and a deviation for each class and pixel",
            } = classical(gaussian_nb::GaussianNb, gaussian_nb::PixelRecipe)
        }
    };
}

macro_rules! facts {
    (() $($name:literal { $($facts:tt)* } = $implementation:ident $types:tt)*) => {
        /// Every model, in the order of display.
        pub const MODELS: &[Model] = &[$(Model { name: $name, $($facts)* }),*];
    };
}
catalog!(facts);

/// The model of a name.
pub fn find(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}

/// The models of a kind, in the order of display.
pub fn of_kind(kind: Kind) -> impl Iterator<Item = &'static Model> {
    MODELS.iter().filter(move |model| model.kind == kind)
}

/// Networks first, then the classical models, large files before small ones: as the page shows them.
pub fn in_page_order() -> Vec<&'static Model> {
    let mut classical: Vec<_> = of_kind(Kind::Classical).collect();
    classical.sort_by_key(|model| std::cmp::Reverse(model.loads));
    of_kind(Kind::Network).chain(classical).collect()
}

/// The names of the networks, in the order of display.
pub fn networks() -> impl Iterator<Item = &'static str> {
    of_kind(Kind::Network).map(|model| model.name)
}

/// Whether a name is that of a network.
pub fn is_network(name: &str) -> bool {
    find(name).is_some_and(|model| model.kind == Kind::Network)
}

/// What a model computes in, unless its layers compute in integers.
pub fn computed_in(name: &str) -> &'static str {
    match name {
        "decision-tree" | "random-forest" => {
            "comparisons of pixels with thresholds; class weights in single precision"
        }
        "knn" => "distances in integers, the rest in single precision",
        "svm" => "distances in integers, kernel in single precision, sums in double precision",
        _ => "single precision",
    }
}

/// The networks of the page's first screen, as far as there are such models.
pub const BOOK: [&str; 5] = ["baseline", "lightweight", "compact", "pocket", "stitch"];

/// The network that leaves its place there to a smaller one which is squeezed.
pub const LAST_IN_BOOK: &str = BOOK[BOOK.len() - 1];

/// Whether a model is on the page's first screen.
pub fn is_in_book(name: &str) -> bool {
    BOOK.contains(&name)
}

/// A network, and the classical model on whose cloth its own is laid, at the same scale.
pub const PATCH: (&str, &str) = ("pocket", "random-forest");

/// The networks of the first screen that tell clothing from other things: they give the verdict together.
const JUDGES: [&str; 4] = ["baseline", "lightweight", "compact", "pocket"];

/// Whether a model is one of those that give the verdict together.
pub fn is_judge(name: &str) -> bool {
    JUDGES.contains(&name)
}

/// Every model, in the order of loading.
pub fn in_load_order() -> Vec<&'static Model> {
    let mut models: Vec<_> = MODELS.iter().collect();
    models.sort_by_key(|model| model.loads);
    models
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Bytes of all that is fetched for a model's answers: its weights, and those for drawings.
    fn size(model: &Model) -> u64 {
        let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let card = std::fs::read(models.join(format!("{}.json", model.name))).unwrap();
        let card: serde_json::Value = serde_json::from_slice(&card).unwrap();
        let size = |part: &str| card.pointer(part).map(|size| size.as_u64().unwrap());
        let drawings = size("/drawings/weights/size_bytes").unwrap_or_default();
        size("/weights/size_bytes").unwrap() + drawings
    }

    #[test]
    fn names_and_turns_are_unique() {
        let names: BTreeSet<_> = MODELS.iter().map(|model| model.name).collect();
        let turns: BTreeSet<_> = MODELS.iter().map(|model| model.loads).collect();
        assert_eq!([names.len(), turns.len()], [MODELS.len(); 2]);
    }

    #[test]
    fn the_first_screen_loads_first_and_small_files_before_large_ones() {
        for pair in in_load_order().windows(2) {
            let order = |model: &Model| {
                let late = match model.kind {
                    Kind::Classical => 2,
                    Kind::Network if is_in_book(model.name) => 0,
                    Kind::Network => 1,
                };
                (late, size(model))
            };
            let [before, after] = [pair[0], pair[1]].map(order);
            assert!(before <= after, "{} before {}", pair[0].name, pair[1].name);
        }
    }
}
