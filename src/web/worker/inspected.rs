//! What looks inside hold: the newest of each kind, and how many are under way.

use crate::protocol::{Inspected, InspectionNumber};
use std::cell::Cell;

/// The looks inside.
#[derive(Default)]
pub struct Inspecting {
    newest: [Cell<InspectionNumber>; 2],
    under_way: Cell<usize>,
}

impl Inspecting {
    /// A look begins; an earlier one at the same is no longer wanted.
    pub fn begin(&self, inspected: Inspected, number: InspectionNumber) {
        self.newest[inspected as usize].set(number);
        self.under_way.set(self.under_way.get() + 1);
    }

    /// A look has ended.
    pub fn end(&self) {
        self.under_way.set(self.under_way.get() - 1);
    }

    /// The newest look of a kind.
    pub fn newest(&self, inspected: Inspected) -> InspectionNumber {
        self.newest[inspected as usize].get()
    }

    /// Whether a look is under way.
    pub fn is_busy(&self) -> bool {
        self.under_way.get() > 0
    }
}
