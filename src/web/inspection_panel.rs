//! The looks inside a model: the activations of a network, and the occlusion map of any model.

use super::activations_panel::ActivationsPanel;
use super::occlusion_panel::OcclusionPanel;
use crate::protocol::Inspected;
use crate::session::{Event, Session};

/// Both panels.
#[derive(Default)]
pub struct InspectionPanel {
    activations: ActivationsPanel,
    occlusion: OcclusionPanel,
}

impl InspectionPanel {
    /// Wire both; `tell` hears what the visitor chooses and sees.
    pub fn start(&self, tell: impl Fn(Event) + Clone + 'static) {
        self.activations.start(tell.clone());
        self.occlusion.start(tell);
    }

    /// Show what was found.
    pub fn show(&self, session: &Session, inspected: Inspected) {
        match inspected {
            Inspected::Activations => self.activations.show(session),
            Inspected::Occlusion => self.occlusion.show(session),
        }
    }

    /// Say how both stand; what has not changed is left as it is.
    pub fn say(session: &Session) {
        ActivationsPanel::say(session);
        OcclusionPanel::say(session);
    }

    /// Draw both anew, for another size of the window or other colors.
    pub fn draw(&self, session: &Session) {
        self.activations.show(session);
        self.occlusion.show(session);
    }
}
