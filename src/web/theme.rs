//! What scripts take from the style sheet: colors, the scale of the swatches, and when they change.

use super::{document, listen, window};
use std::cell::RefCell;
use std::collections::HashMap;
use web_sys::{Element, Event};

/// Red, green and blue.
pub type Color = [u8; 3];

/// What was asked of the browser for this window's size and colors. Every question makes it work out styles, or lay out
/// the page, so each is asked once.
#[derive(Default)]
struct Known {
    tokens: HashMap<String, String>,
    sizes: HashMap<String, [f64; 2]>,
}

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// The value of a custom property of the page.
pub fn token(name: &str) -> String {
    let known = KNOWN.with_borrow(|known| known.tokens.get(name).cloned());
    known.unwrap_or_else(|| {
        let value = ask(name);
        KNOWN.with_borrow_mut(|known| known.tokens.insert(name.to_owned(), value.clone()));
        value
    })
}

/// Width and height of an element with an id in px, without its border; 0 when it is not shown.
pub fn size(element: &Element) -> [f64; 2] {
    let id = element.id();
    let known = KNOWN.with_borrow(|known| known.sizes.get(&id).copied());
    known.unwrap_or_else(|| {
        let size = [element.client_width(), element.client_height()].map(f64::from);
        if size[0] > 0.0 {
            KNOWN.with_borrow_mut(|known| known.sizes.insert(id, size));
        }
        size
    })
}

fn ask(name: &str) -> String {
    let page = document().document_element();
    let style = page.and_then(|page| window().get_computed_style(&page).ok()?);
    let value = style.and_then(|style| style.get_property_value(name).ok());
    value.unwrap_or_default().trim().to_owned()
}

/// A color of the style sheet, which has them as `#rrggbb`.
pub fn color(name: &str) -> Color {
    let text = token(name);
    let part = |i: usize| {
        let digits = text.get(1 + 2 * i..3 + 2 * i).unwrap_or("00");
        u8::from_str_radix(digits, 16).unwrap_or(0)
    };
    [part(0), part(1), part(2)]
}

/// A color between two; `share` is that of the second, 0 to 1.
pub fn mix(a: Color, b: Color, share: f64) -> Color {
    std::array::from_fn(|i| {
        let (a, b) = (f64::from(a[i]), f64::from(b[i]));
        (a + (b - a) * share).round() as u8
    })
}

/// The side of a swatch in px is the square root of its bytes, times this.
pub fn scale() -> f64 {
    let scale = token("--scale").parse();
    scale.unwrap_or_else(|_| 8_f64.sqrt().recip())
}

/// Device pixels a px.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().max(1.0)
}

/// Whether the visitor wants little motion.
pub fn is_still() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Whether fingers are the main pointer.
pub fn is_touched() -> bool {
    matches("(pointer: coarse)")
}

fn matches(query: &str) -> bool {
    let list = window().match_media(query).ok().flatten();
    list.is_some_and(|list| list.matches())
}

/// Call back when what is drawn for this window's size or colors has to be drawn anew.
///
/// # Panics
/// In a worker, which has no window.
pub fn on_change(changed: impl Fn() + Clone + 'static) {
    let window = window();
    let state = || (token("--scale"), token("--page"), pixel_ratio(), width());
    let before = RefCell::new(state());
    let check = std::rc::Rc::new(move || {
        KNOWN.take();
        let now = state();
        if before.replace(now.clone()) != now {
            changed();
        }
    });
    let resized = std::rc::Rc::clone(&check);
    listen(&window, "resize", move |_: Event| resized());
    if let Ok(Some(dark)) = window.match_media("(prefers-color-scheme: dark)") {
        listen(&dark, "change", move |_: Event| check());
    }
}

/// The width of the page in px.
pub fn width() -> f64 {
    document()
        .document_element()
        .map_or(0.0, |page| f64::from(page.client_width()))
}
