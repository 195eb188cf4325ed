//! The page's state, as one value: events in, effects out.
//!
//! [`Session::handle`] is the only way to change it. The page turns DOM events into [`Event`]s, does what the
//! [`Effect`]s say and shows the session's `view`; it decides nothing. Nothing here knows a
//! browser: `tests/session.rs` has every transition and a property test over random events.
//!
//! Three rules hold throughout. A picture counts from the moment it is chosen, and only an answer, a refusal or a
//! newer picture ends it. Measuring and evaluating wait for it. Every message carries the number of what it
//! belongs to, and a stale one changes nothing.

mod answers;
mod availability;
mod book;
mod choosing;
mod choosing_program;
mod cloth;
mod event;
mod handle;
mod inspecting;
mod inspection;
mod inspection_view;
mod model;
mod notices;
mod picture;
mod programs;
mod squeeze;
mod squeeze_view;
mod squeezing;
mod starting;
mod state;
mod task;
mod tasks;
mod view;
mod visits;
mod watch;

pub use availability::Availability;
pub use cloth::{Cloth, Placed};
pub use event::{Effect, Event, FileKey, Generation, Program, Timer};
pub use inspection::Look;
pub use inspection_view::place_line;
pub use model::{Model, Stage, Timed};
pub use notices::{Notice, Retry};
pub use picture::{PendingFile, Picture, Pictures, Shown};
pub use programs::{DecoderStage, START_LIMIT_MS, WorkerStage};
pub use squeeze::{Edge, Grip, Squeeze, Tried};
pub use squeeze_view::{Reading, SqueezeLine};
pub use state::{MEASURE_AFTER_MS, Session};
pub use task::{Evaluation, EvaluationStage, Task, Wish};
pub use view::PageState;
pub use visits::{Arrival, Visits};
