//! The page's charts as SVG, drawn for a width: from figures to text, without a browser.
//!
//! `threadcount readme` writes them into the markup for browsers without scripts, and the page draws them anew with
//! what is measured there; both call this. Colors and fonts are in `www/sections.css`, by class.

mod axis;
mod claims;
mod front;
mod ghost;
mod given;
mod labels;
mod mark;
mod plot;
mod scatter;
mod svg;

pub use axis::Axis;
pub use claims::{ClaimRow, claims};
pub use front::front;
pub use ghost::Ghost;
pub use mark::{Mark, MarkKind};
pub use scatter::scatter;
pub use svg::{Attributes, Piece, Svg};
