//! How the page looks and behaves on screens of every size: nothing overflows, nothing jumps, swatches are to scale,
//! and axe-core finds nothing serious.

use crate::browser::Session;
use crate::server::{Replacements, Reply};
use crate::squeeze::{LET_GO, scored, turn};
use crate::{SHIRT, root};
use serde_json::json;
use threadcount::catalog;

/// Bytes that fill a square pixel of a swatch, by the window's width.
const BYTES_A_PIXEL: [(u32, f64); 5] = [
    (1280, 8.0),
    (768, 10.0),
    (640, 32.0),
    (390, 32.0),
    (320, 50.0),
];

/// Open the page in a frame of a width, because headless windows are at least 500 pixels wide.
pub async fn framed(width: u32) -> Session {
    let session = Session::blank(1320, 1000).await;
    session
        .script(
            "const frame = document.createElement('iframe'); frame.style = 'height: 800px; border: 0'; \
             frame.id = 'frame'; frame.src = '/'; document.body.append(frame);",
        )
        .await;
    widen(&session, width).await;
    session
}

/// Give the frame a width, and wait until the page in it has every model and was laid out anew.
pub async fn widen(session: &Session, width: u32) {
    let script = format!(
        "const frame = document.getElementById('frame'); frame.style.width = '{width}px'; frame.dataset.shown = ''; \
         requestAnimationFrame(() => requestAnimationFrame(() => frame.dataset.shown = '{width}'))"
    );
    session.script(&script).await;
    let is_shown = format!("return document.getElementById('frame').dataset.shown === '{width}'");
    session.wait("a frame of this width", &is_shown).await;
    session.wait("every model", &within(ALL_READY)).await;
}

/// A script with the frame's `page`, its document.
pub fn within(script: &str) -> String {
    format!("const page = document.getElementById('frame').contentDocument; {script}")
}

/// Nothing in the frame is wider than it, with text twice as large, too.
pub async fn assert_fits(session: &Session, width: u32) {
    // The last one stays, for what is looked at next.
    for size in ["200%", ""] {
        let overflow = within(&format!(
            "const all = page.documentElement; all.style.fontSize = '{size}'; return all.scrollWidth - all.clientWidth"
        ));
        assert_eq!(
            session.script(&overflow).await,
            json!(0),
            "{width} px, text {size}"
        );
    }
}

pub const ALL_READY: &str = "return page?.body?.dataset.state === 'ready' \
    && page.querySelectorAll('[data-model]').length > 0 \
    && page.querySelectorAll('[data-model]:not([data-state=ready])').length === 0 \
    && !page.querySelector('main > section:not(#draw, #squeeze, .laid-out)')";

#[tokio::test]
async fn in_the_browser_swatches_are_to_scale_and_nothing_scrolls_sideways() {
    let session = framed(BYTES_A_PIXEL[0].0).await;
    for (width, bytes) in BYTES_A_PIXEL {
        widen(&session, width).await;
        let sides = within(
            "return [...page.querySelectorAll('[data-model]')].map(m => [m.dataset.model, Number(m.dataset.sizeBytes), \
             m.querySelector('.cut').getBoundingClientRect().width, m.querySelector('canvas').getBoundingClientRect().width, \
             Number(m.dataset.squeezedBytes ?? m.dataset.sizeBytes)])",
        );
        let sides: Vec<(String, f64, f64, f64, f64)> =
            serde_json::from_value(session.script(&sides).await).unwrap();
        assert_eq!(sides.len(), catalog::MODELS.len());
        for (name, size, side, canvas, worn) in sides {
            let expected = (size / bytes).sqrt();
            assert!(
                (side - expected).abs() < 1.0,
                "{name} at {width}: {side} px instead of {expected}"
            );
            // The cloth of a squeezed network is smaller. The canvas holds the teeth of the edge, too.
            let expected = (worn / bytes).sqrt();
            assert!(
                (canvas - 4.0 - expected).abs() < 1.0,
                "{name} at {width}: cloth of {canvas} px"
            );
        }
        assert_fits(&session, width).await;
        // A style that is meant for another square must not take the charts' marks away.
        let marks = within(
            "return [...page.querySelectorAll('.chart svg .square')].filter(m => m.checkVisibility()) \
             .every(m => m.getBoundingClientRect().width > 5)",
        );
        assert_eq!(session.script(&marks).await, json!(true), "at {width}");
    }
    session.close().await;
}

