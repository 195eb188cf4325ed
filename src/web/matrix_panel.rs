//! The confusion matrix of one model: right answers as figures, errors as squares whose area is their number. A cell
//! opens its images, and an image goes to the drawing cloth.

use super::canvas::paint;
use super::fetch::Fetch;
use super::{by_id, create, document, listen, set};
use crate::dataset::{SOURCE_FILES, parse_images};
use crate::image::GrayImage;
use crate::label::{CLASSES, NAMES};
use crate::session::Evaluation;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, HtmlSelectElement};

/// Images that a cell opens, and that are added each time.
const IMAGES: usize = 12;
/// The side of the largest square, as a share of its cell.
const LARGEST: f64 = 0.86;
/// The least side of a square that its number stands in; below others it stands beneath.
const ROOMY: f64 = 0.5;

/// What the panel shows, shared with what listens to its squares.
#[derive(Clone)]
pub struct MatrixPanel {
    shown: Rc<RefCell<Evaluation>>,
    images: Rc<RefCell<Option<Rc<Vec<GrayImage>>>>>,
    /// The positions of the images of the cell that is open.
    opened: Rc<RefCell<Vec<usize>>>,
    choose: Rc<dyn Fn(GrayImage)>,
}

impl MatrixPanel {
    /// A panel whose pictures go to `choose` when they are pressed.
    pub fn new(choose: impl Fn(GrayImage) + 'static) -> Self {
        let panel = Self {
            shown: Rc::default(),
            images: Rc::default(),
            opened: Rc::default(),
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
        let more = panel.clone();
        listen(&by_id("gallery-more"), "click", move |_: Event| more.hang());
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
                if *count > 0 {
                    let button = add_button(&cell, [label, class], *count);
                    if label == class {
                        cell.set_class_name("right");
                        button.set_text_content(Some(&count.to_string()));
                    } else {
                        add_square(&button, *count, most);
                    }
                }
            }
        }
        by_id::<HtmlElement>("gallery").set_hidden(true);
    }

    /// Open the images of a cell, which is named by label and class.
    fn open(&self, cell: &str) {
        let mut numbers = cell.split('-').filter_map(|n| n.parse::<usize>().ok());
        let (Some(label), Some(class)) = (numbers.next(), numbers.next()) else {
            return;
        };
        for button in super::table_panel::all("#matrix [data-cell]") {
            let is_this = button.get_attribute("data-cell").as_deref() == Some(cell);
            let pressed = if is_this { "true" } else { "false" };
            set(&button, "aria-pressed", pressed);
        }
        let model = by_id::<HtmlSelectElement>("matrix-model").value();
        let taken = self.shown.borrow().taken(&model, label, class);
        let of = self.shown.borrow().confusion(&model)[label]
            .iter()
            .sum::<usize>();
        by_id::<HtmlElement>("gallery").set_hidden(false);
        by_id::<HtmlElement>("gallery-title").set_inner_text(&named([label, class]));
        let note = format!("{} of {of}.", taken.len());
        by_id::<HtmlElement>("gallery-note").set_inner_text(&note);
        by_id::<Element>("gallery-images").set_text_content(None);
        self.opened.replace(taken);
        self.hang();
    }

    /// Add the next images of the cell that is open.
    fn hang(&self) {
        let panel = self.clone();
        let hung = || by_id::<Element>("gallery-images").child_element_count();
        let before = hung();
        spawn_local(async move {
            match panel.images().await {
                // While the images were fetched, the visitor may have asked again.
                Ok(images) if hung() == before => panel.hang_of(&images),
                Ok(_) => {}
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

    fn hang_of(&self, images: &[GrayImage]) {
        let list: Element = by_id("gallery-images");
        let opened = self.opened.borrow();
        let hung = list.child_element_count() as usize;
        let next = opened.iter().skip(hung).take(IMAGES);
        let buttons: Vec<_> = next
            .filter_map(|index| Some(self.add_image(&list, *index, images.get(*index)?)))
            .collect();
        let more: HtmlElement = by_id("gallery-more");
        let left = opened.len().saturating_sub(hung + IMAGES);
        more.set_inner_text(&format!("{} more", left.min(IMAGES)));
        let had_focus = document().active_element().as_ref() == Some(more.as_ref());
        more.set_hidden(left == 0);
        // A button that is gone keeps no focus: it goes on with the images that it brought.
        if let (true, true, Some(first)) = (left == 0, had_focus, buttons.first()) {
            // Focusing a visible button cannot fail.
            let _ = first.focus();
        }
    }

    /// Add a test image that goes to the drawing cloth when it is pressed.
    fn add_image(&self, list: &Element, index: usize, image: &GrayImage) -> HtmlElement {
        let button = create("button", list);
        set(&button, "type", "button");
        let label = format!("Test image {index}: draw on it");
        set(&button, "aria-label", &label);
        let canvas: HtmlCanvasElement = create("canvas", &button).unchecked_into();
        paint(&canvas, &image.to_rgba());
        let (choose, image) = (Rc::clone(&self.choose), image.clone());
        listen(&button, "click", move |_: Event| choose(image.clone()));
        button
    }
}

/// What a cell counts.
fn named([label, class]: [usize; 2]) -> String {
    if label == class {
        format!("{} recognized", NAMES[label])
    } else {
        format!("{} taken for {}", NAMES[label], NAMES[class])
    }
}

/// The button of a cell, which opens its images.
fn add_button(cell: &Element, [label, class]: [usize; 2], count: usize) -> HtmlElement {
    let button = create("button", cell);
    set(&button, "type", "button");
    set(&button, "data-cell", &format!("{label}-{class}"));
    set(&button, "aria-pressed", "false");
    let said = format!("{}: {count}", named([label, class]));
    set(&button, "aria-label", &said);
    button
}

fn add_square(button: &Element, count: usize, most: usize) {
    let square = create("i", button);
    let side = LARGEST * (count as f64 / most as f64).sqrt();
    // A custom property takes any value.
    let _ = square.style().set_property("--side", &side.to_string());
    let number = create("span", if side > ROOMY { &square } else { button });
    number.set_text_content(Some(&count.to_string()));
}
