//! The types that the catalog's rows name, for whoever has a name only at run time.

/// Evaluate an expression with the network of a name as a type: `for_network!(name, N => N::init(&device()))`.
///
/// `None` when the name is none of a model that Burn defines.
#[cfg(feature = "burn")]
#[macro_export]
macro_rules! for_network {
    ($name:expr, $type:ident => $body:expr) => {
        $crate::catalog!($crate::network_arms, ($name), $type, { $body })
    };
}

/// The arms of [`for_network!`].
#[cfg(feature = "burn")]
#[doc(hidden)]
#[macro_export]
macro_rules! network_arms {
    (
        ($name:tt, $type:ident, $body:block)
        $($model:literal $facts:tt = $(network($network:ident))? $(classical $types:tt)?)*
    ) => {
        match $name {
            $($($model => {
                type $type = $crate::network::$network;
                Some($body)
            })?)*
            _ => None,
        }
    };
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
        $($model:literal $facts:tt = $(network $types:tt)? $(classical($($classical:ident)::+, $($fit:ident)::+))?)*
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
