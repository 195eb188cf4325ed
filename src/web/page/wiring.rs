//! What the page listens to: panels and window, each of which reports to the session.

use super::{Shell, TEST_IMAGE};
use crate::card::WeightSet;
use crate::image::GrayImage;
use crate::session::{Event, Picture};
use crate::web::drawing_panel::{Change, DrawingPanel};
use crate::web::evaluation_panel::EvaluationPanel;
use crate::web::matrix_panel::MatrixPanel;
use crate::web::{
    by_id, download_panel, link_panel, listen, message_panel, picture_panel, program_panel,
    samples_panel, squeeze_panel, table_panel, theme, upload_panel, window,
};
use web_sys::Element;

impl Shell {
    /// Wire everything.
    ///
    /// # Panics
    /// In a worker, which has no window.
    pub(super) fn wire(&self) {
        let tell = |event: fn() -> Event| {
            let shell = self.clone();
            move || shell.tell(event())
        };
        table_panel::start();
        let shell = self.clone();
        let redraw = move || shell.draw_chart_soon();
        self.0.chart.start(redraw, squeeze_panel::choose);
        message_panel::start(tell(|| Event::MessageClosed), tell(|| Event::RetryPressed));
        let shell = self.clone();
        let matrix = MatrixPanel::new(move |image| {
            shell.choose_test_image(image);
            by_id::<Element>("draw").scroll_into_view();
        });
        let evaluation = EvaluationPanel::new(matrix);
        let shell = self.clone();
        evaluation.start(
            move |images| shell.tell(Event::EvaluatePressed(images)),
            tell(|| Event::CancelPressed),
        );
        self.0.evaluation.replace(Some(evaluation));
        let shell = self.clone();
        program_panel::start(move |program| shell.tell(Event::ProgramChosen(program)));
        let shell = self.clone();
        samples_panel::start(move |chosen| match chosen {
            Ok(image) => shell.choose_test_image(image),
            Err(sentence) => shell.tell(Event::GiftRefused(sentence)),
        });
        let shell = self.clone();
        upload_panel::start(move |upload| {
            shell.take(upload);
            samples_panel::mark(None);
        });
        let shell = self.clone();
        let drawing = DrawingPanel::start(move |change| {
            if !matches!(change, Change::Held(_)) {
                samples_panel::mark(None);
            }
            shell.tell(match change {
                Change::Drawn(levels) => Event::Drawn(levels),
                Change::Picture(picture) => Event::PictureChosen((*picture).clone()),
                Change::Held(is_held) => Event::Held(is_held),
            });
        });
        self.0.drawing.replace(Some(drawing));
        let shell = self.clone();
        download_panel::start(move |use_it| use_it(&shell.0.session.borrow()));
        let (shell, follower) = (self.clone(), self.clone());
        link_panel::start(
            move || shell.present_link(),
            move || follower.fragment_changed(),
        );
        let shell = self.clone();
        picture_panel::start(move |show| {
            let (panels, session) = (shell.0.models.borrow(), shell.0.session.borrow());
            let models = session.models().iter();
            let book: Vec<_> = models.filter(|model| session.is_in_book(model)).collect();
            let swatches = panels.iter().map(|(swatch, _)| swatch);
            swatches
                .filter(|swatch| book.iter().any(|model| model.name == swatch.name()))
                .for_each(show);
        });
        let shell = self.clone();
        theme::on_change(move || shell.draw_anew());
        let pressed = tell(|| Event::MeasurePressed);
        listen(&by_id("benchmark"), "click", move |_: web_sys::Event| {
            pressed();
        });
        for (swatch, _) in self.0.models.borrow().iter() {
            let (shell, name) = (self.clone(), swatch.name());
            swatch.on_retry(move || shell.tell(Event::RetryModelPressed(name.to_owned())));
        }
        let shell = self.clone();
        let inspection = &self.0.inspection;
        inspection.start(move |event| shell.tell(event));
        let (shell, opener) = (self.clone(), self.clone());
        let tell_squeeze = move |event| shell.tell(event);
        self.0
            .squeeze
            .start(tell_squeeze, move |file| opener.open(file));
        let window = window();
        let online = tell(|| Event::WentOnline);
        listen(&window, "online", move |_: web_sys::Event| online());
        let offline = tell(|| Event::WentOffline);
        listen(&window, "offline", move |_: web_sys::Event| offline());
        if !window.navigator().on_line() {
            self.tell(Event::WentOffline);
        }
    }

    fn choose_test_image(&self, image: GrayImage) {
        let picture = Picture::of_image(image, WeightSet::Photographs);
        self.with_drawing(|drawing| drawing.choose(picture, TEST_IMAGE));
    }
}
