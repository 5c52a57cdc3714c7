//! Values for tests: of every declared model, they are valid, and read back as they were put.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dynamorm::Operations;
use dynamorm::testing::proptest::prelude::*;
use dynamorm::testing::proptest::test_runner::{Config, TestError, TestRunner};
use example_models::catalogue::Book;

pub mod validation {
    dynamorm::include_models!("validation");
}
pub mod hooks {
    dynamorm::include_models!("hooks");
}
pub mod shared_fields {
    dynamorm::include_models!("shared_fields");
}
pub mod coming_from_dynamorm {
    dynamorm::include_models!("coming_from_dynamorm");
}
pub mod models {
    dynamorm::include_models!("fixtures");
}

// What the declarations name.

#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Plain(pub String);

impl Arbitrary for Plain {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> BoxedStrategy<Self> {
        "[a-z]{0,3}".prop_map(Plain).boxed()
    }
}

/// A type with a default, and nothing else that says which values there are.
#[derive(Clone, Debug, Default, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Settled(Vec<u8>);

/// A type of which nothing is known.
#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Opaque(u8);

#[derive(Clone, Debug, Default, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Origin(String);

pub fn origin() -> Origin {
    Origin("here".to_owned())
}

pub fn rank() -> u16 {
    12
}

pub fn badge() -> shared_fields::Badge {
    shared_fields::Badge::None
}

pub fn seven() -> u64 {
    7
}

pub fn tidy(note: &mut hooks::Note) -> Result<(), String> {
    note.text = note.text.trim().to_owned();
    if note.text.len().is_multiple_of(2) { Ok(()) } else { Err(format!("{:?} is odd", note.text)) }
}

pub fn ends_in_seven(value: &u32) -> Result<(), String> {
    if value % 10 == 7 { Ok(()) } else { Err(format!("{value} does not end in seven")) }
}

pub fn never(_: &str) -> Result<(), &'static str> {
    Err("nothing is good enough")
}

pub fn refuse(_: &mut models::Unbuildable) -> Result<(), &'static str> {
    Err("nothing is built here")
}

pub fn even(value: &u32) -> Result<(), String> {
    if value.is_multiple_of(2) { Ok(()) } else { Err(format!("{value} is odd")) }
}

pub fn even_for_garde(value: &u32) -> garde::Result {
    even(value).map_err(garde::Error::new)
}

pub fn even_for_validator(value: &u32) -> Result<(), validator::ValidationError> {
    even(value).map_err(|_| validator::ValidationError::new("odd"))
}

pub fn starts_low(value: &str, (): &()) -> garde::Result {
    if value.starts_with(char::is_lowercase) { Ok(()) } else { Err(garde::Error::new("starts high")) }
}

pub fn starts_low_by_validator(value: &str) -> Result<(), validator::ValidationError> {
    starts_low(value, &()).map_err(|_| validator::ValidationError::new("high"))
}

pub fn few(line: &validation::GardeLine, (): &()) -> garde::Result {
    if line.quantity < 100 { Ok(()) } else { Err(garde::Error::new("too many")) }
}

pub fn few_by_validator(line: &validation::ValidatorLine) -> Result<(), validator::ValidationError> {
    if line.quantity < 100 { Ok(()) } else { Err(validator::ValidationError::new("many")) }
}

pub fn not_empty(plain: &Plain, (): &()) -> garde::Result {
    if plain.0.is_empty() { Err(garde::Error::new("empty")) } else { Ok(()) }
}

pub fn not_empty_by_validator(plain: &Plain) -> Result<(), validator::ValidationError> {
    if plain.0.is_empty() { Err(validator::ValidationError::new("empty")) } else { Ok(()) }
}

/// How many values of each strategy are put.
const CASES: u32 = 64;

/// Puts a value, reads it back, and takes it away again, so that the next one may have the same unique values.
macro_rules! put_and_read_back {
    ($db:expr, $model:ty, $value:expr) => {{
        #[allow(unused_mut, reason = "the put of a model with a version changes the value")]
        let mut value = $value;
        dynamorm::generated::validate(&value).expect("the value is valid");
        value.put().send($db).await.expect("the value is put");
        let read = <$model>::get(&value).consistent().send($db).await.expect("the item is read");
        assert_eq!(read.as_ref(), Some(&value));
        <$model>::delete(&value).send($db).await.expect("the item is deleted");
    }};
}

