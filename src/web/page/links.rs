//! Links to what is on the page: making one, following one, and coming back.

use super::{Left, Shell};
use crate::link::Link;
use crate::session::{Arrival, Event, Grip, Picture};
use crate::web::drawing_panel::DrawingPanel;
use crate::web::link_panel::{self, Asked};

impl Shell {
    /// What the page shows, as a link.
    pub(super) fn present_link(&self) -> Option<Link> {
        let session = self.0.session.borrow();
        let picture = session.shown().map(|shown| &shown.picture);
        let squeeze = session.squeeze()?;
        Some(Link {
            picture: picture.and_then(|p| Some((p.seen.image()?.clone(), p.set))),
            network: squeeze.network.to_owned(),
            setting: squeeze.setting,
        })
    }

    /// Show what a link holds.
    pub(super) fn follow(&self, asked: Asked) {
        match asked {
            Asked::Nothing => {}
            Asked::Link(link) => {
                self.tell(Event::Squeezed(link.network, link.setting, Grip::Released));
                self.with_drawing(|drawing| match link.picture {
                    Some((image, set)) => {
                        let picture = Picture::of_image(image, set);
                        drawing.choose(picture, "The picture of this link.");
                    }
                    None => drawing.clear(),
                });
            }
            // What is drawn stays: the network in the link answers it.
            Asked::Network(packed) => self.tell(Event::SqueezedFileGiven(Ok(packed))),
            Asked::Refusal(sentence) => {
                self.with_drawing(DrawingPanel::clear);
                self.tell(Event::GiftRefused(sentence));
            }
        }
    }

    /// The fragment changed: to a link or a section, or by Back or Forward.
    pub(super) fn fragment_changed(&self) {
        let (asked, left) = (link_panel::asked(), self.leave());
        let visits = &self.0.visits;
        if let Some(number) = link_panel::entry_number() {
            let arrival = visits.borrow_mut().go(number, left);
            match arrival {
                Arrival::Here => {}
                Arrival::Left(left) => self.come_back(left),
                Arrival::Unknown => self.follow(asked),
            }
        } else {
            if !matches!(asked, Asked::Nothing) {
                visits.borrow_mut().follow(left);
            }
            link_panel::number_entry(visits.borrow().now());
            self.follow(asked);
        }
    }

    fn leave(&self) -> Left {
        let session = self.0.session.borrow();
        let squeeze = session.squeeze();
        Left {
            strokes: self.0.drawing.borrow().as_ref().map(DrawingPanel::kept),
            squeeze: squeeze.map(|squeeze| (squeeze.network, squeeze.setting)),
        }
    }

    fn come_back(&self, left: Left) {
        if let Some((network, setting)) = left.squeeze {
            let network = network.to_owned();
            self.tell(Event::Squeezed(network, setting, Grip::Released));
        }
        if let Some(strokes) = left.strokes {
            self.with_drawing(|drawing| drawing.come_back(strokes));
        }
    }
}
