//! Fields that are declared once, as a mixin, and had by many models; methods of the application's own; models to and from JSON.

use std::collections::BTreeSet;

use dynamorm::{AttributeValue, Condition, Error, Model, Operations, Timestamp, Update};
use end_to_end::connector::recorded;
use serde_json::json;

pub mod models {
    dynamorm::include_models!("shared_fields");
}

use models::{
    Article, Audited, Badge, Essay, Note, Person, Published, Reviewed, State, TABLES, Ticket, Timestamps,
    audited, reviewed, timestamps,
};

#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Origin(String);

pub fn origin() -> Origin {
    Origin("here".to_owned())
}

pub fn rank() -> u16 {
    12
}

pub fn badge() -> Badge {
    Badge::Gold { grade: 1, from: None, until: None }
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn article(id: &str) -> Article {
    Article::builder().id(id).title("A").created_at(instant("2024-03-01T00:00:00Z")).build().unwrap()
}

fn person() -> Person {
    Person::builder().name("Ada").created_at(instant("2024-01-01T00:00:00Z")).build().unwrap()
}

fn read<T: dynamorm::serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).unwrap()
}

/// Business methods are the user's own code, beside the declarations.
impl Article {
    fn is_new(&self) -> bool {
        self.state == State::New
    }
}

/// Works on whatever has the fields.
fn touch(value: &mut impl Timestamps, now: Timestamp) {
    *value.updated_at_mut() = Some(now);
}

fn latest<'a>(values: impl IntoIterator<Item = &'a dyn Timestamps>) -> Option<Timestamp> {
    values.into_iter().map(|value| value.updated_at().unwrap_or(*value.created_at())).max()
}

#[test]
fn a_function_works_on_every_model_that_has_the_fields() {
    let now = instant("2024-05-01T00:00:00Z");
    let (mut article, person) = (article("1"), person());

    touch(&mut article, now);

    assert_eq!(article.updated_at, Some(now));
    assert_eq!(latest([&article as &dyn Timestamps, &person]), Some(now));
}

#[tokio::test]
async fn a_condition_and_an_update_can_be_written_for_whatever_has_the_fields() {
    fn made_by<M: Timestamps>(now: Timestamp) -> Condition<M> {
        timestamps::created_at().le(now)
    }
    fn stamped<M: Model + Timestamps>(update: Update<M>, now: Timestamp) -> Update<M> {
        update.set(timestamps::updated_at(), Some(now))
    }
    let db = test_support::client().await;
    db.create_tables(TABLES).await.unwrap();
    let now = instant("2024-05-01T00:00:00Z");
    article("1").put().send(&db).await.unwrap();
    person().put().send(&db).await.unwrap();

    stamped(Article::update("1"), now).when(made_by(now)).send(&db).await.unwrap();
    stamped(Person::update("Ada"), now).when(made_by(now)).send(&db).await.unwrap();

    let articles = Article::scan().filter(made_by(now)).items(&db).all().await.unwrap();
    let people = Person::scan().filter(timestamps::updated_at().eq(now)).items(&db).all().await.unwrap();
    assert_eq!((articles[0].updated_at, people[0].updated_at), (Some(now), Some(now)));
}

#[test]
fn a_mixin_brings_the_fields_of_those_that_it_names_once_and_in_order() {
    let created_at = instant("2024-01-01T00:00:00Z");
    let built = Essay::builder().id("1").publisher("P").created_at(created_at).build().unwrap();

    let written =
        Essay { id: "1".into(), publisher: "P".into(), created_at, updated_at: None, reviewer: None };
    assert_eq!(built, written);
    assert!(format!("{built:?}").find("publisher") < format!("{built:?}").find("created_at"));
}

#[test]
fn what_has_a_mixin_has_those_that_it_names() {
    fn summary(value: &impl Published) -> (Timestamp, Option<&str>, &str) {
        (*value.created_at(), value.reviewer().as_deref(), value.publisher())
    }
    fn unreviewed<M: Reviewed>(now: Timestamp) -> Condition<M> {
        reviewed::reviewer().not_exists() & timestamps::created_at().le(now)
    }
    let created_at = instant("2024-01-01T00:00:00Z");
    let mut essay = Essay::builder().id("1").publisher("P").created_at(created_at).build().unwrap();

    touch(&mut essay, created_at);

    assert_eq!(summary(&essay), (created_at, None, "P"));
    assert_eq!(essay.updated_at, Some(created_at));
    let _: Condition<Essay> = unreviewed(created_at);
}

