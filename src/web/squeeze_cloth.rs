//! What is left of the cloth, within the outlines of the stops that were tried, and some of its weights under the loupe.

use super::cloth::{self, BEYOND, Dye};
use super::squeeze_dials::add;
use super::squeezed::Squeezed;
use super::{by_id, canvas, document, set, theme};
use crate::format::{kilobytes, thousands};
use crate::session::{Session, Squeeze, Stage};
use crate::squeeze::{ImageSet, Loupe, Score, Setting, bit_stops};
use crate::weave::{Cloth, Weave};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};

/// The side of the nest and of the loupe, in px.
const SIDE: f64 = 360.0;
/// The widest outline of the nest, in px.
const WIDEST: f64 = 357.0;
/// The frame around the loupe, and the distance of two threads, in px.
const FRAME: f64 = 12.0;
const PITCH: f64 = 14.0;
/// The most threads under the loupe each way.
const MOST: usize = 24;
/// Every so many marks of the frame are longer.
const LONG: usize = 6;

/// What was drawn last.
#[derive(Default)]
pub struct SqueezeCloth {
    drawn: RefCell<Option<(u64, bool, [usize; 2])>>,
}

impl SqueezeCloth {
    /// Draw everything anew the next time.
    pub fn forget(&self) {
        self.drawn.take();
    }

    /// Show the cloth of a squeezed network; what has not changed is left as it is.
    pub fn show(&self, session: &Session, squeeze: &Squeeze) {
        let mut models = session.models().iter();
        let (Some(made), Some(model)) = (
            &squeeze.made,
            models.find(|model| model.name == squeeze.network),
        ) else {
            return;
        };
        let marks = [squeeze.tried.len(), squeeze.sizes.len()];
        let state = (squeeze.stop, squeeze.shows_original, marks);
        if self.drawn.replace(Some(state)) == Some(state) {
            return;
        }
        let Stage::Ready(ready) = &model.stage else {
            return;
        };
        let nest = Nest {
            squeeze,
            file: ready.card.weights.size_bytes,
            bytes: made.size_bytes,
            trained_bits: session.trained_bits(),
        };
        nest.show(&made.weave);
        let weave = if squeeze.shows_original {
            &ready.weave
        } else {
            &made.weave
        };
        loupe(weave, &made.loupe);
    }
}

/// Outlines of the stops, and the cloth of the present one in the lower left corner.
struct Nest<'a> {
    squeeze: &'a Squeeze,
    /// Bytes of the released file.
    file: usize,
    /// Bytes of the present stop.
    bytes: usize,
    /// Bits of a weight as trained.
    trained_bits: u8,
}

impl Nest<'_> {
    fn show(&self, weave: &Weave) {
        self.show_outlines();
        let canvas: HtmlCanvasElement = by_id("squeeze-nest-cloth");
        let shown = theme::size(&by_id("squeeze-nest"))[0] / SIDE;
        let swatch = (self.file as f64).sqrt() * theme::scale();
        let threads = weave.cloth(cloth::threads_of(swatch));
        let drawn = self.side(self.bytes) * shown;
        cloth::draw(&canvas, &threads, [drawn, drawn], Dye::Dyed);
        let percent = self.bytes as f64 * 100.0 / self.file as f64;
        let (network, size) = (self.squeeze.network, kilobytes(self.bytes));
        let label = format!("{network} in {size}, {percent:.0} percent of its file's area");
        set(&canvas, "aria-label", &label);
        let wider = self.side(self.file) * shown / swatch;
        let size = if wider > 1.05 {
            format!("{wider:.1} times as wide as the swatch above.")
        } else {
            "As large as the swatch above.".to_owned()
        };
        let note: HtmlElement = by_id("squeeze-nest-note");
        note.set_text_content(Some(&format!(
            "{size} Each outline is a number of bits, as sizes are on a sewing pattern; dotted ones were not tried yet."
        )));
    }

    /// The side of so many bytes, in px: the largest outline fills the square. Packed again with more bits than it was
    /// trained with, a network is larger than its file.
    fn side(&self, bytes: usize) -> f64 {
        let sizes = self.squeeze.sizes.iter().map(|(_, size)| *size);
        let widest = sizes.fold(self.file.max(self.bytes), usize::max);
        (bytes as f64 / widest as f64).sqrt() * WIDEST
    }

    /// An outline for every number of bits, dotted until it was tried; those that the cloth covers are left out, and the
    /// one of the cloth itself has its edge.
    fn show_outlines(&self) {
        let Self {
            squeeze,
            file,
            bytes,
            trained_bits,
        } = *self;
        let svg: Element = by_id("squeeze-nest-outlines");
        svg.set_text_content(None);
        let scale = squeeze.setting.scale();
        for bits in bit_stops(trained_bits) {
            let Ok(stop) = Setting::new(bits, 0, scale) else {
                continue;
            };
            let is_trained = bits == trained_bits;
            let is_stop = |setting: Setting| setting.is_same_stop(stop, trained_bits);
            let size = |(_, size): &(u8, usize)| *size;
            let size = squeeze.sizes.iter().find(|(of, _)| *of == bits).map(size);
            let tried = squeeze.tried().find(|tried| is_stop(tried.setting));
            let size = tried.map(|tried| tried.size_bytes).or(size);
            let Some(size) = size.or(is_trained.then_some(file)) else {
                continue;
            };
            let outline = self.side(size);
            if outline < self.side(bytes) - 1.0 {
                continue;
            }
            let class = match (is_trained, tried) {
                (true, _) => "trained",
                (false, Some(_)) => "",
                (false, None) => "untried",
            };
            let top = SIDE - 1.0 - outline;
            if outline > self.side(bytes) + 1.0 {
                let rect = add(&svg, "rect", class);
                for (name, value) in [
                    ("x", 2.0),
                    ("y", top),
                    ("width", outline),
                    ("height", outline),
                ] {
                    set(&rect, name, &value.to_string());
                }
            }
            if is_trained {
                let words = format!("{bits} bits, as trained");
                label(&svg, &words, [10.0, top + 18.0], "start");
            } else if !is_stop(squeeze.setting) {
                label(&svg, &bits.to_string(), [outline - 4.0, top + 13.0], "end");
            }
        }
    }
}

