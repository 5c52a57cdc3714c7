//! Values of declared types: a fixed one, and strategies that draw them.
//!
//! Generated code describes what a type is made of, in [`samples!`](crate::samples). Everything else is done here.

mod foreign;
mod kinds;
mod number;
mod of;
mod text;
mod time;

use std::any::Any;
use std::fmt::{self, Debug};
use std::rc::Rc;

use of::Failure;
use proptest::strategy::{BoxedStrategy, Just, Strategy, Union, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::attribute::Attribute;
use crate::error::BoxError;
use crate::model::Model;
use crate::validation::{Check, Violation};

pub use foreign::{ByArbitrary, ByDefault, ByNothing, Probe};
pub use of::Of;

/// How many candidates to try for a fixture if rules refuse the readable one.
const CANDIDATES: usize = 1_000;

/// A kind that values can be made of.
pub trait Samples: crate::Kind<Value: Clone + Debug> {
    /// A readable value, which rules may refuse.
    #[doc(hidden)]
    fn readable(of: &Of) -> Result<Self::Value, Failure>;

    /// All useful values.
    #[doc(hidden)]
    fn samples(of: &Of) -> Result<BoxedStrategy<Self::Value>, Failure>;
}

/// A declared type: what its values are made of.
pub trait Sampled: Clone + Debug + 'static {
    /// Its variants; a single one for a type that is no enumeration.
    fn shapes() -> Vec<Shape<Self>>;
}

/// The fields of a type or a variant, and a function that makes a value of them.
pub struct Shape<T> {
    fields: Vec<Field>,
    make: fn(&mut Values) -> T,
}

/// A field's value, whose type the shape knows.
struct Drawn(Box<dyn Any>);

impl Debug for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's value")
    }
}

/// Values of fields, in their order.
pub struct Values(std::vec::IntoIter<Drawn>);

impl Values {
    /// The value of the next field.
    ///
    /// # Panics
    /// There is none, or it has another type, which generated code does not ask for.
    pub fn take<T: 'static>(&mut self) -> T {
        match self.0.next().map(|drawn| drawn.0.downcast()) {
            Some(Ok(value)) => *value,
            _ => panic!("a field's value is not of the type that its declaration gives it"),
        }
    }
}

type Draw = Box<dyn Fn(&Of) -> Result<BoxedStrategy<Drawn>, Failure>>;
type Fix = Box<dyn Fn(&Of) -> Result<Drawn, Failure>>;
type Passes<T> = Rc<dyn Fn(&T) -> Vec<Violation>>;

/// A field: how to draw its values, and its value in a fixture. Both get the types that contain it.
pub struct Field {
    draw: Draw,
    fix: Fix,
}

impl Field {
    /// A field of kind `K` without rules of its own library's.
    pub fn new<K: Samples>(name: &'static str, rules: fn(Of) -> Of) -> Self {
        Self::with::<K>(name, rules, None, || None)
    }

    /// A field whose handle has rules, or a default for a missing value.
    pub fn checked<M: 'static, K: Samples, R: 'static>(
        name: &'static str,
        rules: fn(Of) -> Of,
        handle: Attribute<M, K, R>,
    ) -> Self {
        let default = handle.clone();
        let passes = move |value: &K::Value| {
            let mut check = Check::default();
            handle.check_value(value, &mut check);
            check.into_violations()
        };
        Self::with::<K>(name, rules, Some(Rc::new(passes)), move || default.declared_default())
    }

    fn with<K: Samples>(
        name: &'static str,
        rules: fn(Of) -> Of,
        passes: Option<Passes<K::Value>>,
        default: impl Fn() -> Option<K::Value> + 'static,
    ) -> Self {
        let name = name.trim_start_matches("r#");
        let filter = passes.clone();
        let draw = move |outer: &Of| {
            let samples = K::samples(&rules(outer.field(name))).map_err(|failure| failure.within(name))?;
            let samples = match filter.clone() {
                Some(passes) => samples
                    .prop_filter(format!("the rules of `{name}`"), move |value| passes(value).is_empty())
                    .boxed(),
                None => samples,
            };
            Ok(samples.prop_map(|value| Drawn(Box::new(value))).boxed())
        };
        let fix = move |outer: &Of| {
            let of = rules(outer.field(name));
            let readable = K::readable(&of).map_err(|failure| failure.within(name))?;
            let Some(passes) = &passes else { return Ok(Drawn(Box::new(readable))) };
            let candidates = [Some(readable), default()];
            if let Some(value) = candidates.into_iter().flatten().find(|value| passes(value).is_empty()) {
                return Ok(Drawn(Box::new(value)));
            }
            let samples = K::samples(&of).map_err(|failure| failure.within(name))?;
            let value = simplest(&samples, &|value| passes(value)).map_err(|failure| failure.within(name))?;
            Ok(Drawn(Box::new(value)))
        };
        Field { draw: Box::new(draw), fix: Box::new(fix) }
    }
}

