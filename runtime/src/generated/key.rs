//! Primary keys: their structs, their stored form, and the values that callers may pass for them.

/// Declares the key struct of a model, its stored form, and the values that convert into it: for generated code.
///
/// ```text
/// /// The primary key of `Loan`.
/// pub struct LoanKey { member_id: dynamorm::Uuid, due_at: dynamorm::Timestamp }
/// of Loan (dynamorm::Uuid, dynamorm::Timestamp);
/// "member_id" => key_part::<dynamorm::Uuid>(member_id);
/// "due_at" => key_part::<dynamorm::Timestamp>(due_at);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! key {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident { $($field:ident: $type:ty),* $(,)? }
        of $model:ident ($($conversion:tt)*);
        $($stored:literal => $put:ident $(::<$kind:ty>)? ($value:expr);)+
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl $name {
            /// The key of these values.
            // A key that is composed of many fields takes many values.
            #[allow(clippy::too_many_arguments)]
            pub fn new($($field: impl $crate::Argument<$type>),*) -> Self {
                $name { $($field: $crate::Argument::into_argument($field)),* }
            }
        }

        impl $crate::Key for $name {
            const ATTRIBUTES: usize = [$($stored),+].len();

            fn encode(self, encoder: &mut $crate::Encoder) {
                let $name { $($field),* } = self;
                $(encoder.$put $(::<$kind>)? ($stored, $value);)+
            }
        }

        $crate::key_conversions!($model, $name, $($conversion)*);
    };
}
