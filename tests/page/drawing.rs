//! What the visitor gives the page: drawings by pointer and by keyboard, and pictures that are uploaded, pasted and dropped.

use crate::SHIRT;
use crate::browser::Session;
use crate::server::Replacements;
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;
use threadcount::catalog;
use threadcount::label::NAMES;

#[tokio::test]
async fn in_the_browser_a_drawing_is_answered_undone_and_cleared() {
    let session = Session::ready().await;
    assert_eq!(session.body("verdict").await, "blank");
    session.draw(&SHIRT).await;
    let input = session.answered(0).await;
    session
        .wait(
            "a verdict",
            "return document.body.dataset.verdict !== 'blank'",
        )
        .await;
    for model in catalog::networks() {
        let class = session.model(model, "prediction").await;
        assert!(NAMES.contains(&class.as_str()), "{model}: {class}");
        let confidence: f64 = session.model(model, "confidence").await.parse().unwrap();
        assert!(
            confidence > 0.1 && confidence <= 1.0,
            "{model}: {confidence}"
        );
    }
    assert!(
        session
            .script("return document.getElementById('seen-note').innerText")
            .await
            .as_str()
            .unwrap()
            .contains("outline")
    );
    session.click("#undo").await;
    session
        .wait("undo", "return document.body.dataset.verdict === 'blank'")
        .await;
    assert_eq!(
        session.model("lightweight", "prediction").await,
        "",
        "no answer is invented"
    );
    session.click("#redo").await;
    let input = session.answered(input + 1).await;
    session.click("#clear").await;
    session
        .wait("clear", "return document.body.dataset.verdict === 'blank'")
        .await;
    assert!(session.input().await > input);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_pictures_are_uploaded_pasted_and_dropped() {
    let session = Session::ready().await;
    let mut input = 0;
    for name in [
        "shirt.png",
        "shirt.jpg",
        "shirt-cmyk.jpg",
        "shirt-exif6.jpg",
        "shirt-animated.gif",
        "shirt.webp",
    ] {
        session.upload(name).await;
        input = session.answered(input).await;
    }
    // A picture made by the page's own browser, given as a paste and as a drop of two files.
    let give = |event: &str, target: &str, files: usize| {
        format!(
            "const canvas = document.createElement('canvas'); canvas.width = canvas.height = 60;\
             const context = canvas.getContext('2d'); context.fillStyle = 'white'; context.fillRect(0, 0, 60, 60);\
             context.fillStyle = 'black'; context.fillRect(15, 5, 30, 50);\
             canvas.toBlob(blob => {{ const data = new DataTransfer();\
             for (let i = 0; i < {files}; i++) data.items.add(new File([blob], 'file' + i + '.png', {{ type: 'image/png' }}));\
             {target}.dispatchEvent({event}); }});"
        )
    };
    session
        .script(&give(
            "new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })",
            "document",
            1,
        ))
        .await;
    input = session.answered(input).await;
    session
        .script(&give(
            "new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })",
            "document.body",
            2,
        ))
        .await;
    session
        .message("2 files were given; the first, file0.png, was taken")
        .await;
    session.answered(input).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_keyboard_alone_draws() {
    let session = Session::ready().await;
    let canvas = session.client.find(Locator::Id("drawing")).await.unwrap();
    let shift: char = Key::Shift.into();
    let (down, right): (char, char) = (Key::Down.into(), Key::Right.into());
    let stroke: String = std::iter::once(shift)
        .chain([down; 12])
        .chain([right; 8])
        .collect();
    canvas.send_keys(&stroke).await.unwrap();
    session.answered(0).await;
    assert_ne!(session.body("verdict").await, "");
    canvas.send_keys("e").await.unwrap();
    assert_eq!(
        session
            .script("return document.getElementById('tool-eraser').checked")
            .await,
        json!(true)
    );
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_drawing_made_before_the_models_arrive_is_answered() {
    let session = Session::open(800, 900, Replacements::new()).await;
    let canvas = "return document.getElementById('drawing').dataset.undo !== undefined";
    session.wait("the page's program", canvas).await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_stroke_is_answered_while_it_is_drawn_and_announced_when_it_is_let_go() {
    let session = Session::ready().await;
    let watch = "window.said = []; const place = document.getElementById('announcement'); \
        new MutationObserver(() => window.said.push(place.textContent)) \
        .observe(place, { childList: true, characterData: true, subtree: true })";
    session.script(watch).await;
    assert_eq!(session.model("pocket", "prediction").await, "");
    session.point("pointerdown", SHIRT[0]).await;
    let (mut input, mut answers) = (0, Vec::new());
    for place in SHIRT[1..6].iter().copied() {
        session.point("pointermove", place).await;
        input = session.answered(input).await;
        let now = session.answers().await;
        assert_ne!(now, answers);
        answers = now;
    }
    let rests = "return document.body.dataset.state === 'ready'";
    session.wait("rest", rests).await;
    assert_eq!(session.script("return window.said").await, json!([]));
    session.point("pointerup", SHIRT[5]).await;
    session
        .wait("an announcement", "return window.said.length > 0")
        .await;
    session.wait("rest", rests).await;
    let said: Vec<String> =
        serde_json::from_value(session.script("return window.said").await).unwrap();
    let (class, _) = &answers[0];
    let begin = format!("baseline: {class}, ");
    assert!(said.len() == 1 && said[0].starts_with(&begin), "{said:?}");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_undo_brings_an_upload_back_as_it_was_answered() {
    let session = Session::ready().await;
    session.upload("shirt.png").await;
    let input = session.answered(0).await;
    let seen = async || {
        let steps = "return [...document.querySelectorAll('#steps-list li')].map(item => item.dataset.step).join()";
        (
            session.answers().await,
            session.text_of("caption").await,
            session.script(steps).await,
        )
    };
    let uploaded = seen().await;
    assert_eq!(uploaded.1, "Your picture, as they see it.");
    session.draw(&[(0.1, 0.5), (0.9, 0.5)]).await;
    let input = session.answered(input).await;
    assert_ne!(session.answers().await, uploaded.0);
    session.click("#undo").await;
    let input = session.answered(input).await;
    assert_eq!(seen().await, uploaded);
    // The weights for photographs say something else of it.
    session.click("#copy-link").await;
    session
        .script("location.hash = location.hash.replace('drawings', 'photographs')")
        .await;
    session.answered(input).await;
    assert_ne!(session.answers().await, uploaded.0);
    session.close().await;
}
