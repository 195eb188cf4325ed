//! The link to what is on the page: copied by a button, and followed when the page opens or its fragment changes.

use super::tools::checked;
use super::{after, by_id, document, listen, window};
use crate::image::GrayImage;
use crate::link::{self, Link};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// How long the button says that it copied, in milliseconds.
const SAID_MS: i32 = 1600;

/// What the page's fragment asks for.
pub enum Asked {
    /// Nothing, or a section of the page.
    Nothing,
    /// What a link holds; its dials are set already.
    Picture(Option<GrayImage>),
    /// The packed bytes of a network.
    Network(Vec<u8>),
    /// It is no link; the sentence says so.
    Refusal(String),
}

/// Wire the button; `seen` tells what the models see, `followed` gets what another fragment asks for.
pub fn start(seen: impl Fn() -> Option<GrayImage> + 'static, followed: impl Fn(Asked) + 'static) {
    let button: HtmlElement = by_id("copy-link");
    button.set_hidden(false);
    let pressed = button.clone();
    listen(&button, "click", move |_: Event| {
        copy_and_say(&present(seen()).to_fragment(), &pressed);
    });
    let followed = Rc::new(followed);
    listen(&window(), "hashchange", move |_: Event| followed(asked()));
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

/// What the page shows, as a link.
fn present(picture: Option<GrayImage>) -> Link {
    let number = |id: &str| by_id::<HtmlInputElement>(id).value().parse().unwrap_or(0);
    Link {
        picture,
        network: by_id::<HtmlSelectElement>("squeeze-network").value(),
        bits: number("squeeze-bits"),
        cut: number("squeeze-cut"),
        by_layer: checked("squeeze-scale") == "layer",
    }
}

/// Put a fragment into the address, so that Back leaves it again, and the whole address on the clipboard; none when
/// the browser has no clipboard for us.
fn copy(fragment: &str) -> Option<()> {
    let window = window();
    let history = window.history().ok()?;
    let address = format!("#{fragment}");
    history
        .push_state_with_url(&JsValue::NULL, "", Some(&address))
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

/// What the page's fragment asks for; the dials of a link are set.
pub fn asked() -> Asked {
    let fragment = window().location().hash().unwrap_or_default();
    let fragment = fragment.trim_start_matches('#');
    if fragment.is_empty() || document().get_element_by_id(fragment).is_some() {
        return Asked::Nothing;
    }
    let network = link::network_of_fragment(fragment);
    let asked = network.and_then(|network| match network {
        Some(packed) => Ok(Asked::Network(packed)),
        None => Link::parse(fragment).map(|link| {
            turn(&link);
            Asked::Picture(link.picture)
        }),
    });
    match asked {
        Ok(asked) => asked,
        Err(problem) => Asked::Refusal(format!(
            "The link could not be followed: {problem}. Draw a garment, or take a sample."
        )),
    }
}

/// Turn the dials.
fn turn(link: &Link) {
    let network: HtmlSelectElement = by_id("squeeze-network");
    network.set_value(&link.network);
    by_id::<HtmlInputElement>("squeeze-bits").set_value(&link.bits.to_string());
    by_id::<HtmlInputElement>("squeeze-cut").set_value(&link.cut.to_string());
    let scale = if link.by_layer { "layer" } else { "channel" };
    let scale = format!("input[name=squeeze-scale][value={scale}]");
    if let Ok(Some(scale)) = document().query_selector(&scale) {
        scale.unchecked_into::<HtmlInputElement>().set_checked(true);
    }
    if let Ok(changed) = Event::new("change") {
        // The dials listen; an event of ours is never refused.
        let _ = network.dispatch_event(&changed);
    }
}
