//! Instants in declared forms: items that other programs wrote are read, queried, put back and deleted as they are stored.

use dynamorm::{AttributeValue, Operations};

use crate::models::{Click, Entry, Forms, JavaReading, JavascriptReading, PythonReading, tables};
use crate::{assert_differs, database, instant, item, number, stored, text, write};

/// What must be true of an item of a declared form that another program wrote.
macro_rules! assert_at_home {
    ($model:ident, $table:ident, $at:literal, $other:literal) => {{
        let db = database(&[&tables::$table]).await;
        let foreign = item([("device", text("d")), ("at", text($at)), ("value", number("1.5"))]);
        write(&db, &tables::$table, foreign.clone()).await;
        let at = instant($at);

        let read = $model::get(("d", at)).send(&db).await.unwrap().unwrap();
        assert_eq!((read.at, read.value), (at, Some(1.5)));
        assert_eq!($model::query("d").at().le(at).count(&db).await.unwrap(), 1);
        assert_eq!($model::query("d").at().gt(at).count(&db).await.unwrap(), 0);
        read.put().send(&db).await.unwrap();
        assert_eq!(stored(&db, &tables::$table).await, [foreign]);
        $model::update(&read).set($model::VALUE, 2.5).send(&db).await.unwrap();
        $model::delete(&read).if_exists().send(&db).await.unwrap();
        assert_eq!(stored(&db, &tables::$table).await.len(), 0);

        let error = $model::from_item(item([("device", text("d")), ("at", text($other))])).unwrap_err();
        assert_differs(&error, "at", $other, $at);
    }};
}

#[tokio::test]
async fn what_python_wrote_is_at_home() {
    assert_at_home!(PythonReading, PYTHON, "2021-09-06T17:04:21.899683+0000", "2021-09-06T17:04:21.899683Z");
}

#[tokio::test]
async fn what_javascript_wrote_is_at_home() {
    assert_at_home!(JavascriptReading, JAVASCRIPT, "2021-09-06T17:04:21.123Z", "2021-09-06T17:04:21.123000Z");
}

#[tokio::test]
async fn what_java_wrote_is_at_home() {
    assert_at_home!(
        JavaReading,
        JAVA,
        "2021-09-06T17:04:21.899683123Z",
        "2021-09-06T17:04:21.899683123+00:00"
    );
}

#[tokio::test]
async fn what_is_too_fine_is_cut_off_where_that_is_declared() {
    let db = database(&[&tables::JAVASCRIPT]).await;
    let at = instant("2021-09-06T17:04:21.123999Z");
    let reading = JavascriptReading::builder().device("d").at(at).build().unwrap();

    reading.put().send(&db).await.unwrap();

    let kept = instant("2021-09-06T17:04:21.123Z");
    assert_eq!(stored(&db, &tables::JAVASCRIPT).await[0]["at"], text("2021-09-06T17:04:21.123Z"));
    assert_eq!(JavascriptReading::get(("d", at)).send(&db).await.unwrap().unwrap().at, kept);
    assert_eq!(JavascriptReading::query("d").at().eq(at).count(&db).await.unwrap(), 1);
}

#[test]
fn what_is_too_fine_is_refused_where_nothing_is_declared() {
    let at = instant("2021-09-06T17:04:21.1234567Z");
    let reading = PythonReading::builder().device("d").at(at).build().unwrap();
    let error = reading.to_item().unwrap_err();

    assert!(error.is_validation(), "{error}");
    assert_eq!(error.attribute(), Some("at"));
}

