//! Tables, models, types and contexts with names that generated code uses itself. Most of the test is that
//! `models/names.toml` compiles.

use dynamorm::{Operations, Uuid};
use end_to_end::names::{A, B, Dynamorm, FnMut, From, ID, OfKey, OfPrefix, OfSource, SKU, T, URL, tables};

fn url() -> URL {
    URL::builder().sku(SKU::builder().sku("1").build().unwrap()).build().unwrap()
}

#[test]
fn a_builder_of_a_type_that_is_called_like_its_field_is_told_apart_from_it() {
    let id = ID::builder().id("1").t(2).k("x").build().unwrap();
    assert_eq!((id.id.as_str(), id.t), ("1", 2));
    assert_eq!(A::builder().a("x").build().unwrap(), A { a: "x".to_owned() });
    assert_eq!(url().url, "https://example.org");
}

#[tokio::test]
async fn a_table_and_a_model_may_have_the_name_of_the_runtime() {
    let db = end_to_end::samples::database(&[&tables::DYNAMORM]).await;
    let item = Dynamorm {
        id: "1".to_owned(),
        name: "a".to_owned(),
        dynamorm: "b".to_owned(),
        sku: SKU { sku: "2".to_owned() },
        url: vec![url()],
        a: A { a: "c".to_owned() },
        vec: vec![end_to_end::Kind::Peak(1)],
    };
    item.put().send(&db).await.unwrap();
    assert_eq!(Dynamorm::get("1").send(&db).await.unwrap(), Some(item));
    assert_eq!(Dynamorm::by_name("a").count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn models_may_have_the_names_of_type_parameters() {
    let db = end_to_end::samples::database(&[&tables::MORE_LETTERS]).await;
    let item = B { a: "x".to_owned(), b: 1 };
    item.put().send(&db).await.unwrap();
    assert_eq!(B::get((1, "x")).send(&db).await.unwrap(), Some(item));
    assert_eq!(B::query(1).select(B::A).items(&db).gather::<Vec<_>>().await.unwrap(), ["x"]);
    let _: dynamorm::Selected<u8, dynamorm::FromGlobalIndex> = T::by_b(1).select(T::B);
}

#[tokio::test]
async fn models_may_have_the_names_of_traits() {
    let db = end_to_end::samples::database(&[&tables::SHOP]).await;
    let item = FnMut { shop: "s".to_owned(), name: "n".to_owned() };
    item.put().send(&db).await.unwrap();
    assert_eq!(From::scan().items(&db).gather::<Vec<_>>().await.unwrap(), [From::from(item)]);
}

#[tokio::test]
async fn contexts_may_have_the_names_of_what_generated_functions_call_their_own() {
    let db = end_to_end::samples::database(&[&tables::PREFIXED, &tables::KEYED]).await;
    let within = db.within(&OfPrefix::scope("p")).unwrap();
    let item = OfPrefix { prefix: "p".to_owned(), id: "1".to_owned(), name: "n".to_owned() };
    item.put().send(&within).await.unwrap();
    assert_eq!(OfPrefix::get(("p", "1")).send(&within).await.unwrap(), Some(item));
    assert!(OfPrefix::get(("other", "1")).send(&within).await.is_err());

    let key = Uuid::from_u128(1);
    let within = db.within(&OfKey::scope(key)).unwrap();
    let item = OfKey { key, id: "1".to_owned(), name: "n".to_owned() };
    item.put().send(&within).await.unwrap();
    assert_eq!(OfKey::scan_by_name(key).count(&within).await.unwrap(), 1);

    assert!(db.within(&OfSource::scope(7u32)).is_ok());
}

#[test]
fn a_number_that_looks_like_a_constant_is_what_it_says() {
    let numbers = end_to_end::lints::Numbers::builder().build().unwrap();
    assert_eq!(
        (numbers.pi, numbers.minus, numbers.golden),
        ("3.14".parse().unwrap(), "-3.14159".parse().ok(), 1.618)
    );
    assert_eq!(numbers.several, ["2.718".parse::<f64>().unwrap(), 1.5]);
    let read: end_to_end::lints::Numbers = dynamorm::serde_json::from_str("{}").unwrap();
    assert_eq!(read, numbers);
}
