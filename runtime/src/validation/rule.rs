//! Declared rules, as generated code passes them.

use std::any::Any;

use crate::validation::check::Check;

/// A declared rule. It reports violations to the collector.
pub type Rule<T> = fn(&T, &mut Check);

/// A declared rule of the elements of a list, set or map, whose type is known where [`element`] is called.
pub type ElementRule = fn(&dyn Any, &mut Check);

/// The value of an element, or within an optional one: for generated code.
#[doc(hidden)]
pub fn element<T: 'static>(element: &dyn Any) -> Option<&T> {
    element.downcast_ref::<T>().or_else(|| element.downcast_ref::<Option<T>>()?.as_ref())
}
