//! What is known about a type of the application: as much as possible without demanding anything of it.

use std::any::Any;
use std::fmt::Debug;
use std::marker::PhantomData;

use proptest::arbitrary::Arbitrary;
use proptest::strategy::{BoxedStrategy, Just, Strategy};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::AttributeValue;
use crate::decode::Value;
use crate::kind::{Kind, Serde};
use crate::testing::values::of::{Failure, Of, Rule};
use crate::testing::values::{Samples, simplest};

/// Asks what a `T` implements. A method call chooses the trait that needs the fewest references, which no bound could express.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<T> {
    /// The question.
    #[expect(clippy::new_without_default, reason = "generated code asks for it by name")]
    pub fn new() -> Self {
        Probe(PhantomData)
    }
}

/// What `T` implements if it is `proptest`'s `Arbitrary`.
pub trait ByArbitrary<T> {
    /// The strategy, for [`Serde`].
    fn strategy(&self) -> Box<dyn Any>;
}

impl<T: Arbitrary + 'static> ByArbitrary<T> for &&Probe<T> {
    fn strategy(&self) -> Box<dyn Any> {
        Box::new(proptest::arbitrary::any::<T>().boxed())
    }
}

/// What `T` implements if it has a default.
pub trait ByDefault<T> {
    /// As [`ByArbitrary::strategy`], with one value.
    fn strategy(&self) -> Box<dyn Any>;
}

impl<T: Default + Clone + Debug + 'static> ByDefault<T> for &Probe<T> {
    fn strategy(&self) -> Box<dyn Any> {
        Box::new(Just(T::default()).boxed())
    }
}

/// What every type implements.
pub trait ByNothing<T> {
    /// Nothing.
    fn strategy(&self) -> Box<dyn Any>;
}

impl<T> ByNothing<T> for Probe<T> {
    fn strategy(&self) -> Box<dyn Any> {
        Box::new(())
    }
}

/// Asks what is known about a type: for generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! foreign_samples {
    ($type:ty) => {
        || {
            #[allow(unused_imports, reason = "which one is used is for the type to say")]
            use $crate::testing::values::{ByArbitrary as _, ByDefault as _, ByNothing as _};
            (&&&$crate::testing::values::Probe::<$type>::new()).strategy()
        }
    };
}

impl<T: Serialize + DeserializeOwned + Clone + Debug + Send + 'static> Samples for Serde<T> {
    fn readable(of: &Of) -> Result<T, Failure> {
        simplest(&Self::samples(of)?, &|_| Vec::new()).map_err(|_| unknown::<T>())
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<T>, Failure> {
        let probe = of.find(|rule| match rule {
            Rule::Foreign(probe) => Some(probe),
            _ => None,
        });
        let strategy = probe.and_then(|probe| probe().downcast::<BoxedStrategy<T>>().ok());
        let strategy = strategy.ok_or_else(unknown::<T>)?;
        let type_name = std::any::type_name::<T>();
        Ok(strategy.prop_filter(format!("a `{type_name}` that can be stored"), is_kept::<T>).boxed())
    }
}

/// Whether an item can hold the value, and reading it back gives a value that is stored alike.
fn is_kept<T: Serialize + DeserializeOwned + Send + 'static>(value: &T) -> bool {
    let stored = Serde::<T>::encode(value);
    let read = |stored: &AttributeValue| Serde::<T>::decode(Value::from(stored)).ok();
    stored.is_ok_and(|stored| {
        read(&stored).and_then(|value| Serde::<T>::encode(&value).ok()).is_some_and(|again| again == stored)
    })
}

fn unknown<T>() -> Failure {
    Failure::Unknown(std::any::type_name::<T>(), String::new())
}
