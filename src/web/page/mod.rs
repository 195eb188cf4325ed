//! The page: turns what happens in the browser into events of the session, does what its effects say, and shows
//! the session's view. Nothing is decided here.

mod links;
mod programs;
mod wiring;

use super::book;
use super::chart_panel::ChartPanel;
use super::connection::Connection;
use super::drawing_panel::DrawingPanel;
use super::evaluation_panel::EvaluationPanel;
use super::inspection_panel::InspectionPanel;
use super::link_panel::{self, Asked};
use super::model_panel::ModelPanel;
use super::squeeze_cloth;
use super::squeeze_panel::SqueezePanel;
use super::strokes::Strokes;
use super::swatch_panel::SwatchPanel;
use super::upload_panel::Upload;
use super::{
    after, body, message_panel, next_frame, offline, patch, program_panel, reveal, save,
    seen_panel, separable_panel, set, steps_panel, summary_panel, table_panel, window,
};
use crate::catalog::{self, Kind};
use crate::protocol::PictureNumber;
use crate::session::{Effect, Event, FileKey, Model, PageState, Session, Stage, Visits};
use crate::squeeze::Setting;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;
use web_sys::File;

/// How long changes of times are gathered before they are drawn, in milliseconds...
const TIMES_MS: i32 = 100;
/// ...and while models are loaded: to draw what is below the first screen, the browser has to lay it out.
const TIMES_WHILE_LOADING_MS: i32 = 1500;
const TEST_IMAGE: &str = "A test image, seen as it is.";
const UPLOAD: &str = "Your picture, as they see it.";

/// The session and what its effects act on.
struct Page {
    session: RefCell<Session>,
    /// Events that came while another one was handled.
    events: RefCell<VecDeque<Event>>,
    handling: Cell<bool>,
    worker: RefCell<Option<Connection>>,
    decoder: RefCell<Option<Connection>>,
    files: RefCell<HashMap<FileKey, File>>,
    models: RefCell<Vec<(SwatchPanel, ModelPanel)>>,
    drawing: RefCell<Option<DrawingPanel>>,
    evaluation: RefCell<Option<EvaluationPanel>>,
    squeeze: SqueezePanel,
    chart: ChartPanel,
    /// Whether the chart is drawn with the next frame.
    chart_waits: Cell<bool>,
    inspection: InspectionPanel,
    /// The pictures that come from files: they are put on the cloth when they are seen.
    from_files: RefCell<HashSet<PictureNumber>>,
    /// What was left when links were followed.
    visits: RefCell<Visits<Left>>,
    /// The timer of the next comparison of times, and how long it was set for.
    times: Cell<Option<(i32, i32)>>,
    /// Whether the browser was asked to keep the page for visits without a network, once all models are settled.
    kept: Cell<bool>,
}

/// What the page shows when it is left for a link: what is on the cloth, and the network that is squeezed.
struct Left {
    strokes: Option<Strokes>,
    squeeze: Option<(&'static str, Setting)>,
}

/// What the panels report to.
#[derive(Clone)]
struct Shell(Rc<Page>);

/// Wire everything; the page program's `main` calls it once.
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        set(&body(), "data-state", PageState::Error.as_str());
        message_panel::tell_fault(&format!(
            "The page met a fault ({info}). Reload it; please report this."
        ));
    }));
    let models = catalog::MODELS;
    let names = models.iter().map(|m| (m.name, m.kind == Kind::Network));
    book::clear();
    let mut written = table_panel::take();
    let in_order = catalog::in_page_order().into_iter();
    let panels = |name| {
        let swatch = SwatchPanel::new(name, written.remove(name).unwrap_or_default());
        book::add(&swatch);
        (swatch, ModelPanel::new(name))
    };
    let number = link_panel::entry_number().unwrap_or_default();
    link_panel::number_entry(number);
    let shell = Shell(Rc::new(Page {
        session: RefCell::new(Session::new(names)),
        events: RefCell::default(),
        handling: Cell::new(false),
        worker: RefCell::default(),
        decoder: RefCell::default(),
        files: RefCell::default(),
        models: RefCell::new(in_order.map(|m| m.name).map(panels).collect()),
        drawing: RefCell::default(),
        evaluation: RefCell::default(),
        squeeze: SqueezePanel::default(),
        chart: ChartPanel::default(),
        chart_waits: Cell::new(false),
        inspection: InspectionPanel::default(),
        from_files: RefCell::default(),
        visits: RefCell::new(Visits::new(number)),
        times: Cell::new(None),
        kept: Cell::new(false),
    }));
    shell.wire();
    reveal::later();
    shell.tell(Event::Opened);
    let asked = link_panel::asked();
    if matches!(asked, Asked::Nothing | Asked::Network(_)) {
        shell.with_drawing(DrawingPanel::draw_first);
    }
    shell.follow(asked);
}

