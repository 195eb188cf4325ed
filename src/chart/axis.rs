//! The horizontal axis: what it shows, and its figures as text.

use crate::format::{kilobytes, milliseconds, thousands};

/// What the horizontal axis shows; its divisions are ten times the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Numbers that a model holds.
    Parameters,
    /// Bytes of its file.
    Bytes,
    /// Multiply-adds, or comparisons, of one answer.
    Operations,
    /// Milliseconds of one answer.
    Time,
}

impl Axis {
    /// The name at the end of the axis.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Bytes => "file size",
            Self::Operations => "multiply-adds",
            Self::Time => "time here",
        }
    }

    /// A figure as text.
    pub fn figure(self, value: f64) -> String {
        match self {
            Self::Parameters => format!("{} parameters", thousands(value as usize)),
            Self::Bytes => kilobytes(value as usize),
            Self::Operations => {
                format!("{} multiply-adds or comparisons", thousands(value as usize))
            }
            Self::Time => milliseconds(value),
        }
    }

    /// A division's name.
    pub fn tick(self, value: f64) -> String {
        match self {
            Self::Parameters if value >= 1e6 => {
                format!("{} million", thousands((value / 1e6) as usize))
            }
            Self::Bytes if value >= 1e6 => format!("{} MB", (value / 1e6).round()),
            Self::Bytes if value >= 1e3 => format!("{} kB", (value / 1e3).round()),
            Self::Bytes => format!("{} bytes", value.round()),
            Self::Operations if value >= 1e6 => format!("{} million", (value / 1e6).round()),
            Self::Parameters | Self::Operations => thousands(value.round() as usize),
            Self::Time if value >= 1.0 => format!("{} ms", value.round()),
            Self::Time if value >= 1e-3 => format!("{} µs", (value * 1e3).round()),
            Self::Time => format!("{} ns", (value * 1e6).round()),
        }
    }
}
