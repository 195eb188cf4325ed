//! The squeeze on the built page: the bytes and the accuracy of the native command, the newest stop, the keyboard, the
//! edge, and a file that comes back.

use crate::browser::Session;
use crate::server::{Replacements, Reply};
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;
use std::process::Command;

/// Where the squeezed network's figures are.
const SWATCH: &str = "document.querySelector('[data-model=\"' + document.getElementById('squeeze-network').value + '\"]')";

/// A page whose squeeze is at rest.
pub async fn squeezing() -> Session {
    let session = Session::ready().await;
    scored(&session).await;
    session
}

/// Wait until the present stop was scored on 1,000 images.
pub async fn scored(session: &Session) {
    let scored = "return document.getElementById('squeeze').dataset.images === '1000' && document.body.dataset.state === 'ready'";
    session.wait("1,000 images", scored).await;
}

/// Move a control, and let it go or not.
pub async fn turn(session: &Session, id: &str, value: &str, events: &[&str]) {
    for event in events {
        let script = format!(
            "const dial = document.getElementById('{id}'); dial.value = '{value}'; \
             dial.dispatchEvent(new Event('{event}', {{ bubbles: true }}))"
        );
        session.script(&script).await;
    }
}

/// The events of a control that is moved and let go.
pub const LET_GO: [&str; 2] = ["input", "change"];

async fn data(session: &Session, name: &str) -> String {
    let value = session
        .script(&format!("return {SWATCH}.dataset.{name} ?? ''"))
        .await;
    value.as_str().unwrap().to_owned()
}

