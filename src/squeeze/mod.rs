//! Squeezing a trained network after training: fewer bits for each weight, and the smallest weights cut.
//!
//! ```text
//! weights file --parse--> Source --squeeze--> CodedNetwork --pack--> bytes --unpack--> CodedNetwork --> weights file
//! ```
//! Page and command line call the same functions, so both say the same of the same weights; `tests/squeeze.rs` holds
//! the browser to the native bytes and answers. Nothing is trained again, and the engine runs what `unpack` gives.

mod bits;
mod coded;
mod digits;
mod error;
mod file;
mod score;
mod layers;
mod loupe;
mod numbers;
mod pack;
mod rans;
mod setting;
mod source;
mod squeezing;
mod symbols;
mod unpack;
mod version_1;

pub use coded::{CodedMatrix, CodedNetwork};
pub use digits::{ALL_DIGITS, round_offsets};
pub use error::SqueezeError;
pub use file::{model_file, setting_of_file};
pub use loupe::Loupe;
pub use pack::pack;
pub use score::{ImageSet, Score};
pub use setting::{AS_TRAINED_BITS, BITS, MOST_CUT, Scale, Setting, bit_stops};
pub use source::{Source, WeightMatrix};
pub use squeezing::{Squeezed, round_row, squeeze};
pub use unpack::{is_packed, unpack};
