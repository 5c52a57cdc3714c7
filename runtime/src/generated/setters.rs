//! The setters of a builder's optional fields.

/// Declares the setters of a builder's optional fields: for generated code. The builder is a tuple struct around the given
/// values.
#[doc(hidden)]
#[macro_export]
macro_rules! setters {
    ($($(#[$attribute:meta])* $field:ident: $type:ty;)+) => { $(
        $(#[$attribute])*
        pub fn $field(mut self, $field: impl $crate::Argument<$type>) -> Self {
            self.0.$field = ::core::option::Option::Some($crate::Argument::into_argument($field));
            self
        }
    )+ };
}
