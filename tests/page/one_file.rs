//! `dist/threadcount.html`, opened from disk: all of the page in one file.

use crate::browser::Session;
use crate::{root, security};
use serde_json::json;

#[tokio::test]
async fn in_the_browser_one_file_from_disk_answers_squeezes_and_asks_for_nothing() {
    let session = Session::from_disk(&root("dist/threadcount.html")).await;
    session.rests().await;
    security::holds(&session).await;
    let burn = "const burn = document.getElementById('engine-burn'); return [burn.disabled, burn.textContent]";
    let expected = json!([true, "Burn is not in this file"]);
    assert_eq!(session.script(burn).await, expected);
    session.close().await;
}
