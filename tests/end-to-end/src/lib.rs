//! The models that the tests use, and what stands between them and an engine.

use dynamorm::testing::proptest::{self, prelude::*};

pub mod connector;
pub mod ledgers;
pub mod samples;

// The declarations in `models/` that more than one test target uses; the others are included where they are used.
pub mod changes {
    dynamorm::include_models!("changes");
}
pub mod counters {
    dynamorm::include_models!("counters");
}
pub mod designs {
    dynamorm::include_models!("designs");
}
pub mod keys {
    dynamorm::include_models!("keys");
}
pub mod lints {
    dynamorm::include_models!("lints");
}
pub mod managed_values {
    dynamorm::include_models!("managed_values");
}
pub mod multi_attribute_keys {
    dynamorm::include_models!("multi_attribute_keys");
}
pub mod names {
    dynamorm::include_models!("names");
}
pub mod operations {
    dynamorm::include_models!("operations");
}
pub mod relations {
    dynamorm::include_models!("relations");
}
pub mod single_table {
    dynamorm::include_models!("single_table");
}

/// What the documents declare themselves.
pub mod documents {
    dynamorm::include_models!("documents");
}

/// The documents, whose code is compiled with the documentation tests.
#[cfg(doctest)]
mod compiled {
    #[doc = include_str!("../../../docs/changes.md")]
    pub struct Changes;

    #[doc = include_str!("../../../docs/values.md")]
    pub struct Values;

    #[doc = include_str!("../../../docs/single-table.md")]
    pub struct SingleTable;

    #[doc = include_str!("../../../docs/relations.md")]
    pub struct Relations;

    #[doc = include_str!("../../../docs/shared-fields.md")]
    pub struct SharedFields;

    #[doc = include_str!("../../../docs/hooks.md")]
    pub struct Hooks;

    #[doc = include_str!("../../../docs/testing.md")]
    pub struct Testing;

    #[doc = include_str!("../../../docs/performance.md")]
    pub struct Performance;
}

/// A type that the declarations name and that only implements serde's traits.
#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Place {
    pub name: String,
    pub height: Option<i32>,
    pub kinds: Vec<Kind>,
}

/// Which places there are, for values of models that hold one.
impl Arbitrary for Place {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> BoxedStrategy<Self> {
        let kinds = prop_oneof![Just(Kind::Town), any::<u16>().prop_map(Kind::Peak)];
        let place = (any::<String>(), any::<Option<i32>>(), proptest::collection::vec(kinds, 0..3));
        place.prop_map(|(name, height, kinds)| Place { name, height, kinds }).boxed()
    }
}

/// An enumeration within such a type.
#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub enum Kind {
    Town,
    Peak(u16),
}

/// The declared default of an expression.
pub fn forty_two() -> u64 {
    42
}

/// The declared default of a value that has no literal.
pub fn no_handover() -> operations::Handover {
    operations::Handover::None
}
