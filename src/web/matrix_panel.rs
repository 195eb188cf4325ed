//! The confusion matrix of one model: right answers as figures, errors as squares whose area is their number. A square
//! opens its images, and an image goes to the drawing cloth.

use super::canvas::paint;
use super::fetch::Fetch;
use super::{by_id, create, listen, set};
use crate::dataset::{SOURCE_FILES, parse_images};
use crate::image::GrayImage;
use crate::label::{CLASSES, NAMES};
use crate::session::Evaluation;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, HtmlSelectElement};

/// Images that a square opens.
const MOST_IMAGES: usize = 12;
/// The side of the largest square, as a share of its cell.
const LARGEST: f64 = 0.86;

/// What the panel shows, shared with what listens to its squares.
#[derive(Clone)]
pub struct MatrixPanel {
    shown: Rc<RefCell<Evaluation>>,
    images: Rc<RefCell<Option<Rc<Vec<GrayImage>>>>>,
    choose: Rc<dyn Fn(GrayImage)>,
}

impl MatrixPanel {
    /// A panel whose pictures go to `choose` when they are pressed.
    pub fn new(choose: impl Fn(GrayImage) + 'static) -> Self {
        let panel = Self {
            shown: Rc::default(),
            images: Rc::default(),
            choose: Rc::new(choose),
        };
        let chosen = panel.clone();
        listen(&by_id("matrix-model"), "change", move |_: Event| {
            chosen.draw();
        });
        let pressed = panel.clone();
        listen(&by_id::<Element>("matrix"), "click", move |event: Event| {
            let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
            let cell = target.and_then(|t| t.closest("[data-cell]").ok().flatten());
            if let Some(cell) = cell.and_then(|cell| cell.get_attribute("data-cell")) {
                pressed.open(&cell);
            }
        });
        panel
    }

    /// Show the matrix of an evaluation, once it does not go on any more.
    pub fn show(&self, evaluation: &Evaluation, running: bool) {
        let ready = !running && !evaluation.labels.is_empty();
        by_id::<HtmlElement>("matrix-pair").set_hidden(!ready);
        if !ready {
            return;
        }
        self.shown.replace(evaluation.clone());
        let choice: HtmlSelectElement = by_id("matrix-model");
        let before = choice.value();
        choice.set_text_content(None);
        for (name, _) in &evaluation.answers {
            let option = create("option", &choice);
            option.set_text_content(Some(name));
            set(&option, "value", name);
        }
        choice.set_value(if before.is_empty() { "pocket" } else { &before });
        self.draw();
    }

    fn draw(&self) {
        let model = by_id::<HtmlSelectElement>("matrix-model").value();
        let counts = self.shown.borrow().confusion(&model);
        let most = (0..CLASSES * CLASSES)
            .filter(|i| i / CLASSES != i % CLASSES)
            .map(|i| counts[i / CLASSES][i % CLASSES])
            .max()
            .unwrap_or(0)
            .max(1);
        let rows: Element = by_id("matrix-rows");
        rows.set_text_content(None);
        for (label, row) in counts.iter().enumerate() {
            let line = create("tr", &rows);
            let head = create("th", &line);
            set(&head, "scope", "row");
            head.set_text_content(Some(NAMES[label]));
            for (class, count) in row.iter().enumerate() {
                let cell = create("td", &line);
                if label == class {
                    cell.set_class_name("right");
                    cell.set_text_content(Some(&count.to_string()));
                } else if *count > 0 {
                    add_square(&cell, [label, class], *count, most);
                }
            }
        }
        by_id::<HtmlElement>("gallery").set_hidden(true);
    }

    /// Open the images of a square, which is named by label and class.
    fn open(&self, cell: &str) {
        let mut numbers = cell.split('-').filter_map(|n| n.parse::<usize>().ok());
        let (Some(label), Some(class)) = (numbers.next(), numbers.next()) else {
            return;
        };
        for square in super::table_panel::all("#matrix [data-cell]") {
            let is_this = square.get_attribute("data-cell").as_deref() == Some(cell);
            set(
                &square,
                "aria-pressed",
                if is_this { "true" } else { "false" },
            );
        }
        let model = by_id::<HtmlSelectElement>("matrix-model").value();
        let taken = self.shown.borrow().taken(&model, label, class);
        let of = self.shown.borrow().confusion(&model)[label]
            .iter()
            .sum::<usize>();
        by_id::<HtmlElement>("gallery").set_hidden(false);
        let title = format!("{} taken for {}", NAMES[label], NAMES[class]);
        by_id::<HtmlElement>("gallery-title").set_inner_text(&title);
        let most = taken.len().min(MOST_IMAGES);
        let note = format!("{} of {of}. The first {most}:", taken.len());
        by_id::<HtmlElement>("gallery-note").set_inner_text(&note);
        let panel = self.clone();
        spawn_local(async move {
            match panel.images().await {
                Ok(images) => panel.hang(&taken[..most], &images),
                Err(problem) => by_id::<HtmlElement>("gallery-note").set_inner_text(&problem),
            }
        });
    }

    /// The test images, fetched once.
    async fn images(&self) -> Result<Rc<Vec<GrayImage>>, String> {
        let known = self.images.borrow().clone();
        if let Some(images) = known {
            return Ok(images);
        }
        let file = SOURCE_FILES[2].name;
        let url = format!("data/{file}");
        let bytes = Fetch::new(&url).bytes(|_| ()).await;
        let bytes = bytes.map_err(|e| e.to_string())?;
        let images = parse_images(file, &bytes).map_err(|e| e.to_string())?;
        let images = Rc::new(images);
        self.images.replace(Some(Rc::clone(&images)));
        Ok(images)
    }

    fn hang(&self, taken: &[usize], images: &[GrayImage]) {
        let list: Element = by_id("gallery-images");
        list.set_text_content(None);
        for index in taken {
            let Some(image) = images.get(*index).cloned() else {
                continue;
            };
            let button = create("button", &list);
            set(&button, "type", "button");
            set(
                &button,
                "aria-label",
                &format!("Test image {index}: draw on it"),
            );
            let canvas: HtmlCanvasElement = create("canvas", &button).unchecked_into();
            paint(&canvas, &image.to_rgba());
            let choose = Rc::clone(&self.choose);
            listen(&button, "click", move |_: Event| choose(image.clone()));
        }
    }
}

fn add_square(cell: &Element, [label, class]: [usize; 2], count: usize, most: usize) {
    let button = create("button", cell);
    set(&button, "type", "button");
    set(&button, "data-cell", &format!("{label}-{class}"));
    set(&button, "aria-pressed", "false");
    let said = format!("{} taken for {}: {count}", NAMES[label], NAMES[class]);
    set(&button, "aria-label", &said);
    let square = create("i", &button);
    let side = LARGEST * (count as f64 / most as f64).sqrt();
    // A custom property takes any value.
    let _ = square.style().set_property("--side", &side.to_string());
    if side > 0.5 {
        square.set_text_content(Some(&count.to_string()));
    }
}
