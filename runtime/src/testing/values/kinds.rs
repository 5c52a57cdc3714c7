//! Kinds other than numbers, moments and text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::collection::{SizeRange, btree_map, btree_set, vec};
use proptest::prelude::any;
use proptest::prop_oneof;
use proptest::strategy::{BoxedStrategy, Just, Strategy};
use serde_json::json;

use crate::decode::Value;
use crate::kind::{
    AsBytes, AsNumber, AsText, Base64, Bytes, Codec, Coded, Exact, Kind, List, Map, NullIsEmpty,
    NullIsMissing, Sensitive, Set, SetMember, Textual, UpperCase,
};
use crate::testing::values::of::{Failure, Of};
use crate::testing::values::{Samples, simplest};
use crate::{AttributeValue, Json, Ulid, Uuid};

/// How many elements a collection has at most, beyond the required ones.
const FURTHER: usize = 3;

/// How many bytes a value has at most, beyond the required ones.
const FURTHER_BYTES: usize = 16;

impl Samples for bool {
    fn readable(_: &Of) -> Result<bool, Failure> {
        Ok(false)
    }

    fn samples(_: &Of) -> Result<BoxedStrategy<bool>, Failure> {
        Ok(any::<bool>().boxed())
    }
}

macro_rules! as_within {
    ($([$($parameter:tt)*] $kind:ty => $within:ty;)*) => { $(
        impl<$($parameter)*> Samples for $kind {
            fn readable(of: &Of) -> Result<Self::Value, Failure> {
                <$within>::readable(of)
            }

            fn samples(of: &Of) -> Result<BoxedStrategy<Self::Value>, Failure> {
                <$within>::samples(of)
            }
        }
    )* };
}

as_within! {
    [K: Samples] Exact<K> => K;
    [K: Samples + Textual] AsText<K> => K;
    [K: Samples] NullIsMissing<K> => K;
    [K: Samples<Value: Default>] NullIsEmpty<K> => K;
    [] AsNumber<bool> => bool;
    [] UpperCase<Uuid> => Uuid;
    [] AsBytes<Uuid> => Uuid;
    [] Base64 => Bytes;
}

/// The type's own codec reads stored values, so nothing else needs to be known about it.
impl<T, K> Samples for Coded<T, K>
where
    T: Codec + Clone + Debug,
    K: Samples + Kind<Value = <T::Stored as Kind>::Value>,
{
    fn readable(of: &Of) -> Result<T, Failure> {
        match T::from_stored(K::readable(of)?) {
            Ok(value) => Ok(value),
            Err(_) => simplest(&Self::samples(of)?, &|_| Vec::new())
                .map_err(|_| Failure::Unknown(std::any::type_name::<T>(), String::new())),
        }
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<T>, Failure> {
        let stored = K::samples(of)?;
        Ok(stored
            .prop_filter_map("a value that its type reads", |stored| T::from_stored(stored).ok())
            .boxed())
    }
}

impl Samples for Uuid {
    fn readable(_: &Of) -> Result<Uuid, Failure> {
        Ok(Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0001))
    }

    fn samples(_: &Of) -> Result<BoxedStrategy<Uuid>, Failure> {
        Ok(any::<u128>().prop_map(Uuid::from_u128).boxed())
    }
}

impl Samples for Ulid {
    fn readable(_: &Of) -> Result<Ulid, Failure> {
        Ok(Ulid::from_parts(1_704_067_200_000, 1))
    }

    fn samples(_: &Of) -> Result<BoxedStrategy<Ulid>, Failure> {
        Ok(any::<u128>().prop_map(Ulid::from).boxed())
    }
}

impl Samples for Bytes {
    fn readable(of: &Of) -> Result<Vec<u8>, Failure> {
        let (min, max) = of.sizes(usize::from(of.is_key()), of.name.len());
        let bytes = of.name.bytes().cycle();
        Ok(bytes.take(of.name.len().clamp(min, max)).collect())
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Vec<u8>>, Failure> {
        let (min, max) = of.sizes(usize::from(of.is_key()), FURTHER_BYTES);
        Ok(vec(any::<u8>(), min..=max).boxed())
    }
}

impl Samples for Json {
    fn readable(_: &Of) -> Result<Json, Failure> {
        Ok(json!({}))
    }