impl<T: Sampled> Shape<T> {
    /// A shape with these fields.
    pub fn new(fields: Vec<Field>, make: fn(&mut Values) -> T) -> Self {
        Shape { fields, make }
    }

    fn fixture(&self, of: &Of) -> Result<T, Failure> {
        let values = self.fields.iter().map(|field| (field.fix)(of)).collect::<Result<Vec<_>, _>>()?;
        Ok((self.make)(&mut Values(values.into_iter())))
    }

    fn samples(&self, of: &Of) -> Result<BoxedStrategy<T>, Failure> {
        let make = self.make;
        let fields = self.fields.iter().map(|field| (field.draw)(of)).collect::<Result<Vec<_>, _>>()?;
        if fields.is_empty() {
            return Ok(Just(make(&mut Values(Vec::new().into_iter()))).boxed());
        }
        Ok(fields.prop_map(move |values| make(&mut Values(values.into_iter()))).boxed())
    }
}

/// A value within another, or a fixture before it is checked as a whole.
pub fn readable<T: Sampled>(of: &Of) -> Result<T, Failure> {
    let of = of.enter::<T>()?;
    let mut outcome = Err(Failure::TooDeep);
    for shape in T::shapes() {
        match shape.fixture(&of) {
            // Takes the first variant that has a value.
            Ok(value) => return Ok(value),
            Err(failure) => outcome = outcome.or(Err(failure)),
        }
    }
    outcome
}

/// Strategies of a type's variants, without those that would contain the type over and over.
pub fn samples<T: Sampled>(of: &Of) -> Result<BoxedStrategy<T>, Failure> {
    let of = of.enter::<T>()?;
    let mut strategies = Vec::new();
    let mut outcome = Failure::TooDeep;
    for shape in T::shapes() {
        match shape.samples(&of) {
            Ok(strategy) => strategies.push(strategy),
            Err(Failure::TooDeep) => {}
            Err(failure) => outcome = failure,
        }
    }
    if strategies.is_empty() { Err(outcome) } else { Ok(Union::new(strategies).boxed()) }
}

/// The function that every value passes before its rules are checked.
pub type Hook<M> = fn(&mut M) -> Result<(), BoxError>;

/// A model's fixture.
///
/// # Panics
/// No candidate is valid.
pub fn fixture<M: Model + Sampled>(hook: Option<Hook<M>>) -> M {
    let of = Of::default();
    let find = || -> Result<M, Failure> {
        let mut first = readable::<M>(&of)?;
        if built(&mut first, hook).is_empty() {
            return Ok(first);
        }
        let mut value = simplest(&samples::<M>(&of)?, &|value: &M| built(&mut value.clone(), hook))?;
        built(&mut value, hook);
        Ok(value)
    };
    find().unwrap_or_else(|failure| panic!("{}", failure.message(M::FACTS.model)))
}

/// A model's strategy.
///
/// # Panics
/// Nothing is known about a type of the application.
pub fn strategy<M: Model + Sampled>(hook: Option<Hook<M>>) -> BoxedStrategy<M> {
    let samples = strategy_within::<M>(M::FACTS.model);
    let valid = move |mut value: M| built(&mut value, hook).is_empty().then_some(value);
    samples.prop_filter_map(format!("a valid `{}`", M::FACTS.model), valid).boxed()
}

/// A fixture of a type within models.
///
/// # Panics
/// No candidate is valid.
pub fn fixture_within<T: Sampled>(name: &str) -> T {
    readable(&Of::default()).unwrap_or_else(|failure| panic!("{}", failure.message(name)))
}

/// A strategy of a type within models.
///
/// # Panics
/// Nothing is known about a type of the application.
pub fn strategy_within<T: Sampled>(name: &str) -> BoxedStrategy<T> {
    samples(&Of::default()).unwrap_or_else(|failure| panic!("{}", failure.message(name)))
}

/// Does the last steps of a builder, and returns why DynamoDB, a rule or the hook refuses the value.
fn built<M: Model>(value: &mut M, hook: Option<Hook<M>>) -> Vec<Violation> {
    if let Some(Err(error)) = hook.map(|hook| hook(value)) {
        return vec![Violation::new("on_build", error.to_string())];
    }
    match crate::model_item::to_item(value) {
        Ok(_) => Vec::new(),
        Err(error) => error.violations().to_vec(),
    }
}

