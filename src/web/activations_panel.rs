//! What each step of a network makes of the current picture: its channels as small pictures on one canvas a row, beside
//! its shape, its numbers and its share of the time; the last row has the ten classes.
//!
//! A row stays when another picture comes, and its canvas goes blank until the new activations are here.

use super::bars::{Bars, part_of};
use super::theme::{self, Color};
use super::{by_id, canvas, create, listen, look, part, say_in, set, sight};
use crate::catalog;
use crate::format::{counted, thousands};
use crate::protocol::{Activations, Inspected, MOST_CHANNELS, StepView};
use crate::session::{Event, Look, Session};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlSelectElement, HtmlTemplateElement};

/// Pictures beside each other, on a wide and on a narrow screen; of single numbers twice as many.
const MOST_COLUMNS: [usize; 2] = [32, 16];
/// Rows narrower than this are narrow, in px.
const WIDE: f64 = 560.0;
/// Space between two pictures, and the largest side of one, in px.
const GAP: f64 = 3.0;
const LARGEST: f64 = 52.0;
/// Numbers at least so large, in pixels of the canvas, tell their sign by their shape, too.
const SHAPED: f64 = 4.0;

/// A row of the list.
struct Row {
    root: Element,
    /// Those of the last step.
    bars: Option<Bars>,
}

/// The panel.
#[derive(Default)]
pub struct ActivationsPanel {
    rows: RefCell<Vec<Row>>,
}

impl ActivationsPanel {
    /// Fill the list of networks and watch whether the section is seen; `tell` hears both.
    pub fn start(&self, tell: impl Fn(Event) + Clone + 'static) {
        let choice: HtmlSelectElement = by_id("layers-network");
        for name in catalog::networks() {
            let option = create("option", &choice);
            option.set_text_content(Some(name));
            set(&option, "value", name);
        }
        let (chosen, teller) = (choice.clone(), tell.clone());
        listen(&choice, "change", move |_: web_sys::Event| {
            let model = chosen.value();
            teller(Event::InspectedModelChosen(Inspected::Activations, model));
        });
        sight::watch(&by_id("inside"), move |is_seen| {
            tell(Event::InspectionSeen(Inspected::Activations, is_seen));
        });
    }

    /// Show what is known of the activations.
    pub fn show(&self, session: &Session) {
        let look = session.look(Inspected::Activations);
        let list: Element = by_id("layers");
        look::mark(&list, look);
        if list.get_attribute("data-network").as_deref() != Some(look.model) {
            // The rows of another network say nothing of this one.
            list.set_text_content(None);
            self.rows.borrow_mut().clear();
            set(&list, "data-network", look.model);
        }
        match &look.activations {
            Some(activations) => self.fill(&list, look, activations),
            None => self.clear(),
        }
    }

    /// Say how it stands; what has not changed is left as it is.
    pub fn say(session: &Session) {
        look::say_of(
            session,
            Inspected::Activations,
            "layers-network",
            "layers-line",
        );
    }

    fn fill(&self, list: &Element, look: &Look, activations: &Activations) {
        let mut rows = self.rows.borrow_mut();
        let is_same = rows.len() == activations.steps.len()
            && rows.iter().zip(&activations.steps).all(|(row, step)| {
                row.root.get_attribute("data-step") == Some(step.name.clone())
                    && row.root.get_attribute("data-shape") == Some(shape(step))
            });
        if !is_same {
            list.set_text_content(None);
            let steps = activations.steps.iter().enumerate();
            let last = activations.steps.len() - 1;
            *rows = steps
                .map(|(number, step)| Row::new(list, step, number == last))
                .collect();
        }
        let maps = rows.first().map(|row| part(&row.root, "maps"));
        let room = maps.map_or(0.0, |maps| f64::from(maps.client_width()));
        for (number, (row, step)) in rows.iter().zip(&activations.steps).enumerate() {
            let share = look.time_shares.get(number).copied();
            row.time(share);
            match &row.bars {
                Some(bars) => bars.show(Some(&activations.answer), |class, share| {
                    let logit = activations.logits[class.index()];
                    format!("{}\nlogit {}", part_of(share), signed(logit))
                }),
                // Without any room, nothing is seen of it.
                None if room > 0.0 => row.draw(step, room),
                None => {}
            }
        }
    }

    fn clear(&self) {
        for row in self.rows.borrow().iter() {
            row.time(None);
            match &row.bars {
                Some(bars) => bars.show(None, |_, _| String::new()),
                None => row.blank(),
            }
        }
    }
}

impl Row {
    fn new(list: &Element, step: &StepView, is_last: bool) -> Self {
        let template: HtmlTemplateElement = by_id("layer-template");
        let row = template.content().first_element_child();
        let row = row.expect("a template with an element");
        let root: Element = row
            .clone_node_with_deep(true)
            .expect("elements can be cloned")
            .unchecked_into();
        // Appending an element that was just made cannot fail.
        let _ = list.append_child(&root);
        set(&root, "data-step", &step.name);
        set(&root, "data-shape", &shape(step));
        set(&root, "data-parameters", &step.parameters.to_string());
        set(&root, "data-macs", &step.macs.to_string());
        let [c, h, w] = step.shape;
        let numbers = match step.parameters {
            0 => "no parameters".to_owned(),
            n => format!("{} parameters", thousands(n)),
        };
        let note = if c > MOST_CHANNELS && !is_last {
            format!("The first {MOST_CHANNELS} of {c}.")
        } else {
            String::new()
        };
        for (name, text) in [
            ("name", step.name.clone()),
            ("operations", step.operations.clone()),
            ("shape", format!("{c} \u{d7} {h} \u{d7} {w}")),
            ("numbers", numbers),
            ("macs", format!("{} multiply-adds", counted(step.macs))),
            ("note", note),
        ] {
            say_in(&part(&root, name), &text);
        }
        part(&root, "canvas").set_hidden(is_last);
        part(&root, "bars").set_hidden(!is_last);
        let bars = is_last.then(|| Bars::new(&part(&root, "bars")));
        Self { root, bars }
    }

