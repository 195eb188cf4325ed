//! One model as a swatch: its cloth to scale, and beneath it the answer, how sure it is, its size and its time.
//!
//! It is the element with the model's `data-` attributes. A squeezed network is shown in the same place, within the
//! outline of what it was.

use super::cloth::{self, Dye};
use super::squeezed::Squeezed;
use super::table_panel::Written;
use super::{by_id, part, say_in, set, theme};
use crate::catalog;
use crate::format::{kilobytes, milliseconds, thousands, whole_kilobytes};
use crate::prediction::Prediction;
use crate::protocol::{PictureNumber, Ready};
use crate::session::{Model, Stage, Timed};
use crate::timing::Thoroughness;
use crate::weave::Weave;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, HtmlTemplateElement};

/// The panel of one model.
pub struct SwatchPanel {
    name: &'static str,
    root: HtmlElement,
    written: Written,
    /// What was shown last.
    shown: Option<Model>,
    squeezed: Option<Squeezed>,
}

impl SwatchPanel {
    /// A swatch for the model `name`, with what the markup says of it.
    ///
    /// # Panics
    /// When `www/index.html` lacks the template.
    pub fn new(name: &'static str, written: Written) -> Self {
        let template: HtmlTemplateElement = by_id("swatch-template");
        let content = template.content().first_element_child();
        let root: HtmlElement = content
            .expect("a template with an element")
            .clone_node_with_deep(true)
            .expect("elements can be cloned")
            .unchecked_into();
        set(&root, "data-model", name);
        set(&root, "data-state", "idle");
        part(&root, "name").set_inner_text(name);
        // Its side, until the card says it.
        part(&root, "cut").set_class_name(&format!("cut size-{name}"));
        let swatch = Self {
            name,
            root,
            written,
            shown: None,
            squeezed: None,
        };
        swatch.say("size", &swatch.written.size);
        swatch.say("numbers", &swatch.written.parameters);
        swatch
    }

    /// The model's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Call back when the model's button to try again is pressed.
    pub fn on_retry(&self, retry: impl Fn() + 'static) {
        super::listen(&part(&self.root, "retry"), "click", move |_: Event| retry());
    }

    /// Show what is known of the model; what has not changed is left as it is.
    pub fn show(&mut self, model: &Model) {
        let before = self.shown.replace(model.clone());
        let changed = |differs: fn(&Model, &Model) -> bool| {
            before.as_ref().is_none_or(|before| differs(before, model))
        };
        if changed(|a, b| a.stage != b.stage) {
            self.show_stage(&model.stage);
        }
        // Without an answer, it says where the model is.
        if changed(|a, b| a.answer != b.answer || a.stage != b.stage) {
            match &model.answer {
                Some((number, prediction)) => self.predicted(*number, prediction),
                None => self.clear(),
            }
        }
        if changed(|a, b| a.timed != b.timed) {
            self.measured(model.timed.as_ref());
        }
    }

    /// Show the network squeezed from now on, or as it was trained.
    pub fn squeeze(&mut self, squeezed: Option<Squeezed>) {
        if self.squeezed == squeezed {
            return;
        }
        let packed = |s: &Option<Squeezed>| s.as_ref().and_then(|s| s.packed.clone());
        let redraw = packed(&self.squeezed) != packed(&squeezed);
        self.squeezed = squeezed;
        if redraw {
            self.draw();
        }
        self.show_squeezed();
    }

    /// Draw the cloth anew, for another size of the window or other colors.
    pub fn draw(&self) {
        let canvas: HtmlCanvasElement = part(&self.root, "cloth").unchecked_into();
        self.draw_on(&canvas, theme::scale());
        if let Some((_, bytes)) = self.woven() {
            let label = format!("{}, {}, drawn to scale", self.name, kilobytes(bytes));
            set(&canvas, "aria-label", &label);
        }
    }

