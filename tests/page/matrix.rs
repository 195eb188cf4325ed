//! The confusion matrix on the built page: its cells open their images, which go to the drawing cloth.

use crate::SHIRT;
use crate::browser::Session;
use serde_json::json;

#[tokio::test]
async fn in_the_browser_a_right_cell_opens_its_images_and_more_of_them() {
    let session = Session::ready().await;
    let empty = "return document.getElementById('evaluation-empty').checkVisibility()";
    assert_eq!(
        session.script(empty).await,
        json!(true),
        "what will be there"
    );
    session
        .script("document.getElementById('evaluation-images').value = '1000'")
        .await;
    session.draw(&SHIRT).await;
    let input = session.answered(0).await;
    session.click("#evaluate").await;
    let done = "return document.getElementById('evaluation-result').dataset.done === '1000' \
                && !document.getElementById('matrix-pair').hidden";
    session.wait("the matrix", done).await;
    assert_eq!(session.script(empty).await, json!(false));
    let counts = "return [...document.querySelectorAll('#matrix button')].every(button => \
                  button.innerText.trim() === button.ariaLabel.split(': ')[1])";
    assert_eq!(
        session.script(counts).await,
        json!(true),
        "every count is written"
    );
    let cell = "#matrix [data-cell='9-9']";
    let count = session
        .script(&format!(
            "return Number(document.querySelector(\"{cell}\").innerText)"
        ))
        .await;
    let count = count.as_u64().unwrap();
    assert!(count > 24, "{count}");
    session.click(cell).await;
    let images = |n: u64| {
        format!("return document.querySelectorAll('#gallery-images button').length === {n}")
    };
    session.wait("the first images", &images(12)).await;
    session.click("#gallery-more").await;
    session.wait("more images", &images(24)).await;
    let rest = "const more = document.getElementById('gallery-more'); if (!more.hidden) { more.focus(); more.click(); } return more.hidden";
    session.wait("the last images", rest).await;
    session.wait("all images", &images(count)).await;
    let focus = "return document.activeElement.parentElement.id";
    assert_eq!(session.script(focus).await, json!("gallery-images"));
    session.click("#gallery-images button:last-child").await;
    session.answered(input).await;
    assert_eq!(session.model("baseline", "prediction").await, "Ankle boot");
    session.close().await;
}
