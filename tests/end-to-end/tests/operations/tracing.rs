//! The span of every operation: facts about it, and never a value.

use dynamorm::Operations;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use end_to_end::connector::{Step, disturbed};
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{database, parcel, stored};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

/// The fields of a span, as text.
type Fields = BTreeMap<&'static str, String>;

/// The spans of the runtime that this thread has opened.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Fields>>>);

impl Spans {
    fn collect() -> (Self, DefaultGuard) {
        let spans = Spans::default();
        let guard = tracing::subscriber::set_default(spans.clone());
        (spans, guard)
    }

    fn taken(&self) -> Vec<Fields> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// The only span.
    fn only(&self) -> Fields {
        let [span] = <[Fields; 1]>::try_from(self.taken()).expect("there is one span");
        span
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dynamorm")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::from([("name", span.metadata().name().to_owned())]);
        span.record(&mut Collect(&mut fields));
        let mut spans = self.0.lock().unwrap();
        spans.push(fields);
        Id::from_u64(u64::try_from(spans.len()).unwrap())
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let index = usize::try_from(span.into_u64()).unwrap() - 1;
        values.record(&mut Collect(&mut self.0.lock().unwrap()[index]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Collect<'a>(&'a mut Fields);

impl Visit for Collect<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

#[tokio::test]
async fn an_operation_has_a_span_with_its_name_and_table() {
    let db = database(&[&tables::PARCELS]).await;
    let (spans, _guard) = Spans::collect();

    parcel("Ulm", 1).put().send(&db).await.unwrap();

    let span = spans.only();
    assert_eq!(span["name"], "dynamodb");
    assert_eq!((span["operation"].as_str(), span["table"].as_str()), ("PutItem", "parcels"));
    assert_eq!(span["attempts"], "1");
    assert_eq!(span["items"], "1");
}

#[tokio::test]
async fn a_span_names_the_table_as_dynamodb_does() {
    let db = test_support::client().await.with_table_prefix("test-");
    let (spans, _guard) = Spans::collect();

    Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    assert_eq!(spans.only()["table"], "test-parcels");
}

#[tokio::test]
async fn the_span_of_an_index_query_names_the_index_and_counts_the_items() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (spans, _guard) = Spans::collect();

    Parcel::by_recipient("Ada").send(&db).await.unwrap();

    let span = spans.only();
    assert_eq!((span["operation"].as_str(), span["index"].as_str()), ("Query", "by-recipient"));
    assert_eq!(span["items"], "3");
}

#[tokio::test]
async fn the_span_of_a_count_has_what_was_counted() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (spans, _guard) = Spans::collect();

    Parcel::query("Ulm").filter(Parcel::WEIGHT.gt(1)).count(&db).await.unwrap();

    assert_eq!(spans.only()["items"], "2");
}

#[tokio::test]
async fn a_span_has_the_consumed_capacity() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;
    let (spans, _guard) = Spans::collect();

    Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap();

    assert_eq!(spans.only()["consumed_capacity"], "1.0");
}

#[tokio::test]
async fn a_span_has_no_consumed_capacity_where_the_client_does_not_ask() {
    let db = database(&[&tables::PARCELS]).await.without_consumed_capacity();
    let (spans, _guard) = Spans::collect();

    Parcel::get(("Ulm", 1)).send(&db).await.unwrap();

    assert!(!spans.only().contains_key("consumed_capacity"));
}

#[tokio::test]
async fn a_span_counts_the_attempts() {
    let db = database(&[&tables::PARCELS]).await;
    let (db, _) = disturbed(&db, [Step::LoseRequest]);
    let (spans, _guard) = Spans::collect();

    Parcel::get(("Ulm", 1)).send(&db).await.unwrap();

    assert_eq!(spans.only()["attempts"], "2");
}

#[tokio::test]
async fn every_page_of_a_stream_has_a_span() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 3).await;
    let (spans, _guard) = Spans::collect();

    Parcel::query("Ulm").page_size(2).items(&db).all().await.unwrap();

    let items: Vec<_> = spans.taken().into_iter().map(|mut span| span.remove("items").unwrap()).collect();
    assert_eq!(items, ["2", "1"]);
}

#[tokio::test]
async fn no_span_has_a_value() {
    let db = database(&[&tables::PARCELS]).await;
    let (spans, _guard) = Spans::collect();
    let secret = Parcel { recipient: "secret-1".to_owned(), ..parcel("secret-2", 1) };

    secret.put().if_not_exists().send(&db).await.unwrap();
    secret.put().if_not_exists().send(&db).await.unwrap_err();
    Parcel::get(&secret).send(&db).await.unwrap();
    Parcel::update(&secret)
        .set(Parcel::NOTE, "secret-3")
        .when(Parcel::NOTE.ne("secret-4"))
        .send(&db)
        .await
        .unwrap();
    Parcel::query("secret-2").filter(Parcel::NOTE.eq("secret-5")).send(&db).await.unwrap();
    Parcel::by_recipient("secret-1").count(&db).await.unwrap();
    Parcel::delete(&secret).return_old().send(&db).await.unwrap();

    let spans = format!("{:?}", spans.taken());
    assert!(!spans.contains("secret"), "{spans}");
}