    fn samples(_: &Of) -> Result<BoxedStrategy<Json>, Failure> {
        let text = super::text::any_text(0);
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            (-1_000_000_i32..=1_000_000).prop_map(|number| Json::from(f64::from(number) / 100.0)),
            text.prop_map(Json::from),
        ];
        let json = leaf.prop_recursive(2, 12, 3, |inner| {
            let entries = btree_map(super::text::any_text(1), inner.clone(), 0..=FURTHER);
            prop_oneof![
                vec(inner, 0..=FURTHER).prop_map(Json::from),
                entries.prop_map(|entries| Json::Object(entries.into_iter().collect())),
            ]
        });
        // A float without a fraction is read back as an integer.
        let is_kept = |json: &Json| {
            let stored = Json::encode(json);
            stored.is_ok_and(|stored| Json::decode(Value::from(&stored)).is_ok_and(|read| read == *json))
        };
        Ok(json.prop_filter("JSON that is read back as it is", is_kept).boxed())
    }
}

impl<K: Samples + Kind<Present = K>> Samples for Option<K> {
    fn readable(_: &Of) -> Result<Self::Value, Failure> {
        Ok(None)
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Self::Value>, Failure> {
        if of.is_absent() {
            return Ok(Just(None).boxed());
        }
        match K::samples(of) {
            Ok(samples) => Ok(proptest::option::weighted(0.7, samples).prop_map(is_there::<K>).boxed()),
            Err(Failure::TooDeep | Failure::Unknown(..)) => Ok(Just(None).boxed()),
            Err(failure) => Err(failure),
        }
    }
}

impl<K: Samples + Kind<Present = K>> Samples for Sensitive<K> {
    fn readable(of: &Of) -> Result<K::Value, Failure> {
        K::readable(of)
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<K::Value>, Failure> {
        K::samples(of)
    }
}

/// `None` for values that are stored like `None`.
fn is_there<K: Samples>(value: Option<K::Value>) -> Option<K::Value> {
    value.filter(|value| !K::is_absent(value) && !matches!(K::encode(value), Ok(AttributeValue::Null(_))))
}

impl<K: Samples> Samples for List<K> {
    fn readable(of: &Of) -> Result<Self::Value, Failure> {
        let (min, _) = of.sizes(0, 0);
        let element = of.element();
        (0..min).map(|_| K::readable(&element)).collect()
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Self::Value>, Failure> {
        let (min, max) = of.sizes(0, FURTHER);
        unless_none(min, K::samples(&of.element()), |elements| vec(elements, min..=max).boxed())
    }
}

impl<K: Samples> Samples for Map<K> {
    fn readable(of: &Of) -> Result<Self::Value, Failure> {
        let (min, _) = of.sizes(0, 0);
        let element = of.element();
        let entry = |number| Ok((format!("{} {}", of.name, number + 1), K::readable(&element)?));
        (0..min).map(entry).collect()
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Self::Value>, Failure> {
        let (min, max) = of.sizes(0, FURTHER);
        let names = super::text::any_text(1);
        let some = |entries| -> BoxedStrategy<BTreeMap<String, K::Value>> {
            btree_map(names, entries, sizes(min, max)).boxed()
        };
        unless_none(min, K::samples(&of.element()), some)
    }
}

impl<K: Samples + SetMember + Kind<Value: Ord>> Samples for Set<K> {
    fn readable(of: &Of) -> Result<Self::Value, Failure> {
        let (min, _) = of.sizes(of.is_element.into(), 0);
        match min {
            0 => Ok(BTreeSet::new()),
            1 => Ok(BTreeSet::from([K::readable(&of.element())?])),
            // The members of a set must differ, and readable values do not.
            _ => simplest(&Self::samples(of)?, &|_| Vec::new()).map_err(|_| Failure::TooDeep),
        }
    }

    fn samples(of: &Of) -> Result<BoxedStrategy<Self::Value>, Failure> {
        // DynamoDB has no empty sets.
        let (min, max) = of.sizes(of.is_element.into(), FURTHER);
        Ok(btree_set(K::samples(&of.element())?, sizes(min, max)).boxed())
    }
}

fn sizes(min: usize, max: usize) -> SizeRange {
    (min..=max).into()
}

/// A collection of elements; the empty one if there are no elements, or if the type would contain itself over and over.
fn unless_none<T: Default + Clone + Debug + 'static, E>(
    min: usize,
    elements: Result<BoxedStrategy<E>, Failure>,
    some: impl FnOnce(BoxedStrategy<E>) -> BoxedStrategy<T>,
) -> Result<BoxedStrategy<T>, Failure> {
    match elements {
        Ok(elements) => Ok(some(elements)),
        Err(Failure::TooDeep | Failure::Unknown(..)) if min == 0 => Ok(Just(T::default()).boxed()),
        Err(failure) => Err(failure),
    }
}
