//! The chart on the built page: the squeezed network moves in it, and a network whose mark is chosen is squeezed and
//! stands in the book.

use crate::browser::Session;
use crate::design::{framed, lowest, within};
use crate::squeeze::{LET_GO, scored, squeezing, turn};
use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

/// The words of the squeezed network's mark.
const GHOST: &str =
    "document.querySelector('#scatter [data-point=squeezed]')?.getAttribute('aria-label')";

/// Wait until the squeezed network is drawn at so many bits, scored on all images of a stop.
async fn ghost(session: &Session, bits: u8) -> String {
    let drawn = format!(
        "return {GHOST}?.startsWith('pocket at {bits}\\u00a0bits') && {GHOST}.endsWith('of 1,000 test images')"
    );
    session.wait("the squeezed network", &drawn).await;
    let words = session.script(&format!("return {GHOST}")).await;
    words.as_str().unwrap().to_owned()
}

async fn choose_axis(session: &Session, axis: &str) {
    session
        .click(&format!("#chart-axis label:has([value='{axis}'])"))
        .await;
    let drawn = format!("return document.querySelector('#chart-axis [value={axis}]').checked");
    session.wait("the axis", &drawn).await;
}

/// How far the squeezed network stands to the right of its network, in px.
async fn right_of_its_network(session: &Session) -> f64 {
    let distance = "const middle = square => { const area = document.querySelector(square).getBoundingClientRect(); \
                    return area.left + area.width / 2; }; \
                    return middle('[data-point=squeezed] .ghost') - middle('[data-point=pocket] .square')";
    session.script(distance).await.as_f64().unwrap()
}

