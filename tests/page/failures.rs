//! What goes wrong is told, and nothing is lost: bad files, damaged weights, programs that do not start.

use crate::browser::{Replacements, Session};
use crate::{SHIRT, root};

#[tokio::test]
async fn in_the_browser_bad_files_are_named_and_nothing_is_lost() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    session
        .wait("rest", "return document.body.dataset.state === 'ready'")
        .await;
    let before = session.model("lightweight", "prediction").await;
    for (name, part) in [
        ("empty.png", "empty"),
        ("not-a-picture.txt", "not a picture"),
        ("drawing.svg", "Export the picture as PNG"),
        ("huge.png", "12000 x 12000"),
        ("lying-header.png", "damaged"),
        ("truncated.png", "ends too early"),
    ] {
        session.upload(name).await;
        session.message(part).await;
        assert_eq!(
            session.model("lightweight", "prediction").await,
            before,
            "{name}"
        );
        assert!(session.can_undo().await, "{name}");
    }
    session.upload("transparent.png").await;
    session
        .wait("blank", "return document.body.dataset.verdict === 'blank'")
        .await;
    let input = session.input().await;
    session.upload("shirt.png").await;
    session.answered(input).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_damaged_weights_leave_the_other_model_usable() {
    let weights = std::fs::read(root("models/baseline.safetensors")).unwrap();
    let mut flipped = weights.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for (replacement, part) in [
        (None, "could not be loaded"),
        (Some(weights[..weights.len() / 3].to_vec()), "incomplete"),
        (Some(flipped), "sha256"),
    ] {
        let session = Session::open(
            800,
            900,
            Replacements::from([("models/baseline.safetensors", replacement)]),
        )
        .await;
        session.message(part).await;
        session
            .wait(
                "the error",
                "return document.querySelector('[data-model=baseline]').dataset.state === 'error'",
            )
            .await;
        session.draw(&SHIRT).await;
        session.wait("lightweight", "return document.querySelector('[data-model=lightweight]').dataset.prediction !== undefined").await;
        session.close().await;
    }
}

#[tokio::test]
async fn in_the_browser_a_worker_that_does_not_start_is_told_and_the_drawing_kept() {
    let session = Session::open(
        800,
        900,
        Replacements::from([("worker-relaxed_loader.js", None)]),
    )
    .await;
    session.message("reload the page").await;
    assert_eq!(session.body("state").await, "error");
    session.draw(&SHIRT).await;
    assert!(session.can_undo().await);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_missing_decoder_is_told_and_drawing_goes_on() {
    let session = Session::open(1280, 900, Replacements::from([("decoder_loader.js", None)])).await;
    session
        .wait("the page", "return document.body.dataset.state === 'ready'")
        .await;
    session.upload("shirt.png").await;
    session.message("choose the file again").await;
    let input = session.input().await;
    session.draw(&SHIRT).await;
    session.answered(input).await;
    session.close().await;
}
