//! Values in declared forms, and what a `NULL` is read as.

use std::collections::BTreeSet;

use dynamorm::{AttributeValue, Item, Operations, Uuid};

use crate::models::{Figure, Level, Mood, Nulls, OrderLine, Parcel, Shape, Values, tables};
use crate::{Line, OrderId, assert_differs, database, instant, item, number, stored, text, with, write};

const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";
const UPPER: &str = "67E55044-10B1-426F-9247-BB680E5FE0C8";

fn uuid() -> Uuid {
    ID.parse().unwrap()
}

fn map<const N: usize>(attributes: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(item(attributes))
}

fn bytes(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(bytes.to_vec().into())
}

fn values() -> Values {
    Values::builder()
        .id("v")
        .count(7_u32)
        .price("12.50".parse::<dynamorm::Decimal>().unwrap())
        .ratio(0.25)
        .active(true)
        .visible(false)
        .owner(uuid())
        .device(uuid())
        .photo(vec![0, 255])
        .extra(dynamorm::serde_json::json!({"a": [1, "2"]}))
        .flags(vec![true, false])
        .days(BTreeSet::from(["2026-03-01".parse().unwrap()]))
        .owners(BTreeSet::from([uuid()]))
        .devices(BTreeSet::from([uuid()]))
        .counts(BTreeSet::from([7, 10]))
        .moods(BTreeSet::from([Mood::Good]))
        .levels(BTreeSet::from([Level::High]))
        .moments(BTreeSet::from([instant("1970-01-01T00:00:09Z")]))
        .level(Level::High)
        .mood(Mood::Unknown)
        .figure(Figure::Circle { radius: 2 })
        .shape(Shape::Circle { radius: 3 })
        .order(OrderId(uuid()))
        .line(Line(4))
        .build()
        .unwrap()
}

