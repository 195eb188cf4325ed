//! threadcount
pub mod card;
pub mod classifier;
pub mod dataset;
pub mod image;
pub mod label;
pub mod metrics;
pub mod network;
pub mod outline;
pub mod plane;
pub mod prediction;
pub mod preprocess;
pub mod report;
#[cfg(feature = "cli")]
pub mod train;
