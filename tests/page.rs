//! The built page in a real browser, through its stable hooks. Needs `dist/`: run `scripts/build` first.

#[path = "page/browser.rs"]
mod browser;
#[path = "page/chart.rs"]
mod chart;
#[path = "page/code.rs"]
mod code;
#[path = "page/design.rs"]
mod design;
#[path = "page/drawing.rs"]
mod drawing;
#[path = "page/example.rs"]
mod example;
#[path = "page/failures.rs"]
mod failures;
#[path = "page/focus.rs"]
mod focus;
#[path = "page/inside.rs"]
mod inside;
#[path = "page/looks.rs"]
mod looks;
#[path = "page/matrix.rs"]
mod matrix;
#[path = "page/modes.rs"]
mod modes;
#[path = "page/squeeze.rs"]
mod squeeze;
#[path = "page/faults.rs"]
mod faults;
#[path = "page/offline.rs"]
mod offline;
#[path = "page/one_file.rs"]
mod one_file;
#[path = "page/security.rs"]
mod security;
#[path = "page/server.rs"]
mod server;
#[path = "page/share.rs"]
mod share;
#[path = "page/steps.rs"]
mod steps;

use browser::Session;
use serde_json::json;
use server::{Replacements, Reply};
use threadcount::calibration::predictions;
use threadcount::card::DrawingWeights;
use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::dataset::Dataset;
use threadcount::engine::Engine;
use threadcount::format::percent;
use threadcount::label::NAMES;
use threadcount::loader;
use threadcount::preprocess::normalize;
use threadcount::report::{read_card, sample_indices};
use threadcount::squeeze::model_file;

/// A closed shirt.
const SHIRT: [(f64, f64); 12] = [
    (0.35, 0.15),
    (0.65, 0.15),
    (0.9, 0.35),
    (0.8, 0.48),
    (0.7, 0.4),
    (0.7, 0.9),
    (0.3, 0.9),
    (0.3, 0.4),
    (0.2, 0.48),
    (0.1, 0.35),
    (0.35, 0.15),
    (0.36, 0.15),
];

