//! The keyboard's focus stays with a button that starts something and then cancels it.

use crate::browser::Session;
use crate::squeeze::squeezing;
use fantoccini::Locator;
use fantoccini::key::Key;

/// Press Enter on what has the focus.
async fn enter(session: &Session) {
    let focused = session.client.active_element().await.unwrap();
    let enter = char::from(Key::Enter).to_string();
    focused.send_keys(&enter).await.unwrap();
}

/// Wait until what has the focus has this id and says `text`.
async fn focused(session: &Session, id: &str, text: &str) {
    let is_there = format!(
        "const focused = document.activeElement; \
         return focused.id === '{id}' && focused.innerText.startsWith('{text}') && focused.checkVisibility()"
    );
    session.wait(&format!("focus on {text}"), &is_there).await;
}

async fn focus(session: &Session, id: &str) {
    let script = format!("document.getElementById('{id}').focus()");
    session.script(&script).await;
    let there = session.client.find(Locator::Id(id)).await.unwrap();
    let active = session.client.active_element().await.unwrap();
    assert_eq!(there.element_id(), active.element_id());
}

#[tokio::test]
async fn in_the_browser_focus_stays_where_start_and_cancel_take_turns() {
    let session = squeezing().await;
    for (start, cancel, said) in [
        ("evaluate", "evaluation-cancel", "Classify"),
        ("squeeze-edge", "squeeze-edge", "Find the edge"),
        ("squeeze-all-images", "squeeze-all-images", "Test on"),
    ] {
        focus(&session, start).await;
        focused(&session, start, said).await;
        enter(&session).await;
        focused(&session, cancel, "Cancel").await;
        enter(&session).await;
        focused(&session, start, said).await;
    }
    session.close().await;
}
