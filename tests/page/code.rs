//! QR codes on the built page: the network in one comes back from a picture and from a link, and a screenshot of the
//! page holds the released network.

use crate::browser::Session;
use crate::root;
use crate::squeeze::{LET_GO, scored, squeezing, turn};
use fantoccini::key::Key;
use serde_json::json;
use threadcount::catalog;
use threadcount::classifier::Classifier;
use threadcount::dataset::Dataset;
use threadcount::decode::decode;
use threadcount::engine::Arithmetic;
use threadcount::loader;
use threadcount::preprocess::normalize;
use threadcount::qr;
use threadcount::squeeze::model_file;

/// Show the code of a network as it is squeezed at first.
pub async fn show_code(session: &Session, network: &str) {
    turn(session, "squeeze-network", network, &["change"]).await;
    let has_code = "return !document.getElementById('squeeze-code').disabled";
    session.wait("a code", has_code).await;
    scored(session).await;
    session.click("#squeeze-code").await;
    let is_open = "return document.getElementById('code').open";
    session.wait("the dialog", is_open).await;
}

#[tokio::test]
async fn in_the_browser_a_screenshot_of_a_code_holds_the_released_network() {
    let session = squeezing().await;
    show_code(&session, "stitch").await;
    let screenshot = session.client.screenshot().await.unwrap();
    session.close().await;
    let found = qr::read(&decode(&screenshot).unwrap()).unwrap().unwrap();
    let released =
        std::fs::read(root("models").join(catalog::find("stitch").unwrap().file)).unwrap();
    let test = Dataset::load(None).unwrap().test;
    let features: Vec<_> = test.images[..200].iter().map(normalize).collect();
    let [found, released] = [found, released].map(|bytes| {
        let mut network = loader::load("stitch", &model_file(bytes).unwrap(), 1, || {
            Arithmetic::Quantized
        })
        .unwrap();
        features
            .iter()
            .map(|image| network.classifier.predict_proba(image).unwrap())
            .collect::<Vec<_>>()
    });
    assert_eq!(found, released);
}

#[tokio::test]
async fn in_the_browser_a_code_that_is_dropped_back_is_the_network_that_it_was_drawn_of() {
    let session = squeezing().await;
    let keep = "const make = URL.createObjectURL; URL.createObjectURL = blob => { window.saved = blob; return make(blob); }; \
                document.addEventListener('click', e => { if (e.target.download) e.preventDefault(); }, true)";
    session.script(keep).await;
    let disabled = "return document.getElementById('squeeze-code').disabled";
    assert_eq!(
        session.script(disabled).await,
        json!(true),
        "24 kB are too many"
    );
    show_code(&session, "tiny-2k").await;
    let answers = "return [...'bits cut squeezedBytes squeezedPrediction'.split(' ')].map(name => \
                   document.querySelector('[data-model=tiny-2k]').dataset[name]).join()";
    let of_network = session.script(answers).await;
    session.click("#code-save").await;
    session
        .wait("the picture", "return window.saved !== undefined")
        .await;
    let address = "document.getElementById('code-link').click(); return location.hash";
    let address = session.script(address).await;
    assert!(address.as_str().unwrap().starts_with("#qr."), "{address}");
    session
        .client
        .active_element()
        .await
        .unwrap()
        .send_keys(&char::from(Key::Escape).to_string())
        .await
        .unwrap();
    session
        .wait("no dialog", "return !document.getElementById('code').open")
        .await;

    for (what, script) in [
        (
            "a picture",
            "const data = new DataTransfer(); data.items.add(new File([window.saved], 'code.png', { type: 'image/png' })); \
             document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))"
                .to_owned(),
        ),
        ("a link", format!("location.hash = ''; location.hash = {address}")),
    ] {
        turn(&session, "squeeze-network", "pocket", &LET_GO).await;
        session.wait("another", "return document.getElementById('squeeze-code').disabled").await;
        session.script(&script).await;
        let is_back = format!("return document.getElementById('squeeze-network').value === 'tiny-2k' && \
                               (() => {{ {answers} }})() === {of_network}");
        session.wait(what, &is_back).await;
    }
    session.script("location.hash = 'qr.VEhSRAI'").await;
    session.message("holds no network").await;
    session.script("location.hash = 'qr.A'").await;
    session.message("could not be followed").await;
    session.close().await;
}