#[tokio::test]
async fn values_have_their_declared_forms() {
    let db = database(&[&tables::VALUES]).await;
    let values = values();
    values.put().send(&db).await.unwrap();

    let found = stored(&db, &tables::VALUES).await.remove(0);
    for (name, value) in [
        ("count", text("7")),
        ("price", text("12.5")),
        ("ratio", text("0.25")),
        ("active", number("1")),
        ("visible", text("false")),
        ("owner", text(UPPER)),
        ("device", bytes(uuid().as_bytes())),
        ("photo", text("AP8=")),
        ("extra", text(r#"{"a":[1,"2"]}"#)),
        ("flags", AttributeValue::L(vec![number("1"), number("0")])),
        ("days", AttributeValue::Ss(vec!["2026-03-01".to_owned()])),
        ("owners", AttributeValue::Ss(vec![UPPER.to_owned()])),
        ("devices", AttributeValue::Bs(vec![uuid().as_bytes().to_vec().into()])),
        ("moods", AttributeValue::Ss(vec!["good".to_owned()])),
        ("levels", AttributeValue::Ns(vec!["-2".to_owned()])),
        ("moments", AttributeValue::Ns(vec!["9".to_owned()])),
        ("level", number("-2")),
        ("mood", text("")),
        ("figure", map([("type", text("circle")), ("radius", number("2"))])),
        ("shape", map([("t", text("circle")), ("c", map([("radius", number("3"))]))])),
        ("order", text(ID)),
        ("line", number("4")),
    ] {
        assert_eq!(found[name], value, "{name}");
    }
    let AttributeValue::Ss(mut counts) = found["counts"].clone() else { panic!("{found:?}") };
    counts.sort();
    assert_eq!(counts, ["10", "7"]);
    assert_eq!(Values::get("v").send(&db).await.unwrap(), Some(values));
}

#[tokio::test]
async fn they_are_changed_and_compared_as_they_are_stored() {
    let db = database(&[&tables::VALUES]).await;
    values().put().send(&db).await.unwrap();

    let filter = Values::COUNT.eq(7_u32) & Values::ACTIVE.eq(true) & Values::OWNER.eq(uuid());
    let filter = filter & Values::LEVEL.eq(Level::High) & Values::OWNERS.contains(uuid());
    assert_eq!(Values::scan().filter(filter).count(&db).await.unwrap(), 1);
    let update = Values::update("v").set(Values::COUNT, 8_u32).set(Values::LEVEL, Level::Low);
    let changed = update.add(Values::COUNTS, BTreeSet::from([8])).return_new().send(&db).await.unwrap();
    assert_eq!((changed.count, changed.level), (Some(8), Some(Level::Low)));
    assert_eq!(changed.counts, BTreeSet::from([7, 8, 10]));
}

#[test]
fn variants_without_fields_have_a_tag_alone() {
    let points = Values { figure: Some(Figure::Point), shape: Some(Shape::Point), ..values() };
    let item = points.to_item().unwrap();
    assert_eq!(item["figure"], map([("type", text("point"))]));
    assert_eq!(item["shape"], map([("t", text("point"))]));
    assert_eq!(Values::from_item(item).unwrap(), points);
}

#[test]
fn a_tagged_value_is_read_in_any_order_and_its_errors_name_the_place() {
    let of = |name: &str, value| Values::from_item(with(item([("id", text("v"))]), name, value));
    let read =
        of("shape", map([("c", map([("radius", number("1"))])), ("t", text("circle")), ("x", text("y"))]));
    assert_eq!(read.unwrap().shape, Some(Shape::Circle { radius: 1 }));
    let error = of("figure", map([("radius", number("1"))])).unwrap_err();
    assert_eq!(error.attribute(), Some("figure.type"), "{error}");
    let error = of("figure", map([("type", text("square"))])).unwrap_err();
    assert!(error.to_string().contains("one of circle, point"), "{error}");
    let error = of("figure", map([("type", text("circle"))])).unwrap_err();
    assert_eq!(error.attribute(), Some("figure.radius"), "{error}");
}

#[test]
fn rules_of_tagged_variants_name_the_stored_place() {
    let violations = |values: Values| {
        let error = values.validate().unwrap_err();
        error.violations().iter().map(|violation| violation.path().to_owned()).collect::<Vec<_>>()
    };
    let wrong = Values {
        figure: Some(Figure::Circle { radius: 0 }),
        shape: Some(Shape::Circle { radius: 0 }),
        ..values()
    };
    assert_eq!(violations(wrong), ["figure.radius", "shape.c.radius"]);
}

#[test]
fn a_value_of_another_form_is_refused_or_kept() {
    let of = |name: &str, value| Values::from_item(with(item([("id", text("v"))]), name, value));
    for (name, value) in [
        ("count", number("7")),
        ("count", text("seven")),
        ("active", number("2")),
        ("active", AttributeValue::Bool(true)),
        ("visible", text("yes")),
        ("device", text(ID)),
        ("device", bytes(&[1, 2])),
        ("photo", text("AP8")),
        ("extra", text("{")),
        ("level", number("3")),
        ("level", text("low")),
        ("mood", text("bad")),
        ("owners", AttributeValue::Ss(vec![ID.to_owned()])),
        ("counts", AttributeValue::Ss(vec!["07".to_owned()])),
        ("days", AttributeValue::L(vec![text("2026-03-01")])),
        ("line", number("0")),
    ] {
        let error = of(name, value.clone()).unwrap_err();
        assert!(error.is_item_error(), "{name} {value:?}");
        assert!(error.attribute().is_some_and(|attribute| attribute.starts_with(name)), "{error}");
    }
    assert_eq!(of("count", text("007")).unwrap().count, Some(7));
    assert_eq!(of("owner", text(ID)).unwrap().owner, Some(uuid()));
    assert_eq!(of("active", number("1.0")).unwrap().active, Some(true));
}

#[tokio::test]
async fn null_is_read_as_declared() {
    let db = database(&[&tables::NULLS]).await;
    let null = || AttributeValue::Null(true);
    let nulls = ["name", "tags", "codes", "rank", "owner"].into_iter();
    let nulls: Item =
        nulls.map(|name| (name.to_owned(), null())).chain([("id".to_owned(), text("n"))]).collect();
    write(&db, &tables::NULLS, nulls.clone()).await;

    let read = Nulls::get("n").send(&db).await.unwrap().unwrap();
    assert_eq!((read.name.as_str(), read.tags.len(), read.codes.len(), read.rank), ("", 0, 0, 3));
    assert_eq!(read.owner, uuid());
    let chosen = (Nulls::NAME, Nulls::RANK);
    assert_eq!(Nulls::get("n").select(chosen).send(&db).await.unwrap(), Some((String::new(), 3)));
    // A save of another field leaves them alone.
    let mut tracked = Nulls::get("n").send(&db).await.unwrap().unwrap().tracked();
    tracked.rank = 4;
    tracked.save().send(&db).await.unwrap();
    assert_eq!(stored(&db, &tables::NULLS).await[0], with(nulls, "rank", number("4")));
    // Where nothing is declared, `NULL` is no value.
    let error = Nulls::from_item(item([("id", null())])).unwrap_err();
    assert_eq!(error.attribute(), Some("id"));
    let missing = Nulls::from_item(item([("id", text("n")), ("tags", null())])).unwrap_err();
    assert_eq!(missing.attribute(), Some("name"), "a missing attribute is not `NULL`");
}

#[tokio::test]
async fn keys_have_their_declared_forms() {
    let db = database(&[&tables::PARCELS]).await;
    let parcel = item([
        ("owner", text(UPPER)),
        ("number", text("7")),
        ("device", bytes(uuid().as_bytes())),
        ("level", number("1")),
    ]);
    write(&db, &tables::PARCELS, parcel.clone()).await;

    let read = Parcel::get((uuid(), 7)).send(&db).await.unwrap().unwrap();
    assert_eq!(Parcel::query(uuid()).items(&db).all().await.unwrap(), std::slice::from_ref(&read));
    assert_eq!(
        Parcel::on_device(uuid()).level().eq(Level::Low).items(&db).all().await.unwrap(),
        std::slice::from_ref(&read)
    );
    read.put().send(&db).await.unwrap();
    assert_eq!(stored(&db, &tables::PARCELS).await, std::slice::from_ref(&parcel));
    Parcel::delete(&read).if_exists().send(&db).await.unwrap();

    let error = Parcel::from_item(with(parcel.clone(), "owner", text(ID))).unwrap_err();
    assert_differs(&error, "owner", ID, UPPER);
    let error = Parcel::from_item(with(parcel, "number", text("07"))).unwrap_err();
    assert_differs(&error, "number", "07", "7");
}

#[tokio::test]
async fn types_with_a_codec_are_keys_and_parts_of_keys() {
    let db = database(&[&tables::ORDERS]).await;
    let line = OrderLine::builder().order(OrderId(uuid())).line(Line(4)).owner(uuid()).build().unwrap();
    line.put().send(&db).await.unwrap();

    let found = stored(&db, &tables::ORDERS).await.remove(0);
    assert_eq!(found["pk"], text(&format!("ORDER#{ID}")));
    assert_eq!(found["sk"], text(&format!("LINE#0000000004#{UPPER}")));
    assert_eq!(found["line"], number("4"));
    let key = (OrderId(uuid()), Line(4), uuid());
    assert_eq!(OrderLine::get(key).send(&db).await.unwrap(), Some(line.clone()));
    assert_eq!(OrderLine::query(OrderId(uuid())).line().ge(Line(4)).count(&db).await.unwrap(), 1);
    assert_eq!(OrderLine::of_owner(uuid()).line().lt(Line(4)).count(&db).await.unwrap(), 0);
    let stale = OrderLine::from_item(with(found, "line", number("5"))).unwrap_err();
    assert_eq!(stale.attribute(), Some("sk"), "{stale}");
}

#[test]
fn codecs_of_these_tests_keep_their_laws() {
    dynamorm::testing::check_codec((0..50).map(|id| OrderId(Uuid::from_u128(id))));
    dynamorm::testing::check_codec((1..50).map(Line));
}

/// A codec that reads more than it writes.
#[derive(Clone, Debug, PartialEq)]
struct Lenient(String);

impl dynamorm::Codec for Lenient {
    type Stored = String;
    type Error = std::convert::Infallible;

    fn to_stored(&self) -> String {
        self.0.clone()
    }

    fn from_stored(stored: String) -> Result<Self, Self::Error> {
        Ok(Lenient(stored.to_lowercase()))
    }
}

/// A codec that forgets.
#[derive(Clone, Debug, PartialEq)]
struct Forgetful(u32);

impl dynamorm::Codec for Forgetful {
    type Stored = u32;
    type Error = std::convert::Infallible;

    fn to_stored(&self) -> u32 {
        self.0 / 2
    }

    fn from_stored(stored: u32) -> Result<Self, Self::Error> {
        Ok(Forgetful(stored * 2))
    }
}

#[test]
#[should_panic(expected = "is stored as")]
fn a_codec_that_reads_more_than_it_writes_is_found() {
    dynamorm::testing::check_codec([Lenient("ada".to_owned())]);
}

#[test]
#[should_panic(expected = "is stored as")]
fn a_codec_that_forgets_is_found() {
    dynamorm::testing::check_codec((1..5).map(Forgetful));
}
