//! What is shared of the built page: a link that shows the same page to others, and a PNG of the size that a shared link
//! shows, with what the page says at that moment.

use crate::SHIRT;
use crate::browser::Session;
use crate::squeeze::{LET_GO, turn};
use serde_json::json;

/// Whether a network computes in integers is measured whenever the page opens, which may change its confidence so far.
const TOLERANCE: f64 = 0.05;

fn is_same(answers: &[(String, f64)], others: &[(String, f64)]) -> bool {
    let mut pairs = answers.iter().zip(others);
    pairs.all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() <= TOLERANCE)
}

/// The dials: network, bits, cut, scale.
async fn dials(session: &Session) -> String {
    let dials = "const value = id => document.getElementById(id).value; \
        return [value('squeeze-network'), value('squeeze-bits'), value('squeeze-cut'), \
        document.querySelector('[name=squeeze-scale]:checked').value].join()";
    let dials = session.script(dials).await;
    dials.as_str().unwrap().to_owned()
}

/// Copy the link and return its fragment.
async fn copied(session: &Session) -> String {
    session.click("#copy-link").await;
    let fragment = session.script("return location.hash.slice(1)").await;
    fragment.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn in_the_browser_a_link_shows_the_same_picture_answers_and_dials() {
    let session = Session::ready().await;
    // An outline that is not closed: both sets of weights take a closed one for the same.
    session.draw(&SHIRT[..10]).await;
    session.answered(0).await;
    turn(&session, "squeeze-network", "compact", &["change"]).await;
    turn(&session, "squeeze-bits", "3", &LET_GO).await;
    turn(&session, "squeeze-cut", "30", &LET_GO).await;
    session
        .click("#squeeze-scale label:has([value=layer])")
        .await;
    let (sent, link) = (session.answers().await, copied(&session).await);
    session.open_link(&link).await;
    session.answered(0).await;
    let received = session.answers().await;
    assert!(is_same(&sent, &received), "{sent:?}, {received:?}");
    assert_eq!(sent.len(), 5);
    assert_eq!(dials(&session).await, "compact,3,30,layer");
    // The other weights would have said something else.
    let photograph = link.replace("drawings", "photographs");
    session.open_link(&photograph).await;
    session.answered(0).await;
    let others = session.answers().await;
    assert!(!is_same(&sent, &others), "{sent:?}, {others:?}");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_undo_brings_a_links_picture_back_with_its_answers_and_caption() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    let link = copied(&session).await;
    session.open_link(&link).await;
    let input = session.answered(0).await;
    let (answers, caption) = (session.answers().await, session.text_of("caption").await);
    assert_eq!(caption, "The picture of this link.");
    session.draw(&[(0.1, 0.5), (0.9, 0.5)]).await;
    let input = session.answered(input).await;
    assert_ne!(session.answers().await, answers);
    session.click("#undo").await;
    session.answered(input).await;
    assert_eq!(session.answers().await, answers);
    assert_eq!(session.text_of("caption").await, caption);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_back_brings_drawing_and_dials_back() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    let mut input = session.answered(0).await;
    let blank = "return document.body.dataset.verdict === 'blank'";
    let drawn = (session.answers().await, dials(&session).await);
    for link in [
        "2.-.compact.3.20.layer.drawings",
        "1.-.stitch.2",
        "nonsense",
    ] {
        session.script(&format!("location.hash = '{link}'")).await;
        session.wait("the link", blank).await;
        if link.starts_with('2') {
            assert_eq!(dials(&session).await, "compact,3,20,layer");
        } else {
            session.message("could not be followed").await;
        }
        input = session.input().await;
        session.client.back().await.unwrap();
        input = session.answered(input).await;
        let now = (session.answers().await, dials(&session).await);
        assert_eq!(now, drawn, "{link}");
    }
    // What was done after a link was followed is there again after Forward.
    let link = "2.-.compact.3.20.layer.drawings";
    session.script(&format!("location.hash = '{link}'")).await;
    session.wait("the link", blank).await;
    session.draw(&[(0.2, 0.2), (0.8, 0.8)]).await;
    input = session.answered(input + 1).await;
    let followed = (session.answers().await, dials(&session).await);
    session.client.back().await.unwrap();
    input = session.answered(input).await;
    session.client.forward().await.unwrap();
    session.answered(input).await;
    let now = (session.answers().await, dials(&session).await);
    assert_eq!(now, followed);
    // A section is no link: what is there stays.
    let input = session.input().await;
    session.script("location.hash = '#honest'").await;
    session.client.back().await.unwrap();
    let is_back = format!("return location.hash === '#{link}'");
    session.wait("the link again", &is_back).await;
    assert_eq!(session.input().await, input);
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_page_opened_by_a_malformed_link_has_nothing_to_undo() {
    let session = Session::ready().await;
    session.open_link("2.-.pocket").await;
    session.message("could not be followed").await;
    assert!(!session.can_undo().await);
    session.close().await;
}

/// Take what the page would give to the visitor, and look at it: its type, its size, and the share of its pixels in a
/// part of it that are not of the page's color. A network's zeros are holes of that color, so of its cloth, squares of
/// 10 px, about two threads wide, are counted.
const TAKE: &str = "
    window.picture = null;
    const create = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      createImageBitmap(blob).then((bitmap) => {
        const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const page = context.getImageData(1, 1, 1, 1).data;
        const inked = (x, y, width, height) => {
          const { data } = context.getImageData(x, y, width, height);
          let different = 0;
          for (let i = 0; i < data.length; i += 4) different += [0, 1, 2].some((j) => Math.abs(data[i + j] - page[j]) > 24);
          return different / (width * height);
        };
        const covered = (x, y, side, square) => {
          let found = 0;
          for (let i = 0; i < side; i += square) for (let j = 0; j < side; j += square) found += inked(x + i, y + j, square, square) > 0;
          return found / (side / square) ** 2;
        };
        window.picture = {
          type: blob.type, size: [bitmap.width, bitmap.height], cloth: inked(48, 139, 318, 318), swatch: covered(434, 143, 310, 10),
          answer: inked(420, 470, 338, 40), words: inked(803, 120, 358, 60), last: inked(1043, 470, 108, 120),
        };
      });
      return create.call(URL, blob);
    };
    document.getElementById('save-picture').click();
";

#[tokio::test]
async fn in_the_browser_a_picture_of_the_answers_is_saved() {
    let session = Session::ready().await;
    session.draw(&SHIRT).await;
    session.answered(0).await;
    session.script(TAKE).await;
    session
        .wait("a picture", "return window.picture !== null")
        .await;
    let picture = session.script("return window.picture").await;
    assert_eq!(picture["type"], json!("image/png"));
    assert_eq!(picture["size"], json!([1200, 630]));
    let share = |part: &str| picture[part].as_f64().unwrap();
    // Cloth covers all of its place; words cover some of theirs.
    assert!(share("cloth") > 0.95 && share("swatch") > 0.95, "{picture}");
    for part in ["answer", "words", "last"] {
        assert!((0.02..0.6).contains(&share(part)), "{part}: {picture}");
    }
    session.close().await;
}