#[tokio::test]
async fn in_the_browser_the_squeezed_network_moves_in_the_chart_and_says_its_figures() {
    let session = squeezing().await;
    session
        .script("document.getElementById('chart').scrollIntoView()")
        .await;
    let at_four = ghost(&session, 4).await;
    assert!(right_of_its_network(&session).await.abs() < 1.0);
    turn(&session, "squeeze-bits", "3", &LET_GO).await;
    let at_three = ghost(&session, 3).await;
    assert_ne!(at_four, at_three);
    let said = "return document.getElementById('scatter-point').textContent";
    session
        .script("document.querySelector('[data-point=squeezed]').focus()")
        .await;
    assert_eq!(session.script(said).await, json!(at_three));
    choose_axis(&session, "size-bytes").await;
    let is_left = "const middle = square => document.querySelector(square).getBoundingClientRect().left; \
                   return middle('[data-point=squeezed] .ghost') < middle('[data-point=pocket] .square') - 5";
    session.wait("fewer bytes", is_left).await;
    // As trained there is none.
    session.click("#squeeze-original").await;
    session
        .wait("no ghost", &format!("return {GHOST} === undefined"))
        .await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_words_below_the_chart_follow_its_axis_and_the_focus_stays() {
    let session = squeezing().await;
    let said = "return document.getElementById('scatter-point').textContent";
    session
        .script("document.querySelector('[data-point=baseline]').focus()")
        .await;
    for (axis, part) in [
        ("size-bytes", "kB"),
        ("macs", "multiply-adds"),
        ("parameters", "parameters"),
    ] {
        let choose = format!(
            "const axis = document.querySelector('[name=axis][value={axis}]'); axis.checked = true; \
             axis.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        );
        session.script(&choose).await;
        let follows = format!(
            "{said}.startsWith('baseline: ') && document.getElementById('scatter-point').textContent.includes('{part}')"
        );
        session.wait(axis, &follows).await;
        let focus = "return document.activeElement.dataset.point";
        assert_eq!(session.script(focus).await, json!("baseline"), "{axis}");
    }
    // Times of a few runs are hollow, and say so.
    choose_axis(&session, "latency-ms").await;
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    let matches = "return [...document.querySelectorAll('#scatter [data-point]')].length > 5 && \
                   [...document.querySelectorAll('#scatter [data-point]')].every(mark => \
                   mark.ariaLabel.includes('of a few runs') === (mark.querySelector('.rough') !== null)) && \
                   document.querySelector('#scatter .rough') !== null";
    session.wait("hollow marks", matches).await;
    session.close().await;
}

/// Go to the chart, and wait until the squeezed network rests there: the marks are made anew with each of its steps.
async fn at_rest(session: &Session, squeezed: &str) {
    scored(session).await;
    session
        .script("document.getElementById('scatter').scrollIntoView()")
        .await;
    let drawn = format!(
        "return {GHOST}?.startsWith('{squeezed} at ') && {GHOST}.endsWith('of 1,000 test images')"
    );
    session.wait("the squeezed network", &drawn).await;
}

/// Press the mark of a model.
async fn press(session: &Session, squeezed: &str, point: &str) {
    at_rest(session, squeezed).await;
    session
        .click(&format!("[data-point='{point}'] .square"))
        .await;
}

/// Wait until a network is squeezed, and stands last in the book.
async fn is_chosen(session: &Session, network: &str, last: &str) {
    let chosen = format!(
        "return document.getElementById('squeeze-network').value === '{network}' \
         && document.getElementById('book').lastElementChild.dataset.model === '{last}'"
    );
    session.wait(network, &chosen).await;
}

#[tokio::test]
async fn in_the_browser_a_network_chosen_in_the_chart_is_squeezed_and_stands_in_the_book() {
    let session = squeezing().await;
    session.click("[data-sample='Trouser']").await;
    session.answered(0).await;
    press(&session, "pocket", "tiny-2k").await;
    is_chosen(&session, "tiny-2k", "tiny-2k").await;
    let ladder = "return [...document.getElementById('ladder').children].map(s => s.dataset.model)";
    assert_eq!(
        session.script(ladder).await,
        json!([
            "stitch", "tiny-20k", "tiny-10k", "tiny-5k", "tiny-1k", "tiny-500"
        ])
    );
    let in_view = "const [book, list] = ['book', 'squeeze-network'].map(id => document.getElementById(id).getBoundingClientRect()); \
                   return document.activeElement.id === 'squeeze-network' && book.top >= 0 && list.bottom <= innerHeight";
    session.wait("book and list", in_view).await;
    let line =
        "return document.getElementById('squeeze-line').textContent.includes('at 4\u{a0}bits')";
    session.wait("its answer", line).await;
    at_rest(&session, "tiny-2k").await;
    let mark = session
        .client
        .find(Locator::Css("[data-point='tiny-5k']"))
        .await
        .unwrap();
    mark.send_keys(&char::from(Key::Enter).to_string())
        .await
        .unwrap();
    is_chosen(&session, "tiny-5k", "tiny-5k").await;
    // A classical model says its figures; a network of the first screen has its own place.
    press(&session, "tiny-5k", "knn").await;
    let said = "return document.getElementById('scatter-point').textContent.startsWith('knn: ')";
    session.wait("its figures", said).await;
    is_chosen(&session, "tiny-5k", "tiny-5k").await;
    press(&session, "tiny-5k", "compact").await;
    is_chosen(&session, "compact", "stitch").await;
    scored(&session).await;
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_a_first_touch_of_a_mark_asks_and_the_second_chooses() {
    let session = squeezing().await;
    let touch = "const mark = document.querySelector('[data-point=tiny-1k]'); \
                 for (const kind of ['pointerover', 'pointerdown']) \
                 mark.dispatchEvent(new PointerEvent(kind, { pointerType: 'touch', bubbles: true })); \
                 mark.focus(); mark.dispatchEvent(new MouseEvent('click', { bubbles: true })); \
                 return [document.getElementById('scatter-point').textContent.startsWith('tiny-1k: '), \
                 document.getElementById('squeeze-network').value]";
    assert_eq!(session.script(touch).await, json!([true, "pocket"]));
    assert_eq!(session.script(touch).await, json!([true, "tiny-1k"]));
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_the_largest_guest_of_the_book_needs_no_scrolling() {
    for (width, height) in [(1280, 800), (390, 844)] {
        let session = framed(width).await;
        let choose = "const list = page.getElementById('squeeze-network'); list.value = 'tiny-20k'; \
                      list.dispatchEvent(new Event('change', { bubbles: true }))";
        session.script(&within(choose)).await;
        let scored = "return page.getElementById('squeeze').dataset.images === '1000' && \
                      page.querySelector('#book [data-model=tiny-20k]').dataset.bits === '4'";
        session.wait("the guest", &within(scored)).await;
        let (bottom, what) = lowest(&session).await;
        assert!(bottom <= f64::from(height), "{width}: {bottom} of {what}");
        let overflow = "const all = page.documentElement; return all.scrollWidth - all.clientWidth";
        assert_eq!(session.script(&within(overflow)).await, json!(0), "{width}");
        session.close().await;
    }
}