fn root(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[tokio::test]
async fn in_the_browser_samples_get_the_answers_of_the_native_models() {
    let session = Session::ready().await;
    let test = Dataset::load(None).unwrap().test;
    // A class under a model's name must be the one that this model's own file gives natively. Some networks compute in
    // integers, so that the loaded model is asked and not the report.
    let mut models = Vec::new();
    for model in catalog::MODELS {
        let bytes = std::fs::read(root("models").join(model.file)).unwrap();
        let bytes = model_file(bytes).unwrap();
        let arithmetic = session.arithmetic(model.name).await;
        let loaded = loader::load(model.name, &bytes, 1, || arithmetic).unwrap();
        models.push((model.name, loaded));
    }
    let mut input = 0;
    for (class, index) in sample_indices(&test.labels).into_iter().enumerate() {
        session
            .click(&format!("[data-sample='{}']", NAMES[class]))
            .await;
        input = session.answered(input).await;
        let features = normalize(&test.images[index]);
        for (name, model) in &mut models {
            let expected = model.classifier.predict_proba(&features).unwrap().label();
            let found = session.model(name, "prediction").await;
            assert_eq!(found, expected.name(), "{name} on test image {index}");
        }
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_table_sorts_opens_and_plots_every_model() {
    let models = catalog::MODELS.len();
    let session = Session::ready().await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    session
        .wait(
            "plot",
            &format!("return document.querySelectorAll('#scatter .square').length === {models}"),
        )
        .await;
    let order = "return [...document.querySelectorAll('#models tbody')].map(row => Number(document.querySelector(`[data-model=${row.dataset.row}]`).dataset.parameters))";
    let mut parameters: Vec<u64> = serde_json::from_value(session.script(order).await).unwrap();
    parameters.sort_unstable();
    session.click("[data-sort='parameters']").await;
    assert_eq!(session.script(order).await, json!(parameters));
    session.click("[data-sort='parameters']").await;
    parameters.reverse();
    assert_eq!(session.script(order).await, json!(parameters));

    let hidden = "return document.getElementById('details-knn').hidden";
    assert_eq!(session.script(hidden).await, json!(true));
    session.click("[data-row='knn'] button").await;
    assert_eq!(session.script(hidden).await, json!(false));
    let bars = "return document.querySelectorAll('#details-knn .bar-line').length";
    assert_eq!(session.script(bars).await, json!(10));
    for model in catalog::networks() {
        let card = read_card(&root("models"), model).unwrap();
        let accuracy = session.model(model, "drawn-accuracy").await;
        assert_eq!(accuracy.parse().ok(), card.drawn_accuracy, "{model}");
        let part = format!(
            "return document.querySelector('#details-{model} [data-part=drawings]').textContent"
        );
        let said = session.script(&part).await.to_string();
        match card.drawings {
            Some(DrawingWeights {
                weights,
                validation,
                ..
            }) => {
                assert!(
                    said.contains(&weights.file) && said.contains(&percent(validation)),
                    "{said}"
                );
            }
            None => assert!(said.contains("the same weights"), "{said}"),
        }
    }
    let said = session
        .script("return document.getElementById('agreement').innerText")
        .await;
    assert!(
        said.as_str()
            .unwrap()
            .contains(&format!("of {models} models say")),
        "{said}"
    );
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_benchmark_stands_on_enough_runs() {
    let session = Session::ready().await;
    session.click("[data-sample='Ankle boot']").await;
    let input = session.answered(0).await;
    session.click("#benchmark").await;
    session
        .wait(
            "the benchmark",
            "return [...document.querySelectorAll('[data-model]')].every(e => Number(e.dataset.latencyRuns) > 3) && document.body.dataset.state === 'ready'",
        )
        .await;
    assert_eq!(
        session.input().await,
        input,
        "measuring is not a new picture"
    );
    for model in catalog::networks() {
        let mut figures = [0.0; 3];
        for (figure, name) in
            figures
                .iter_mut()
                .zip(["latency-ms", "latency-p95-ms", "latency-runs"])
        {
            *figure = session.model(model, name).await.parse().unwrap();
        }
        let [median, p95, runs] = figures;
        assert!(median > 0.0 && p95 >= median, "{model}: {median} {p95}");
        // 200 runs, or three seconds of a slow model; a run may be longer than the median.
        assert!(
            runs >= 200.0 || runs * p95 >= 1500.0,
            "{model}: {runs} runs of {median} ms"
        );
    }
    let sentence = session
        .script("return document.getElementById('comparison').innerText")
        .await;
    let ratio = ["baseline", "lightweight"]
        .map(|name| read_card(&root("models"), name).unwrap().parameters as f64);
    let expected = format!("{:.1} times fewer parameters", ratio[0] / ratio[1]);
    assert!(sentence.as_str().unwrap().contains(&expected), "{sentence}");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_test_images_are_evaluated_with_progress_and_cancel() {
    let session = Session::ready().await;
    let choose = "document.getElementById('evaluation-images').value =";
    session.script(&format!("{choose} '10000'")).await;
    session.click("#evaluate").await;
    session
        .wait(
            "progress",
            "return Number(document.getElementById('evaluation-result').dataset.done) >= 100",
        )
        .await;
    session.click("#evaluation-cancel").await;
    session.wait("rest", "return document.body.dataset.state === 'ready' && !document.getElementById('evaluate').hidden").await;
    session.script(&format!("{choose} '100'")).await;
    session.click("#evaluate").await;
    session
        .wait(
            "100 images",
            "return document.getElementById('evaluation-result').dataset.done === '100'",
        )
        .await;
    assert_evaluated(&session, 100).await;
    session.close().await;
}

/// Every network got as many of the first test images right as natively.
async fn assert_evaluated(session: &Session, images: usize) {
    const BATCH: usize = 100;
    let test = Dataset::load(None).unwrap().test;
    let features: Vec<_> = test.images[..images].iter().map(normalize).collect();
    for name in catalog::networks() {
        // The page computes in integers as a rule, so that the engine is asked and not the report.
        let arithmetic = session.arithmetic(name).await;
        let file = catalog::find(name).unwrap().file;
        let weights = std::fs::read(root(&format!("models/{file}"))).unwrap();
        let weights = model_file(weights).unwrap();
        let mut engine = Engine::from_bytes(&weights, arithmetic, BATCH).unwrap();
        let answers = predictions(&engine.logits_of_many(&features), 1.0);
        let hits = answers
            .iter()
            .zip(&test.labels)
            .filter(|(answer, label)| answer.label() == **label);
        let correct =
            format!("return document.querySelector('[data-evaluated={name}]').dataset.correct");
        assert_eq!(
            session.script(&correct).await,
            json!(hits.count().to_string()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn in_the_browser_an_evaluation_is_shared_with_helpers_where_there_are_cores() {
    let loader = "worker-relaxed_loader.js";
    let program = std::fs::read_to_string(root("dist").join(loader)).unwrap();
    // As on a machine with four cores; the page hears what helpers do.
    let of_four_cores = |helper: &str| {
        let text = format!(
            "Object.defineProperty(navigator, 'hardwareConcurrency', {{ value: 4 }});\n\
             if (self.name === 'helper') {{\
             const channel = new BroadcastChannel('helpers'), post = self.postMessage.bind(self);\
             channel.postMessage('begun');\
             self.postMessage = (message) => {{\
             if (message.Classified) channel.postMessage('classified');\
             if (message.Classified) {{ {helper} }}\
             post(message); }}; }}\n{program}"
        );
        Reply::Bytes(text.into_bytes())
    };
    let replacements = Replacements::from([(loader, of_four_cores(""))]);
    let session = Session::open(1280, 900, replacements).await;
    session.rests().await;
    session
        .script(
            "globalThis.channel = new BroadcastChannel('helpers'); globalThis.heard = { begun: 0, classified: 0 }; \
             channel.onmessage = ({ data }) => heard[data]++; document.getElementById('evaluation-images').value = '1000'",
        )
        .await;
    let helpers = [
        "",
        "setTimeout(() => { throw new Error('lost'); }); return;",
        "message.Classified.answers.pop();",
    ];
    for (round, helper) in helpers.into_iter().enumerate() {
        session.replace(loader, of_four_cores(helper));
        session.script("heard.begun = heard.classified = 0").await;
        session.click("#evaluate").await;
        session
            .wait("two helpers", "return heard.begun === 2")
            .await;
        let done = "return document.body.dataset.state === 'ready' && \
                    document.getElementById('evaluation-result').dataset.done === '1000'";
        session.wait("1,000 images", done).await;
        let heard = session.script("return heard.classified").await;
        let heard = heard.as_u64().unwrap();
        // Whoever loses a block, or lacks a model, gets no other one.
        assert!(if round == 0 { heard > 0 } else { heard <= 2 }, "{heard}");
        assert_evaluated(&session, 1000).await;
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_all_models_together_need_little_memory() {
    const MOST_BYTES: usize = 40_000_000;
    let session = Session::ready().await;
    for model in catalog::MODELS {
        let ready = format!(
            "return document.querySelector('[data-model={}]').dataset.state === 'ready'",
            model.name
        );
        session.wait(model.name, &ready).await;
    }
    for model in catalog::MODELS {
        let bytes = session.model(model.name, "memory-bytes").await;
        let bytes: usize = bytes.parse().unwrap();
        assert!((1..=MOST_BYTES).contains(&bytes), "{}: {bytes}", model.name);
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_page_fits_a_phone_and_asks_no_other_origin() {
    for width in [360, 390, 768, 1280] {
        let session = design::framed(width).await;
        let overflow = design::within(
            "const all = page.documentElement; return all.scrollWidth - all.clientWidth",
        );
        assert_eq!(session.script(&overflow).await, json!(0), "{width} pixels");
        let origins = "return [...new Set(document.getElementById('frame').contentWindow.performance.getEntriesByType('resource')\
                       .map(entry => new URL(entry.name).origin))].join() === location.origin";
        assert_eq!(session.script(origins).await, json!(true), "{width} pixels");
        session.close().await;
    }
}

#[tokio::test]
async fn in_the_browser_engine_and_burn_give_the_same_answers() {
    let session = Session::ready().await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    let path = "return document.getElementById('engine-path').innerText";
    let text = session.script(path).await;
    // Chromium has relaxed SIMD since version 114.
    assert!(text.as_str().unwrap().contains("relaxed SIMD"), "{text}");
    let answers = async || {
        let mut answers = Vec::new();
        for model in catalog::networks() {
            let confidence: f64 = session.model(model, "confidence").await.parse().unwrap();
            answers.push((session.model(model, "prediction").await, confidence));
        }
        answers
    };
    let ours = answers().await;
    session
        .script(
            "const choice = document.getElementById('engine'); choice.value = 'burn'; \
             choice.dispatchEvent(new Event('change'));",
        )
        .await;
    session
        .wait(
            "answers by Burn",
            "return document.getElementById('engine-path').innerText.includes('Burn') \
             && [...document.querySelectorAll('[data-model]')].every(m => m.dataset.input > 0)",
        )
        .await;
    // What has no layers has one implementation, which the program with Burn uses too.
    for (model, program) in [
        ("baseline", "Burn (ndarray); "),
        ("mlp", "Burn (ndarray); "),
        ("knn", "scalar; "),
    ] {
        let computed = format!(
            "return document.querySelector('[data-row={model}] [data-part=arithmetic]').textContent"
        );
        let text = session.script(&computed).await;
        assert!(
            text.as_str().unwrap().starts_with(program),
            "{model}: {text}"
        );
    }
    let pairs = ours.iter().zip(answers().await);
    for (model, ((ours, a), (burns, b))) in catalog::networks().zip(pairs) {
        assert_eq!(*ours, burns, "{model}");
        let card = read_card(&root("models"), model).unwrap();
        let has_integers = card.integer_accuracy.is_some();
        let tolerance = if has_integers { 0.05 } else { 1e-3 };
        let difference = (a - b).abs();
        assert!(
            difference < tolerance,
            "{model}: {a} by the engine, {b} by Burn"
        );
    }
    session.close().await;
}