impl Shell {
    /// Report to the session.
    fn tell(&self, event: Event) {
        self.0.events.borrow_mut().push_back(event);
        if self.0.handling.replace(true) {
            return; // The loop below goes on with it.
        }
        loop {
            let Some(event) = self.0.events.borrow_mut().pop_front() else {
                break;
            };
            let effects = self.0.session.borrow_mut().handle(event);
            for effect in effects {
                self.act(effect);
            }
        }
        self.0.handling.set(false);
        self.show();
    }

    fn with_drawing(&self, act: impl FnOnce(&DrawingPanel)) {
        // It tells the session of changes, so it must not be borrowed meanwhile.
        let drawing = self.0.drawing.borrow().clone();
        if let Some(drawing) = drawing {
            act(&drawing);
        }
    }

    /// Draw everything that depends on the window's size and colors.
    fn draw_anew(&self) {
        self.with_drawing(DrawingPanel::show);
        for (swatch, _) in self.0.models.borrow().iter() {
            swatch.draw();
        }
        self.0.chart.draw(&self.0.session.borrow());
        separable_panel::draw(&self.0.session.borrow(), true);
        patch::draw(&self.0.session.borrow(), true);
        self.0.squeeze.draw(&self.0.session.borrow());
        self.0.inspection.draw(&self.0.session.borrow());
    }

    fn take(&self, upload: Upload) {
        match upload {
            Upload::File(file, note) => {
                let key = {
                    let files = &mut *self.0.files.borrow_mut();
                    let key = files.keys().max().map_or(0, |newest| newest + 1);
                    files.insert(key, file);
                    key
                };
                let note = Some(note).filter(|note| !note.is_empty());
                self.tell(Event::FileChosen(key, note));
            }
            Upload::Weights(file) => self.open(file),
            Upload::Refusal(sentence) => self.tell(Event::GiftRefused(sentence)),
        }
    }

