//! "Save picture": the drawing, the swatches to scale and their answers as a PNG of 1200 by 630 px, which is the size
//! that messengers and social networks show of a link. It says what the page says, at the same moment.

use super::canvas::context;
use super::cloth::BEYOND;
use super::save::save_blob;
use super::swatch_panel::SwatchPanel;
use super::{by_id, create_canvas, document, listen, part, theme};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Blob, CanvasRenderingContext2d, Element, Event, HtmlCanvasElement, HtmlElement, Path2d,
};

/// The picture's size, in px (<https://ogp.me> leaves it open; this is what the large networks recommend).
const SIZE: [u32; 2] = [1200, 630];
/// The side of the drawing and, at [`BYTES_A_PIXEL`], about that of the largest swatch.
const SIDE: f64 = 338.0;
/// The scale of the swatches.
const BYTES_A_PIXEL: f64 = 9.0;
/// The left edges of drawing, largest swatch, and words.
const COLUMNS: [f64; 3] = [38.0, 420.0, 803.0];
/// The width of the column of words.
const WORDS: f64 = 358.0;
/// The left edges and the widths of the smaller swatches' columns within that of words.
const SMALL_COLUMNS: [[f64; 2]; 4] = [[0.0, 104.0], [108.0, 96.0], [208.0, 73.0], [285.0, 73.0]];
/// Letters of the answers: of the largest swatch, and of the others, in whose columns the longest class fits.
const ANSWER: f64 = 28.0;
const SMALL_ANSWER: f64 = 14.0;
/// The upper and the lower edge of drawing and swatches.
const TOP: f64 = 129.0;
const BOTTOM: f64 = TOP + SIDE;

/// Wire the button; `each` shows every swatch of the first screen to the function that it gets, from large to small.
pub fn start(each: impl Fn(&mut dyn FnMut(&SwatchPanel)) + 'static) {
    let button: HtmlElement = by_id("save-picture");
    button.set_hidden(false);
    listen(&button, "click", move |_: Event| {
        let sheet = Sheet::new();
        sheet.head();
        sheet.drawing();
        sheet.words();
        let mut column = 0;
        each(&mut |swatch| {
            sheet.swatch(swatch, column);
            column += 1;
        });
        sheet.save();
    });
}

/// The page's two families of letters, and their size in px.
#[derive(Clone, Copy)]
enum Font {
    Serif(f64),
    Italic(f64),
    Sans(f64),
    Bold(f64),
}

/// What is drawn on.
struct Sheet {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    serif: String,
    sans: String,
}

impl Sheet {
    fn new() -> Self {
        let canvas = create_canvas();
        canvas.set_width(SIZE[0]);
        canvas.set_height(SIZE[1]);
        let sheet = Self {
            context: context(&canvas),
            canvas,
            serif: theme::token("--serif"),
            sans: theme::token("--sans"),
        };
        sheet.fill("--page");
        let [wide, high] = SIZE.map(f64::from);
        sheet.context.fill_rect(0.0, 0.0, wide, high);
        sheet
    }

    fn fill(&self, token: &str) {
        self.context.set_fill_style_str(&theme::token(token));
    }

    fn stroke(&self, token: &str, dashed: bool) {
        self.context.set_stroke_style_str(&theme::token(token));
        let dashes = js_sys::Array::new();
        if dashed {
            dashes.push(&4.0.into());
            dashes.push(&3.0.into());
        }
        // Two lengths are a valid pattern, and so are none.
        let _ = self.context.set_line_dash(&dashes);
    }

    /// Write a line of text on its base line, in smaller letters when it is wider than `width`.
    fn text(&self, font: Font, text: &str, [x, y]: [f64; 2], width: f64) {
        self.set_font(font, 1.0);
        self.set_font(font, (width / self.width_of(text)).min(1.0));
        // A canvas takes any text.
        let _ = self.context.fill_text(text, x, y);
    }