    /// Show the share of the time, or that it is not known.
    fn time(&self, share: Option<f64>) {
        let text = match share.map(|share| share * 100.0) {
            None => "–".to_owned(),
            Some(percent) if percent < 1.0 => "< 1\u{a0}% of the time".to_owned(),
            Some(percent) => format!("{percent:.0}\u{a0}% of the time"),
        };
        say_in(&part(&self.root, "time"), &text);
        let length = share.unwrap_or(0.0).to_string();
        // A custom property takes any value.
        let _ = part(&self.root, "share")
            .style()
            .set_property("--share", &length);
        match share {
            Some(share) => set(&self.root, "data-share", &share.to_string()),
            None => drop(self.root.remove_attribute("data-share")),
        }
    }

    fn canvas(&self) -> HtmlCanvasElement {
        part(&self.root, "canvas").unchecked_into()
    }

    /// Keep the size and show nothing.
    fn blank(&self) {
        let canvas = self.canvas();
        // Setting its width clears a canvas.
        canvas.set_width(canvas.width());
        set(&canvas, "aria-label", "Not computed yet");
    }

    /// Draw the channels on a canvas as wide as there is room, in px.
    fn draw(&self, step: &StepView, room: f64) {
        let canvas = self.canvas();
        let ratio = theme::pixel_ratio().min(2.0);
        let sheet = Sheet::new(step, room, ratio);
        canvas::put_all(&canvas, &sheet.pixels(step), sheet.size[0]);
        for (name, pixels) in [("width", sheet.size[0]), ("height", sheet.size[1])] {
            let length = format!("{}px", pixels as f64 / ratio);
            // Any length is a valid value.
            let _ = canvas.style().set_property(name, &length);
        }
        let [above, below] = step.signs.map(|share| share * 100.0);
        let said = format!(
            "{} of {} channels of {}: {above:.0} % of the values are above zero, {below:.0} % below; the largest is {:.2}",
            step.channels(),
            step.shape[0],
            step.name,
            step.largest,
        );
        set(&canvas, "aria-label", &said);
    }
}

/// How the pictures of a row lie on its canvas, in device pixels.
struct Sheet {
    size: [usize; 2],
    columns: usize,
    pitch: usize,
    side: usize,
}

impl Sheet {
    fn new(step: &StepView, room: f64, ratio: f64) -> Self {
        let [_, h, w] = step.shape;
        let most = MOST_COLUMNS[usize::from(room < WIDE)];
        let most = if h * w == 1 { 2 * most } else { most };
        let lines = step.channels().div_ceil(most).max(1);
        let columns = step.channels().div_ceil(lines).max(1);
        let gap = (GAP * ratio).round();
        let pitch = ((room * ratio + gap) / columns as f64).min(LARGEST * ratio + gap);
        let (pitch, gap) = (pitch.floor() as usize, gap as usize);
        // A picture has at least a pixel.
        let pitch = pitch.max(gap + 1);
        Self {
            size: [columns * pitch - gap, lines * pitch - gap],
            columns,
            pitch,
            side: pitch - gap,
        }
    }

    fn pixels(&self, step: &StepView) -> Vec<u8> {
        let [wide, high] = self.size;
        let [_, h, w] = step.shape;
        let [warp, weft] = ["--warp-dye", "--weft-dye"].map(palette);
        let thick = self.side as f64 / h as f64;
        let mut pixels = vec![0; wide * high * 4];
        for channel in 0..step.channels() {
            let left = channel % self.columns * self.pitch;
            let top = channel / self.columns * self.pitch;
            for y in 0..self.side {
                let row = y * h / self.side;
                // A negative number is a thread across, where there is room to see that.
                let across = (y as f64 + 0.5) / thick - row as f64 - 0.5;
                let misses = thick >= SHAPED && across.abs() > 0.3;
                for x in 0..self.side {
                    let value = step.value(channel, row, x * w / self.side);
                    let strength = (value.abs() * 127.0) as usize;
                    let [r, g, b] = match value < 0.0 {
                        true if misses => weft[0],
                        true => weft[strength],
                        false => warp[strength],
                    };
                    let at = ((top + y) * wide + left + x) * 4;
                    pixels[at..at + 4].copy_from_slice(&[r, g, b, 255]);
                }
            }
        }
        pixels
    }
}

/// The colors of magnitudes from 0 to 127: from bare to dyed.
fn palette(dye: &str) -> Vec<Color> {
    let (bare, dye) = (theme::color("--tile"), theme::color(dye));
    let color = |strength: u8| theme::mix(bare, dye, (f64::from(strength) / 127.0).powf(0.75));
    (0..=127).map(color).collect()
}

/// A number with a digit after the point, and a minus sign as wide as a digit.
fn signed(number: f32) -> String {
    let rounded = (number * 10.0).round() / 10.0;
    let sign = if rounded < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{:.1}", rounded.abs())
}

fn shape(step: &StepView) -> String {
    step.shape.map(|length| length.to_string()).join("x")
}
