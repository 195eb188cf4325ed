//! The page's Content-Security-Policy: a whole session violates nothing and asks no other origin, and text from outside
//! stays text.

use crate::SHIRT;
use crate::browser::Session;
use crate::server::{Replacements, Reply};
use serde_json::{Value, json};

/// Collect what the policy refuses, from the beginning of the page on, in `window.refused`.
pub async fn watch(session: &Session) {
    let watch = "window.refused = []; \
        new ReportingObserver(reports => reports.forEach(report => window.refused.push(report.body.effectiveDirective + ' ' + report.body.blockedURL)), \
        { types: ['csp-violation'], buffered: true }).observe(); \
        addEventListener('securitypolicyviolation', event => window.refused.push(event.effectiveDirective + ' ' + event.blockedURI))";
    session.script(watch).await;
}

/// Draw, upload, squeeze, evaluate, download and copy the link.
pub async fn use_everything(session: &Session) {
    session.draw(&SHIRT).await;
    let input = session.answered(0).await;
    session.upload("shirt.jpg").await;
    let input = session.answered(input).await;
    session.click("[data-sample='Bag']").await;
    session.answered(input).await;
    let squeeze = "const dial = document.getElementById('squeeze-bits'); dial.value = '3'; \
        for (const event of ['input', 'change']) dial.dispatchEvent(new Event(event, { bubbles: true }))";
    session.script(squeeze).await;
    let squeezed = "return document.getElementById('squeeze').dataset.images === '1000' \
        && document.querySelector('[data-bits=\"3\"]') !== null && document.body.dataset.state === 'ready'";
    session.wait("the squeezed network", squeezed).await;
    session.click("#squeeze-download").await;
    session
        .script("document.getElementById('evaluation-images').value = '100'")
        .await;
    session.click("#evaluate").await;
    let evaluated = "return document.getElementById('evaluation-result').dataset.done === '100' && document.body.dataset.state === 'ready'";
    session.wait("100 images", evaluated).await;
    let opened = "const square = document.querySelector('#matrix-rows button'); square?.click(); return square !== null";
    session.wait("the matrix", opened).await;
    let image = "return document.querySelectorAll('#gallery-images button').length > 0";
    session.wait("the gallery", image).await;
    for button in ["#download-csv", "#download-json", "#copy-link"] {
        session.click(button).await;
    }
    let axis = "const axis = document.querySelector('[name=axis][value=\"size-bytes\"]'); axis.checked = true; \
        axis.dispatchEvent(new Event('change', { bubbles: true })); return document.querySelectorAll('#scatter [data-point]').length > 0";
    session.wait("the chart", axis).await;
}

/// What the policy refused, and the addresses of other origins that were asked.
pub async fn refused_and_foreign(session: &Session) -> (Value, Value) {
    let foreign = "return performance.getEntriesByType('resource').map(entry => entry.name) \
        .filter(name => !name.startsWith(location.origin + '/') && !/^(blob|data):/.test(name))";
    (
        session.script("return window.refused").await,
        session.script(foreign).await,
    )
}

/// Nothing is refused and nothing else is asked; then try what the policy has to refuse, which is what shows that it
/// is in force and that refusals are seen.
pub async fn holds(session: &Session) {
    watch(session).await;
    use_everything(session).await;
    let found = refused_and_foreign(session).await;
    assert_eq!(found, (json!([]), json!([])), "{}", session.address);
    let attacks = "const tried = []; const attempt = (name, act) => { try { act(); } catch { tried.push(name); } }; \
        attempt('markup', () => { document.body.insertAdjacentHTML('beforeend', '<img src=x>'); }); \
        attempt('worker', () => new Worker('./other.js')); \
        attempt('timer', () => setTimeout('window.hacked = true')); \
        const script = document.createElement('script'); \
        attempt('script', () => { script.textContent = 'window.hacked = true'; document.body.append(script); }); \
        const button = document.createElement('button'); attempt('handler', () => { button.setAttribute('onclick', 'window.hacked = true'); }); button.click(); \
        const styled = document.createElement('p'); styled.setAttribute('style', 'color: red'); \
        fetch('http://127.0.0.1:9/').catch(() => { window.fetched = false; }); \
        return [tried.includes('markup'), tried.includes('worker'), tried.includes('timer'), window.hacked === undefined, styled.style.color]";
    assert_eq!(
        session.script(attacks).await,
        json!([true, true, true, true, ""])
    );
    let seen = "const seen = name => window.refused.some(entry => entry.startsWith(name)); \
        return window.fetched === false && window.hacked === undefined && seen('require-trusted-types-for') && seen('connect-src') && seen('style-src')";
    session.wait("the refusals", seen).await;
}

#[tokio::test]
async fn in_the_browser_a_session_violates_no_policy_and_asks_no_other_origin() {
    let session = Session::with_service_worker("").await;
    session.rests().await;
    holds(&session).await;
    session.close().await;
}

/// Writes down every request of the page and of its workers, in a cache.
const RECORDER: &str = "addEventListener('install', () => skipWaiting()); \
    addEventListener('activate', event => event.waitUntil(clients.claim())); \
    addEventListener('fetch', event => event.waitUntil(caches.open('asked').then(cache => \
        cache.put(new Request('./asked?' + encodeURIComponent(event.request.url)), new Response()))));";

#[tokio::test]
async fn in_the_browser_neither_page_nor_workers_ask_another_origin() {
    let recorder = Reply::Bytes(RECORDER.as_bytes().to_vec());
    let replacements = Replacements::from([("service-worker.js", recorder)]);
    let session = Session::open(1280, 900, replacements).await;
    session.rests().await;
    let recorded = "return navigator.serviceWorker.controller !== null";
    session.wait("the recorder", recorded).await;
    session.client.refresh().await.unwrap();
    session.rests().await;
    use_everything(&session).await;
    let asked = "return caches.open('asked').then(cache => cache.keys()) \
        .then(all => all.map(request => decodeURIComponent(new URL(request.url).search.slice(1))))";
    let asked = session.script(asked).await;
    let asked: Vec<String> = serde_json::from_value(asked).unwrap();
    // Those of the workers are among them.
    for file in ["_bg.wasm", "models/pocket.thrd", "decoder.js"] {
        assert!(
            asked.iter().any(|url| url.contains(file)),
            "{file}: {asked:?}"
        );
    }
    let foreign = asked.iter().find(|url| !url.starts_with(&session.address));
    assert_eq!(foreign, None);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_hostile_names_and_fragments_are_shown_as_text() {
    let session = Session::ready().await;
    watch(&session).await;
    let drop = "const canvas = document.createElement('canvas'); canvas.width = canvas.height = 60; \
        canvas.toBlob(blob => { const data = new DataTransfer(); \
        for (let i = 0; i < 2; i++) data.items.add(new File([blob], '<img src=x onerror=hacked=1>.png', { type: 'image/png' })); \
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); })";
    session.script(drop).await;
    session
        .message("the first, <img src=x onerror=hacked=1>.png, was taken")
        .await;
    session
        .script("location.hash = '#<script>hacked=1</script><img src=x onerror=hacked=1>'")
        .await;
    session.message("could not be followed").await;
    let harmless = "return window.hacked === undefined && document.querySelectorAll('img').length === 0 \
        && document.querySelectorAll('#message script').length === 0";
    assert_eq!(session.script(harmless).await, json!(true));
    assert_eq!(session.script("return window.refused").await, json!([]));
    session.close().await;
}
