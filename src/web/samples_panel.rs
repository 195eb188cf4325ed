//! Ten garments of the test set, one a class, to click.

use super::canvas::paint;
use super::fetch::Fetch;
use super::table_panel::all;
use super::{by_id, document, listen, set};
use crate::dataset::parse_images;
use crate::image::GrayImage;
use crate::label::NAMES;
use crate::report::SAMPLE_FILE;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlButtonElement, HtmlCanvasElement};

/// Called with the chosen picture, or with what to tell the visitor when there are none.
type Chosen = Rc<dyn Fn(Result<GrayImage, String>)>;

/// Mark the sample that stands on the drawing, or none. Every stroke asks for none, so that only what changes is touched.
pub fn mark(chosen: Option<&str>) {
    for button in all("#samples [aria-pressed=true]") {
        set(&button, "aria-pressed", "false");
    }
    let Some(chosen) = chosen else { return };
    for button in all("#samples button") {
        if button.get_attribute("data-sample").as_deref() == Some(chosen) {
            set(&button, "aria-pressed", "true");
        }
    }
}

/// Fetch the samples and make a button of each.
pub fn start(chosen: impl Fn(Result<GrayImage, String>) + 'static) {
    let chosen: Chosen = Rc::new(chosen);
    spawn_local(async move {
        match load().await {
            Ok(images) => {
                for (image, name) in images.into_iter().zip(NAMES) {
                    add_button(image, name, Rc::clone(&chosen));
                }
            }
            Err(message) => chosen(Err(message)),
        }
    });
}

async fn load() -> Result<Vec<GrayImage>, String> {
    let url = format!("data/{SAMPLE_FILE}");
    let bytes = Fetch::new(&url).bytes(|_| ()).await;
    let bytes = bytes.map_err(|e| e.to_string())?;
    parse_images(SAMPLE_FILE, &bytes).map_err(|e| e.to_string())
}

fn add_button(image: GrayImage, name: &str, chosen: Chosen) {
    let create = |tag| document().create_element(tag).expect("a valid tag");
    let button: HtmlButtonElement = create("button").unchecked_into();
    let canvas: HtmlCanvasElement = create("canvas").unchecked_into();
    paint(&canvas, &image.to_rgba());
    button.set_type("button");
    set(&button, "aria-label", &format!("Test image: {name}"));
    set(&button, "title", name);
    set(&button, "data-sample", name);
    set(&button, "aria-pressed", "false");
    let list: Element = by_id("samples");
    // Appending an element that was just made cannot fail.
    let _ = button
        .append_child(&canvas)
        .and_then(|_| list.append_child(&button));
    let name = name.to_owned();
    listen(&button, "click", move |_: web_sys::Event| {
        chosen(Ok(image.clone()));
        mark(Some(&name));
    });
}
