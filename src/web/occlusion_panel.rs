//! The occlusion map: how much the probability of a model's answer changes when a place of the picture is covered. A warp
//! thread shows a loss, a weft thread a gain; the larger the change, the thicker the thread. Pointer and arrow keys move
//! the square that is covered.

use super::theme::{self, Color};
use super::{by_id, canvas, create, listen, look, say, set, sight, summary_panel};
use crate::catalog::{self, Kind};
use crate::image::{GrayImage, SIDE};
use crate::occlusion::{Occlusion, PLACES, covered};
use crate::protocol::Inspected;
use crate::session::{Event, Session, place_line};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, HtmlCanvasElement, HtmlElement, HtmlSelectElement, KeyboardEvent, PointerEvent,
};

/// Pixels of the canvas for a place, on a plain screen.
const CELL: f64 = 13.0;
/// A cost of this share is drawn as thick as can be, unless there is a larger one.
const LEAST_SCALE: f32 = 0.05;
/// Costs below this share of the largest leave the place bare.
const BARE: f32 = 0.03;

/// What the panel shows, shared with what listens.
#[derive(Clone, Default)]
pub struct OcclusionPanel {
    known: Rc<RefCell<Option<Occlusion>>>,
    /// Row and column of the square's middle.
    place: Rc<Cell<Option<[usize; 2]>>>,
}

impl OcclusionPanel {
    /// Fill the list of models and listen to it, to the pointer, to keys and to whether the map is seen.
    pub fn start(&self, tell: impl Fn(Event) + Clone + 'static) {
        let choice: HtmlSelectElement = by_id("occlusion-model");
        for (kind, title) in [
            (Kind::Network, "Networks"),
            (Kind::Classical, "Classical models"),
        ] {
            let group = create("optgroup", &choice);
            set(&group, "label", title);
            for model in catalog::of_kind(kind) {
                let option = create("option", &group);
                option.set_text_content(Some(model.name));
                set(&option, "value", model.name);
            }
        }
        let (chosen, teller) = (choice.clone(), tell.clone());
        listen(&choice, "change", move |_: web_sys::Event| {
            let model = chosen.value();
            teller(Event::InspectedModelChosen(Inspected::Occlusion, model));
        });
        for id in ["occlusion-picture", "occlusion-map"] {
            for event in ["pointermove", "pointerdown"] {
                let (panel, canvas): (_, Element) = (self.clone(), by_id(id));
                let under = canvas.clone();
                listen(&canvas, event, move |event: PointerEvent| {
                    let area = under.get_bounding_client_rect();
                    let place = [
                        (f64::from(event.client_y()) - area.top()) / area.height(),
                        (f64::from(event.client_x()) - area.left()) / area.width(),
                    ];
                    let last = SIDE as f64 - 1.0;
                    panel.go(place.map(|v| (v * SIDE as f64).clamp(0.0, last) as usize));
                });
            }
        }
        let panel = self.clone();
        listen(
            &by_id::<Element>("occlusion-map"),
            "keydown",
            move |event: KeyboardEvent| {
                if let Some(place) = panel.beside(&event.key()) {
                    event.prevent_default();
                    panel.read_out(place);
                }
            },
        );
        let panel = self.clone();
        listen(
            &by_id::<Element>("occlusion-map"),
            "focus",
            move |_: web_sys::Event| panel.read_out(panel.place.get().unwrap_or([SIDE / 2; 2])),
        );
        sight::watch(&by_id("occlusion"), move |is_seen| {
            tell(Event::InspectionSeen(Inspected::Occlusion, is_seen));
        });
    }

    /// Show what is known of the map.
    pub fn show(&self, session: &Session) {
        let look = session.look(Inspected::Occlusion);
        let section: Element = by_id("occlusion");
        let done = look.occlusion.as_ref().map_or(0, |o| o.costs().len());
        set(&section, "data-of", look.model);
        set(&section, "data-done", &done.to_string());
        look::mark(&section, look);
        let progress: Element = by_id("occlusion-progress");
        set(&progress, "max", &PLACES.to_string());
        set(&progress, "value", &done.to_string());
        self.known.replace(look.occlusion.clone());
        let class = look.occlusion.as_ref().map(|o| o.label().name());
        let of = class.map_or_else(String::new, |class| format!(" for {class}"));
        let said = format!("Occlusion map of {}{of}", look.model);
        set(&by_id::<Element>("occlusion-map"), "aria-label", &said);
        for name in super::table_panel::all("#occlusion [data-part=class]") {
            name.set_text_content(Some(class.unwrap_or("the answer")));
        }
        self.draw(session);
        if let Some(place) = self.place.get() {
            self.go(place);
        }
    }