#[tokio::test]
async fn a_handle_of_a_shared_field_has_its_rules_wherever_it_leads() {
    let (db, record) = recorded(&test_support::client().await);

    let update = Article::update("1")
        .set(audited::changed_by(), "")
        .set(Article::NOTES.at(0).field(audited::changed_by()), "");
    let error = update.send(&db).await.unwrap_err();

    let of_rules = error.violations().iter().filter(|violation| violation.code() == Some("length"));
    let paths: Vec<_> = of_rules.map(|violation| violation.path()).collect();
    assert_eq!(paths, ["changed_by", "notes[0].changed_by"]);
    assert!(record.sent().is_empty());
}

#[test]
fn a_type_has_shared_fields_as_a_model_has() {
    fn origin_of(value: &impl Audited) -> (&str, u8) {
        (&value.origin().0, *value.r#type())
    }
    let note = Note::builder().text("n").r#type(1).build().unwrap();

    assert_eq!(origin_of(&note), ("here", 1));
    assert_eq!(origin_of(&article("1")), ("here", 7));
}

#[test]
fn methods_of_the_users_own_stand_beside_the_generated_ones() {
    assert!(article("1").is_new());
}

#[test]
fn shared_fields_stand_behind_a_models_own_in_the_order_of_its_mixins() {
    let text = serde_json::to_string(&article("1")).unwrap();

    let names = ["id", "title", "notes", "created_at", "changed_by", "origin", "type", "state"];
    let places: Vec<_> = names.iter().map(|name| text.find(&format!("\"{name}\"")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn the_rules_of_a_shared_field_hold_wherever_it_is() {
    let paths = |error: Error| -> Vec<String> {
        error.violations().iter().map(|violation| violation.path().to_owned()).collect()
    };
    let note = Note { changed_by: String::new(), ..Note::builder().text("n").build().unwrap() };
    let article = Article { changed_by: String::new(), notes: vec![note], ..article("1") };

    assert_eq!(paths(article.validate().unwrap_err()), ["notes[0].changed_by", "changed_by"]);
}

#[tokio::test]
async fn a_shared_field_is_stored_updated_and_queried_as_any_other() {
    let db = test_support::client().await;
    db.create_tables(TABLES).await.unwrap();
    for id in ["1", "2"] {
        article(id).put().send(&db).await.unwrap();
    }

    let now = instant("2024-05-01T00:00:00Z");
    let update = Article::update("1").set(Article::UPDATED_AT, Some(now)).set(Article::CHANGED_BY, "Ada");
    update.when(Article::STATE.eq(State::New)).send(&db).await.unwrap();

    let found = Article::by_changer("Ada").created_at().le(now).items(&db).all().await.unwrap();
    let expected = Article { updated_at: Some(now), changed_by: "Ada".to_owned(), ..article("1") };
    assert_eq!(found, [expected]);
}

#[tokio::test]
async fn attributes_that_a_model_does_not_know_are_no_error() {
    let db = test_support::client().await;
    db.create_tables(TABLES).await.unwrap();
    let mut item = article("1").to_item().unwrap();
    item.insert("unknown".to_owned(), AttributeValue::Bool(true));
    let put = db.sdk().put_item().table_name(db.table_name(&models::tables::ARTICLES));
    put.set_item(Some(item.clone().into_iter().collect())).send().await.unwrap();

    assert_eq!(Article::get("1").consistent().send(&db).await.unwrap(), Some(article("1")));
    assert_eq!(Article::from_item(item).unwrap(), article("1"));
}

#[test]
fn a_model_becomes_an_attribute_map_and_comes_back() {
    let person = Person { nickname: None, ..person() };

    let item = person.to_item().unwrap();

    assert_eq!(item["name"], AttributeValue::S("Ada".to_owned()));
    assert_eq!(item["Nick Name"], AttributeValue::Null(true));
    assert_eq!(Person::from_item(person.clone().into_item().unwrap()).unwrap().points, person.points);
}

#[tokio::test]
async fn what_is_put_is_read_back_though_another_value_is_the_default() {
    let db = test_support::client().await;
    db.create_tables(TABLES).await.unwrap();
    let bare = Person { nickname: None, pets: [].into(), ..person() };

    bare.put().send(&db).await.unwrap();

    assert_eq!(Person::get("Ada").consistent().send(&db).await.unwrap(), Some(bare));
}

#[tokio::test]
async fn what_is_saved_is_read_back_though_another_value_is_the_default() {
    let db = test_support::client().await;
    db.create_tables(TABLES).await.unwrap();
    person().put().send(&db).await.unwrap();
    let mut tracked = Person::get("Ada").consistent().send(&db).await.unwrap().unwrap().tracked();
    tracked.nickname = None;
    tracked.pets.clear();

    tracked.save().send(&db).await.unwrap();

    let saved = tracked.into_inner();
    assert_eq!(Person::get("Ada").consistent().send(&db).await.unwrap(), Some(saved));
}

#[tokio::test]
async fn what_an_update_sets_is_read_back_though_another_value_is_the_default() {
    let db = test_support::client().await;
    db.create_tables(TABLES).await.unwrap();
    person().put().send(&db).await.unwrap();

    let update = Person::update("Ada").set(Person::NICKNAME, None).set(Person::PETS, BTreeSet::new());
    update.send(&db).await.unwrap();
    let set = Person::get("Ada").consistent().send(&db).await.unwrap().unwrap();
    Person::update("Ada").remove(Person::NICKNAME).send(&db).await.unwrap();
    let removed = Person::get("Ada").consistent().send(&db).await.unwrap().unwrap();

    assert_eq!((set.nickname, set.pets), (None, [].into()));
    assert_eq!(removed.nickname.as_deref(), Some("-"));
}

#[tokio::test]
async fn a_set_of_which_the_last_member_is_taken_is_read_as_empty_though_it_has_a_default() {
    let db = test_support::client().await;
    db.create_tables(TABLES).await.unwrap();
    person().put().send(&db).await.unwrap();

    Person::update("Ada").delete_from(Person::PETS, ["cat"]).send(&db).await.unwrap();

    let selected = Person::get("Ada").consistent().select(Person::PETS).send(&db).await.unwrap();
    assert_eq!(selected, Some([].into()));
    assert_eq!(Person::get("Ada").consistent().send(&db).await.unwrap().unwrap().pets, [].into());
}

#[test]
fn a_missing_attribute_is_read_as_its_default_and_a_missing_set_as_empty() {
    let mut item = person().to_item().unwrap();
    item.remove("Nick Name");
    item.remove("pets");

    let read = Person::from_item(item).unwrap();

    assert_eq!((read.nickname.as_deref(), read.pets), (Some("-"), [].into()));
}

#[test]
fn a_model_becomes_json_and_comes_back() {
    for article in
        [article("1"), Article { notes: vec![Note::builder().text("n").build().unwrap()], ..article("2") }]
    {
        let text = serde_json::to_string(&article).unwrap();
        assert_eq!(serde_json::from_str::<Article>(&text).unwrap(), article);
    }
}

#[test]
fn json_by_attribute_names_uses_the_stored_names() {
    let json = serde_json::to_value(person()).unwrap();

    assert_eq!(json["Nick Name"], "-");
    assert_eq!(serde_json::from_value::<Person>(json).unwrap(), person());
}

#[test]
fn what_json_leaves_out_gets_its_declared_default() {
    let json = json!({ "name": "Ada", "created_at": "2024-01-01T00:00:00Z" });

    let read: Person = serde_json::from_value(json).unwrap();

    assert_eq!(read, person());
    assert_eq!((read.nickname.as_deref(), read.rank, read.points), (Some("-"), 12, 0));
    assert_eq!(read.pets, ["cat".to_owned()].into());
    assert_eq!(read.badge, Badge::Gold { grade: 1, from: None, until: None });
}

#[test]
fn what_json_leaves_out_of_a_nested_value_gets_its_declared_default() {
    let json = json!({
        "id": "1",
        "title": "A",
        "created_at": "2024-03-01T00:00:00Z",
        "notes": [{ "text": "n" }],
        "unknown": 1,
    });

    let read: Article = serde_json::from_value(json).unwrap();

    assert_eq!(read, Article { notes: vec![Note::builder().text("n").build().unwrap()], ..article("1") });
    let badge: Badge = serde_json::from_value(json!({ "Gold": {} })).unwrap();
    assert_eq!(badge, Badge::Gold { grade: 3, from: None, until: Some(2030) });
}

#[test]
fn what_json_leaves_out_is_generated_as_when_a_value_is_built() {
    let (first, second): (Ticket, Ticket) = (read(json!({})), read(json!({})));

    assert_ne!(first.id, second.id);
    assert!(first.created_at > instant("2024-01-01T00:00:00Z"));
    assert_eq!((first.version, first.updated_at), (0, None));
    assert_eq!(read::<Ticket>(serde_json::to_value(&first).unwrap()), first);
}

#[test]
fn an_optional_value_without_one_stays_without_one_though_it_has_a_default() {
    let nameless = Person { nickname: None, ..person() };

    let json = serde_json::to_value(&nameless).unwrap();

    assert_eq!(json["Nick Name"], json!(null));
    assert_eq!(serde_json::from_value::<Person>(json).unwrap(), nameless);
}

#[test]
fn what_json_leaves_out_and_nothing_stands_for_is_an_error() {
    let error = serde_json::from_value::<Article>(json!({ "id": "1" })).unwrap_err();

    assert!(error.to_string().contains("missing field `title`"), "{error}");
}