    /// Draw the cloth with a side of the square root of its bytes times `scale`, in px; returns that side and the one
    /// of the network as it was trained, or none before it is loaded.
    pub fn draw_on(&self, canvas: &HtmlCanvasElement, scale: f64) -> Option<[f64; 2]> {
        let (weave, bytes) = self.woven()?;
        let file = self.ready()?.card.weights.size_bytes;
        let [side, outline] = [bytes, file].map(|bytes| (bytes as f64).sqrt() * scale);
        let threads = weave.cloth(cloth::threads_of(side));
        cloth::draw(canvas, &threads, [side, side], self.dye());
        Some([side, outline])
    }

    /// The swatch's element.
    pub fn root(&self) -> &Element {
        &self.root
    }

    fn ready(&self) -> Option<&Ready> {
        self.shown.as_ref()?.ready()
    }

    /// The cloth that is shown, and its bytes.
    fn woven(&self) -> Option<(&Weave, usize)> {
        let packed = self.squeezed.as_ref().and_then(|s| s.packed.as_ref());
        if let Some((weave, bytes)) = packed {
            return Some((weave, *bytes));
        }
        let ready = self.ready()?;
        Some((&ready.weave, ready.card.weights.size_bytes))
    }

    fn dye(&self) -> Dye {
        if catalog::is_network(self.name) {
            Dye::Dyed
        } else {
            Dye::Greige
        }
    }

    fn show_stage(&self, stage: &Stage) {
        let state = match stage {
            Stage::Idle => "idle",
            Stage::Loading { .. } | Stage::Stalled { .. } => "loading",
            Stage::Ready(_) => "ready",
            Stage::Failed { .. } => "error",
        };
        set(&self.root, "data-state", state);
        let may_retry = matches!(stage, Stage::Stalled { .. } | Stage::Failed { .. });
        part(&self.root, "retry").set_hidden(!may_retry);
        match stage {
            Stage::Loading { received, total } => {
                let arrived = *received as f64 / (*total).max(1) as f64;
                self.property("cut", "--arrived", &arrived.to_string());
                let [received, total] = [*received, *total].map(whole_kilobytes);
                self.say("size", &format!("{received} of {total}"));
            }
            Stage::Ready(ready) => self.loaded(ready),
            Stage::Failed { .. } => self.say("size", &self.written.size),
            Stage::Idle | Stage::Stalled { .. } => {}
        }
        let status = match stage {
            Stage::Stalled { retry_in_ms } => {
                let seconds = retry_in_ms.div_ceil(1000);
                format!("Nothing arrives. It is asked for again in {seconds} s.")
            }
            Stage::Failed { message } => message.clone(),
            _ => String::new(),
        };
        self.say("status", &status);
    }

    fn loaded(&self, ready: &Ready) {
        let card = &ready.card;
        let interval = card.accuracy.test_interval;
        let attributes = [
            ("data-parameters", Some(card.parameters.to_string())),
            ("data-macs", Some(card.macs.to_string())),
            ("data-size-bytes", Some(card.weights.size_bytes.to_string())),
            (
                "data-test-accuracy",
                card.accuracy.test.map(|share| share.to_string()),
            ),
            (
                "data-drawn-accuracy",
                card.drawn_accuracy.map(|share| share.to_string()),
            ),
            (
                "data-interval-low",
                interval.map(|[low, _]| low.to_string()),
            ),
            (
                "data-interval-high",
                interval.map(|[_, high]| high.to_string()),
            ),
            ("data-memory-bytes", Some(ready.memory_bytes.to_string())),
        ];
        for (name, value) in attributes {
            if let Some(value) = value {
                set(&self.root, name, &value);
            }
        }
        self.property("cut", "--root", &root_of(card.weights.size_bytes));
        self.say("size", &whole_kilobytes(card.weights.size_bytes));
        self.say(
            "numbers",
            &format!("{} parameters", thousands(card.parameters)),
        );
        self.show_right();
        self.draw();
    }

    /// Forget the answer, because the picture is blank or new.
    fn clear(&self) {
        let text = match self.shown.as_ref().map(|model| &model.stage) {
            Some(Stage::Ready(_)) => "–",
            Some(Stage::Failed { .. }) => "Not here",
            _ => "Loading",
        };
        self.say("class", text);
        self.say("confidence", "");
        self.property("thread", "--sure", "0");
        for name in ["data-prediction", "data-confidence", "data-input"] {
            // Removing an absent attribute does nothing.
            let _ = self.root.remove_attribute(name);
        }
        self.show_squeezed();
    }

