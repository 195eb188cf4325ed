//! "Look inside" on the built page: the layers of a network on the current drawing, and occlusion maps, which are the
//! native ones, give way to the next stroke and can be read with the keyboard.

use crate::browser::Session;
use crate::design::{assert_fits, faults, framed, widen, within};
use crate::{SHIRT, root};
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;
use threadcount::activation::Layered;
use threadcount::calibration::Calibrated;
use threadcount::card::WeightSet;
use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::dataset::Dataset;
use threadcount::engine::{Arithmetic, Engine};
use threadcount::image::GrayImage;
use threadcount::label::NAMES;
use threadcount::loader;
use threadcount::occlusion::{Occlusion, PLACES};
use threadcount::preprocess::normalize;
use threadcount::report::{read_card, sample_indices};
use threadcount::session::place_line;
use threadcount::squeeze::model_file;

/// What the networks are given of a sample.
fn sample(class: usize) -> GrayImage {
    let test = Dataset::load(None).unwrap().test;
    let index = sample_indices(&test.labels)[class];
    test.images[index].clone()
}

/// The weights file of the set that answers a picture of a kind.
fn file(name: &str, set: WeightSet) -> Vec<u8> {
    let models = root("models");
    let card = read_card(&models, name).unwrap();
    let bytes = std::fs::read(models.join(&card.weights_of(set).file)).unwrap();
    model_file(bytes).unwrap()
}

/// Scroll to a part of the section, and wait until it is complete for the current picture.
async fn complete(session: &Session, id: &str) {
    let scroll = format!("document.getElementById('{id}').scrollIntoView()");
    session.script(&scroll).await;
    let element = if id == "inside" { "layers" } else { id };
    let ready = format!(
        "const found = document.getElementById('{element}').dataset; \
         return found.state === 'ready' && found.input === document.body.dataset.input"
    );
    session
        .wait(&format!("{element} is complete"), &ready)
        .await;
}