fn label(svg: &Element, words: &str, [x, y]: [f64; 2], anchor: &str) {
    let text = add(svg, "text", "");
    set(&text, "x", &x.to_string());
    set(&text, "y", &y.to_string());
    set(&text, "text-anchor", anchor);
    text.set_text_content(Some(words));
}

/// Some weights of one layer, a row for each output channel, in a thread counter's frame.
fn loupe(weave: &Weave, loupe: &Loupe) {
    let Some(layer) = weave.layer(&loupe.layer) else {
        return;
    };
    let [rows, columns] = [loupe.rows, loupe.columns].map(|n| n.min(MOST));
    let cloth = layer.cloth(rows, columns, Some(loupe.tap));
    let zeros = cloth.threads.iter().filter(|thread| **thread == 0).count();
    let shown = rows * columns;
    let ratio = theme::pixel_ratio();
    let canvas: HtmlCanvasElement = by_id("squeeze-loupe");
    let side = (SIDE * ratio).round();
    canvas.set_width(side as u32);
    canvas.set_height(side as u32);
    let context = canvas::context(&canvas);
    // The cloth is drawn one thread larger all round, so that its edge lies outside of the frame.
    let piece: HtmlCanvasElement = document()
        .create_element("canvas")
        .expect("a valid tag")
        .unchecked_into();
    let framed = with_border(&cloth);
    let size = [framed.columns, framed.rows].map(|n| n as f64 * PITCH);
    cloth::draw(&piece, &framed, size, Dye::Dyed);
    let from = (BEYOND + PITCH) * ratio;
    let [wide, high] = [columns, rows].map(|n| n as f64 * PITCH * ratio);
    let to = FRAME * ratio;
    // Drawing a canvas that exists on another does not fail.
    let _ = context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &piece, from, from, wide, high, to, to, wide, high,
    );
    frame(&canvas, ratio);
    let zero = match zeros {
        0 => format!("None of these {shown} is zero."),
        n => format!("{} of these {shown} are zero.", thousands(n)),
    };
    let (weights, name) = (thousands(layer.weights), &loupe.layer);
    let note: HtmlElement = by_id("squeeze-loupe-note");
    note.set_text_content(Some(&format!(
        "{rows} by {columns} of the {weights} weights of {name}, a row for each channel. {zero}"
    )));
    let label = format!("Weights of {name} as threads; {zeros} of {shown} are zero");
    set(&canvas, "aria-label", &label);
}

/// The cloth with one row and column of holes on each side.
fn with_border(cloth: &Cloth) -> Cloth {
    let columns = cloth.columns + 2;
    let mut threads = vec![0; columns];
    for row in cloth.threads.chunks_exact(cloth.columns) {
        threads.push(0);
        threads.extend(row);
        threads.push(0);
    }
    threads.extend(vec![0; columns]);
    Cloth {
        rows: cloth.rows + 2,
        columns,
        threads,
        seams: Vec::new(),
    }
}

/// The frame of a thread counter: a mark for each thread on all sides, every sixth one long.
fn frame(canvas: &HtmlCanvasElement, ratio: f64) {
    let context = canvas::context(canvas);
    context.set_fill_style_str(&theme::token("--ink"));
    let bar = |x: f64, y: f64, w: f64, h: f64| {
        context.fill_rect(x * ratio, y * ratio, w * ratio, h * ratio);
    };
    for (x, y, w, h) in [
        (0.0, 0.0, SIDE, 1.0),
        (0.0, SIDE - 1.0, SIDE, 1.0),
        (0.0, 0.0, 1.0, SIDE),
        (SIDE - 1.0, 0.0, 1.0, SIDE),
    ] {
        bar(x, y, w, h);
    }
    for thread in 0..=MOST {
        let long = if thread % LONG == 0 { 8.0 } else { 4.0 };
        let at = FRAME + thread as f64 * PITCH - 0.5;
        bar(at, 0.0, 1.0, long);
        bar(at, SIDE - long, 1.0, long);
        bar(0.0, at, long, 1.0);
        bar(SIDE - long, at, long, 1.0);
    }
}

/// How a network is shown squeezed; none when it is shown as trained.
pub fn squeezed(session: &Session, network: &str) -> Option<Squeezed> {
    let squeeze = session.squeeze()?;
    if squeeze.network != network || !squeeze.is_shown() {
        return None;
    }
    let number = session.shown().map(|shown| shown.number);
    let prediction = number.and_then(|number| squeeze.answer_to(number));
    let packed = squeeze.made.as_ref();
    let packed = packed.map(|made| (made.weave.clone(), made.size_bytes));
    if prediction.is_none() && packed.is_none() {
        return None; // Nothing is known of this stop yet.
    }
    let scored = |score: &Score| score.is_complete() && score.on != ImageSet::Validation1000;
    Some(Squeezed {
        bits: u32::from(squeeze.setting.bits()),
        cut: u32::from(squeeze.setting.cut()),
        packed,
        prediction,
        score: squeeze.score.filter(scored),
    })
}
