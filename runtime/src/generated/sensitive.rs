//! `Debug` of types with sensitive fields.

use std::fmt;

/// Implements `Debug` without the values of sensitive fields: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! sensitive_debug {
    (struct $name:ident { $($field:ident: $how:ident),* $(,)? }) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(::core::stringify!($name))
                    $(.field(::core::stringify!($field), $crate::sensitive_debug!(@$how &self.$field)))*
                    .finish()
            }
        }
    };
    (enum $name:ident { $($variant:ident { $($field:ident: $how:ident),* $(,)? }),* $(,)? }) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    $(Self::$variant { $($field),* } => f
                        .debug_struct(::core::stringify!($variant))
                        $(.field(::core::stringify!($field), $crate::sensitive_debug!(@$how $field)))*
                        .finish(),)*
                }
            }
        }
    };
    (@shown $value:expr) => {
        $value
    };
    (@hidden $value:expr) => {{
        let _ = $value;
        &$crate::generated::Hidden
    }};
}

/// What `Debug` shows for a sensitive value.
#[derive(Clone, Copy)]
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<sensitive>")
    }
}
