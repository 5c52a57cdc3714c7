//! What is declared sensitive is nowhere to be read: every value of a sensitive field is a canary, and what the runtime says of it is
//! searched for them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use ddb::{AttributeValue, Client, Decimal, Error, ErrorKind, Operations, Timestamp};
use strict::sensitive::{Account, Address, Card, Method, TABLES};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// In every text, and the digits of every number.
const CANARY: &str = "canary";
const DIGITS: i64 = 7_777_777;

/// Everything that was said.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl Said {
    fn add(&self, said: impl Into<String>) {
        self.0.lock().unwrap().push(said.into());
    }

    fn debug(&self, said: &impl Debug) {
        self.add(format!("{said:?} {said:#?}"));
    }

    fn error(&self, error: &Error) {
        self.debug(error);
        self.add(error.to_string());
        for violation in error.violations() {
            self.debug(violation);
            self.add(violation.to_string());
            self.debug(&violation.parameters().collect::<Vec<_>>());
        }
        self.add(error.garde_report().to_string());
        self.debug(&error.garde_report());
        self.add(error.validator_errors().to_string());
        self.debug(&error.validator_errors());
        error.cancellations().for_each(|(_, cause)| self.error(cause));
    }

    /// Fails where a canary is heard.
    fn check(&self) {
        let said = self.0.lock().unwrap();
        assert!(said.len() > 20, "too little was said: {said:?}");
        for text in said.iter() {
            assert!(!text.contains(CANARY) && !text.contains(&DIGITS.to_string()), "{text}");
        }
    }
}

/// Hears what spans say.
struct Listener(Said);

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dynamorm")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Heard(&self.0));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Heard(&self.0));
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Heard(&self.0));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Heard<'a>(&'a Said);

impl Visit for Heard<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.add(format!("{field} = {value:?}"));
    }
}

fn text(rest: &str) -> String {
    format!("{CANARY}-{rest}")
}

fn account() -> Account {
    Account {
        id: "1".to_owned(),
        city: "Ulm".to_owned(),
        password: text("is a long password"),
        pin: Some(Decimal::from(DIGITS)),
        codes: BTreeSet::from([text("code")]),
        answers: BTreeMap::new(),
        born: Some(Timestamp::from_second(DIGITS).unwrap()),
        cards: vec![Card { brand: "Visa".to_owned(), number: text("4111") }],
        method: Some(Method::Cash),
        address: None,
    }
}

/// An account that every rule refuses.
fn refused() -> Account {
    Account {
        password: text("bad"),
        answers: BTreeMap::from([(text("question"), text("answer"))]),
        cards: vec![Card { brand: "Visa".to_owned(), number: text(&"1".repeat(40)) }],
        method: Some(Method::Transfer { iban: text("DE02") }),
        address: Some(Address { street: text("street") }),
        ..account()
    }
}

async fn database() -> Client {
    let db = Client::embedded().unwrap();
    db.create_tables(TABLES).await.unwrap();
    db
}