/// The simplest value to which the first valid one shrinks. Draws the same values each time.
///
/// # Errors
/// No value is valid. The error says why the last one is not.
fn simplest<T: Debug>(
    strategy: &BoxedStrategy<T>,
    passes: &dyn Fn(&T) -> Vec<Violation>,
) -> Result<T, Failure> {
    // Environment variables must not change what is drawn.
    let config = Config { max_local_rejects: 65_536, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    // Tries the simplest of all first, because step-by-step shrinking might not reach it.
    if let Ok(mut tree) = strategy.new_tree(&mut runner) {
        let simplified = (0..CANDIDATES).take_while(|_| tree.simplify()).count();
        let value = tree.current();
        if simplified < CANDIDATES && passes(&value).is_empty() {
            return Ok(value);
        }
    }
    let mut refused = Violation::new("", "its rules leave hardly anything that could be drawn");
    for _ in 0..CANDIDATES {
        let Ok(mut tree) = strategy.new_tree(&mut runner) else { break };
        let mut best = tree.current();
        if let Some(violation) = passes(&best).into_iter().next() {
            refused = violation;
            continue;
        }
        let mut steps = CANDIDATES;
        let mut moved = tree.simplify();
        while moved && steps > 0 {
            steps -= 1;
            let value = tree.current();
            moved = if passes(&value).is_empty() {
                best = value;
                tree.simplify()
            } else {
                tree.complicate()
            };
        }
        return Ok(best);
    }
    Err(Failure::Refused(refused))
}

/// Describes how to make values of a type: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! samples {
    (model $name:ident $fields:tt $(, $hook:expr)?) => {
        /// Values for tests.
        impl $name {
            /// A valid value, the same each time.
            ///
            /// # Panics
            /// None of 1,000 candidates satisfies rules that are functions: the message names the field and the rule.
            pub fn fixture() -> Self {
                $crate::testing::values::fixture($crate::samples!(@hook $($hook)?))
            }

            /// Valid values of all kinds, for property tests.
            pub fn strategy() -> $crate::testing::BoxedStrategy<Self> {
                $crate::testing::values::strategy($crate::samples!(@hook $($hook)?))
            }
        }

        $crate::samples!(@sampled $name { [$name $fields] });
    };
    (kind $name:ident { $($variant:ident $fields:tt,)* }) => {
        $crate::samples!(@within $name);
        $crate::samples!(@sampled $name { $([$name::$variant $fields])* });
    };
    (kind $name:ident $fields:tt) => {
        $crate::samples!(@within $name);
        $crate::samples!(@sampled $name { [$name $fields] });
    };
    (@within $name:ident) => {
        /// Values for tests.
        impl $name {
            /// A valid value, the same each time.
            ///
            /// # Panics
            /// None of 1,000 candidates satisfies rules that are functions: the message names the field and the rule.
            pub fn fixture() -> Self {
                $crate::testing::values::fixture_within(::core::stringify!($name))
            }

            /// Valid values of all kinds, for property tests.
            pub fn strategy() -> $crate::testing::BoxedStrategy<Self> {
                $crate::testing::values::strategy_within(::core::stringify!($name))
            }
        }

        impl $crate::testing::values::Samples for $name {
            fn readable(of: &$crate::testing::values::Of) -> $crate::testing::values::Readable<Self> {
                $crate::testing::values::readable(of)
            }

            fn samples(of: &$crate::testing::values::Of) -> $crate::testing::values::Strategies<Self> {
                $crate::testing::values::samples(of)
            }
        }
    };
    (@sampled $name:ident { $([$($path:ident)::+ ($($field:ident: $kind:ty $([$($rule:tt)*])?),* $(,)?)])* }) => {
        impl $crate::testing::values::Sampled for $name {
            fn shapes() -> ::std::vec::Vec<$crate::testing::values::Shape<Self>> {
                ::std::vec![$(
                    $crate::testing::values::Shape::new(
                        ::std::vec![$($crate::samples!(@field $field, $kind, $($($rule)*)?)),*],
                        |_values| $($path)::+ { $($field: _values.take()),* },
                    )
                ),*]
            }
        }
    };
    (@field $field:ident, $kind:ty,) => {
        $crate::testing::values::Field::new::<$kind>(::core::stringify!($field), |of| of)
    };
    (@field $field:ident, $kind:ty, ; $($rule:ident $arguments:tt),*) => {
        $crate::testing::values::Field::new::<$kind>(::core::stringify!($field), |of| of $(.$rule $arguments)*)
    };
    (@field $field:ident, $kind:ty, $handle:expr $(; $($rule:ident $arguments:tt),*)?) => {
        $crate::testing::values::Field::checked(::core::stringify!($field), |of| of $($(.$rule $arguments)*)?, $handle)
    };
    (@hook) => {
        ::core::option::Option::None
    };
    (@hook $hook:expr) => {
        ::core::option::Option::Some(|value| ($hook)(value).map_err(::core::convert::Into::into))
    };
}

/// What [`Samples::readable`] gives.
pub type Readable<T> = Result<T, Failure>;

/// What [`Samples::samples`] gives.
pub type Strategies<T> = Result<BoxedStrategy<T>, Failure>;
