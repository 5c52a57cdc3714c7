//! The setters that builders of writes share. They all fill in the write's conditions.

/// Gives builders setters for their conditions, which are in the field named in parentheses.
///
/// ```text
/// setters! {
///     [M: Model, W] Put<M, W> => (core.conditions) {
///         when: "Demands that `condition` holds for the item that is there. A second one must hold too.",
///         deadline,
///     }
/// }
/// ```
macro_rules! setters {
    ($([$($generics:tt)*] $builder:ty => $field:tt { $($setter:ident $(: $doc:literal)?),+ $(,)? })+) => { $(
        impl<$($generics)*> $builder {
            $($crate::operation::builder::setters::setters!(@$setter $field $($doc)?);)+
        }
    )+ };
    (@when ($($field:ident).+) $doc:literal) => {
        #[doc = $doc]
        pub fn when(mut self, condition: $crate::condition::Condition<M>) -> Self {
            self.$($field).+.when(condition.into_expression());
            self
        }
    };
    // Deleting a missing item would be no error, whatever the condition says.
    (@when_exists ($($field:ident).+) $doc:literal) => {
        #[doc = $doc]
        pub fn when(mut self, condition: $crate::condition::Condition<M>) -> Self {
            self.$($field).+.existence = $crate::operation::write::demands::Existence::Required;
            self.$($field).+.when(condition.into_expression());
            self
        }
    };
    (@expect_version ($($field:ident).+)) => {
        /// Demands that the item has this version: otherwise the error [is a version
        /// conflict](crate::Error::is_version_conflict), or [is "not found"](crate::Error::is_not_found). An item without a
        /// version has version 0.
        pub fn expect_version(mut self, version: M::Version) -> Self {
            self.$($field).+.expect_version($crate::managed::version_number::<M::Version>(&version));
            self
        }
    };
    (@deadline ($($field:ident).+)) => {
        /// Ends the operation after `deadline`, instead of after the client's.
        pub fn deadline(mut self, deadline: ::std::time::Duration) -> Self {
            self.$($field).+.deadline = Some(deadline);
            self
        }
    };
}

pub(crate) use setters;
