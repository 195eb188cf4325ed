//! The chart of accuracy against size, drawn anew for its width with what is known of every model here, and of the
//! squeezed network, which moves in it.
//!
//! Figures are those of the models' elements; what others published stands in the markup.

use super::table_panel::all;
use super::{by_id, document, listen, say, set, sight, svg, theme, tools};
use crate::catalog;
use crate::chart::{Axis, Ghost, Mark, MarkKind, Svg, scatter};
use crate::session::Session;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

/// The widest that the chart is drawn, in px.
const WIDEST: f64 = 792.0;

/// The panel.
#[derive(Clone, Default)]
pub struct ChartPanel(Rc<State>);

#[derive(Default)]
struct State {
    /// Whether the chart is near the window.
    is_seen: Cell<bool>,
    /// The squeezed network as it was drawn.
    ghost: RefCell<Option<Ghost>>,
    /// The mark whose words stand below the chart.
    said: RefCell<Option<String>>,
    /// Whether a finger is on a mark whose words were not there before.
    is_first_touch: Cell<bool>,
}

impl ChartPanel {
    /// Say what a mark stands for; `redraw` is called when the chart has to be drawn anew, `choose` with the name of a
    /// network whose mark was chosen.
    pub fn start(&self, redraw: impl Fn() + Clone + 'static, choose: impl Fn(&str) + 'static) {
        let axis = redraw.clone();
        listen(&by_id("chart-axis"), "change", move |_: Event| axis());
        let panel = self.clone();
        sight::watch(&by_id("scatter"), move |is_seen| {
            panel.0.is_seen.set(is_seen);
            redraw();
        });
        self.say_again();
        let panel = self.clone();
        on_mark("pointerover", move |point, event: &PointerEvent| {
            if event.pointer_type() != "touch" {
                panel.say(point);
            }
        });
        let panel = self.clone();
        on_mark("pointerdown", move |point, event: &PointerEvent| {
            let is_said = panel.0.said.borrow().as_deref() == Some(point);
            let is_first = event.pointer_type() == "touch" && !is_said;
            panel.0.is_first_touch.set(is_first);
        });
        let panel = self.clone();
        on_mark("focusin", move |point, _: &Event| panel.say(point));
        let choose = Rc::new(choose);
        let (panel, chosen) = (self.clone(), Rc::clone(&choose));
        on_mark("click", move |point, _: &Event| {
            panel.say(point);
            // A finger that touches a mark for the first time asks what it is.
            if !panel.0.is_first_touch.take() && catalog::is_network(point) {
                chosen(point);
            }
        });
        on_mark("keydown", move |point, event: &KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") && catalog::is_network(point) {
                event.prevent_default();
                choose(point);
            }
        });
    }

    /// Whether the squeezed network, where it can be seen, is another one than is drawn.
    pub fn is_stale(&self, session: &Session) -> bool {
        self.0.is_seen.get() && *self.0.ghost.borrow() != session.ghost()
    }

    /// Draw the models whose figures are known; nothing when that is what stands there.
    pub fn draw(&self, session: &Session) {
        let figure: HtmlElement = by_id("scatter");
        let (axis, attribute) = match tools::checked("axis").as_str() {
            "size-bytes" => (Axis::Bytes, "data-size-bytes"),
            "macs" => (Axis::Operations, "data-macs"),
            "latency-ms" => (Axis::Time, "data-latency-ms"),
            _ => (Axis::Parameters, "data-parameters"),
        };
        let marks = marks(axis, attribute);
        let width = theme::size(&figure)[0].min(WIDEST);
        let is_known = marks.iter().any(|mark| mark.kind == MarkKind::Network);
        // Before a model is here, what stands there was drawn from the same files; times are of this browser alone.
        if width < 100.0 || !(is_known || axis == Axis::Time) {
            return;
        }
        let ghost = session.ghost();
        let drawn = scatter(&marks, ghost.as_ref(), axis, width);
        self.0.ghost.replace(ghost);
        let text = drawn.to_string();
        let sum = text.len().to_string() + &checksum(&text).to_string();
        if figure.get_attribute("data-drawn").as_deref() != Some(&sum) {
            set(&figure, "data-drawn", &sum);
            put(&figure, &drawn);
            self.say_again();
        }
    }

    fn say(&self, point: &str) {
        self.0.said.replace(Some(point.to_owned()));
        self.say_again();
    }

    /// Say the words of the same mark, which may have other figures now, or what marks are for.
    fn say_again(&self) {
        let said = self.0.said.borrow();
        let words = said
            .as_deref()
            .and_then(find)
            .and_then(|mark| mark.get_attribute("aria-label"));
        let words = words.unwrap_or_else(|| {
            let hint = match theme::is_touched() {
                _ if all("#scatter [data-point]").is_empty() => {
                    "No model is timed yet: draw a garment."
                }
                true => "Touch a mark; touch a network again to squeeze it.",
                false => "Point at a mark, or move to it with Tab. Choose a network to squeeze it.",
            };
            hint.to_owned()
        });
        say("scatter-point", &words);
    }
}

