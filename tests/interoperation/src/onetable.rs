//! The items of OneTable: dates as text and as numbers.

use dynamorm::table::Table;
use dynamorm::{Operations, Timestamp};
use serde_json::json;

use crate::side::{Peer, Side, instant, refused, texts};

mod models {
    dynamorm::include_models!("onetable");
}

use models::{Account, Address, Event, EventKey, Plan, TABLES, User, UserKey, Visit};

pub enum OneTable {}

impl Peer for OneTable {
    fn tables() -> &'static [&'static Table] {
        TABLES
    }

    async fn write(side: &mut Side) {
        let db = side.db.clone();
        side.written(acme().put().send(&db).await, 1);
        side.written(bare().put().if_not_exists().send(&db).await, 1);
        let [ada, bob] = users();
        side.written(dynamorm::batch_write().put_all(&visits()).put(&ada).put(&bob).send(&db).await, 5);
        let [started, stopped] = events();
        side.written(dynamorm::batch_write().put(&started).put(&stopped).send(&db).await, 2);
    }

    async fn use_items(side: &mut Side) {
        let db = side.db.clone();
        for expected in [acme(), bare()] {
            read_account(side, expected).await;
        }
        for expected in users() {
            read_user(side, expected).await;
        }
        for expected in visits() {
            read_visit(side, expected).await;
        }
        refused(acme().put().if_not_exists().send(&db).await);

        refused(
            Account::update("Acme")
                .set(Account::ACTIVE, false)
                .when(Account::BALANCE.eq(0.0))
                .send(&db)
                .await,
        );
        let change = Account::update("Acme")
            .set(Account::ACTIVE, false)
            .set(Account::CLOSED, changed().closed)
            .set(Account::ADDRESS.field(Address::STREET), "Weg 2")
            .add(Account::BALANCE, 2.5)
            .when(Account::BALANCE.eq(12.5));
        side.updated(change.send(&db).await);

        side.found(User::by_email("Ada@example.org").items(&db).all().await, |found| found.number, [42]);
        let move_to = User::update(UserKey::new("Acme", 42_u32)).set(User::EMAIL, "ada@example.com");
        side.updated(move_to.send(&db).await);
        side.found(User::by_email("ada@example.com").items(&db).all().await, |found| found.number, [42]);
        side.found(Visit::of_page("start").items(&db).all().await, |found| found.rank, [1, 2]);
        let since = Visit::of_page("start").at().ge(instant("2024-05-06T07:08:09.1Z")).items(&db).all().await;
        side.found(since, |found| found.rank, [2]);
        let users_of = User::query("Acme").items(&db).all().await.expect("they can be read");
        assert_eq!(users_of.iter().map(|user| user.number).collect::<Vec<_>>(), [42, 7]);

        side.deleted(User::delete(UserKey::new("Acme", 7_u32)).send(&db).await);
        side.deleted(Account::delete("bare").send(&db).await);
        let [.., last] = visits();
        side.deleted(Visit::delete(&last).send(&db).await);

        let [started, stopped] = events();
        for expected in [&started, &stopped] {
            read_event(side, expected.clone()).await;
        }
        let late =
            Event::query("press").at().gt(started.at).items(&db).all().await.expect("they can be read");
        assert_eq!(late.iter().map(|event| event.text.as_str()).collect::<Vec<_>>(), ["stopped"]);
        side.updated(Event::update(&started).set(Event::SEEN, seen_later()).send(&db).await);
        side.deleted(Event::delete(&stopped).send(&db).await);
    }

    async fn verify(side: &mut Side) {
        let db = side.db.clone();
        side.is_gone(Account::get("bare").consistent().send(&db).await);
        side.is_gone(User::get(UserKey::new("Acme", 7_u32)).consistent().send(&db).await);
        let found = read_account(side, changed()).await;
        assert!(found.updated > found.created, "{found:?}");
        Account::delete("Acme").send(&db).await.expect("it is deleted");
        let [ada, _] = users();
        read_user(side, User { email: "ada@example.com".to_owned(), ..ada.clone() }).await;
        User::delete(&ada).send(&db).await.expect("it is deleted");
        let [first, second, third] = visits();
        side.is_gone(Visit::get(&third).consistent().send(&db).await);
        for visit in [first, second] {
            read_visit(side, visit.clone()).await;
            Visit::delete(&visit).send(&db).await.expect("it is deleted");
        }
        let [started, stopped] = events();
        side.is_gone(Event::get(EventKey::new("press", stopped.at)).consistent().send(&db).await);
        read_event(side, Event { seen: seen_later(), ..started.clone() }).await;
        Event::delete(&started).send(&db).await.expect("it is deleted");
    }
}