    /// Write text in lines of at most `width`, `leading` apart; returns the base line below the last one.
    fn lines(&self, font: Font, text: &str, [x, y]: [f64; 2], width: f64, leading: f64) -> f64 {
        self.set_font(font, 1.0);
        let (mut line, mut y) = (String::new(), y);
        for word in text.split_ascii_whitespace() {
            let longer = format!("{line}{}{word}", if line.is_empty() { "" } else { " " });
            if !line.is_empty() && self.width_of(&longer) > width {
                self.text(font, &line, [x, y], width);
                y += leading;
                word.clone_into(&mut line);
            } else {
                line = longer;
            }
        }
        self.text(font, &line, [x, y], width);
        y + leading
    }

    fn set_font(&self, font: Font, share: f64) {
        let (style, size, family) = match font {
            Font::Serif(size) => ("", size, &self.serif),
            Font::Italic(size) => ("italic ", size, &self.serif),
            Font::Sans(size) => ("", size, &self.sans),
            Font::Bold(size) => ("600 ", size, &self.sans),
        };
        let font = format!("{style}{}px {family}", size * share);
        self.context.set_font(&font);
    }

    /// The width of a text in the font that is set.
    fn width_of(&self, text: &str) -> f64 {
        let measured = self.context.measure_text(text);
        measured.map_or(0.0, |measured| measured.width()).max(1.0)
    }

    /// The mark, the page's question and what to do.
    fn head(&self) {
        self.context.save();
        // Any move is a valid one.
        let _ = self.context.translate(37.0, 16.0);
        for (class, token) in [(".weft-fill", "--weft"), (".warp-fill", "--warp")] {
            let mark = document().query_selector(&format!(".bar {class}"));
            let path = mark.ok().flatten().and_then(|mark| mark.get_attribute("d"));
            if let Some(path) = path.and_then(|path| Path2d::new_with_path_string(&path).ok()) {
                self.fill(token);
                self.context.fill_with_path_2d(&path);
            }
        }
        self.context.restore();
        self.fill("--ink");
        self.text(Font::Serif(20.0), "Threadcount", [68.0, 34.0], 400.0);
        self.text(
            Font::Serif(45.0),
            &read("#draw-title"),
            [COLUMNS[0], 96.0],
            740.0,
        );
        self.fill("--faint");
        let note = [COLUMNS[2], 60.0];
        self.lines(
            Font::Sans(14.0),
            &read("#draw .head .note"),
            note,
            WORDS,
            19.0,
        );
    }

    /// The cloth with the drawing, its hem, and its caption beneath.
    fn drawing(&self) {
        let [x, y] = [COLUMNS[0], TOP];
        self.picture(&by_id("drawing"), [x, y, SIDE, SIDE]);
        self.stroke("--hem", true);
        self.context
            .stroke_rect(x + 9.5, y + 9.5, SIDE - 19.0, SIDE - 19.0);
        self.fill("--faint");
        self.text(
            Font::Italic(15.0),
            &read("#caption"),
            [x, BOTTOM + 22.0],
            SIDE,
        );
    }

    /// A canvas of the page, in a place of the picture.
    fn picture(&self, canvas: &HtmlCanvasElement, [x, y, wide, high]: [f64; 4]) {
        // Only a canvas without pixels is refused.
        let _ = self
            .context
            .draw_image_with_html_canvas_element_and_dw_and_dh(canvas, x, y, wide, high);
    }

    /// The verdict, what the networks see, and the scale.
    fn words(&self) {
        let x = COLUMNS[2];
        self.fill("--ink");
        let below = self.lines(
            Font::Serif(32.0),
            &read("#verdict"),
            [x, 152.0],
            WORDS,
            34.0,
        );
        self.fill("--faint");
        self.lines(
            Font::Sans(14.0),
            &read("#verdict-note"),
            [x, below],
            WORDS,
            20.0,
        );
        self.context.set_image_smoothing_enabled(false);
        self.picture(&by_id("seen"), [x, 277.0, 56.0, 56.0]);
        self.context.set_image_smoothing_enabled(true);
        self.text(
            Font::Sans(13.0),
            "What they see: 28 by 28",
            [x + 68.0, 312.0],
            170.0,
        );
        let scale = format!("{BYTES_A_PIXEL} bytes fill one square pixel");
        self.text(Font::Sans(13.0), &scale, [x + 68.0, 331.0], 280.0);
    }

