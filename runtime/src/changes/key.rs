//! Reading the key of a record: for generated code.

use crate::decode::{DecodeError, Fields};

/// A primary key that is read from the attributes that hold it: for generated code.
pub trait ReadKey: Sized {
    /// Reads the attributes of a key.
    ///
    /// # Errors
    /// One is missing, or is not what the declarations say.
    fn read(fields: Fields<'_>) -> Result<Self, DecodeError>;
}

/// Says how a primary key is read from the attributes that hold it: for generated code.
///
/// ```text
/// super::OrderLineKey {
///     keys {
///         "pk" => |draft, value| { … };
///         "sk" => |draft, value| { … };
///     }
///     fields { order_id: dynamorm::Ulid, line: u16 }
/// }
/// ```
///
/// A row of `plain` is an attribute that holds a field as it is: `"member_id" => member_id: dynamorm::Uuid;`.
#[doc(hidden)]
#[macro_export]
macro_rules! read_key {
    (
        $key:path;
        $(keys { $($read:literal => |$draft:ident, $value:ident| $reading:expr;)+ })?
        $(plain { $($attribute:literal => $plain:ident: $kind:ty;)+ })?
        fields { $($field:ident: $type:ty = $told_by:literal),* $(,)? }
    ) => {
        impl $crate::changes::ReadKey for $key {
            fn read(
                fields: $crate::Fields<'_>,
            ) -> ::core::result::Result<Self, $crate::DecodeError> {
                #[derive(Default)]
                struct Draft {
                    $($field: ::core::option::Option<$type>,)*
                }
                let _draft = fields.read_as(|_draft: &mut Draft, name, value| match name {
                    $($($read => {
                        #[allow(unused_variables)]
                        let ($draft, $value) = (_draft, value);
                        $reading
                    })+)?
                    $($($attribute => value.read::<$kind>(&mut _draft.$plain),)+)?
                    _ => value.skip(),
                })?;
                ::core::result::Result::Ok(Self {
                    $($field: match _draft.$field {
                        ::core::option::Option::Some(value) => value,
                        ::core::option::Option::None => return $crate::generated::missing($told_by),
                    },)*
                })
            }
        }
    };
}
