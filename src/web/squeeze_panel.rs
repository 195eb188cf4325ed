//! The squeeze: the dials of a network, what is said of it, and its buttons. What a dial's stop comes to is decided by
//! the session; the charts above the dials are in `squeeze_dials`, the cloth in `squeeze_cloth`.

use super::code_panel::CodePanel;
use super::squeeze_cloth::SqueezeCloth;
use super::{by_id, document, listen, say, set, squeeze_dials, tools};
use crate::catalog;
use crate::format::kilobytes;
use crate::session::{Edge, Event, Grip, Session, Squeeze};
use crate::squeeze::{AS_TRAINED_BITS, ImageSet, Scale, Score, Setting, bit_stops};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, File, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlSelectElement,
    KeyboardEvent,
};

/// The network and the bits that the page opens with.
const FIRST: (&str, u8) = ("pocket", 4);
/// The value of the dial for bits that stands for half precision; every other value is a number of bits.
const HALF_PRECISION: u8 = 9;

/// The panel.
#[derive(Default)]
pub struct SqueezePanel {
    cloth: SqueezeCloth,
    code: CodePanel,
}

impl SqueezePanel {
    /// Wire the dials and buttons and go to the first stop; `tell` hears what the visitor does, `open` gets a file.
    ///
    /// # Panics
    /// When `www/index.html` lacks one of them.
    pub fn start(&self, tell: impl Fn(Event) + 'static, open: impl Fn(File) + 'static) {
        let tell = Rc::new(tell);
        self.code.start(&tell);
        let choice: HtmlSelectElement = by_id("squeeze-network");
        for name in catalog::networks() {
            let option = document().create_element("option").expect("a valid tag");
            option.set_text_content(Some(name));
            set(&option, "value", name);
            choice.append_child(&option).expect("a list takes options");
        }
        let first = catalog::networks().find(|name| *name == FIRST.0);
        choice.set_value(first.unwrap_or_default());
        by_id::<HtmlInputElement>("squeeze-bits").set_value(&FIRST.1.to_string());
        for (id, event, grip) in [
            ("squeeze-bits", "input", Grip::Dragging),
            ("squeeze-cut", "input", Grip::Dragging),
            ("squeeze-bits", "change", Grip::Released),
            ("squeeze-cut", "change", Grip::Released),
            ("squeeze-network", "change", Grip::Released),
            ("squeeze-scale", "change", Grip::Released),
        ] {
            let tell = Rc::clone(&tell);
            listen(
                &by_id::<HtmlElement>(id),
                event,
                move |_: web_sys::Event| {
                    tell(chosen(grip));
                },
            );
        }
        for (id, event) in [
            ("squeeze-edge", Event::EdgePressed),
            ("squeeze-original", Event::OriginalToggled),
            ("squeeze-all-images", Event::ScoreAllPressed),
            ("squeeze-download", Event::SqueezedFilePressed),
        ] {
            let tell = Rc::clone(&tell);
            listen(
                &by_id::<HtmlElement>(id),
                "click",
                move |_: web_sys::Event| {
                    tell(event.clone());
                },
            );
        }
        let toggle = Rc::clone(&tell);
        listen(&document(), "keydown", move |event: KeyboardEvent| {
            if is_toggle(&event) {
                toggle(Event::OriginalToggled);
            }
        });
        let field: HtmlInputElement = by_id("squeeze-open");
        let input = field.clone();
        listen(&field, "change", move |_: web_sys::Event| {
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                open(file);
            }
            // The same file can be chosen again.
            input.set_value("");
        });
        by_id::<HtmlElement>("squeeze").set_hidden(false);
        tell(chosen(Grip::Opened));
    }

    /// Show the squeezed network.
    pub fn show(&self, session: &Session) {
        let Some(squeeze) = session.squeeze() else {
            return;
        };
        show_dials(squeeze, session.trained_bits());
        show_words(session);
        show_buttons(squeeze);
        squeeze_dials::show(squeeze, session.trained_bits());
        self.cloth.show(session, squeeze);
        self.code.show(squeeze);
        let section: Element = by_id("squeeze");
        let scored = squeeze.score.filter(Score::is_complete);
        let edge = match squeeze.edge {
            Edge::Idle => "idle",
            Edge::Walking(_) => "walking",
            Edge::Found(..) => "found",
            Edge::Cancelled => "cancelled",
        };
        for (name, value) in [
            ("data-stop", Some(squeeze.stop.to_string())),
            ("data-images", scored.map(|score| score.done.to_string())),
            (
                "data-correct",
                scored.map(|score| score.correct.to_string()),
            ),
            ("data-edge", Some(edge.to_owned())),
        ] {
            match value {
                Some(value) => set(&section, name, &value),
                // Removing an absent attribute does nothing.
                None => drop(section.remove_attribute(name)),
            }
        }
    }

    /// Draw the charts and the cloth anew, for another size of the window or other colors.
    pub fn draw(&self, session: &Session) {
        if let Some(squeeze) = session.squeeze() {
            squeeze_dials::show(squeeze, session.trained_bits());
            self.cloth.forget();
            self.cloth.show(session, squeeze);
        }
    }
}

