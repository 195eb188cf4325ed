//! The page for a slide or a frame, and the page without JavaScript.

use crate::browser::Session;
use crate::root;
use serde_json::{Value, json};
use threadcount::catalog;
use threadcount::format::percent;
use threadcount::report::read_card;

/// A script with `page`, a document, that lists the links of it that can be seen and lead to nothing that can.
const LOST_LINKS: &str = "const can = { visibilityProperty: true }; \
    return [...page.querySelectorAll('a[href^=\"#\"]')].filter(link => link.checkVisibility(can) \
    && !page.querySelector(link.getAttribute('href'))?.checkVisibility(can)).map(link => link.outerHTML)";

#[tokio::test]
async fn in_the_browser_an_embedded_page_has_drawing_swatches_and_squeeze_and_nothing_else() {
    let session = Session::with_service_worker("?embed").await;
    session.rests().await;
    // Everything that has words or can be pressed, and is neither hidden nor, as what is for the keyboard, off the page.
    let seen = "const has = element => element.matches('a, button, input, select, canvas, svg') \
        || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()); \
        const seen = [...document.body.querySelectorAll('*')].filter(element => has(element) \
        && element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().right > 0); ";
    let outside = format!(
        "{seen} return seen.filter(element => !element.closest('#draw, #squeeze')).map(element => element.outerHTML)"
    );
    assert_eq!(session.script(&outside).await, json!([]));
    for part in ["#drawing", "#samples button", "#verdict", "#squeeze-bits"] {
        let is_there = format!("{seen} return seen.some(element => element.matches('{part}'))");
        assert_eq!(session.script(&is_there).await, json!(true), "{part}");
    }
    let swatches =
        format!("{seen} return seen.filter(element => element.matches('#book canvas')).length");
    assert_eq!(session.script(&swatches).await, json!(5));
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_no_link_leads_to_what_is_hidden() {
    let session = Session::ready().await;
    let lost = format!("const page = document; {LOST_LINKS}");
    assert_eq!(session.script(&lost).await, json!([]), "blank");
    session.click("[data-sample='Shirt']").await;
    session.answered(0).await;
    assert_eq!(session.script(&lost).await, json!([]), "answered");
    session.close().await;
}

#[tokio::test]
async fn in_the_browser_swatches_table_and_figures_can_be_read_without_javascript() {
    let session = Session::blank(1320, 1000).await;
    // A frame without scripts, which this page may look into.
    session
        .script(
            "const frame = document.createElement('iframe'); frame.id = 'frame'; frame.src = '/'; \
             frame.style = 'width: 1280px; height: 800px; border: 0'; \
             frame.setAttribute('sandbox', 'allow-same-origin'); \
             frame.onload = () => frame.dataset.state = 'loaded'; document.body.append(frame)",
        )
        .await;
    let loaded = "return document.getElementById('frame').dataset.state === 'loaded'";
    session.wait("the frame", loaded).await;
    let within = async |script: &str| -> Value {
        let page = "const page = document.getElementById('frame').contentDocument;";
        session.script(&format!("{page} {script}")).await
    };
    assert_eq!(
        within("return page.documentElement.className").await,
        json!("")
    );
    assert_eq!(
        within("return page.getElementById('verdict').innerText").await,
        json!("Switch on JavaScript to draw.")
    );
    let lines = |selector: &str| {
        format!(
            "return [...page.querySelectorAll('{selector}')].filter(element => element.checkVisibility()) \
             .map(element => element.innerText.replace(/\\s+/g, ' '))"
        )
    };
    let swatches: Vec<String> =
        serde_json::from_value(within(&lines("#book .swatch")).await).unwrap();
    let rows: Vec<String> =
        serde_json::from_value(within(&lines("#models tbody tr")).await).unwrap();
    for model in catalog::MODELS {
        let card = read_card(&root("models"), model.name).unwrap();
        let accuracy = card.integer_accuracy.unwrap_or(card.accuracy);
        let accuracy = percent(accuracy.test.unwrap()).replace('\u{a0}', " ");
        let has = |line: &String| line.contains(model.name) && line.contains(&accuracy);
        assert!(rows.iter().any(has), "{}: {rows:#?}", model.name);
        let is_in_book = catalog::is_in_book(model.name);
        assert_eq!(swatches.iter().any(has), is_in_book, "{}", model.name);
    }
    for chart in ["#scatter", "#claims-figure"] {
        let drawn = format!(
            "return [...page.querySelectorAll('{chart} svg')].filter(svg => svg.checkVisibility()).length"
        );
        assert_eq!(within(&drawn).await, json!(1), "{chart}");
    }
    assert_eq!(within(LOST_LINKS).await, json!([]));
    session.close().await;
}
