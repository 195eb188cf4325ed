//! How the page looks under the visitor's settings: dark, with forced colors, on a phone, in a frame; axe-core finds
//! nothing serious there, either.

use crate::browser::Session;
use crate::code::show_code;
use crate::design::{faults, framed, within};
use crate::root;
use crate::squeeze::squeezing;
use fantoccini::Locator;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use threadcount::decode::decode;
use threadcount::format::thousands;
use threadcount::report::read_card;

/// Let the browser report a setting of the visitor's; `WebDriver` has no command for it, the browser's own protocol has.
async fn set(session: &Session, feature: &str, value: &str) {
    let id = session.client.session_id().await.unwrap().unwrap();
    let features = json!([{ "name": feature, "value": value }]);
    let body = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
    let body = body.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", session.port)).unwrap();
    let (length, host) = (body.len(), session.port);
    write!(
        stream,
        "POST /session/{id}/goog/cdp/execute HTTP/1.1\r\nhost: 127.0.0.1:{host}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200", "{feature}: {value}");
    let is_set = format!("return matchMedia('({feature}: {value})').matches");
    session.wait(feature, &is_set).await;
}

/// The colors that an element shows.
async fn colors(session: &Session, selector: &str) -> BTreeSet<[u8; 3]> {
    let element = session.client.find(Locator::Css(selector)).await.unwrap();
    let picture = decode(&element.screenshot().await.unwrap()).unwrap();
    let pixels = picture.pixels().chunks_exact(4);
    pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
}

/// Classify 100 images, and wait for the matrix.
async fn evaluate(session: &Session) {
    session
        .script("document.getElementById('evaluation-images').value = '100'")
        .await;
    session.click("#evaluate").await;
    let done = "return document.getElementById('evaluation-result').dataset.done === '100' \
                && !document.getElementById('matrix-pair').hidden";
    session.wait("the matrix", done).await;
}

#[tokio::test]
async fn in_the_browser_axe_finds_nothing_serious_in_the_dark() {
    let session = squeezing().await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    set(&session, "prefers-color-scheme", "dark").await;
    session.click("[data-row='pocket'] button").await;
    assert_eq!(faults(&session).await, "");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_axe_finds_nothing_serious_in_a_frame_a_matrix_or_a_code() {
    let session = Session::with_service_worker("?embed").await;
    let answers =
        "return document.querySelector('[data-model=baseline]')?.dataset.prediction !== undefined";
    session.wait("an answer", answers).await;
    assert_eq!(faults(&session).await, "", "embedded");
    session.close().await;
    let session = squeezing().await;
    evaluate(&session).await;
    session.click("#matrix .right button").await;
    let images = "return document.querySelectorAll('#gallery-images button').length > 0";
    session.wait("images", images).await;
    assert_eq!(faults(&session).await, "", "the matrix");
    show_code(&session, "stitch").await;
    assert_eq!(faults(&session).await, "", "the code");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_forced_colors_leave_cloth_bars_and_marks_visible() {
    let session = squeezing().await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    set(&session, "forced-colors", "active").await;
    for part in ["[data-model=baseline] canvas", "#squeeze-loupe", "#seen"] {
        assert!(colors(&session, part).await.len() > 2, "{part}");
    }
    for mark in ["[data-point=pocket] .square", "[data-point=svm] .square"] {
        assert!(colors(&session, mark).await.len() > 1, "{mark}");
    }
    // Its border, what is done, and what is not.
    let progress = "const bar = document.getElementById('evaluation-progress'); bar.hidden = false; bar.max = 2; bar.value = 1";
    session.script(progress).await;
    assert!(colors(&session, "#evaluation-progress").await.len() > 2);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_table_fits_a_phone_and_its_details_have_the_rest() {
    let session = framed(390).await;
    let table = within(
        "const table = page.getElementById('models'), heads = [...table.querySelectorAll('thead th')]; \
         return [table.parentElement.scrollWidth - table.parentElement.clientWidth, \
         heads.filter(head => head.checkVisibility()).map(head => head.innerText.trim())]",
    );
    assert_eq!(
        session.script(&table).await,
        json!([0, ["model", "accuracy", "file", "time here"]])
    );
    let details = within(
        "page.querySelector('[data-row=pocket] button').click(); \
         return [...page.querySelectorAll('#details-pocket .folded')].map(row => row.innerText.replace('\\n', ' '))",
    );
    let rows = session.script(&details).await;
    let rows: Vec<String> = serde_json::from_value(rows).unwrap();
    let pocket = read_card(&root("models"), "pocket").unwrap();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(
        rows[0].ends_with(&format!("{:.0} %", pocket.drawn_accuracy.unwrap() * 100.0)),
        "{rows:?}"
    );
    assert_eq!(
        rows[1],
        format!("Parameters {}", thousands(pocket.parameters))
    );
    assert!(rows[2].starts_with("Multiply-adds "), "{rows:?}");
    session.close().await;
}