/// Choose a network, as the list of networks does, and go to where it is squeezed.
pub fn choose(network: &str) {
    let choice: HtmlSelectElement = by_id("squeeze-network");
    choice.set_value(network);
    if let Ok(change) = web_sys::Event::new("change") {
        // An event that was just made can be sent.
        let _ = choice.dispatch_event(&change);
    }
    by_id::<Element>("draw").scroll_into_view();
    // Where it does not fit below the book, the focus brings it into view.
    let _ = choice.focus();
}

/// What the dials are at.
fn chosen(grip: Grip) -> Event {
    let value = |id: &str| -> u8 {
        let text = by_id::<HtmlInputElement>(id).value();
        text.parse().unwrap_or_default()
    };
    let bits = match value("squeeze-bits") {
        HALF_PRECISION => AS_TRAINED_BITS,
        bits => bits,
    };
    let scale = match tools::checked("squeeze-scale").as_str() {
        "layer" => Scale::Layer,
        _ => Scale::Channel,
    };
    let setting = Setting::new(bits, value("squeeze-cut"), scale).unwrap_or(Setting::AS_TRAINED);
    let network = by_id::<HtmlSelectElement>("squeeze-network").value();
    Event::Squeezed(network, setting, grip)
}

/// Whether a key shows the original: X, but not where text is written.
fn is_toggle(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|t| t.dyn_into::<HtmlElement>().ok());
    let writes = target.is_some_and(|element| {
        let field = element.dyn_ref::<HtmlInputElement>();
        let has_text = |f: &HtmlInputElement| {
            !matches!(f.type_().as_str(), "range" | "radio" | "checkbox" | "file")
        };
        field.is_some_and(has_text)
            || matches!(element.tag_name().as_str(), "TEXTAREA" | "SELECT")
            || element.is_content_editable()
    });
    let is_alone = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat());
    event.key().eq_ignore_ascii_case("x") && is_alone && !writes
}

/// Bring the dials to the stop; the search for the edge moves them.
fn show_dials(squeeze: &Squeeze, trained_bits: u8) {
    let setting = squeeze.setting;
    let (bits, cut) = (setting.bits(), setting.cut());
    // Of packed codes, as trained is one of the other stops.
    let bits = match bits {
        AS_TRAINED_BITS => trained_bits,
        bits => bits,
    };
    let size = squeeze.made.as_ref().map(|made| kilobytes(made.size_bytes));
    let told = |what: String| match &size {
        Some(size) => format!("{what}, {size}"),
        None => what,
    };
    let as_trained = if bits == trained_bits {
        ", as trained"
    } else {
        ""
    };
    offer(trained_bits);
    let bits_text = format!("{bits} bits{as_trained}");
    turn("squeeze-bits", bits.min(HALF_PRECISION), &told(bits_text));
    turn("squeeze-cut", cut, &told(format!("{cut} % cut")));
    say("squeeze-bits-out", &format!("{bits}{as_trained}"));
    say("squeeze-cut-out", &format!("{cut}\u{a0}%"));
    for (id, now) in [("squeeze-bits-stops", bits), ("squeeze-cut-stops", cut)] {
        let mut next = by_id::<Element>(id).first_element_child();
        while let Some(stop) = next {
            let is_now = stop.text_content() == Some(now.to_string());
            stop.set_class_name(if is_now { "now" } else { "" });
            next = stop.next_element_sibling();
        }
    }
    let choice: HtmlSelectElement = by_id("squeeze-network");
    if choice.value() != squeeze.network {
        choice.set_value(squeeze.network);
    }
    let scale = match setting.scale() {
        Scale::Channel => "channel",
        Scale::Layer => "layer",
    };
    let radio = format!("#squeeze-scale input[value={scale}]");
    if let Ok(Some(radio)) = document().query_selector(&radio) {
        radio.unchecked_into::<HtmlInputElement>().set_checked(true);
    }
}