/// Tests every model of these declarations, and that there are no others.
macro_rules! models {
    ($($test:ident: $file:literal, $($module:ident)::+ => $($model:ident)*, except $($except:ident)*;)*) => { $(
        mod $test {
            use super::*;
            use $($module)::+ as declared;

            #[test]
            fn every_declared_model_is_tested() {
                let declared = include_str!(concat!("../../../", $file));
                let declared = declared.lines().filter_map(|line| line.strip_prefix("[model.")?.split_once(']'));
                let declared: BTreeSet<_> =
                    declared.map(|(name, _)| name).filter(|name| !name.contains('.')).collect();
                assert_eq!(declared, BTreeSet::from([$(stringify!($model),)* $(stringify!($except),)*]));
            }

            $(
                #[tokio::test]
                #[allow(non_snake_case, reason = "the test is called like the model")]
                async fn $model() {
                    let db = end_to_end::samples::embedded(declared::TABLES).await;
                    let fixture = declared::$model::fixture();
                    assert_eq!(fixture, declared::$model::fixture());
                    put_and_read_back!(&db, declared::$model, fixture);

                    let strategy = declared::$model::strategy();
                    let mut runner = TestRunner::deterministic();
                    let mut seen = BTreeSet::new();
                    for _ in 0..CASES {
                        let value = strategy.new_tree(&mut runner).expect("a value is drawn").current();
                        seen.insert(format!("{value:?}"));
                        put_and_read_back!(&db, declared::$model, value);
                    }
                    assert!(seen.len() > 1, "all values are one: {seen:?}");
                }
            )*
        }
    )* };
}

models! {
    of_documents: "tests/end-to-end/models/documents.toml", end_to_end::documents => Article Measure Sale, except;
    of_coming_from_dynamorm: "tests/end-to-end/models/coming_from_dynamorm.toml", coming_from_dynamorm => Counter Job, except;
    of_fixtures: "tests/end-to-end/models/fixtures.toml", models => Text Formula Borrowed, except Unknown Impossible Unbuildable;
    of_hooks: "tests/end-to-end/models/hooks.toml", hooks => Note Draft, except;
    of_keys: "tests/end-to-end/models/keys.toml", end_to_end::keys => City Road Event Shadow Word Task User Role, except;
    of_operations: "tests/end-to-end/models/operations.toml", end_to_end::operations =>
        Parcel Mark Everything Hostile Reading Entry Defaulted Setting, except;
    of_multi_attribute_keys: "tests/end-to-end/models/multi_attribute_keys.toml", end_to_end::multi_attribute_keys => Shipment Archive, except;
    of_names: "tests/end-to-end/models/names.toml", end_to_end::names =>
        Dynamorm ID T B IntoIterator FnMut OfPrefix OfSource OfKey, except;
    of_relations: "tests/end-to-end/models/relations.toml", end_to_end::relations =>
        User Badge Profile Settings Thread Reply Vote Student Course Enrollment Exam Customer Order, except;
    of_lints: "tests/end-to-end/models/lints.toml", end_to_end::lints => Wide Narrow Shaped, except;
    of_shared_fields: "tests/end-to-end/models/shared_fields.toml", shared_fields => Article Person Ticket Essay, except;
    of_single_table: "tests/end-to-end/models/single_table.toml", end_to_end::single_table =>
        Customer Order Product ProductPrice Account Booking Invoice Reminder Quote Payee Mandate, except;
    by_garde: "tests/end-to-end/models/validation.toml", validation => ByGarde, except;
    by_validator: "tests/end-to-end/models/validation_by_validator.toml", validation => ByValidator, except;
    of_managed_values: "tests/end-to-end/models/managed_values.toml", end_to_end::managed_values =>
        Order Note Counter Lock Member Account Reservation Session, except;
    of_the_catalogue: "example-models/models.toml", example_models::catalogue => Book, except;
    of_the_library: "example-models/library.toml", example_models::library => Member Loan BranchEvent, except;
    of_the_shop: "example-models/shop.toml", example_models::shop =>
        Customer Product Review Order OrderLine Shipment Cart, except;
}