    /// Show an answer to picture `input`.
    fn predicted(&self, input: PictureNumber, prediction: &Prediction) {
        let (class, sure) = (prediction.label().name(), prediction.confidence());
        set(&self.root, "data-prediction", class);
        set(&self.root, "data-confidence", &sure.to_string());
        set(&self.root, "data-input", &input.to_string());
        self.answer(prediction);
        self.show_squeezed();
    }

    fn answer(&self, prediction: &Prediction) {
        let sure = prediction.confidence();
        self.say("class", prediction.label().name());
        self.property("thread", "--sure", &sure.to_string());
        self.say("confidence", &format!("{:.0}\u{a0}% sure", sure * 100.0));
    }

    /// Show a measured time, or that there is none.
    fn measured(&self, timed: Option<&Timed>) {
        let Some(timed) = timed else {
            self.say("latency", "");
            for figure in ["latency-ms", "latency-p95-ms", "latency-runs"] {
                // Removing an absent attribute does nothing.
                let _ = self.root.remove_attribute(&format!("data-{figure}"));
            }
            return;
        };
        let latency = timed.latency;
        for (name, value) in [
            ("data-latency-ms", latency.median_ms.to_string()),
            ("data-latency-p95-ms", latency.p95_ms.to_string()),
            ("data-latency-runs", latency.runs.to_string()),
        ] {
            set(&self.root, name, &value);
        }
        let time = milliseconds(latency.median_ms).replace(' ', "\u{a0}");
        self.say("latency", &time);
        // A few runs say it roughly: the style sheet puts a sign before it, where there is room.
        let is_rough = timed.thoroughness == Thoroughness::Quick;
        set(&self.root, "data-rough", &is_rough.to_string());
    }

    fn show_squeezed(&self) {
        let cut = part(&self.root, "cut");
        let held = self.squeezed.as_ref();
        let held_class = if held.is_some() { " held" } else { "" };
        cut.set_class_name(&format!("cut size-{}{held_class}", self.name));
        let trained = self.shown.as_ref().and_then(|model| model.answer);
        let own = held.and_then(|squeezed| squeezed.prediction);
        let strays = matches!((trained, own), (Some((_, a)), Some(b)) if a.label() != b.label());
        let flip = ("data-flip", strays.then(String::new));
        for (name, value) in Squeezed::hooks(held).into_iter().chain([flip]) {
            match value {
                Some(value) => set(&self.root, name, &value),
                // Removing an absent attribute does nothing.
                None => drop(self.root.remove_attribute(name)),
            }
        }
        let text = held.map(Squeezed::words);
        self.say("squeezed", &text.unwrap_or_default());
        // The trained network's time is not the squeezed one's.
        part(&self.root, "latency").set_hidden(held.is_some());
        match (held, self.woven()) {
            (Some(Squeezed { packed: None, .. }), _) => self.say("size", "–"),
            (_, Some((_, bytes))) => self.say("size", &whole_kilobytes(bytes)),
            (_, None) => {}
        }
        self.show_right();
        if let Some(prediction) = own.or(trained.map(|(_, prediction)| prediction)) {
            self.answer(&prediction);
        }
    }

    /// Show the accuracy, of the squeezed network with the images that it is of; without one, its line stays.
    fn show_right(&self) {
        let trained = || self.ready()?.card.accuracy.test;
        let text = match &self.squeezed {
            Some(squeezed) => squeezed.right(),
            None => trained().map(|share| format!("{:.2}\u{a0}% right", share * 100.0)),
        };
        self.say(
            "right",
            &format!(" {}", text.as_deref().unwrap_or("\u{a0}")),
        );
    }

    fn say(&self, name: &str, text: &str) {
        say_in(&part(&self.root, name), text);
    }

    fn property(&self, name: &str, property: &str, value: &str) {
        // A custom property takes any value.
        let _ = part(&self.root, name).style().set_property(property, value);
    }
}

/// The square root of bytes, in px.
fn root_of(bytes: usize) -> String {
    format!("{}px", (bytes as f64).sqrt())
}
