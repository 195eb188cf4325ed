//! The service worker: the page without a network, and one build at a time.

use crate::browser::Session;
use crate::server::{EVERYTHING, Reply};
use crate::{SHIRT, root};
use serde_json::json;
use std::path::Path;
use std::process::Command;

const KEPT: &str = "return document.getElementById('offline-note').dataset.complete !== undefined";

/// The page answers a drawing and a file with every model.
async fn answers(session: &Session) {
    session.rests().await;
    session.draw(&SHIRT).await;
    let input = session.answered(0).await;
    session.upload("shirt.jpg").await;
    session.answered(input).await;
}

async fn version(session: &Session) -> String {
    let version = "return document.documentElement.dataset.version";
    let version = session.script(version).await;
    version.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn in_the_browser_the_page_works_without_a_network_after_the_first_visit() {
    let session = Session::with_service_worker("").await;
    session.rests().await;
    session.wait("all files", KEPT).await;
    session.replace(EVERYTHING, Reply::Refuses);
    // The page that is open.
    session.upload("shirt.png").await;
    session.answered(0).await;
    // And after that.
    for _ in 0..2 {
        session.client.refresh().await.unwrap();
        answers(&session).await;
        session.wait("word of it", KEPT).await;
    }
    // What was not kept is missed by name: nobody has asked for it before.
    session
        .script("document.getElementById('evaluation-images').value = '10000'")
        .await;
    session.click("#evaluate").await;
    session.message("t10k-images-idx3-ubyte.gz").await;
    session.click("#message-close").await;
    // With a network again it is fetched through the service worker, and then it is kept, too.
    session.repair(EVERYTHING);
    let evaluate = async |session: &Session| {
        session.click("#evaluate").await;
        let begun =
            "return Number(document.getElementById('evaluation-result').dataset.done) >= 100";
        session.wait("100 images", begun).await;
        session.click("#evaluation-cancel").await;
        let rests = "return document.body.dataset.state === 'ready' && !document.getElementById('evaluate').hidden";
        session.wait("rest", rests).await;
    };
    evaluate(&session).await;
    session.replace(EVERYTHING, Reply::Refuses);
    session.client.refresh().await.unwrap();
    session.rests().await;
    session
        .script("document.getElementById('evaluation-images').value = '10000'")
        .await;
    evaluate(&session).await;
    session.close().await;
}

/// Serve another build: the same with another style sheet.
fn change_build(session: &Session, old: &str) {
    let folder = std::env::temp_dir().join(format!("threadcount-build-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let mut copy = Command::new("cp");
    let copied = copy.arg("-R").arg(root("dist")).arg(&folder).status();
    assert!(copied.unwrap().success());
    let addressing = ["index.html", "start.js", "page-start.js"];
    for file in addressing {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(text.contains(old), "{file} names its build");
        std::fs::write(folder.join(file), text.replace(old, "?v=build")).unwrap();
    }
    let style = std::fs::read_to_string(folder.join("style.css")).unwrap();
    std::fs::write(folder.join("style.css"), style + "\n#changed {}\n").unwrap();
    let script = root("scripts/version.mjs");
    let done = Command::new("node").arg(script).arg(&folder).status();
    assert!(done.expect("node runs").success());
    let read = |folder: &Path, file: &str| std::fs::read(folder.join(file)).unwrap();
    for file in addressing
        .into_iter()
        .chain(["style.css", "service-worker.js"])
    {
        session.replace(file, Reply::Bytes(read(&folder, file)));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn in_the_browser_a_newer_build_waits_for_the_visitor_and_comes_as_a_whole() {
    let session = Session::with_service_worker("").await;
    session.rests().await;
    session.wait("all files", KEPT).await;
    let old = version(&session).await;
    change_build(&session, &old);
    // What a page of a build gets of the style sheet that has changed; nothing when that is refused.
    let style_of = async |build: &str| {
        let script = format!(
            "return fetch('style.css{build}').then(answer => answer.ok ? answer.text().then(text => text.includes('#changed')) : null)"
        );
        session.script(&script).await
    };
    session.client.refresh().await.unwrap();
    session.rests().await;
    let offered = "return !document.getElementById('update').hidden";
    session.wait("the newer build", offered).await;
    assert_eq!(version(&session).await, old, "nothing changes by itself");
    assert_eq!(style_of(&old).await, json!(false), "the style that is kept");
    answers(&session).await;

    session.script("window.before = true").await;
    session.click("#update-reload").await;
    session
        .wait("the reload", "return window.before === undefined && document.documentElement?.dataset.version !== undefined")
        .await;
    let new = version(&session).await;
    assert_ne!(new, old);
    assert_eq!(style_of(&new).await, json!(true));
    assert_ne!(style_of(&old).await, json!(true), "never another build's");
    session.rests().await;
    session.wait("all files", KEPT).await;
    session.replace(EVERYTHING, Reply::Refuses);
    session.client.refresh().await.unwrap();
    answers(&session).await;
    assert_eq!(version(&session).await, new);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_page_in_a_frame_for_a_slide_keeps_nothing() {
    let session = Session::with_service_worker("?embed").await;
    answers(&session).await;
    let registered =
        "return navigator.serviceWorker.getRegistration().then(found => found !== undefined)";
    assert_eq!(session.script(registered).await, json!(false));
    session.close().await;
}