async fn choose(session: &Session, id: &str, model: &str) {
    let script = format!(
        "const choice = document.getElementById('{id}'); choice.value = '{model}'; \
         choice.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    );
    session.script(&script).await;
}

/// Name, shape, parameters, multiply-adds and share of the time of each row.
type Rows = Vec<(String, String, String, String, f64)>;

async fn rows(session: &Session) -> Rows {
    let script = "return [...document.querySelectorAll('#layers > li')].map(row => [row.dataset.step, row.dataset.shape, \
                  row.dataset.parameters, row.dataset.macs, Number(row.dataset.share)])";
    serde_json::from_value(session.script(script).await).unwrap()
}

/// A number for what is on the canvas of each row but the last, and whether more than one color is on it.
async fn canvases(session: &Session) -> Vec<(f64, bool)> {
    let script = "return [...document.querySelectorAll('#layers > li canvas:not([hidden])')].map(canvas => { \
                  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; \
                  let sum = 0; const colors = new Set(); \
                  for (let i = 0; i < data.length; i += 4) { sum = (sum * 31 + data[i] + data[i + 2]) % 1e9; \
                  if (data[i + 3]) colors.add(data[i] + 256 * data[i + 2]); } \
                  return [sum, colors.size > 1] })";
    serde_json::from_value(session.script(script).await).unwrap()
}

#[tokio::test]
async fn in_the_browser_every_layer_shows_what_it_makes_of_the_current_drawing() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    let idle = "return document.getElementById('layers').dataset.state";
    assert_eq!(session.script(idle).await, json!("idle"), "nobody sees it");
    for name in catalog::networks() {
        choose(&session, "layers-network", name).await;
        complete(&session, "inside").await;
        let arithmetic = session.arithmetic(name).await;
        let mut engine =
            Engine::from_bytes(&file(name, WeightSet::Drawings), arithmetic, 1).unwrap();
        let steps = engine.activations(&normalize(&sample(0)));
        let found = rows(&session).await;
        assert_eq!(found.len(), steps.len(), "{name}");
        for ((title, shape, parameters, macs, share), step) in found.iter().zip(&steps) {
            assert_eq!(*title, step.name(), "{name}");
            let [c, h, w] = step.shape;
            assert_eq!(*shape, format!("{c}x{h}x{w}"), "{name} {title}");
            assert_eq!(*parameters, step.parameters.to_string());
            assert_eq!(*macs, step.macs.to_string());
            assert!(*share > 0.0 && *share < 1.0, "{name} {title}: {share}");
        }
        let all: f64 = found.iter().map(|(.., share)| share).sum();
        assert!((all - 1.0).abs() < 1e-6, "{name}: {all}");
        let drawn = canvases(&session).await;
        assert_eq!(drawn.len(), steps.len() - 1, "{name}");
        assert!(
            drawn.iter().all(|(_, is_drawn)| *is_drawn),
            "{name}: {drawn:?}"
        );
        // The last row is the answer that stands beneath the swatch.
        let top = "return document.querySelector('#layers [data-top=true] .bar-name').innerText";
        let answer = session.model(name, "prediction").await;
        assert_eq!(session.script(top).await, json!(answer), "{name}");
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_rows_of_another_network_do_not_stay() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    complete(&session, "inside").await;
    assert!(!rows(&session).await.is_empty());
    session.click("#clear").await;
    let blank = "return document.body.dataset.verdict === 'blank'";
    session.wait("a blank cloth", blank).await;
    choose(&session, "layers-network", "baseline").await;
    let network = "return document.getElementById('layers').dataset.network";
    assert_eq!(session.script(network).await, json!("baseline"));
    assert_eq!(rows(&session).await, [], "they are those of pocket");
    let line = "return document.getElementById('layers-line').textContent";
    let said = session.script(line).await;
    assert_eq!(said, json!("Draw a garment, or take a sample."));
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_another_picture_has_other_activations() {
    let session = Session::ready().await;
    session.click("[data-sample='Sandal']").await;
    let input = session.answered(0).await;
    complete(&session, "inside").await;
    let before = canvases(&session).await;
    session.click("[data-sample='Bag']").await;
    session.answered(input).await;
    // Out of view nothing is computed, and nothing of the picture before is shown.
    session.script("window.scrollTo(0, 0)").await;
    let stale = "const input = document.getElementById('layers').dataset.input; \
                 return input === undefined || input === document.body.dataset.input";
    assert_eq!(session.script(stale).await, json!(true));
    complete(&session, "inside").await;
    let after = canvases(&session).await;
    assert_eq!(before.len(), after.len());
    assert!(before.iter().zip(&after).all(|(a, b)| a.0 != b.0));
    session.close().await;
}

/// The map that the native program finds for a picture of the data set.
fn native_map(name: &str, image: &GrayImage, arithmetic: Arithmetic) -> Occlusion {
    let card = read_card(&root("models"), name).unwrap();
    let loaded = loader::load(name, &file(name, WeightSet::Photographs), 1, || arithmetic).unwrap();
    let mut model = Calibrated::new(loaded.classifier, card.temperature);
    let mut map = Occlusion::new(model.predict_proba(&normalize(image)).unwrap());
    while !map.is_complete() {
        model.occlude_next(&mut map, image).unwrap();
    }
    map
}

/// A sentence without its numbers, and they.
fn numbers(line: &str) -> (String, Vec<i64>) {
    let is_digit = |c: char| c.is_ascii_digit();
    let words = line.split(|c| !is_digit(c)).filter(|part| !part.is_empty());
    let numbers = words.map(|digits| digits.parse().unwrap()).collect();
    (line.replace(is_digit, ""), numbers)
}

async fn reading(session: &Session) -> String {
    let text = session
        .script("return document.getElementById('occlusion-reading').textContent")
        .await;
    text.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn in_the_browser_occlusion_maps_are_the_native_ones_and_the_keyboard_reads_them() {
    let session = Session::ready().await;
    let class = NAMES.iter().position(|name| *name == "Ankle boot").unwrap();
    session.click("[data-sample='Ankle boot']").await;
    session.answered(0).await;
    let [left, down, home, end, top] = [Key::Left, Key::Down, Key::Home, Key::End, Key::PageUp]
        .map(|key| char::from(key).to_string());
    for name in ["pocket", "decision-tree", "svm"] {
        choose(&session, "occlusion-model", name).await;
        complete(&session, "occlusion").await;
        let arithmetic = session.arithmetic(name).await;
        let map = native_map(name, &sample(class), arithmetic);
        let canvas = session
            .client
            .find(Locator::Id("occlusion-map"))
            .await
            .unwrap();
        let mut lines = std::collections::BTreeSet::new();
        // From wherever the square is to the upper left corner, and down from there in steps of three.
        canvas.send_keys(&(home.clone() + &top)).await.unwrap();
        for row in (0..28).step_by(3) {
            for column in [0, 27, 26, 25, 20, 14] {
                let keys = match column {
                    0 => home.clone(),
                    27 => end.clone(),
                    26 | 25 => left.clone(),
                    20 => left.repeat(5),
                    _ => left.repeat(6),
                };
                canvas.send_keys(&keys).await.unwrap();
                let found = reading(&session).await;
                let cost = map.cost([row, column]).unwrap();
                let (words, figures) = numbers(&found);
                let (expected, native) = numbers(&place_line(&map, [row, column]));
                assert_eq!(figures[..2], native[..2], "{name}: {found}");
                // Other vectors round otherwise: a point more or less, and about half a point another sentence.
                let at_the_edge = (cost.abs() * 100.0 - 0.5).abs() < 0.1;
                assert!(words == expected || at_the_edge, "{name}: {found}");
                if words == expected {
                    let pairs = figures.iter().zip(&native);
                    assert!(
                        pairs.clone().all(|(a, b)| (a - b).abs() <= 1),
                        "{name} at {row} {column}: {found}, natively {cost}"
                    );
                }
                lines.insert(words);
            }
            canvas.send_keys(&down.repeat(3)).await.unwrap();
        }
        assert!(
            lines.len() > 1 || name == "decision-tree",
            "{name}: {lines:?}"
        );
        let line = session
            .script("return document.getElementById('occlusion-line').textContent")
            .await;
        let said = format!("sure of {}.", map.label().name());
        assert!(line.as_str().unwrap().contains(&said), "{line}");
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_stroke_ends_an_occlusion_map() {
    let session = Session::ready().await;
    session.click("[data-sample='Pullover']").await;
    let input = session.answered(0).await;
    // The most places that were found of each picture. As soon as there are some, a key dabs chalk on the drawing.
    session
        .script(
            "window.most = {}; const map = document.getElementById('occlusion'); const dab = () => \
             document.getElementById('drawing').dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true })); \
             new MutationObserver(() => { const [input, done] = [map.dataset.input, Number(map.dataset.done)]; \
             if (map.dataset.of !== 'baseline' || !input || !done) return; \
             if (!Object.keys(window.most).length) dab(); \
             window.most[input] = Math.max(window.most[input] ?? 0, done); }).observe(map, { attributes: true })",
        )
        .await;
    // It takes the longest.
    choose(&session, "occlusion-model", "baseline").await;
    let scroll = "document.getElementById('occlusion').scrollIntoView()";
    session.script(scroll).await;
    let newer = session.answered(input).await;
    complete(&session, "occlusion").await;
    let most: std::collections::BTreeMap<u64, usize> =
        serde_json::from_value(session.script("return window.most").await).unwrap();
    assert!((1..PLACES).contains(&most[&input]), "{most:?}");
    assert_eq!(most[&newer], PLACES, "{most:?}");
    assert_eq!(most.len(), 2, "{most:?}");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_pointer_reads_the_map_and_axe_finds_nothing_in_it() {
    let session = Session::ready().await;
    session.click("[data-sample='Dress']").await;
    session.answered(0).await;
    complete(&session, "inside").await;
    complete(&session, "occlusion").await;
    let point = "const map = document.getElementById('occlusion-map'), area = map.getBoundingClientRect(); \
                 map.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, \
                 clientX: area.left + area.width * 10.5 / 28, clientY: area.top + area.height * 4.5 / 28 }))";
    session.script(point).await;
    let said = reading(&session).await;
    assert!(said.starts_with("Row 5, column 11: "), "{said}");
    assert_eq!(faults(&session).await, "", "layers and map open");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_layers_and_map_do_not_scroll_sideways() {
    let widths = [1280, 768, 390, 320];
    let session = framed(widths[0]).await;
    for width in widths {
        widen(&session, width).await;
        for id in ["inside", "occlusion"] {
            session
                .script(&within(&format!(
                    "page.getElementById('{id}').scrollIntoView()"
                )))
                .await;
            let element = if id == "inside" { "layers" } else { id };
            let ready =
                format!("return page.getElementById('{element}').dataset.state === 'ready'");
            session.wait(element, &within(&ready)).await;
        }
        assert_fits(&session, width).await;
    }
    session.close().await;
}