#[tokio::test]
async fn no_canary_is_heard() {
    let said = Said::default();
    let _guard = tracing::subscriber::set_default(Listener(said.clone()));
    let db = database().await;
    let (fine, refused) = (account(), refused());
    let finer = Timestamp::new(DIGITS, 5).unwrap();

    // Values and builders.
    said.debug(&fine);
    said.debug(&refused);
    said.debug(&fine.by_city_key());
    let builder = Account::builder().id("1").city("Ulm").password(text("is a long password")).cards([]);
    said.debug(&builder);
    said.debug(&fine.put());
    said.debug(&fine.clone().into_put().if_not_exists());
    said.debug(&fine.upsert().set(Account::PASSWORD, text("x")));
    let update = || Account::update("1").set(Account::PASSWORD, text("is a long password"));
    let condition = || Account::PASSWORD.eq(text("other")) & Account::CODES.contains(text("code"));
    said.debug(&update().when(condition()));
    said.debug(&condition());
    said.debug(&Account::scan().filter(condition()));
    said.debug(&ddb::batch_write().put(&fine));
    said.debug(&ddb::transaction().put(fine.put()).update(update()));
    said.debug(&fine.clone().tracked());

    // Errors.
    said.error(&refused.put().send(&db).await.unwrap_err());
    let errors = ddb::validator::Validate::validate(&refused).unwrap_err();
    said.debug(&errors);
    said.add(errors.to_string());
    said.error(&Account::builder().id("1").city("Ulm").password(text("bad")).cards([]).build().unwrap_err());
    said.error(&Account::update("1").set(Account::PASSWORD, text("bad")).send(&db).await.unwrap_err());
    said.error(&Account::update("1").set(Account::BORN, finer).send(&db).await.unwrap_err());
    let unfit = Account { born: Some(finer), ..account() };
    said.error(&unfit.put().send(&db).await.unwrap_err());
    said.error(&ddb::transaction().put(unfit.put()).send(&db).await.unwrap_err());
    said.error(&ddb::batch_write().put(&unfit).send(&db).await.unwrap_err());

    fine.put().send(&db).await.unwrap();
    let failed = update().when(condition()).send(&db).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::ConditionFailed);
    said.error(&failed);
    let cancelled = ddb::transaction().update(update().when(condition())).send(&db).await.unwrap_err();
    assert!(cancelled.is_cancelled());
    said.error(&cancelled);

    // What is stored is not what is declared.
    for (name, value) in [
        ("born", AttributeValue::N(format!("{DIGITS}.5"))),
        ("pin", AttributeValue::S(text("pin"))),
        ("answers", AttributeValue::M([(text("question"), AttributeValue::Bool(true))].into())),
    ] {
        let mut item = fine.to_item().unwrap();
        item.insert(name.to_owned(), value);
        db.sdk().put_item().table_name("accounts").set_item(Some(item)).send().await.unwrap();
        let error = Account::get("1").send(&db).await.unwrap_err();
        assert_eq!((error.kind(), error.attribute()), (ErrorKind::Item, Some(name)));
        said.error(&error);
    }
    said.check();
}

/// What rules say is kept as far as it does not tell of the value.
#[tokio::test]
async fn what_is_wrong_with_a_sensitive_value_is_told_by_attribute_and_rule() {
    let db = Client::embedded().unwrap();
    let error = refused().put().send(&db).await.unwrap_err();
    let told: Vec<_> = error.violations().iter().map(|one| (one.path(), one.code().unwrap_or(""))).collect();
    assert_eq!(
        told,
        [
            ("password", "length"),
            ("password", "custom"),
            ("answers", "length"),
            ("cards[0].number", "length"),
            ("method.transfer.iban", "length"),
            ("address", "length"),
        ]
    );
}

#[test]
fn debug_shows_the_fields_that_are_not_sensitive() {
    let shown = format!("{:?}", account());
    assert!(shown.contains("city: \"Ulm\"") && shown.contains("password: <sensitive>"), "{shown}");
    assert_eq!(format!("{:?}", Method::Transfer { iban: text("x") }), "Transfer { iban: <sensitive> }");
    let given = Account::builder().id("1").password(text("is long enough"));
    assert_eq!(format!("{given:?}"), "AccountBuilder({\"id\", \"password\"})");
}

/// The declared default of a sensitive field is in the code, where it must be, and not in what it says.
#[test]
fn documentation_says_no_sensitive_default() {
    let module = include_str!(concat!(env!("OUT_DIR"), "/dynamorm/sensitive/account.rs"));
    assert!(module.contains(CANARY));
    let documentation: Vec<_> = module.lines().filter(|line| line.trim_start().starts_with("///")).collect();
    assert!(documentation.iter().all(|line| !line.contains(CANARY)), "{documentation:?}");
}