/// Reads an account, whose moments are those of the writer's clock.
async fn read_account(side: &mut Side, expected: Account) -> Account {
    let found = Account::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| Account { created: found.created, updated: found.updated, ..expected })
}

async fn read_user(side: &mut Side, expected: User) {
    let found = User::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| User { created: found.created, updated: found.updated, ..expected });
}

async fn read_visit(side: &mut Side, expected: Visit) {
    let found = Visit::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| Visit { created: found.created, updated: found.updated, ..expected });
}

async fn read_event(side: &mut Side, expected: Event) {
    let found = Event::get(&expected).consistent().send(&side.db).await;
    side.read_as(found, |found| {
        let (created_at, updated_at) = (found.created_at, found.updated_at);
        Event { created_at, updated_at, ..expected }
    });
}

fn moment() -> Timestamp {
    instant("2024-05-06T07:08:10Z")
}

fn acme() -> Account {
    Account {
        name: "Acme".to_owned(),
        balance: 12.5,
        active: true,
        plan: Plan::Pro,
        opened: instant("2024-05-06T07:08:09.123Z"),
        closed: Some(instant("2025-01-01T00:00:00.007Z")),
        expires: Some(instant("2033-05-18T03:33:20Z")),
        logo: Some(vec![0, 255, 1]),
        tags: texts(["x", "y"]),
        address: Some(Address { street: "Kai 1".to_owned(), moved: instant("2020-02-29T23:59:59.999Z") }),
        scores: Some(vec![1.0, -2.5]),
        extra: Some(json!({ "list": [1, "two", true], "map": { "k": 1.5 } })),
        created: moment(),
        updated: moment(),
    }
}

fn bare() -> Account {
    Account {
        name: "bare".to_owned(),
        balance: 0.0,
        active: false,
        plan: Plan::Free,
        opened: instant("2024-05-06T07:08:09Z"),
        closed: None,
        expires: None,
        logo: None,
        tags: [].into(),
        address: None,
        scores: None,
        extra: None,
        ..acme()
    }
}

fn changed() -> Account {
    Account {
        active: false,
        balance: 15.0,
        closed: Some(instant("2025-02-02T02:02:02.020Z")),
        address: Some(Address { street: "Weg 2".to_owned(), moved: instant("2020-02-29T23:59:59.999Z") }),
        ..acme()
    }
}

fn users() -> [User; 2] {
    [(42, "Ada@example.org", None), (7, "bob@example.org", Some("second"))].map(|(number, email, note)| {
        User {
            account: "Acme".to_owned(),
            number,
            email: email.to_owned(),
            note: note.map(str::to_owned),
            created: moment(),
            updated: moment(),
        }
    })
}

fn visits() -> [Visit; 3] {
    [
        ("start", "2024-05-06T07:08:09Z", 1),
        ("start", "2024-05-06T07:08:09.123Z", 2),
        ("end", "2024-05-07T00:00:00Z", 3),
    ]
    .map(|(page, at, rank)| Visit {
        account: "Acme".to_owned(),
        page: page.to_owned(),
        at: instant(at),
        rank,
        created: moment(),
        updated: moment(),
    })
}

fn events() -> [Event; 2] {
    let event = |at, seen, text: &str| Event {
        source: "press".to_owned(),
        at,
        seen,
        text: text.to_owned(),
        created_at: moment(),
        updated_at: moment(),
    };
    [
        event(instant("2024-05-06T07:08:09.123Z"), Some(instant("2024-05-06T07:08:10Z")), "started"),
        event(instant("2024-05-06T07:08:10Z"), None, "stopped"),
    ]
}

fn seen_later() -> Option<Timestamp> {
    Some(instant("2024-05-06T07:08:11.001Z"))
}