/// Bytes and accuracy that the native command prints of a stop, on the 1,000 test images of the page.
fn native(network: &str, bits: u8, prune: &str, per: &str) -> (String, f64) {
    let output = Command::new(env!("CARGO_BIN_EXE_threadcount"))
        .args(["squeeze", network, "--test", "--per", per])
        .args(["--bits", &bits.to_string(), "--prune", prune])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let word = |line: &str| {
        let line = text.lines().find(|l| l.starts_with(line)).unwrap();
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let accuracy: f64 = word("accuracy").parse().unwrap();
    (word("packed").replace(',', ""), accuracy / 100.0)
}

#[tokio::test]
async fn in_the_browser_squeezed_bytes_and_accuracy_are_those_of_the_native_command() {
    let session = squeezing().await;
    for (network, bits, cut, per) in [
        ("pocket", 4, 0, "channel"),
        ("pocket", 3, 0, "layer"),
        ("pocket", 5, 60, "channel"),
        ("lightweight", 2, 0, "channel"),
    ] {
        turn(&session, "squeeze-network", network, &["change"]).await;
        turn(&session, "squeeze-bits", &bits.to_string(), &["input"]).await;
        session
            .click(&format!("#squeeze-scale label:has([value={per}])"))
            .await;
        turn(&session, "squeeze-cut", &cut.to_string(), &LET_GO).await;
        let stop = format!(
            "return {SWATCH}.dataset.bits === '{bits}' && {SWATCH}.dataset.cut === '{cut}'"
        );
        session.wait("the stop", &stop).await;
        scored(&session).await;
        let (bytes, accuracy) = native(network, bits, &format!("{}", f64::from(cut) / 100.0), per);
        let what = format!("{network} {bits} {cut} {per}");
        assert_eq!(data(&session, "squeezedBytes").await, bytes, "{what}");
        let found: f64 = data(&session, "squeezedAccuracy").await.parse().unwrap();
        assert!(
            (found - accuracy).abs() < 1e-9,
            "{what}: {found}, {accuracy}"
        );
        // The other swatches are as they were trained.
        let others = "return document.querySelectorAll('[data-model][data-bits]').length";
        assert_eq!(session.script(others).await, json!(1), "{what}");
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_only_tried_stops_have_marks_and_every_stop_an_outline() {
    let session = squeezing().await;
    turn(&session, "squeeze-bits", "5", &LET_GO).await;
    session
        .wait("5 bits", &format!("return {SWATCH}.dataset.bits === '5'"))
        .await;
    scored(&session).await;
    let outlines = "return [...document.querySelectorAll('#squeeze-nest-outlines text')].map(t => t.textContent).join() \
                    === '8,7,6,5 bits, as trained'";
    session.wait("outlines", outlines).await;
    // Four bits, with which the page opens, and five.
    let marks = "return ['.stop', '.stop.now'].map(m => document.querySelectorAll('#squeeze-bits-plot ' + m).length)";
    assert_eq!(session.script(marks).await, json!([2, 1]));
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_squeezed_swatch_has_its_own_accuracy_with_the_images_it_is_of() {
    let session = squeezing().await;
    turn(&session, "squeeze-network", "tiny-500", &["change"]).await;
    let right = format!("return {SWATCH}.querySelector('[data-part=right]').textContent.trim()");
    turn(&session, "squeeze-bits", "2", &LET_GO).await;
    session
        .wait("2 bits", &format!("return {SWATCH}.dataset.bits === '2'"))
        .await;
    scored(&session).await;
    let (_, accuracy) = native("tiny-500", 2, "0", "channel");
    let expected = format!("{:.1}\u{a0}% right of 1,000 images", accuracy * 100.0);
    assert_eq!(session.script(&right).await, json!(expected));
    session.click("#squeeze-original").await;
    let trained: f64 = session
        .model("tiny-500", "test-accuracy")
        .await
        .parse()
        .unwrap();
    let expected = format!("{:.2}\u{a0}% right", trained * 100.0);
    assert_eq!(session.script(&right).await, json!(expected));
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_squeezed_network_is_timed_beside_the_same_as_trained() {
    let session = squeezing().await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    turn(&session, "squeeze-cut", "60", &LET_GO).await;
    let note = "const note = document.getElementById('squeeze-time-note').textContent;";
    let cut = "note.endsWith('. Cut without training again.')";
    let waits = format!(
        "{note} return note.startsWith('measured when nothing else runs') && {cut} \
         && document.getElementById('squeeze-time').textContent === '–'"
    );
    session.wait("no time yet", &waits).await;
    let timed = format!(
        "{note} const time = /^[0-9.]+ (µs|ms)/; return time.test(note) && note.includes(' as trained') && {cut} \
         && time.test(document.getElementById('squeeze-time').textContent)"
    );
    session.wait("both times", &timed).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_test_images_that_do_not_arrive_are_told_of_and_asked_for_again() {
    const IMAGES: &str = "data/t10k-images-idx3-ubyte.gz";
    let session = squeezing().await;
    let label = |starts: &str| {
        format!(
            "return document.getElementById('squeeze-all-images').textContent.startsWith('{starts}')"
        )
    };
    session.replace(IMAGES, Reply::Refuses);
    session.click("#squeeze-all-images").await;
    session.message("Check the connection and try again").await;
    session.wait("the button", &label("Test on 10,000")).await;
    session.repair(IMAGES);
    session.click("#squeeze-all-images").await;
    session.wait("the button", &label("Cancel (")).await;
    let counted = "return Number(document.getElementById('squeeze-all-images').textContent.match(/[0-9]+/)[0]) > 0";
    session.wait("images", counted).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_an_earlier_stop_never_overwrites_a_newer_one() {
    let session = squeezing().await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    // Every state that is ever shown, as bits with bytes.
    let watch = format!(
        "window.states = []; new MutationObserver(() => {{ const d = {SWATCH}.dataset; \
         if (d.squeezedBytes) window.states.push(d.bits + '/' + d.cut + ' ' + d.squeezedBytes + ' ' + (d.squeezedAccuracy ?? '')); }})\
         .observe({SWATCH}, {{ attributes: true }})"
    );
    session.script(&watch).await;
    let drag = "const dial = document.getElementById('squeeze-bits'); let moves = 0; \
                const timer = setInterval(() => { dial.value = String([8, 3, 6, 2, 7, 5][moves % 6]); \
                dial.dispatchEvent(new Event('input', { bubbles: true })); moves += 1; \
                if (moves === 30) { clearInterval(timer); dial.value = '5'; \
                dial.dispatchEvent(new Event('input', { bubbles: true })); \
                dial.dispatchEvent(new Event('change', { bubbles: true })); window.dragged = true; } }, 15)";
    session.script(drag).await;
    session
        .wait("the drag", "return window.dragged === true")
        .await;
    scored(&session).await;
    assert_eq!(data(&session, "bits").await, "5");
    let (bytes, accuracy) = native("pocket", 5, "0", "channel");
    assert_eq!(data(&session, "squeezedBytes").await, bytes);
    let found: f64 = data(&session, "squeezedAccuracy").await.parse().unwrap();
    assert!((found - accuracy).abs() < 1e-9, "{found}, {accuracy}");
    let states: Vec<String> =
        serde_json::from_value(session.script("return window.states").await).unwrap();
    let mut known = std::collections::BTreeMap::new();
    for state in states {
        let mut words = state.splitn(3, ' ');
        let (stop, bytes) = (
            words.next().unwrap().to_owned(),
            words.next().unwrap().to_owned(),
        );
        let before = known.insert(stop.clone(), bytes.clone());
        assert!(
            before.is_none_or(|before| before == bytes),
            "{stop} had two sizes"
        );
    }
    assert!(known.contains_key("5/0"));
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_drag_is_answered_while_it_goes_on_and_a_drawing_after_it() {
    let session = squeezing().await;
    session.click("[data-sample='Ankle boot']").await;
    let input = session.answered(0).await;
    turn(&session, "squeeze-bits", "6", &["input"]).await;
    let answered = format!(
        "return {SWATCH}.dataset.bits === '6' && {SWATCH}.dataset.squeezedPrediction === 'Ankle boot'"
    );
    session.wait("the answer", &answered).await;
    let scored = "return document.getElementById('squeeze').dataset.images === '200'";
    session.wait("200 images", scored).await;
    session.click("[data-sample='Trouser']").await;
    session.answered(input).await;
    let answered = format!("return {SWATCH}.dataset.squeezedPrediction === 'Trouser'");
    session.wait("the next answer", &answered).await;
    session.click("#clear").await;
    let blank = format!("return {SWATCH}.dataset.squeezedPrediction === undefined");
    session.wait("no answer to a blank cloth", &blank).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_keyboard_turns_the_dials_and_x_shows_the_original() {
    let session = squeezing().await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    session
        .wait("rest", "return document.body.dataset.state === 'ready'")
        .await;
    let watch = "window.said = []; new MutationObserver(() => window.said.push(document.getElementById('announcement').textContent))\
                 .observe(document.getElementById('announcement'), { childList: true, characterData: true, subtree: true })";
    session.script(watch).await;
    let bits = session
        .client
        .find(Locator::Id("squeeze-bits"))
        .await
        .unwrap();
    bits.send_keys(&char::from(Key::Right).to_string())
        .await
        .unwrap();
    let stop = format!("return {SWATCH}.dataset.bits === '3'");
    session.wait("3 bits", &stop).await;
    scored(&session).await;
    let (bytes, _) = native("pocket", 3, "0", "channel");
    let spoken = session
        .script("return document.getElementById('squeeze-bits').getAttribute('aria-valuetext')")
        .await;
    let kilobytes = format!(
        "3 bits, {:.1}\u{a0}kB",
        bytes.parse::<f64>().unwrap() / 1000.0
    );
    assert_eq!(spoken, json!(kilobytes));
    let said: Vec<String> =
        serde_json::from_value(session.script("return window.said").await).unwrap();
    let of_stop: Vec<_> = said
        .iter()
        .filter(|text| text.contains("3\u{a0}bits"))
        .collect();
    assert_eq!(of_stop.len(), 1, "{said:?}");
    bits.send_keys("x").await.unwrap();
    let original = format!(
        "return {SWATCH}.dataset.bits === undefined && document.getElementById('squeeze-original').getAttribute('aria-pressed') === 'true'"
    );
    session.wait("the original", &original).await;
    bits.send_keys("X").await.unwrap();
    session.wait("the squeezed", &stop).await;
    let cut = session
        .client
        .find(Locator::Id("squeeze-cut"))
        .await
        .unwrap();
    cut.send_keys(&char::from(Key::End).to_string())
        .await
        .unwrap();
    session
        .wait("90 %", &format!("return {SWATCH}.dataset.cut === '90'"))
        .await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_edge_is_found_on_validation_images_and_can_be_ended() {
    let session = squeezing().await;
    let fetched =
        "return performance.getEntriesByType('resource').some(e => e.name.includes('v1k'))";
    assert_eq!(
        session.script(fetched).await,
        json!(false),
        "not before it is asked for"
    );
    let edge = "return document.getElementById('squeeze').dataset.edge";
    session.click("#squeeze-edge").await;
    session
        .wait("the walk", &format!("{edge} === 'walking'"))
        .await;
    session.click("#squeeze-edge").await;
    session
        .wait("the end", &format!("{edge} === 'cancelled'"))
        .await;
    scored(&session).await;
    session.click("#squeeze-edge").await;
    session
        .wait("the edge", &format!("{edge} === 'found'"))
        .await;
    scored(&session).await;
    let bits: u8 = data(&session, "bits").await.parse().unwrap();
    // The native command says of the same validation images that these bits lose at most one point, and one fewer more.
    let lost = |bits: u8| {
        let output = Command::new(env!("CARGO_BIN_EXE_threadcount"))
            .args(["squeeze", "pocket", "--bits", &bits.to_string()])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text
            .lines()
            .find(|l| l.contains("validation images"))
            .unwrap()
            .to_owned();
        let points = line.split("), ").nth(1).unwrap().split(' ').next().unwrap();
        -points.parse::<f64>().unwrap()
    };
    assert!(lost(bits) <= 1.0 && lost(bits - 1) > 1.0, "{bits}");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_squeezed_file_that_is_dropped_back_is_recognized() {
    let session = squeezing().await;
    let keep = "const make = URL.createObjectURL; URL.createObjectURL = blob => { window.saved = blob; return make(blob); }; \
                document.addEventListener('click', e => { if (e.target.download) { window.savedName = e.target.download; e.preventDefault(); } }, true)";
    session.script(keep).await;
    session.click("#squeeze-download").await;
    session
        .wait("the file", "return window.saved !== undefined")
        .await;
    // One that was trained in half precision has that on its dial, too.
    turn(&session, "squeeze-network", "tiny-2k", &LET_GO).await;
    session
        .wait(
            "its dial",
            "return document.getElementById('squeeze-bits').max === '9'",
        )
        .await;
    turn(&session, "squeeze-bits", "9", &LET_GO).await;
    session
        .wait(
            "as trained",
            "return document.getElementById('squeeze-original').disabled",
        )
        .await;
    let drop = "const data = new DataTransfer(); data.items.add(new File([window.saved], 'any name.safetensors')); \
                document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))";
    session.script(drop).await;
    session
        .wait("4 bits", &format!("return {SWATCH}.dataset.bits === '4'"))
        .await;
    let damaged = drop.replace("[window.saved]", "[window.saved.slice(0, 1000)]");
    session.script(&damaged).await;
    session.message("no weights file").await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_phone_has_the_dial_for_bits_and_the_line() {
    let session = Session::open(500, 900, Replacements::new()).await;
    session
        .wait(
            "the squeeze",
            "return document.getElementById('squeeze').dataset.images === '1000'",
        )
        .await;
    let line = "return document.getElementById('squeeze-line').textContent.includes('4\u{a0}bits')";
    session.wait("the line", line).await;
    session.close().await;
}