/// Call back for each event of a mark with what tells it from others. The marks are made anew with every drawing, so
/// their figure listens for them.
fn on_mark<E: JsCast + AsRef<Event> + 'static>(event: &str, hear: impl Fn(&str, &E) + 'static) {
    listen(&by_id::<Element>("scatter"), event, move |event: E| {
        let target = AsRef::<Event>::as_ref(&event).target();
        let target = target.and_then(|t| t.dyn_into::<Element>().ok());
        let mark = target.and_then(|t| t.closest("[data-point]").ok().flatten());
        if let Some(point) = mark.and_then(|mark| mark.get_attribute("data-point")) {
            hear(&point, &event);
        }
    });
}

fn find(point: &str) -> Option<Element> {
    let is_it = |mark: &Element| mark.get_attribute("data-point").as_deref() == Some(point);
    all("#scatter [data-point]").into_iter().find(is_it)
}

/// Put a drawing into its figure; the mark that had the focus has it again.
fn put(figure: &HtmlElement, drawn: &Svg) {
    let focused = document()
        .active_element()
        .and_then(|e| e.get_attribute("data-point"));
    for old in all("#scatter > svg") {
        old.remove();
    }
    svg::draw_first(figure, drawn);
    // In the markup for browsers without scripts they choose nothing.
    for mark in all("#scatter [data-point]") {
        let point = mark.get_attribute("data-point").unwrap_or_default();
        if catalog::is_network(&point) {
            set(&mark, "role", "button");
        }
    }
    // The mark was made anew; a browser that refuses the focus only loses the place.
    let focus = focused.as_deref().and_then(find).and_then(|mark| {
        let focus = js_sys::Reflect::get(&mark, &"focus".into()).ok()?;
        js_sys::Function::from(focus).call0(&mark).ok()
    });
    drop(focus);
}

fn marks(axis: Axis, attribute: &str) -> Vec<Mark> {
    let number = |element: &Element, name: &str| -> Option<f64> {
        let value: f64 = element.get_attribute(name)?.parse().ok()?;
        (value > 0.0).then_some(value)
    };
    let models = all("[data-model]");
    let own = models.iter().filter_map(|model| {
        let name = model.get_attribute("data-model")?;
        let interval = [
            number(model, "data-interval-low"),
            number(model, "data-interval-high"),
        ];
        let kind = if catalog::is_network(&name) {
            MarkKind::Network
        } else {
            MarkKind::Classical
        };
        Some(Mark {
            kind,
            x: number(model, attribute)?,
            is_rough: axis == Axis::Time
                && model.get_attribute("data-rough").as_deref() == Some("true"),
            accuracy: number(model, "data-test-accuracy")?,
            interval: match interval {
                [Some(low), Some(high)] => Some([low, high]),
                _ => None,
            },
            name,
        })
    });
    let own: Vec<Mark> = own.collect();
    let published = all("[data-published]").into_iter().filter_map(|row| {
        let name = row.get_attribute("data-published")?;
        let claim = row.get_attribute("data-kind").as_deref() == Some("claim");
        // A claim stands above our own network; of other networks only the numbers are known.
        let x = if claim {
            own.iter().find(|mark| mark.name == name)?.x
        } else if axis == Axis::Parameters {
            number(&row, "data-x")?
        } else {
            return None;
        };
        Some(Mark {
            kind: if claim {
                MarkKind::Claim
            } else {
                MarkKind::Published
            },
            x,
            is_rough: false,
            accuracy: number(&row, "data-accuracy")?,
            interval: None,
            name,
        })
    });
    let published: Vec<Mark> = published.collect();
    own.iter().cloned().chain(published).collect()
}

/// A sum by which two drawings are told apart (FNV-1a).
fn checksum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
