//! Keys that other programs compose: in one case, without padding, the latest first.

use dynamorm::Operations;

use crate::models::{Ticket, TicketKey, tables};
use crate::{assert_differs, database, instant, item, number, stored, text, with, write};

fn ticket(owner: &str, number: u32, delta: i16, opened: &str) -> Ticket {
    Ticket {
        owner: owner.to_owned(),
        number,
        delta,
        code_name: "Straße".to_owned(),
        opened: instant(opened),
        rank: 7,
    }
}

#[tokio::test]
async fn keys_are_stored_in_their_declared_forms() {
    let db = database(&[&tables::TICKETS]).await;
    let ticket = ticket("Ada", 7, -12, "2024-05-06T07:08:09Z");
    ticket.put().send(&db).await.unwrap();

    let expected = item([
        ("pk", text("$owner_ada")),
        ("sk", text("#7#-12")),
        ("code", text("STRASSE")),
        ("latest", text("8285020710#992#ada")),
        ("owner", text("Ada")),
        ("number", number("7")),
        ("delta", number("-12")),
        ("code_name", text("Straße")),
        ("opened", number("1714979289")),
        ("rank", number("7")),
    ]);
    assert_eq!(stored(&db, &tables::TICKETS).await, [expected]);
    // Who asks in another case asks for the same item.
    for owner in ["Ada", "ADA", "ada"] {
        let found = Ticket::get(TicketKey::new(owner, 7_u32, -12_i16)).send(&db).await.unwrap();
        assert_eq!(found.as_ref(), Some(&ticket));
        let all = Ticket::query(owner).number().eq(7).items(&db).all().await.unwrap();
        assert_eq!(all, std::slice::from_ref(&ticket));
    }
    assert_eq!(Ticket::by_code("strasse").items(&db).all().await.unwrap(), [ticket]);
}

#[tokio::test]
async fn the_latest_and_the_greatest_come_first() {
    let db = database(&[&tables::TICKETS]).await;
    let moments = ["2024-05-06T07:08:09Z", "2025-05-06T07:08:09Z", "2001-09-09T01:46:40Z"];
    for (number, opened) in moments.iter().enumerate() {
        ticket("Ada", u32::try_from(number).unwrap(), 0, opened).put().send(&db).await.unwrap();
    }
    let ranked = Ticket { rank: 9, ..ticket("Ada", 3, 0, moments[0]) };
    ranked.put().send(&db).await.unwrap();
    let found = Ticket::by_code("STRASSE").items(&db).all().await.unwrap();
    assert_eq!(found.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 3, 0, 2]);
    let at_once = Ticket::by_code("STRASSE").opened().eq(instant(moments[0])).items(&db).all().await.unwrap();
    assert_eq!(at_once.len(), 2);
}

#[tokio::test]
async fn an_update_rewrites_the_keys_of_indexes() {
    let db = database(&[&tables::TICKETS]).await;
    let ticket = ticket("Ada", 7, 0, "2024-05-06T07:08:09Z");
    ticket.put().send(&db).await.unwrap();
    // The key is given in another case than the field is stored in.
    let key = TicketKey::new("ADA", 7_u32, 0_i16);
    Ticket::update(key.clone()).set(Ticket::CODE_NAME, "other").send(&db).await.unwrap();
    let later = instant("2025-01-01T00:00:00Z");
    Ticket::update(key).set_key(Ticket::opened_and_rank(later, 8)).send(&db).await.unwrap();
    let changed = Ticket { code_name: "other".to_owned(), opened: later, rank: 8, ..ticket };
    let found = stored(&db, &tables::TICKETS).await.remove(0);
    let fresh = changed.to_item().unwrap();
    assert_eq!(found, fresh);
    assert_eq!(found["owner"], text("Ada"));
}

#[tokio::test]
async fn a_key_of_another_form_is_that_items_error() {
    let whole = ticket("Ada", 7, 0, "2024-05-06T07:08:09Z").to_item().unwrap();
    for (key, stored, expected) in
        [("pk", "$owner_Ada", "$owner_ada"), ("sk", "#07#0", "#7#0"), ("sk", "#7#-0", "#7#0")]
    {
        let error = Ticket::from_item(with(whole.clone(), key, text(stored))).unwrap_err();
        assert_differs(&error, key, stored, expected);
    }
    // An index that another program does not keep is no error but for those who read by it.
    let db = database(&[&tables::TICKETS]).await;
    let stale = with(with(whole, "code", text("Strasse")), "latest", text("x"));
    write(&db, &tables::TICKETS, stale).await;
    assert!(Ticket::get(TicketKey::new("Ada", 7_u32, 0_i16)).send(&db).await.unwrap().is_some());
}

#[tokio::test]
async fn a_value_that_contains_what_ends_it_is_refused() {
    let db = database(&[&tables::TICKETS]).await;
    // Nothing follows the owner in the table's key, and nothing in that of the index.
    ticket("A#b", 1, 0, "2024-05-06T07:08:09Z").put().send(&db).await.unwrap();
    let old = ticket("Ada", 1, 0, "1999-05-06T07:08:09Z").put().send(&db).await.unwrap_err();
    assert!(old.to_string().contains("September 2001"), "{old}");
}