#[test]
fn a_fixture_says_what_its_fields_are() {
    let expected = Book {
        isbn: "0000000000000".to_owned(),
        title: "title".to_owned(),
        author: "author".to_owned(),
        publisher: None,
        year: 1,
        genres: BTreeSet::new(),
        pages: None,
        language: "en".to_owned(),
        gross: None,
    };
    assert_eq!(Book::fixture(), expected);
    let text = models::Text::fixture();
    assert_eq!(text.work, "work@example.com");
    assert_eq!((text.long.len(), text.sized.len()), (60, 20));
    assert_eq!(text.framed, "abcxfcde");
    assert_eq!(text.overlapping, "abcde");
    assert_eq!(text.words, ["wordsordsord"; 2]);
    assert_eq!(text.below, -3);
    assert_eq!(text.seldom % 10, 7);
}

#[test]
fn fixtures_of_what_is_never_written_have_no_version() {
    let order = end_to_end::managed_values::Order::fixture();
    assert_eq!(order.version, 0);
    assert_eq!(order.changed_at, order.placed_at);
    let mut runner = TestRunner::deterministic();
    let drawn = end_to_end::managed_values::Order::strategy().new_tree(&mut runner).unwrap().current();
    assert_eq!((drawn.version, drawn.changed_at), (0, order.changed_at));
}

#[test]
fn optional_values_are_drawn_both_ways_and_collections_in_several_sizes() {
    let mut runner = TestRunner::deterministic();
    let strategy = end_to_end::operations::Everything::strategy();
    let values: Vec<_> = (0..CASES).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let is_there: BTreeSet<_> = values.iter().map(|value| value.maybe_tree.is_some()).collect();
    assert_eq!(is_there, BTreeSet::from([false, true]));
    let sizes: BTreeSet<_> = values.iter().map(|value| value.texts.len()).collect();
    assert_eq!(sizes, BTreeSet::from([0, 1, 2, 3]));
    assert!(values.iter().any(|value| value.trees.iter().any(|tree| !tree.branches.is_empty())));
}

#[test]
fn a_value_that_fails_is_made_simpler() {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&Book::strategy(), |book| {
        prop_assert!(book.title.chars().count() < 3 && book.genres.len() < 5);
        Ok(())
    });
    let Err(TestError::Fail(_, book)) = outcome else { panic!("a title of three characters is drawn") };
    assert_eq!((book.title.as_str(), book.genres.len(), book.publisher), ("aaa", 0, None));
    assert_eq!(example_models::validate_isbn(&book.isbn), Ok(()));
}

#[test]
fn nested_types_have_values_of_their_own() {
    let stop = end_to_end::operations::Stop::fixture();
    assert_eq!((stop.place.as_str(), stop.pieces), ("place", 1));
    assert_eq!(end_to_end::operations::State::fixture(), end_to_end::operations::State::Stored);
    let mut runner = TestRunner::deterministic();
    let states = (0..CASES)
        .map(|_| end_to_end::operations::State::strategy().new_tree(&mut runner).unwrap().current());
    let states: BTreeSet<_> = states.collect();
    assert_eq!(Vec::from_iter(states), end_to_end::operations::State::ALL);
}

/// What a function panics with.
fn panic_of<T>(function: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(function()))).expect_err("it panics");
    *panic.downcast::<String>().expect("its message is text")
}

#[test]
fn a_fixture_that_no_value_is_fit_for_says_which_rule_refuses_them() {
    let message = panic_of(models::Impossible::fixture);
    for part in ["`Impossible`", "1,000", "`never`", "rule `custom`", "nothing is good enough"] {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
    let message = panic_of(models::Unbuildable::fixture);
    assert!(message.contains("`on_build`: nothing is built here"), "{message:?}");
}

#[test]
fn what_nothing_is_known_of_is_named_when_it_is_needed() {
    for message in [panic_of(models::Unknown::fixture), panic_of(models::Unknown::strategy)] {
        for part in ["field `opaque.inner`", "`Unknown`", "Opaque", "Arbitrary"] {
            assert!(message.contains(part), "{message:?} does not say {part:?}");
        }
    }
    assert_eq!(models::Borrowed::fixture().unknown, None);
}
