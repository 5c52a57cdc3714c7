use cookbook::models::{Member, Note, Price, Profile};
use cookbook::{
    a_field_that_older_items_lack, an_attribute_with_another_name, an_audit_trail, every_version_of_an_item,
    items_that_expire, soft_deletion, when_it_was_made_and_changed,
};
use dynamorm::{AttributeValue, Client, Decimal, Operations, Uuid};

use crate::{Result, database, instant};

/// Stores an item as another program, or an older release, does.
async fn store(db: &Client, table: &str, attributes: &[(&str, &str)]) {
    let mut put = db.sdk().put_item().table_name(table);
    for (name, value) in attributes {
        put = put.item(*name, AttributeValue::S((*value).to_owned()));
    }
    put.send().await.unwrap();
}

#[tokio::test]
async fn a_cart_lives_for_a_week_after_its_last_change() -> Result<()> {
    let db = database().await;
    let id = Uuid::from_u128(1);
    items_that_expire::add_to_cart(&db, id, "lamp", instant("2026-01-01T00:00:00.5Z")).await?;
    items_that_expire::add_to_cart(&db, id, "chair", instant("2026-01-05T00:00:00Z")).await?;
    let at = |text: &'static str| db.clone().with_clock(move || instant(text));
    let cart = items_that_expire::cart(&at("2026-01-11T00:00:00Z"), id).await?.unwrap();
    assert_eq!(cart.skus, ["lamp", "chair"]);
    assert!(items_that_expire::cart(&at("2026-01-12T00:00:01Z"), id).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_deleted_note_is_in_no_list_until_it_is_restored() -> Result<()> {
    let db = database().await;
    let note = Note::builder().id("n").owner("ada").listed_for("ada").text("…").build()?;
    note.put().send(&db).await?;
    soft_deletion::delete(&db, "n", instant("2026-01-01T00:00:00Z")).await?;
    assert!(soft_deletion::notes_of(&db, "ada").await?.is_empty());
    assert!(soft_deletion::delete(&db, "n", instant("2026-01-02T00:00:00Z")).await.is_err());
    soft_deletion::restore(&db, &note).await?;
    assert_eq!(soft_deletion::notes_of(&db, "ada").await?, [note]);
    Ok(())
}

#[tokio::test]
async fn each_change_of_a_price_leaves_an_entry() -> Result<()> {
    let db = database().await;
    Price { sku: "lamp".to_owned(), price: Decimal::from(5) }.put().send(&db).await?;
    an_audit_trail::change_price(&db, "lamp", Decimal::from(6), "ada").await?;
    assert!(an_audit_trail::change_price(&db, "chair", Decimal::from(6), "ada").await.is_err());
    let changes = an_audit_trail::changes(&db, "lamp").await?;
    assert_eq!((changes.len(), changes[0].by.as_str()), (1, "ada"));
    assert!(an_audit_trail::changes(&db, "chair").await?.is_empty());
    assert_eq!(Price::get("lamp").send(&db).await?.unwrap().price, Decimal::from(6));
    Ok(())
}

#[tokio::test]
async fn every_revision_stays() -> Result<()> {
    let db = database().await;
    assert_eq!(every_version_of_an_item::publish(&db, "home", "one").await?, 1);
    assert_eq!(every_version_of_an_item::publish(&db, "home", "two").await?, 2);
    let text = async |revision| every_version_of_an_item::text(&db, "home", revision).await.unwrap().unwrap();
    assert_eq!((text(0).await, text(1).await, text(2).await), ("two".into(), "one".into(), "two".into()));
    let publish = |text| every_version_of_an_item::publish(&db, "home", text);
    let (one, other) = tokio::join!(publish("three"), publish("also three"));
    assert!(one.is_ok() || other.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_write_says_when_it_was() -> Result<()> {
    let db = database().await;
    let project = when_it_was_made_and_changed::start(&db, "p", "One").await?;
    let later = db.with_clock(|| instant("2100-01-01T00:00:00Z"));
    let renamed = when_it_was_made_and_changed::rename(&later, "p", "Two").await?;
    assert_eq!(renamed.created_at, project.created_at);
    assert_eq!(renamed.updated_at, instant("2100-01-01T00:00:00Z"));
    Ok(())
}

#[tokio::test]
async fn a_missing_field_is_read_as_its_default() -> Result<()> {
    let db = database().await;
    store(&db, "profiles", &[("user", "old")]).await;
    Profile::builder().user("new").language("fr").build()?.put().send(&db).await?;
    let language = async |user| a_field_that_older_items_lack::language(&db, user).await.unwrap();
    assert_eq!(language("old").await.as_deref(), Some("en"));
    assert_eq!(language("new").await.as_deref(), Some("fr"));
    let without = a_field_that_older_items_lack::without_language(&db).await?;
    assert_eq!(without.iter().map(|profile| profile.user.as_str()).collect::<Vec<_>>(), ["old"]);
    Ok(())
}

#[tokio::test]
async fn both_names_are_read_and_one_is_written() -> Result<()> {
    let db = database().await;
    store(&db, "members", &[("id", "old"), ("lastName", "Lovelace")]).await;
    let new = Member { id: "new".to_owned(), surname: "Hopper".to_owned() };
    new.put().send(&db).await?;
    let surname = async |id| an_attribute_with_another_name::surname(&db, id).await.unwrap();
    assert_eq!(surname("old").await.as_deref(), Some("Lovelace"));
    assert_eq!(surname("new").await.as_deref(), Some("Hopper"));
    assert!(new.to_item()?.contains_key("surname"));
    Ok(())
}
