//! Files that arrive broken: each is named to the visitor, the rest of the page works on, and what is mended arrives.

use crate::browser::Session;
use crate::server::{Replacements, Reply};
use crate::{SHIRT, root};
use serde_json::{Value, json};
use threadcount::catalog;
use threadcount::dataset::{SOURCE_FILES, sha256};

/// A file that is served in another form, the model that it belongs to, and what the visitor has to read there.
type Fault = (&'static str, &'static str, Reply, &'static str);

fn read(file: &str) -> Vec<u8> {
    std::fs::read(root(file)).unwrap()
}

/// A model's card with some values replaced.
fn card(file: &str, changes: &[(&str, Value)]) -> Reply {
    let mut card: Value = serde_json::from_slice(&read(file)).unwrap();
    for (path, value) in changes {
        *card.pointer_mut(path).unwrap() = value.clone();
    }
    Reply::Bytes(card.to_string().into_bytes())
}

/// Bytes with one of them changed.
fn flipped(mut bytes: Vec<u8>, at: usize) -> Vec<u8> {
    bytes[at] ^= 1;
    bytes
}

fn shortened(bytes: &[u8]) -> Reply {
    Reply::Bytes(bytes[..bytes.len() / 2].to_vec())
}

fn faults() -> Vec<Fault> {
    // A card that fits the damaged weights, so that their sum does not give them away.
    let damaged = flipped(read("models/naive-bayes.safetensors"), 9);
    let deceived = card(
        "models/naive-bayes.json",
        &[("/weights/sha256", json!(sha256(&damaged)))],
    );
    let longer = [read("models/mlp.safetensors"), vec![0]].concat();
    let middle = read("models/compact.thrd").len() / 2;
    let half = read("models/pocket.thrd");
    vec![
        (
            "models/knn.json",
            "knn",
            Reply::Bytes(b"<html>".to_vec()),
            "knn.json is no model's card (line 1, column 1)",
        ),
        (
            "models/svm.json",
            "svm",
            card("models/knn.json", &[]),
            "svm.json cannot be used: it is the card of knn, expected svm",
        ),
        (
            "models/random-forest.json",
            "random-forest",
            card(
                "models/random-forest.json",
                &[("/accuracy/test", json!(1e308))],
            ),
            "test accuracy is 1e308, expected 0 to 1",
        ),
        (
            "models/naive-bayes-lda.json",
            "naive-bayes-lda",
            card(
                "models/naive-bayes-lda.json",
                &[("/temperature", json!(-1.0))],
            ),
            "temperature is -1.0, expected",
        ),
        (
            "models/decision-tree.json",
            "decision-tree",
            Reply::Missing,
            "decision-tree.json could not be loaded (the server answered 404)",
        ),
        (
            "models/baseline.thrd",
            "baseline",
            Reply::Missing,
            "baseline.thrd could not be loaded (the server answered 404)",
        ),
        (
            "models/pocket.thrd",
            "pocket",
            shortened(&half),
            "it is incomplete",
        ),
        (
            "models/compact.thrd",
            "compact",
            Reply::Bytes(flipped(read("models/compact.thrd"), middle)),
            "its card says",
        ),
        (
            "models/mlp.safetensors",
            "mlp",
            Reply::Bytes(longer),
            "mlp.safetensors has more than the expected",
        ),
        (
            "models/naive-bayes.safetensors",
            "naive-bayes",
            Reply::Bytes(damaged),
            "The weights of naive-bayes are damaged",
        ),
        ("models/naive-bayes.json", "naive-bayes", deceived, ""),
    ]
}

/// Wait until an element of a model's says `part`.
async fn says(session: &Session, model: &str, part: &str) {
    let script = format!(
        "return document.querySelector('[data-model={model}]').textContent.includes({})",
        json!(part)
    );
    session.wait(&format!("{model}: {part}"), &script).await;
}

async fn is_in_state(session: &Session, model: &str, state: &str) {
    let script = format!(
        "return document.querySelector('[data-model={model}]').dataset.state === '{state}'"
    );
    session.wait(&format!("{model} {state}"), &script).await;
}

#[tokio::test]
async fn in_the_browser_broken_cards_and_weights_are_each_named_and_arrive_once_mended() {
    let faults = faults();
    let replacements: Replacements = faults
        .iter()
        .map(|(file, _, reply, _)| (*file, reply.clone()))
        .collect();
    let session = Session::open(1280, 900, replacements).await;
    for (_, model, _, part) in &faults {
        says(&session, model, part).await;
        is_in_state(&session, model, "error").await;
    }
    let broken: Vec<_> = faults.iter().map(|(_, model, ..)| *model).collect();
    let whole = || catalog::MODELS.iter().filter(|m| !broken.contains(&m.name));
    assert!(whole().count() >= 2, "some are whole");
    session.message("models could not be loaded").await;
    session.draw(&SHIRT).await;
    for model in whole() {
        let answers = format!(
            "return document.querySelector('[data-model={}]').dataset.input === document.body.dataset.input",
            model.name
        );
        session.wait(model.name, &answers).await;
    }
    assert_eq!(session.model("compact", "prediction").await, "");
    for (file, ..) in &faults {
        session.repair(file);
    }
    session.click("#message-retry").await;
    session.answered(0).await;
    let hidden = "return document.getElementById('message').hidden";
    session.wait("no message", hidden).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_models_of_a_dropped_connection_arrive_when_it_is_back_and_refused_ones_do_not()
 {
    let (dropped, refused) = ("models/lightweight.thrd", "models/svm.safetensors");
    let replacements = Replacements::from([(dropped, Reply::Breaks), (refused, Reply::Missing)]);
    let session = Session::open(1280, 900, replacements).await;
    says(&session, "lightweight", "Check the connection").await;
    is_in_state(&session, "svm", "error").await;
    session.draw(&SHIRT).await;
    session.repair(dropped);
    session.repair(refused);
    session
        .script("window.dispatchEvent(new Event('offline'))")
        .await;
    session.message("You are offline").await;
    session
        .script("window.dispatchEvent(new Event('online'))")
        .await;
    is_in_state(&session, "lightweight", "ready").await;
    // The connection was never what kept this one away, so it waits for the visitor.
    assert_eq!(session.model("svm", "state").await, "error");
    says(&session, "svm", "svm.safetensors").await;
    session.click("[data-model=svm] [data-part=retry]").await;
    session.answered(0).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_broken_test_images_are_named_and_the_evaluation_can_be_repeated() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    let input = session.answered(0).await;
    let [images, labels] = [2, 3].map(|file| SOURCE_FILES[file].name);
    let [images_file, labels_file] = [images, labels].map(|name| &*format!("data/{name}").leak());
    let packed = read(&format!("www/{images_file}"));
    let result = "document.getElementById('evaluation-result')";
    for (file, reply, part) in [
        (images_file, Reply::Missing, "the server answered 404"),
        (images_file, Reply::Breaks, images),
        (images_file, Reply::Bytes(b"<html>".to_vec()), images),
        (images_file, shortened(&packed), images),
        (labels_file, Reply::Bytes(packed.clone()), labels),
        (labels_file, Reply::Missing, labels),
    ] {
        session.replace(file, reply);
        session.click("#evaluate").await;
        session.message(part).await;
        let rests = format!(
            "return !document.getElementById('evaluate').hidden && {result}.textContent.startsWith('Stopped')"
        );
        session.wait("the end of the evaluation", &rests).await;
        assert_eq!(session.input().await, input, "the picture stays");
        session.repair(file);
        session.click("#message-close").await;
    }
    session.click("#evaluate").await;
    let done = format!("return {result}.dataset.done === '100'");
    session.wait("100 images", &done).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_without_simd_the_page_says_so_once_and_keeps_its_figures() {
    let start = std::fs::read_to_string(root("dist/start.js")).unwrap();
    let without = format!("WebAssembly.validate = () => false;\n{start}");
    let replacements = Replacements::from([("start.js", Reply::Bytes(without.into_bytes()))]);
    let session = Session::open(1280, 900, replacements).await;
    assert_eq!(session.body("state").await, "error");
    let said = "return [document.getElementById('verdict').innerText, document.getElementById('message').hidden, \
                /Loading|on its way|no workers/.test(document.body.innerText)]";
    assert_eq!(
        session.script(said).await,
        json!(["Not in this browser.", true, false])
    );
    session.note("WebAssembly SIMD").await;
    let faint = "return [...document.querySelectorAll('#book .cut')].map(cut => getComputedStyle(cut).opacity)";
    assert_eq!(
        session.script(faint).await,
        json!(["0.35", "0.35", "0.35", "0.35", "0.35"])
    );
    let apart = "const [note, scale] = ['#verdict-note', '.ruler'].map(part => document.querySelector(part).getBoundingClientRect()); \
                 return [note.bottom <= scale.top, document.querySelectorAll('#models tbody').length]";
    let models = catalog::MODELS.len();
    assert_eq!(session.script(apart).await, json!([true, models]));
    session.close().await;
}