/// Offer the stops of a network that was trained with so many bits, on the dial and below it.
fn offer(trained_bits: u8) {
    let most = bit_stops(trained_bits).next().unwrap_or(AS_TRAINED_BITS);
    let most = most.min(HALF_PRECISION).to_string();
    let dial: HtmlInputElement = by_id("squeeze-bits");
    if dial.max() == most {
        return;
    }
    dial.set_max(&most);
    let row: Element = by_id("squeeze-bits-stops");
    row.set_text_content(None);
    for bits in bit_stops(trained_bits) {
        let stop = document().create_element("span").expect("a valid tag");
        stop.set_text_content(Some(&bits.to_string()));
        row.append_child(&stop).expect("a row takes stops");
    }
}

fn turn(id: &str, value: u8, text: &str) {
    let dial: HtmlInputElement = by_id(id);
    let value = value.to_string();
    if dial.value() != value {
        dial.set_value(&value);
    }
    if dial.get_attribute("aria-valuetext").as_deref() != Some(text) {
        set(&dial, "aria-valuetext", text);
    }
}

fn show_words(session: &Session) {
    let line = session.squeeze_line();
    let place: HtmlElement = by_id("squeeze-line");
    if place.text_content() != Some(line.text()) {
        place.set_text_content(None);
        if let Some(flip) = &line.flip {
            let span = document().create_element("span").expect("a valid tag");
            span.set_class_name("strays");
            span.set_text_content(Some(flip));
            // A paragraph takes text.
            let _ = place.append_child(&span);
            let _ = place.append_with_str_1(" ");
        }
        let _ = place.append_with_str_1(&line.rest);
    }
    say("squeeze-edge-note", &session.edge_line());
    let readings = session.squeeze_readings();
    let places = ["accuracy", "bytes", "answer", "time"];
    for (reading, place) in readings.iter().zip(places) {
        say(&format!("squeeze-{place}"), &reading.figure);
        say(&format!("squeeze-{place}-note"), &reading.note);
    }
    say("squeeze-all-images", &session.score_all_label());
}

fn show_buttons(squeeze: &Squeeze) {
    let is_walking = squeeze.edge.is_walking();
    say(
        "squeeze-edge",
        if is_walking {
            "Cancel"
        } else {
            "Find the edge"
        },
    );
    let original = if squeeze.shows_original {
        "Show the squeezed"
    } else {
        "Show the original"
    };
    say("squeeze-original", original);
    let pressed = if squeeze.shows_original {
        "true"
    } else {
        "false"
    };
    set(
        &by_id::<Element>("squeeze-original"),
        "aria-pressed",
        pressed,
    );
    let scored_all = squeeze
        .score
        .is_some_and(|score| score.on == ImageSet::Test10000 && score.is_complete());
    for (id, is_possible) in [
        ("squeeze-original", !squeeze.setting.is_as_trained()),
        ("squeeze-download", squeeze.made.is_some()),
        (
            "squeeze-all-images",
            squeeze.made.is_some() && !scored_all && !is_walking,
        ),
    ] {
        let button: HtmlButtonElement = by_id(id);
        if button.disabled() == is_possible {
            button.set_disabled(!is_possible);
        }
    }
}