/// What reaches down the furthest of the first screen in the frame, and how far.
pub async fn lowest(session: &Session) -> (f64, String) {
    // On a phone the scroll bar takes no width.
    let bottom = within(
        "page.documentElement.style.scrollbarWidth = 'none'; return [...page.querySelectorAll('#draw *, #squeeze-bits-dial *')]\
         .map(e => [e.getBoundingClientRect().bottom, e.id || e.className || e.tagName]).sort((a, b) => b[0] - a[0])[0]",
    );
    serde_json::from_value(session.script(&bottom).await).unwrap()
}

#[tokio::test]
async fn in_the_browser_the_first_screen_needs_no_scrolling() {
    for (width, height) in [(1280, 800), (390, 844)] {
        let session = framed(width).await;
        let lowest = lowest(&session).await;
        assert!(lowest.0 <= f64::from(height), "{width}: {lowest:?}");
        session.close().await;
    }
}

#[tokio::test]
async fn in_the_browser_what_is_said_of_a_squeeze_fits_the_first_screen() {
    let session = Session::ready().await;
    session.click("[data-sample='Ankle boot']").await;
    session.answered(0).await;
    session
        .click("#squeeze-scale label:has([value=layer])")
        .await;
    let line = "document.getElementById('squeeze-line')";
    for network in ["compact", "pocket"] {
        turn(&session, "squeeze-network", network, &["change"]).await;
        turn(&session, "squeeze-bits", "3", &["input"]).await;
        turn(&session, "squeeze-cut", "30", &LET_GO).await;
        let long = format!(
            "return {line}.textContent.includes('cut') && {line}.textContent.includes('kB')"
        );
        session.wait("the line", &long).await;
        scored(&session).await;
        let bottom = format!("scrollTo(0, 0); return {line}.getBoundingClientRect().bottom");
        let bottom = session.script(&bottom).await;
        let said = session.script(&format!("return {line}.textContent")).await;
        assert!(bottom.as_f64().unwrap() <= 800.0, "{bottom}: {said}");
        let lines = format!(
            "return {line}.getBoundingClientRect().height / parseFloat(getComputedStyle({line}).lineHeight)"
        );
        let lines = session.script(&lines).await;
        assert!(lines.as_f64().unwrap() < 2.5, "{lines} lines: {said}");
    }
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_times_of_milliseconds_fit_a_phones_first_screen() {
    const PROGRAM: &str = "worker-relaxed_loader.js";
    let program = std::fs::read_to_string(root("dist").join(PROGRAM)).unwrap();
    // A clock that goes fast makes times long.
    let slow = format!(
        "const now = performance.now.bind(performance); performance.now = () => 15 * now();\n{program}"
    );
    let replacements = Replacements::from([(PROGRAM, Reply::Bytes(slow.into_bytes()))]);
    let session = Session::phone(replacements).await;
    session.rests().await;
    let bottom = "scrollTo(0, 0); return document.getElementById('squeeze-bits-dial').getBoundingClientRect().bottom";
    let blank = session.script(bottom).await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    let timed = "return ['lightweight', 'compact'].every(m => \
                 document.querySelector(`[data-model=${m}] [data-part=latency]`).textContent.endsWith('ms'))";
    session.wait("times", timed).await;
    assert_eq!(session.script(bottom).await, blank, "nothing jumps");
    assert!(blank.as_f64().unwrap() <= 844.0, "{blank}");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_nothing_jumps_while_the_page_loads_and_is_drawn_on() {
    let session = Session::open(1280, 900, Replacements::new()).await;
    session
        .script(
            "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) \
             if (!entry.hadRecentInput) window.shift += entry.value; }).observe({ type: 'layout-shift', buffered: true });",
        )
        .await;
    session
        .wait(
            "every model",
            "return document.querySelectorAll('[data-model]:not([data-state=ready])').length === 0",
        )
        .await;
    session.click("#clear").await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    session.click("[data-sample='Sandal']").await;
    let input = session.input().await;
    session.answered(input - 1).await;
    for bits in ["8", "3", "2"] {
        turn(&session, "squeeze-bits", bits, &LET_GO).await;
        scored(&session).await;
    }
    let shift = session.script("return window.shift").await;
    assert!(shift.as_f64().unwrap() <= 0.02, "{shift}");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_garment_draws_itself_and_the_first_touch_clears_it() {
    let session = Session::open(1280, 900, Replacements::new()).await;
    let caption = "return document.getElementById('caption').innerText";
    session
        .wait(
            "our drawing",
            "return document.getElementById('caption').innerText.startsWith('Our drawing')",
        )
        .await;
    session.answered(0).await;
    assert_ne!(session.model("pocket", "prediction").await, "");
    session.draw(&[(0.5, 0.5), (0.52, 0.5)]).await;
    assert_eq!(session.script(caption).await, json!(""));
    let seen = session
        .script("return document.getElementById('drawing').dataset.undo")
        .await;
    assert_eq!(seen, json!("true"));
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_sample_lies_on_the_cloth_is_drawn_on_and_undone() {
    let session = Session::ready().await;
    session.click("[data-sample='Trouser']").await;
    let input = session.answered(0).await;
    let as_it_is = session.model("baseline", "confidence").await;
    let caption = "return document.getElementById('caption').innerText";
    assert_eq!(
        session.script(caption).await,
        json!("A test image, seen as it is.")
    );
    session.draw(&[(0.1, 0.5), (0.9, 0.5)]).await;
    let input = session.answered(input).await;
    assert_ne!(session.model("baseline", "confidence").await, as_it_is);
    session.click("#undo").await;
    session.answered(input).await;
    // The picture itself again, not a drawing of it.
    assert_eq!(session.model("baseline", "confidence").await, as_it_is);
    session.close().await;
}

/// What axe-core finds that is serious, as text.
pub async fn faults(session: &Session) -> String {
    let axe = root("target/tools/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("scripts/install browser installs axe-core");
    session.script(&axe).await;
    session
        .script(
            "window.faults = null; axe.run(document, { resultTypes: ['violations'] }).then(found => { \
             window.faults = found.violations.filter(v => ['serious', 'critical'].includes(v.impact)) \
             .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join(' | ')).join('\\n') });",
        )
        .await;
    session
        .wait("axe-core", "return window.faults !== null")
        .await;
    let found = session.script("return window.faults").await;
    found.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn in_the_browser_axe_finds_nothing_serious_in_any_state() {
    let session = Session::ready().await;
    assert_eq!(faults(&session).await, "", "blank");
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    session.click("[data-row='pocket'] button").await;
    assert_eq!(faults(&session).await, "", "answered, with details open");
    session.upload("empty.png").await;
    session.message("empty").await;
    assert_eq!(faults(&session).await, "", "a message");
    session.close().await;
    let missing = Replacements::from([("models/baseline.thrd", Reply::Missing)]);
    let session = Session::open(1280, 900, missing).await;
    session.note("could not be loaded").await;
    assert_eq!(faults(&session).await, "", "a model that is missing");
    session.close().await;
    let broken = Replacements::from([("page_bg.wasm", Reply::Missing)]);
    let session = Session::open(1280, 900, broken).await;
    session.message("could not be started").await;
    assert_eq!(faults(&session).await, "", "no program");
    session.close().await;
}