    /// A swatch to scale, and what stands beneath it; the first one has a column for itself, the others share one.
    fn swatch(&self, swatch: &SwatchPanel, column: usize) {
        let small = column.checked_sub(1).map(|n| SMALL_COLUMNS.get(n));
        let (x, width) = match small {
            None => (COLUMNS[1], SIDE),
            Some(Some([left, width])) => (COLUMNS[2] + left, *width),
            // There is no room for more than the page's first screen has.
            Some(None) => return,
        };
        let root = swatch.root();
        let canvas = create_canvas();
        let Some([side, outline]) = swatch.draw_on(&canvas, BYTES_A_PIXEL.sqrt().recip()) else {
            return;
        };
        if side < outline {
            self.stroke("--line", true);
            let [left, top] = [x + 0.5, BOTTOM - outline + 0.5];
            self.context
                .stroke_rect(left, top, outline - 1.0, outline - 1.0);
        }
        let whole = side + 2.0 * BEYOND;
        self.picture(&canvas, [x - BEYOND, BOTTOM - side - BEYOND, whole, whole]);
        let said = |name: &str| {
            let shown = Some(part(root, name)).filter(|part| !part.hidden());
            shown
                .and_then(|part| part.text_content())
                .unwrap_or_default()
        };
        self.fill("--ink");
        let answer = Font::Serif(if small.is_none() {
            ANSWER
        } else {
            SMALL_ANSWER
        });
        self.text(answer, &said("class"), [x, BOTTOM + 33.0], width);
        self.fill("--hair");
        self.context.fill_rect(x, BOTTOM + 45.0, width, 2.0);
        let sure: HtmlElement = part(root, "thread");
        let sure = sure.style().get_property_value("--sure");
        let sure: f64 = sure.ok().and_then(|sure| sure.parse().ok()).unwrap_or(0.0);
        self.fill(if root.has_attribute("data-flip") {
            "--weft"
        } else {
            "--ink"
        });
        self.context.fill_rect(x, BOTTOM + 45.0, width * sure, 2.0);
        self.fill("--ink");
        self.text(Font::Bold(13.0), &said("name"), [x, BOTTOM + 64.0], width);
        self.fill("--faint");
        // What is hidden is not true of a squeezed network.
        let facts = ["squeezed", "size", "latency", "numbers", "confidence"]
            .into_iter()
            .filter(|fact| !part(root, fact).hidden())
            .map(|fact| (fact, said(fact).trim().to_owned()))
            .filter(|(_, text)| !text.is_empty());
        // In a narrow column the noun has a line of its own.
        let lines = facts.flat_map(|(fact, text)| match text.split_once(' ') {
            Some((figure, noun)) if fact == "numbers" && small.is_some() => {
                vec![figure.to_owned(), noun.to_owned()]
            }
            _ => vec![text],
        });
        for (row, fact) in lines.enumerate() {
            let y = BOTTOM + 82.0 + 16.0 * row as f64;
            self.text(Font::Sans(12.0), &fact, [x, y], width);
        }
    }

    /// Give it to the visitor.
    fn save(&self) {
        let taken = Closure::once_into_js(|blob: JsValue| {
            if let Ok(blob) = blob.dyn_into::<Blob>() {
                save_blob("threadcount.png", &blob);
            }
        });
        // A canvas that only has our own pixels may be read.
        let _ = self.canvas.to_blob(taken.unchecked_ref());
    }
}

/// The text of an element of the page.
fn read(selector: &str) -> String {
    let found: Option<Element> = document().query_selector(selector).ok().flatten();
    found.and_then(|e| e.text_content()).unwrap_or_default()
}
