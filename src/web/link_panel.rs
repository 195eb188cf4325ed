//! The link to what is on the page: copied by a button, and followed when the page opens or its fragment changes.

use super::{after, by_id, document, listen, window};
use crate::link::{self, Link};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

/// How long the button says that it copied, in milliseconds.
const SAID_MS: i32 = 1600;

/// What the page's fragment asks for.
pub enum Asked {
    /// Nothing, or a section of the page.
    Nothing,
    /// What a link holds.
    Link(Link),
    /// The packed bytes of a network.
    Network(Vec<u8>),
    /// It is no link; the sentence says so.
    Refusal(String),
}

/// Wire the button; `present` tells what the page shows, `changed` hears of another fragment.
pub fn start(present: impl Fn() -> Option<Link> + 'static, changed: impl Fn() + 'static) {
    let button: HtmlElement = by_id("copy-link");
    button.set_hidden(false);
    let pressed = button.clone();
    listen(&button, "click", move |_: Event| {
        if let Some(link) = present() {
            copy_and_say(&link.to_fragment(), &pressed);
        }
    });
    listen(&window(), "hashchange", move |_: Event| changed());
}

/// Copy a link, and say so on its button.
pub fn copy_and_say(fragment: &str, button: &HtmlElement) {
    let text = if copy(fragment).is_some() {
        "Copied"
    } else {
        "In the address"
    };
    button.set_inner_text(text);
    let button = button.clone();
    after(SAID_MS, move || button.set_inner_text("Copy link"));
}

/// Put a fragment into the address, so that Back leaves it again, and the whole address on the clipboard; none when
/// the browser has no clipboard for us.
fn copy(fragment: &str) -> Option<()> {
    let window = window();
    let history = window.history().ok()?;
    let address = format!("#{fragment}");
    // The new entry shows what this one does, so it carries the same number.
    let number = history.state().ok()?;
    history
        .push_state_with_url(&number, "", Some(&address))
        .ok()?;
    let address = window.location().href().ok()?;
    // web-sys has the clipboard always there; in an insecure context it is not.
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into()).ok()?;
    let write: js_sys::Function = js_sys::Reflect::get(&clipboard, &"writeText".into())
        .ok()?
        .dyn_into()
        .ok()?;
    write.call1(&clipboard, &address.into()).ok().map(drop)
}

/// The number that the present entry of the browser's history carries, if it is not a new one.
pub fn entry_number() -> Option<u32> {
    let state = window().history().and_then(|history| history.state());
    state.ok()?.as_f64().map(|number| number as u32)
}

/// Let the present entry of the browser's history carry a number.
pub fn number_entry(number: u32) {
    // A browser that refuses, for want of an address of its own, loses only Back.
    let _ = window()
        .history()
        .and_then(|history| history.replace_state(&number.into(), ""));
}

/// What the page's fragment asks for.
pub fn asked() -> Asked {
    let fragment = window().location().hash().unwrap_or_default();
    let fragment = fragment.trim_start_matches('#');
    if fragment.is_empty() || document().get_element_by_id(fragment).is_some() {
        return Asked::Nothing;
    }
    let network = link::network_of_fragment(fragment);
    let asked = network.and_then(|network| match network {
        Some(packed) => Ok(Asked::Network(packed)),
        None => Link::parse(fragment).map(Asked::Link),
    });
    match asked {
        Ok(asked) => asked,
        Err(problem) => Asked::Refusal(format!(
            "The link could not be followed: {problem}. Draw a garment, or take a sample."
        )),
    }
}
