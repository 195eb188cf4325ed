//! Which program computes: the engine, with relaxed SIMD where the browser has it, or Burn.

use super::fetch::Fetch;
use super::{after, by_id, document, listen};
use crate::session::{Program, Session, Stage};
use serde::Deserialize;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlElement, HtmlOptionElement, HtmlSelectElement};

/// Burn.
const REFERENCE: &str = "reference_loader.js";
/// Says whether Burn's program can be loaded; `scripts/build` writes it.
const REFERENCE_STATE: &str = "reference.json";
/// The pause before that is asked again, in milliseconds.
const ASK_AGAIN_MS: i32 = 5000;

/// What `reference.json` says.
#[derive(Deserialize)]
struct Reference {
    state: ReferenceState,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum ReferenceState {
    Ready,
    Building,
    Failed,
    /// The page in one file, which leaves it out.
    Absent,
}

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
    ask_for_burn();
}

/// Offer Burn as soon as its program is there.
fn ask_for_burn() {
    spawn_local(async {
        let answer = Fetch::new(REFERENCE_STATE)
            .past_the_cache()
            .bytes(|_| ())
            .await;
        let state = answer
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Reference>(&bytes).ok())
            .map(|reference| reference.state);
        let (text, offered) = match state {
            Some(ReferenceState::Building) => ("Burn is being built", false),
            Some(ReferenceState::Failed) => ("Burn could not be built", false),
            Some(ReferenceState::Absent) => ("Burn is not in this file", false),
            // A failed request says little; choosing Burn will say what is wrong.
            Some(ReferenceState::Ready) | None => ("Burn, the reference", true),
        };
        let option: HtmlOptionElement = by_id("engine-burn");
        option.set_text(text);
        option.set_disabled(!offered);
        if state == Some(ReferenceState::Building) {
            after(ASK_AGAIN_MS, ask_for_burn);
        }
    });
}

/// Show what computes, as the models that are ready say it.
pub fn show(session: &Session) {
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