    /// Say how it stands; what has not changed is left as it is.
    pub fn say(session: &Session) {
        look::say_of(
            session,
            Inspected::Occlusion,
            "occlusion-model",
            "occlusion-line",
        );
    }

    /// Draw picture and map.
    pub fn draw(&self, session: &Session) {
        let shown = session.shown();
        let image = shown.and_then(|shown| shown.picture.seen.image());
        let image = image.cloned().unwrap_or_else(GrayImage::black);
        canvas::paint(&by_id("occlusion-picture"), &image.to_rgba());
        let cell = (CELL * theme::pixel_ratio().min(2.0)).round() as usize;
        let map = self.known.borrow().as_ref().map(Occlusion::map);
        let largest = self.known.borrow().as_ref().and_then(Occlusion::extremes);
        let largest = largest.map_or(0.0, |[most, least]| most.max(-least));
        let weaver = Weaver {
            cell,
            scale: largest.max(LEAST_SCALE),
            tile: theme::color("--tile"),
            cloth: theme::color("--greige-2"),
            warp: theme::color("--warp-dye"),
            weft: theme::color("--weft-dye"),
        };
        let pixels = weaver.pixels(&image, map.as_deref());
        let canvas: HtmlCanvasElement = by_id("occlusion-map");
        canvas::put_all(&canvas, &pixels, SIDE * cell);
    }

    /// Move the square and let a screen reader say what its place costs.
    fn read_out(&self, place: [usize; 2]) {
        summary_panel::announce(&self.go(place));
    }

    /// Move the square and show what its place costs; returns that sentence.
    fn go(&self, [row, column]: [usize; 2]) -> String {
        self.place.set(Some([row, column]));
        let (rows, columns) = (covered(row), covered(column));
        for square in super::table_panel::all("#occlusion [data-part=square]") {
            let square: HtmlElement = square.unchecked_into();
            square.set_hidden(false);
            for (name, value) in [
                ("--top", rows.start),
                ("--left", columns.start),
                ("--high", rows.len()),
                ("--wide", columns.len()),
            ] {
                // A custom property takes any value.
                let _ = square.style().set_property(name, &value.to_string());
            }
        }
        let known = self.known.borrow();
        let line = known.as_ref().map(|known| place_line(known, [row, column]));
        let line = line.unwrap_or_default();
        say("occlusion-reading", &line);
        line
    }

    /// The place that a key goes to.
    fn beside(&self, key: &str) -> Option<[usize; 2]> {
        let [row, column] = self.place.get().unwrap_or([SIDE / 2; 2]);
        let next = |v: usize| (v + 1).min(SIDE - 1);
        Some(match key {
            "ArrowUp" => [row.saturating_sub(1), column],
            "ArrowDown" => [next(row), column],
            "ArrowLeft" => [row, column.saturating_sub(1)],
            "ArrowRight" => [row, next(column)],
            "Home" => [row, 0],
            "End" => [row, SIDE - 1],
            "PageUp" => [0, column],
            "PageDown" => [SIDE - 1, column],
            _ => return None,
        })
    }
}

/// Draws the map.
struct Weaver {
    /// Side of a place in pixels.
    cell: usize,
    /// The cost that is drawn as thick as can be.
    scale: f32,
    tile: Color,
    cloth: Color,
    warp: Color,
    weft: Color,
}

impl Weaver {
    fn pixels(&self, image: &GrayImage, map: Option<&[Option<f32>]>) -> Vec<u8> {
        let side = SIDE * self.cell;
        let mut pixels = Vec::with_capacity(side * side * 4);
        for y in 0..side {
            for x in 0..side {
                let place = y / self.cell * SIDE + x / self.cell;
                let cost = map.and_then(|map| map[place]).unwrap_or(0.0) / self.scale;
                let along = if cost > 0.0 { x } else { y } % self.cell;
                let [r, g, b] = if self.is_thread(cost.abs(), along) {
                    if cost > 0.0 { self.warp } else { self.weft }
                } else {
                    let level = f64::from(image.pixels()[place]) / 255.0;
                    theme::mix(self.tile, self.cloth, level)
                };
                pixels.extend([r, g, b, 255]);
            }
        }
        pixels
    }

    /// Whether a thread of a strength, 0 to 1, is at a distance from the edge of its place.
    fn is_thread(&self, strength: f32, along: usize) -> bool {
        let cell = self.cell as f32;
        let thick = cell * (0.08 + 0.84 * strength.min(1.0).powf(0.8));
        strength >= BARE && (along as f32 + 0.5 - cell / 2.0).abs() * 2.0 <= thick
    }
}
