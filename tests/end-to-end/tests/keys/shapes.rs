//! Keys of numbers alone, of the same field twice, of braces, and of fields with awkward names.

use dynamorm::{AttributeValue, Operations};

use crate::models::{Event, EventKind, Shadow, Word, tables};
use crate::{database, event, instant, raw_item};

#[tokio::test]
async fn a_key_without_text_of_its_own_tells_every_field() {
    let db = database(&tables::EVENTS).await;
    event().put().send(&db).await.unwrap();

    assert_eq!(Event::get(&event()).send(&db).await.unwrap(), Some(event()));
    let query = || Event::query(event().stream, 7).at().eq(event().at).balance();
    assert_eq!(query().lt(0).count(&db).await.unwrap(), 1);
    assert_eq!(query().eq(event().balance).change().le(-3).count(&db).await.unwrap(), 1);
    assert_eq!(query().eq(event().balance).change().gt(-3).count(&db).await.unwrap(), 0);
    let found = Event::of_kind(EventKind::Ab, 3).since().ge(event().since);
    assert_eq!(found.items(&db).all().await.unwrap(), [event()]);
    assert_eq!(Event::of_kind(EventKind::A, 3).count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn an_expired_item_is_left_out_of_a_composed_key_s_query() {
    let db = database(&tables::EVENTS).await;
    let mut old = event();
    old.expires_at = Some(instant("2020-01-01T00:00:00Z"));
    old.put().send(&db).await.unwrap();

    let query = || Event::query(old.stream, 7).at().ge(instant("2026-01-01T00:00:00Z"));
    assert_eq!(query().count(&db).await.unwrap(), 1);
    assert_eq!(query().live_only().count(&db).await.unwrap(), 0);
    assert_eq!(Event::of_kind(EventKind::Ab, 3).live_only().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn fields_that_are_called_like_generated_values_keep_their_keys_true() {
    let db = database(&tables::SHADOWS).await;
    let mut shadow = Shadow {
        draft: 1,
        encoder: Some("e".to_owned()),
        key: "k".to_owned(),
        change: Some("c".to_owned()),
        value: 2,
    };
    shadow.put().send(&db).await.unwrap();
    let change = Shadow::key_and_change_and_value_and_encoder("kk", "cc", 3, "ee");
    Shadow::update(&shadow).set_key(change).send(&db).await.unwrap();
    (shadow.encoder, shadow.key) = (Some("ee".to_owned()), "kk".to_owned());
    (shadow.change, shadow.value) = (Some("cc".to_owned()), 3);

    let wanted = shadow.to_item().unwrap();
    assert_eq!(wanted["by_key"], AttributeValue::S("001#kk#cc#00003#ee".to_owned()));
    assert_eq!(raw_item(&db, &tables::SHADOWS, &wanted).await, Some(wanted));
}

#[tokio::test]
async fn braces_and_other_alphabets_are_text_of_a_key() {
    let db = database(&tables::WORDS).await;
    let word = |text: &str| Word { language: "sv".to_owned(), text: text.to_owned(), gloss: None };
    for text in ["", "sjö", "sjöé", "\u{10ffff}", "#{}"] {
        word(text).put().send(&db).await.unwrap();
        assert_eq!(Word::get(&word(text)).send(&db).await.unwrap(), Some(word(text)), "{text}");
    }
    let query = || Word::query().language().eq("sv").text();
    assert_eq!(word("sjö").to_item().unwrap()["sk"], AttributeValue::S("{}ésvésjö".to_owned()));
    assert_eq!(query().begins_with("").count(&db).await.unwrap(), 5);
    assert_eq!(query().begins_with("sjö").count(&db).await.unwrap(), 2);
    assert_eq!(query().eq("").count(&db).await.unwrap(), 1);
    assert_eq!(query().gt("").count(&db).await.unwrap(), 4);
    assert_eq!(query().gt("\u{10ffff}").count(&db).await.unwrap(), 0);
    assert_eq!(query().le("\u{10ffff}").count(&db).await.unwrap(), 5);
    let error = Word { language: "é".to_owned(), ..word("sjö") }.to_item().unwrap_err();
    assert!(error.is_validation());
}

#[tokio::test]
async fn the_longest_text_of_a_key_is_compared_like_any_other() {
    let db = database(&tables::WORDS).await;
    let word = |text: &str| Word { language: "sv".to_owned(), text: text.to_owned(), gloss: None };
    let longest = "z".repeat(1_024 - "{}ésvé".len());
    let before = format!("{}y", &longest[1..]);
    for text in [&longest, &before] {
        word(text).put().send(&db).await.unwrap();
    }
    let query = || Word::query().language().eq("sv").text();
    assert_eq!(query().eq(&longest).count(&db).await.unwrap(), 1);
    assert_eq!(query().lt(&longest).count(&db).await.unwrap(), 1);
    assert_eq!(query().le(&longest).count(&db).await.unwrap(), 2);
    assert_eq!(query().ge(&longest).count(&db).await.unwrap(), 1);
    assert_eq!(query().gt(&longest).count(&db).await.unwrap(), 0);
    assert_eq!(query().gt(&before).count(&db).await.unwrap(), 1);
    assert!(query().eq(format!("{longest}z")).send(&db).await.unwrap_err().is_validation());
}

#[tokio::test]
async fn an_index_key_of_no_length_or_too_much_is_refused_by_every_write() {
    let db = database(&tables::WORDS).await;
    let word = Word { language: "sv".to_owned(), text: "sjö".to_owned(), gloss: None };
    word.put().send(&db).await.unwrap();
    let long = "x".repeat(2_048);
    let mut tracked = word.clone().tracked();
    tracked.gloss = Some(long.clone());
    let long_word = Word { gloss: Some(long.clone()), ..word.clone() };
    let errors = [
        long_word.put().send(&db).await.unwrap_err(),
        Word::update(&word).set(Word::GLOSS, long.as_str()).send(&db).await.unwrap_err(),
        word.upsert().set(Word::GLOSS, long.as_str()).send(&db).await.unwrap_err(),
        tracked.save().send(&db).await.unwrap_err(),
        dynamorm::batch_write().put(&long_word).send(&db).await.unwrap_err(),
        dynamorm::transaction().put(long_word.put()).send(&db).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_validation(), "{error}");
        assert!(error.to_string().contains("text_key"), "{error}");
    }
    let wanted = word.to_item().unwrap();
    assert_eq!(raw_item(&db, &tables::WORDS, &wanted).await, Some(wanted));
}
