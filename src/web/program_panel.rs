//! Which program computes: the engine, with relaxed SIMD where the browser has it, or Burn.

use super::fetch::Fetch;
use super::{by_id, document, listen};
use crate::session::{Availability, Program, Session, Stage};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlElement, HtmlOptionElement, HtmlSelectElement};

/// Burn.
const REFERENCE: &str = "reference_loader.js";
/// Says whether Burn's program can be loaded; `scripts/build` writes it.
const REFERENCE_STATE: &str = "reference.json";

/// The loader of a program; that of the engine is named by the page's first script, which knows the browser's kind
/// of SIMD.
pub fn loader(program: Program) -> String {
    match program {
        Program::Burn => REFERENCE.to_owned(),
        Program::Engine => {
            let page = document().document_element();
            page.and_then(|page| page.get_attribute("data-loader"))
                .unwrap_or_default()
        }
    }
}

/// Call back when the visitor chooses another program.
pub fn start(chosen: impl Fn(Program) + 'static) {
    let choice: HtmlSelectElement = by_id("engine");
    listen(&by_id("engine"), "change", move |_: Event| {
        chosen(match choice.value().as_str() {
            "burn" => Program::Burn,
            _ => Program::Engine,
        });
    });
}

/// Find out whether Burn's program can be loaded.
pub fn ask_for_burn(tell: impl FnOnce(Availability) + 'static) {
    spawn_local(async {
        let answer = Fetch::new(REFERENCE_STATE)
            .past_the_cache()
            .bytes(|_| ())
            .await;
        tell(Availability::of_file(answer.ok().as_deref()));
    });
}

/// Show the programs that can be chosen, and what computes, as the models that are ready say it.
pub fn show(session: &Session) {
    show_choice(session);
    let mut paths: Vec<&str> = Vec::new();
    for model in session.models() {
        if let Stage::Ready(ready) = &model.stage
            && !paths.contains(&ready.path.as_str())
        {
            paths.push(&ready.path);
        }
    }
    let text = if paths.is_empty() {
        String::new()
    } else {
        format!("Computed with {}.", paths.join(" and "))
    };
    let place: HtmlElement = by_id("engine-path");
    if place.text_content().as_deref() != Some(&text) {
        place.set_text_content(Some(&text));
    }
}

fn show_choice(session: &Session) {
    let burn: HtmlOptionElement = by_id("engine-burn");
    let (text, disabled) = (session.burn().text(), !session.burn().is_offered());
    if burn.text() != text || burn.disabled() != disabled {
        burn.set_text(text);
        burn.set_disabled(disabled);
    }
    let choice: HtmlSelectElement = by_id("engine");
    let value = match session.program() {
        Program::Engine => "engine",
        Program::Burn => "burn",
    };
    if choice.value() != value {
        choice.set_value(value);
    }
}
