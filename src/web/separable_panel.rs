//! The section on separable convolutions: its bolts of cloth, from the weights that the page has loaded.

use super::cloth::{self, Dye};
use super::table_panel::all;
use super::{by_id, set};
use crate::session::Session;
use crate::weave::{Cloth, Weave};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement};

/// The layers that are compared, and those of each stage of the separable network, as `threadcount readme` has them.
const FULL: (&str, &str) = ("baseline", "conv3");
const SEPARABLE: &str = "lightweight";
const WARP: &str = "depthwise3";
const WEFT: &str = "pointwise3";
const STAGES: [&[&str]; 4] = [
    &["depthwise1", "pointwise1"],
    &["depthwise2", "pointwise2"],
    &["depthwise3", "pointwise3"],
    &["dense1"],
];
/// The single filter of the first layer, and its side in px.
const STEM: &str = "depthwise1";
const STEM_SIDE: f64 = 132.0;

/// Draw what is loaded; once, unless it has to be drawn anew.
pub fn draw(session: &Session, anew: bool) {
    if let Some(weave) = loaded(session, FULL.0)
        && first("full", anew)
        && let Some(layer) = weave.layer(FULL.1)
    {
        for canvas in all("[data-tap]") {
            let tap = canvas
                .get_attribute("data-tap")
                .and_then(|tap| tap.parse().ok());
            fill(canvas, |[rows, columns]| {
                layer.cloth(columns, rows, tap).turned()
            });
        }
    }
    let Some(weave) = loaded(session, SEPARABLE).filter(|_| first("separable", anew)) else {
        return;
    };
    for (id, name) in [("bolt-warp", WARP), ("bolt-weft", WEFT)] {
        if let Some(layer) = weave.layer(name) {
            fill(by_id(id), |[rows, columns]| {
                layer.cloth(columns, rows, None).turned()
            });
        }
    }
    for (canvas, stage) in all("[data-stage]").into_iter().zip(STAGES) {
        let part = weave.part(stage);
        fill(canvas, |[rows, _]| part.cloth(rows));
    }
    if let Some(layer) = weave.layer(STEM) {
        let filter = Cloth {
            rows: 3,
            columns: 3,
            ..layer.cloth(1, 9, None)
        };
        let canvas: HtmlCanvasElement = by_id("stem-filter");
        cloth::draw(&canvas, &filter, [STEM_SIDE; 2], Dye::Dyed);
    }
}

/// Whether something was not drawn yet, or has to be drawn anew.
fn first(what: &str, anew: bool) -> bool {
    let section: Element = by_id("separable");
    let mark = format!("data-drawn-{what}");
    let drawn = section.has_attribute(&mark);
    set(&section, &mark, "");
    !drawn || anew
}

fn loaded<'a>(session: &'a Session, name: &str) -> Option<&'a Weave> {
    let model = session.models().iter().find(|model| model.name == name)?;
    model.ready().map(|ready| &ready.weave)
}

/// Draw on a canvas as large as the element around it a cloth of so many rows and columns.
fn fill(canvas: Element, cloth: impl FnOnce([usize; 2]) -> Cloth) {
    let canvas: HtmlCanvasElement = canvas.unchecked_into();
    let Some(around) = canvas.parent_element() else {
        return;
    };
    let area = around.get_bounding_client_rect();
    let [wide, high] = [area.width(), area.height()];
    let threads = [high, wide].map(|length| ((length / 3.0).round() as usize).max(1));
    cloth::draw(&canvas, &cloth(threads), [wide, high], Dye::Dyed);
}
