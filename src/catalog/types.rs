//! What the catalog's rows name, for whoever has a name only at run time.

#[cfg(feature = "burn")]
use crate::network::{Architecture, Widths};

#[cfg(feature = "burn")]
macro_rules! architectures {
    (
        ($name:ident)
        $($model:literal $facts:tt = $(network($($architecture:tt)+))? $(classical $types:tt)?)*
    ) => {
        match $name {
            $($($model => Some(Architecture::$($architecture)+),)?)*
            _ => None,
        }
    };
}

/// The architecture of a model; `None` when the name is none of a model that Burn defines.
#[cfg(feature = "burn")]
pub fn architecture(name: &str) -> Option<Architecture> {
    crate::catalog!(architectures, name)
}

/// Evaluate an expression with the classical model of a name as a type: `for_classical!(name, M => M::from_bytes(..))`.
///
/// `None` when the name is none of a model in `classical/`.
#[macro_export]
macro_rules! for_classical {
    ($name:expr, $type:ident => $body:expr) => {
        $crate::catalog!($crate::classical_arms, ($name), $type, { $body })
    };
}

/// The arms of [`for_classical!`].
#[doc(hidden)]
#[macro_export]
macro_rules! classical_arms {
    (
        ($name:tt, $type:ident, $body:block)
        $($model:literal $facts:tt = $(network $architecture:tt)? $(classical($($classical:ident)::+, $($fit:ident)::+))?)*
    ) => {
        match $name {
            $($($model => {
                type $type = $crate::classical::$($classical)::+;
                Some($body)
            })?)*
            _ => None,
        }
    };
}