#[tokio::test]
async fn attributes_have_their_declared_forms() {
    let db = database(&[&tables::FORMS]).await;
    let at = instant("2021-09-06T17:04:21Z");
    let fine = instant("2021-09-06T17:04:21.123456Z");
    let mut forms =
        Forms::builder().id("f").seconds(at).colon(at).local(fine).whole(at).micros(fine).cut(fine);
    forms = forms.several(vec![fine]);
    let mut forms = forms.build().unwrap();

    let moment = instant("2026-03-01T12:00:00.9999Z");
    forms.put().send(&db.clone().with_clock(move || moment)).await.unwrap();

    let stored = stored(&db, &tables::FORMS).await.remove(0);
    for (name, value) in [
        ("seconds", text("2021-09-06T17:04:21Z")),
        ("colon", text("2021-09-06T17:04:21+00:00")),
        ("local", text("2021-09-06T17:04:21.123456")),
        ("whole", text("2021-09-06T17:04:21")),
        ("micros", number("1630947861123456")),
        ("cut", number("1630947861")),
        ("several", AttributeValue::L(vec![text("2021-09-06T17:04:21.123Z")])),
        ("changed", text("2026-03-01T12:00:00.999+0000")),
    ] {
        assert_eq!(stored[name], value, "{name}");
    }
    let read = Forms::get("f").send(&db).await.unwrap().unwrap();
    assert_eq!(
        (read.seconds, read.local, read.whole, read.micros),
        (Some(at), Some(fine), Some(at), Some(fine))
    );
    assert_eq!(read.changed, forms.changed);
    assert_eq!(read.changed, instant("2026-03-01T12:00:00.999Z"));
}

#[test]
fn an_attribute_is_read_in_any_notation_that_its_form_can_hold() {
    let forms = |name: &str, value: &str| {
        item([("id", text("f")), (name, text(value)), ("changed", text("2026-03-01T12:00:00.999Z"))])
    };
    for (name, value) in [
        ("seconds", "2021-09-06T17:04:21.000+0000"),
        ("whole", "2021-09-06T17:04:21Z"),
        ("whole", "2021-09-06T17:04:21.000"),
        ("local", "2021-09-06T17:04:21"),
    ] {
        let read = Forms::from_item(forms(name, value)).unwrap();
        assert_eq!(
            read.seconds.or(read.whole).or(read.local),
            Some(instant("2021-09-06T17:04:21Z")),
            "{value}"
        );
    }
    for (name, value) in [("seconds", "2021-09-06T17:04:21.5Z"), ("seconds", "2021-09-06T17:04:21")] {
        let error = Forms::from_item(forms(name, value)).unwrap_err();
        assert_eq!(error.attribute(), Some(name), "{error}");
    }
}

#[tokio::test]
async fn a_generated_instant_fits_the_key_that_it_is_part_of() {
    let db = database(&[&tables::LOGS]).await;
    let entry = Entry::builder().source("s").build().unwrap();

    entry.put().send(&db).await.unwrap();

    assert_eq!(entry.at.subsec_nanosecond(), 0);
    assert_eq!(Entry::get(&entry).send(&db).await.unwrap(), Some(entry));
}

#[tokio::test]
async fn instants_of_declared_forms_are_parts_of_keys() {
    let db = database(&[&tables::CLICKS]).await;
    let (at, seen) = (instant("2021-09-06T17:04:21.123456Z"), instant("2021-09-06T17:05:00Z"));
    let click = Click::builder().user("u").at(at).seen(seen).page("p").build().unwrap();

    click.put().send(&db).await.unwrap();

    let stored = stored(&db, &tables::CLICKS).await.remove(0);
    assert_eq!(stored["sk"], text("CLICK#1630947861123#2021-09-06T17:05:00+0000"));
    assert_eq!(stored["page_sort"], text("2021-09-06T17:04:21.123Z"));
    let kept = instant("2021-09-06T17:04:21.123Z");
    let read = Click::get(("u", at, seen)).send(&db).await.unwrap().unwrap();
    assert_eq!(read.at, kept);
    assert_eq!(Click::on_page("p").items(&db).all().await.unwrap(), [read]);
    assert_eq!(Click::query("u").at().between(kept, at).count(&db).await.unwrap(), 1);
    assert_eq!(Click::query("u").at().gt(at).count(&db).await.unwrap(), 0);

    let early = Click::builder().user("u").at(instant("1999-01-01T00:00:00Z")).seen(seen).build().unwrap();
    let error = early.to_item().unwrap_err();
    assert!(error.is_validation() && error.to_string().contains("2001"), "{error}");
}
