//! Every kind of change, executed: what two generations make of each other's items is what `dynamorm breaking` says.

use dynamorm::table::Table;
use dynamorm::testing::BoxedStrategy;
use dynamorm::testing::proptest::prelude::*;
use dynamorm::{Client, Put, Result, Scan};
use generations::Severity;

/// A type of the application's that holds cents.
#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Cents(u32);

/// One that is stored otherwise.
#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Price {
    cents: u32,
}

impl Arbitrary for Cents {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        any::<u32>().prop_map(Cents).boxed()
    }
}

impl Arbitrary for Price {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        any::<u32>().prop_map(|cents| Price { cents }).boxed()
    }
}

/// The changes whose answers depend on what nobody here knows: code of the application's.
const UNKNOWN: [&str; 1] = ["b0405"];

/// The changes of which a read shows something else than the verdict, with what it shows.
const APART: [(&str, [Severity; 3]); 5] = [
    // Old code does not read an item without the attribute, which new code takes for version 0. Neither of them writes such an item.
    ("b0119", [Severity::Fine, Severity::Breaks, Severity::Beware]),
    // Where one generation writes no guards, two items come to share a value: every read of either is fine.
    ("b0207", [Severity::Fine, Severity::Breaks, Severity::Fine]),
    ("b0208", [Severity::Breaks, Severity::Fine, Severity::Fine]),
    // A generation that does not know the other model replaces its items where a name is taken. No two fixtures have one name.
    ("b0213", [Severity::Fine, Severity::Fine, Severity::Fine]),
    ("b0214", [Severity::Fine, Severity::Fine, Severity::Fine]),
];

/// The shapes of the examples: the first has a name, and the second a title and a note instead.
trait First {
    type Second;

    fn upgraded(self) -> Self::Second;
}

trait Second {
    type First;

    fn downgraded(&self) -> Self::First;
}

macro_rules! shapes {
    (up $($case:ident::$side:ident),+) => { $(
        const _: () = {
            use $case::$side::{Item, ItemV1};

            impl First for ItemV1 {
                type Second = Item;

                fn upgraded(self) -> Item {
                    Item { id: self.id, title: self.name, note: None }
                }
            }
        };
    )+ };
    (down $($case:ident::$side:ident),+) => { $(
        const _: () = {
            use $case::$side::{Item, ItemV1};

            impl Second for Item {
                type First = ItemV1;

                fn downgraded(&self) -> ItemV1 {
                    ItemV1 { id: self.id.clone(), name: self.title.clone() }
                }
            }
        };
    )+ };
}

shapes! {
    up b0501::new, b0502::new, b0504::new, b0505::old, b0505::new, b0506::old, b0506::new, b0507::new, b0508::old
}
shapes! { down b0504::new, b0505::old, b0506::new, b0507::new }

fn item_1_to_2<V1: First>(item: V1) -> std::result::Result<V1::Second, std::convert::Infallible> {
    Ok(item.upgraded())
}

fn item_2_to_1<V2: Second>(item: &V2) -> std::result::Result<V2::First, std::convert::Infallible> {
    Ok(item.downgraded())
}

/// Both generations of a change, and a test of them.
macro_rules! case {
    ($case:ident $old_file:literal ($($old:ident)+) $new_file:literal ($($new:ident)+) [$($expected:expr),+]) => {
        mod $case {
            pub mod old {
                dynamorm::include_models!($old_file);
            }
            pub mod new {
                dynamorm::include_models!($new_file);
            }

            generation! { old $($old)+ }
            generation! { new $($new)+ }

            #[tokio::test]
            async fn is_as_it_is_said() {
                use crate::Severity;
                let seen = generations::between::<first_of!(old $($old)+), first_of!(new $($new)+)>().await;
                let expected: [Severity; 3] = [$($expected),+];
                if crate::UNKNOWN.contains(&stringify!($case)) {
                    // Nobody can say, and these two do not read each other.
                    assert_eq!(expected, [Severity::Beware, Severity::Beware, Severity::Fine]);
                    assert_eq!(seen, [Severity::Breaks, Severity::Breaks, Severity::Fine]);
                } else if let Some((_, shown)) = crate::APART.iter().find(|(case, _)| *case == stringify!($case)) {
                    assert_ne!(*shown, expected, "the verdict is what is seen: take it off the list");
                    assert_eq!(seen, *shown, "new reads old, old reads new, both write");
                } else {
                    assert_eq!(seen, expected, "new reads old, old reads new, both write");
                }
            }
        }
    };
}

macro_rules! first_of {
    ($side:ident $first:ident $($other:ident)*) => {
        self::$side::$first
    };
}

macro_rules! generation {
    ($side:ident $first:ident $($other:ident)*) => {
        impl generations::Generation for $side::$first {
            const TABLES: &'static [&'static crate::Table] = $side::TABLES;

            fn values() -> crate::BoxedStrategy<Self> {
                $side::$first::strategy()
            }

            fn put_again(&self) -> crate::Put<Self> {
                crate::Put::new(self)
            }

            fn scan_all() -> crate::Scan<Self> {
                $side::$first::scan()
            }

            async fn put_others(_db: &crate::Client) -> crate::Result<()> {
                $(generations::put_fixture(crate::Put::new(&$side::$other::fixture()), _db).await?;)*
                Ok(())
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/cases.rs"));