    fn act(&self, effect: Effect) {
        match effect {
            Effect::StartWorker(program, generation) => self.start_worker(program, generation),
            Effect::StopWorker => self
                .0
                .worker
                .replace(None)
                .into_iter()
                .for_each(Connection::close),
            Effect::ToWorker(request) => {
                if let Some(worker) = &*self.0.worker.borrow() {
                    worker.send(&request);
                }
            }
            Effect::AskForBurn => {
                let shell = self.clone();
                program_panel::ask_for_burn(move |burn| shell.tell(Event::BurnIs(burn)));
            }
            Effect::StartDecoder(generation) => self.start_decoder(generation),
            Effect::StopDecoder => {
                self.0
                    .decoder
                    .replace(None)
                    .into_iter()
                    .for_each(Connection::close);
            }
            Effect::ToDecoder(request) => {
                if let Some(decoder) = &*self.0.decoder.borrow() {
                    decoder.send(&request);
                }
            }
            Effect::ReadFile(file, number) => {
                self.0.from_files.borrow_mut().insert(number);
                self.read(file, number);
            }
            Effect::SetTimer(timer, after_ms) => {
                let shell = self.clone();
                after(after_ms as i32, move || shell.tell(Event::TimeOver(timer)));
            }
            Effect::ShowModel(name) => {
                let session = self.0.session.borrow();
                let known = session.models().iter().find(|model| model.name == name);
                let mut panels = self.0.models.borrow_mut();
                let panel = panels.iter_mut().find(|(swatch, _)| swatch.name() == name);
                if let (Some(model), Some((swatch, row))) = (known, panel) {
                    swatch.show(model);
                    row.show(model);
                }
            }
            Effect::ShowPicture => {
                let session = self.0.session.borrow();
                let Some(shown) = session.shown() else { return };
                seen_panel::show(shown);
                steps_panel::show(shown);
                if self.0.from_files.borrow_mut().remove(&shown.number) {
                    let picture = shown.picture.clone();
                    self.with_drawing(|drawing| drawing.put(picture, UPLOAD));
                }
            }
            Effect::ShowEvaluation => {
                if let Some(panel) = &*self.0.evaluation.borrow() {
                    panel.show(&self.0.session.borrow());
                }
            }
            Effect::ShowTimes => self.show_times_soon(),
            Effect::ShowSqueeze => {
                let session = self.0.session.borrow();
                let swatches = self.0.models.borrow();
                book::arrange(&session, swatches.iter().map(|(swatch, _)| swatch));
                drop(swatches);
                self.0.squeeze.show(&session);
                for (swatch, _) in self.0.models.borrow_mut().iter_mut() {
                    swatch.squeeze(squeeze_cloth::squeezed(&session, swatch.name()));
                }
                if self.0.chart.is_stale(&session) {
                    self.draw_chart_soon();
                }
            }
            Effect::ShowInspection(inspected) => {
                let session = self.0.session.borrow();
                self.0.inspection.show(&session, inspected);
            }
            Effect::SaveFile(name, bytes) => save::save(&name, &bytes),
            Effect::Announce(text) => summary_panel::announce(&text),
        }
    }

    /// Draw the chart with the next frame: once for all that changes until then.
    fn draw_chart_soon(&self) {
        if !self.0.chart_waits.replace(true) {
            let shell = self.clone();
            next_frame(move || {
                shell.0.chart_waits.set(false);
                shell.0.chart.draw(&shell.0.session.borrow());
            });
        }
    }

    /// Show the comparison of times: once for all models that load or are measured within a moment.
    fn show_times_soon(&self) {
        let is_on_its_way =
            |model: &Model| matches!(model.stage, Stage::Idle | Stage::Loading { .. });
        let loads = self.0.session.borrow().models().iter().any(is_on_its_way);
        let pause = if loads {
            TIMES_WHILE_LOADING_MS
        } else {
            TIMES_MS
        };
        match self.0.times.get() {
            Some((_, set_for)) if set_for <= pause => return,
            Some((timer, _)) => window().clear_timeout_with_handle(timer),
            None => {}
        }
        let shell = self.clone();
        let timer = after(pause, move || {
            shell.0.times.set(None);
            let session = shell.0.session.borrow();
            summary_panel::compare(&session);
            shell.0.chart.draw(&session);
            separable_panel::draw(&session, false);
            patch::draw(&session, false);
        });
        self.0.times.set(Some((timer, pause)));
    }

    /// Show what is derived from the whole state; what has not changed is left as it is.
    fn show(&self) {
        let session = self.0.session.borrow();
        let body = body();
        for (hook, value) in [
            ("data-state", session.state().as_str()),
            ("data-input", &session.newest().to_string()),
            ("data-verdict", session.verdict().as_str()),
        ] {
            if body.get_attribute(hook).as_deref() != Some(value) {
                set(&body, hook, value);
            }
        }
        seen_panel::show_verdict(&session);
        InspectionPanel::say(&session);
        summary_panel::agree(&session);
        program_panel::show(&session);
        message_panel::show(&session.notices());
        // A build that does not work offers a newer one, too.
        let rests = session.models().iter().all(Model::is_settled);
        let rests = rests || session.state() == PageState::Error;
        if rests && !self.0.kept.replace(true) {
            reveal::sections();
            offline::start();
        }
    }
}
