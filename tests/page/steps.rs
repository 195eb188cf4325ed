//! The panel of the steps of preprocessing: its last picture is what the networks were given.

use crate::SHIRT;
use crate::browser::Session;
use serde_json::json;
use threadcount::label::NAMES;

/// The names of the steps shown, and whether the last picture is the one beside the answers.
async fn shown(session: &Session) -> (Vec<String>, bool) {
    let names =
        "return [...document.querySelectorAll('#steps-list li')].map(item => item.dataset.step)";
    let names = session.script(names).await;
    let same = "const pixels = canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const [last] = [...document.querySelectorAll('#steps-list canvas')].slice(-1).map(pixels);
        const seen = pixels(document.getElementById('seen'));
        return last.width === 28 && last.height === 28 && last.data.every((v, i) => v === seen.data[i])";
    let names = names.as_array().expect("a list").iter();
    let names = names.map(|name| name.as_str().expect("a name").to_owned());
    (names.collect(), session.script(same).await == json!(true))
}

/// Which weights answer, as the section says.
async fn weights(session: &Session) -> String {
    let text = "return document.getElementById('seen-set').innerText";
    session.script(text).await.to_string()
}

#[tokio::test]
async fn in_the_browser_the_last_step_is_what_the_networks_are_given() {
    let session = Session::ready().await;
    let hidden = "return document.getElementById('steps').hidden";
    assert_eq!(
        session.script(hidden).await,
        json!(true),
        "a blank cloth has no steps"
    );
    session.draw(&SHIRT).await;
    let input = session.answered(0).await;
    let (names, same) = shown(&session).await;
    assert_eq!(
        names,
        ["Original", "Trimmed", "Outline filled", "28 by 28"],
        "a drawing has no ground to remove"
    );
    assert!(same, "of a drawing");
    session.upload("shirt.jpg").await;
    let input = session.answered(input).await;
    assert!(weights(&session).await.contains("trained on drawings"));
    let (names, same) = shown(&session).await;
    assert_eq!(names.len(), 5);
    assert!(same, "of a file");
    session
        .click(&format!("[data-sample='{}']", NAMES[1]))
        .await;
    session.answered(input).await;
    assert!(weights(&session).await.contains("weights for photographs"));
    let (names, same) = shown(&session).await;
    assert_eq!(names, ["28 by 28"], "a test image is taken as it is");
    assert!(same, "of a sample");
    assert_eq!(session.script(hidden).await, json!(false));
    session.close().await;
}
