//! Entries of indexes by condition: the keys are there exactly while the condition holds, whatever writes.

use std::str::FromStr;

use dynamorm::{Client, Date, Item, Operations, batch_write, transaction};

use crate::models::{
    Article, Job, JobUnpaidOfKey, Parcel, ParcelState, Recipe, WorkOrder, WorkOrderOpenOfKey, WorkStatus,
    tables,
};
use crate::{database, s};

fn order(number: u32, status: WorkStatus) -> WorkOrder {
    WorkOrder { shop: "north".to_owned(), number, status, note: None, total: 5 }
}

fn recipe(owner: &str, copy_of: Option<&str>) -> Recipe {
    Recipe {
        owner: owner.to_owned(),
        name: "soup".to_owned(),
        copy_of: copy_of.map(str::to_owned),
        text: "Boil.".to_owned(),
    }
}

fn job() -> Job {
    Job {
        id: 7,
        team: "blue".to_owned(),
        level: 3,
        is_done: false,
        place: "yard".to_owned(),
        bill: Some("sent".to_owned()),
        waits_for: None,
        note: None,
    }
}

fn parcel() -> Parcel {
    Parcel { id: 1, place: "Bern".to_owned(), is_lost: false, due_on: None, state: ParcelState::Packed }
}

fn day(text: &str) -> Date {
    Date::from_str(text).unwrap()
}

/// What is stored under the key of an item.
async fn raw(db: &Client, item: &Item) -> Option<Item> {
    let key = ["pk", "sk"].map(|name| (name.to_owned(), item[name].clone()));
    let request = db.sdk().get_item().table_name(db.table_name(&tables::WORKSHOP)).consistent_read(true);
    request.set_key(Some(key.into())).send().await.unwrap().item
}

/// What is stored is what a put of the value stores, and nothing besides.
async fn assert_stored<M: dynamorm::Model>(db: &Client, value: &M, after: &str) {
    let wanted = value.to_item().unwrap();
    assert_eq!(raw(db, &wanted).await, Some(wanted), "{after}");
}

async fn open(db: &Client) -> Vec<u32> {
    let orders = WorkOrder::open_of("north").items(db).all().await.unwrap();
    orders.iter().map(|order| order.number).collect()
}

#[tokio::test]
async fn an_item_is_in_the_index_while_its_condition_holds() {
    let (db, log) = database(&tables::WORKSHOP).await;
    let stored = order(1, WorkStatus::Open).to_item().unwrap();
    assert_eq!((&stored["gsi1pk"], &stored["gsi1sk"]), (&s("OPEN#north"), &s("ORDER#0000000001")));
    let stored = order(1, WorkStatus::Held).to_item().unwrap();
    assert_eq!((stored.get("gsi1pk"), stored.get("gsi1sk")), (None, None));
    let key = WorkOrderOpenOfKey { shop: "north".to_owned(), number: 1 };
    assert_eq!(order(1, WorkStatus::Open).open_of_key(), Some(key));
    assert_eq!(order(1, WorkStatus::Done).open_of_key(), None);

    for (number, status) in [(1, WorkStatus::Open), (2, WorkStatus::Held), (3, WorkStatus::Open)] {
        order(number, status).put().send(&db).await.unwrap();
    }
    assert_eq!(open(&db).await, [1, 3]);
    // From and to, in one request each.
    log.clear();
    let close = WorkOrder::update(("north", 1)).set(WorkOrder::STATUS, WorkStatus::Done);
    close.send(&db).await.unwrap();
    WorkOrder::update(("north", 2)).set(WorkOrder::STATUS, WorkStatus::Open).send(&db).await.unwrap();
    log.assert_operations(&["UpdateItem", "UpdateItem"]);
    assert_eq!(open(&db).await, [2, 3]);
    assert_stored(&db, &order(1, WorkStatus::Done), "update out of the index").await;
    assert_stored(&db, &order(2, WorkStatus::Open), "update into the index").await;
    // What decides nothing leaves the keys alone.
    WorkOrder::update(("north", 2))
        .add(WorkOrder::TOTAL, 1)
        .set(WorkOrder::NOTE, "n")
        .send(&db)
        .await
        .unwrap();
    assert_eq!(open(&db).await, [2, 3]);
    // A put takes the keys away that the item before it had.
    order(3, WorkStatus::Held).put().send(&db).await.unwrap();
    assert_eq!(open(&db).await, [2]);
    assert_stored(&db, &order(3, WorkStatus::Held), "put").await;
    let change = WorkOrder::update(("north", 3)).set(WorkOrder::STATUS, WorkStatus::Open);
    let close = WorkOrder::update(("north", 2)).set(WorkOrder::STATUS, WorkStatus::Done);
    let put = order(4, WorkStatus::Open);
    transaction().update(change).update(close).put(put.put()).send(&db).await.unwrap();
    assert_eq!(open(&db).await, [3, 4]);
    batch_write().put(&order(4, WorkStatus::Done)).put(&order(5, WorkStatus::Open)).send(&db).await.unwrap();
    assert_eq!(open(&db).await, [3, 5]);
    assert_stored(&db, &order(4, WorkStatus::Done), "batch").await;
    WorkOrder::delete(("north", 3)).send(&db).await.unwrap();
    assert_eq!(open(&db).await, [5]);
    let scanned = WorkOrder::scan_open_of().items(&db).all().await.unwrap();
    assert_eq!(scanned, [order(5, WorkStatus::Open)]);
}

/// Changes a field by an update and by a save, and compares each with a fresh put.
macro_rules! changed {
    ($model:ident, $initial:expr, $($field:ident = $value:expr => |$update:ident| $change:expr;)*) => { $({
        let (db, _) = database(&tables::WORKSHOP).await;
        let mut expected = $initial;
        expected.put().send(&db).await.unwrap();
        let $update = $model::update(&expected);
        $change.send(&db).await.unwrap();
        expected.$field = $value;
        assert_stored(&db, &expected, concat!("update of ", stringify!($field = $value))).await;

        let initial = $initial;
        initial.put().send(&db).await.unwrap();
        let mut tracked = initial.tracked();
        tracked.$field = $value;
        tracked.save().send(&db).await.unwrap();
        assert_stored(&db, &expected, concat!("save of ", stringify!($field = $value))).await;
    })* };
}

#[tokio::test]
async fn every_field_of_an_order() {
    changed!(WorkOrder, order(1, WorkStatus::Open),
        status = WorkStatus::Held => |update| update.set(WorkOrder::STATUS, WorkStatus::Held);
        status = WorkStatus::Done => |update| update.set(WorkOrder::STATUS, WorkStatus::Done);
        note = Some("late".to_owned()) => |update| update.set(WorkOrder::NOTE, "late");
        total = 7 => |update| update.add(WorkOrder::TOTAL, 2);
    );
    changed!(WorkOrder, order(1, WorkStatus::Done),
        status = WorkStatus::Open => |update| update.set(WorkOrder::STATUS, WorkStatus::Open);
        status = WorkStatus::Held => |update| update.set(WorkOrder::STATUS, WorkStatus::Held);
    );
}

#[tokio::test]
async fn every_field_of_a_recipe() {
    changed!(Recipe, recipe("ada", None),
        copy_of = Some("bob".to_owned()) => |update| update.set(Recipe::COPY_OF, "bob");
        text = "Fry.".to_owned() => |update| update.set(Recipe::TEXT, "Fry.");
    );
    changed!(Recipe, recipe("ada", Some("bob")),
        copy_of = Some("eve".to_owned()) => |update| update.set(Recipe::COPY_OF, "eve");
        copy_of = None => |update| update.set(Recipe::COPY_OF, None);
        copy_of = None => |update| update.remove(Recipe::COPY_OF);
    );
}

#[tokio::test]
async fn every_field_of_a_job() {
    type Change = fn(&mut Job);
    let changes: [(&str, Change); 12] = [
        ("urgent by its level", |job| job.level = 2),
        ("no longer urgent", |job| job.level = 9),
        ("urgent by its place", |job| job.place = "it's urgent".to_owned()),
        ("of another team", |job| job.team = "red".to_owned()),
        ("waits for nothing urgent", |job| job.place = "shed".to_owned()),
        ("waits", |job| job.waits_for = Some("paint".to_owned())),
        ("waits elsewhere", |job| job.place = "yard".to_owned()),
        ("done", |job| job.is_done = true),
        ("paid", |job| job.bill = Some("paid".to_owned())),
        ("no bill", |job| job.bill = None),
        ("billed", |job| job.bill = Some("b2".to_owned())),
        ("nowhere", |job| job.place = String::new()),
    ];
    let (db, _) = database(&tables::WORKSHOP).await;
    let mut wanted = job();
    wanted.put().send(&db).await.unwrap();
    // By updates, each of which knows all that decides.
    for (name, change) in changes {
        change(&mut wanted);
        let key = Job::team_and_is_done_and_level_and_place_and_waits_for_and_bill(
            wanted.team.as_str(),
            wanted.is_done,
            wanted.level,
            wanted.place.as_str(),
            wanted.waits_for.clone(),
            wanted.bill.clone(),
        );
        Job::update(7).set_key(key).send(&db).await.unwrap();
        assert_stored(&db, &wanted, name).await;
    }
    // By saves.
    let mut wanted = job();
    wanted.put().send(&db).await.unwrap();
    for (name, change) in changes {
        let mut tracked = Job::get(7).send(&db).await.unwrap().unwrap().tracked();
        change(&mut tracked);
        change(&mut wanted);
        tracked.save().send(&db).await.unwrap();
        assert_stored(&db, &wanted, name).await;
    }
}

#[tokio::test]
async fn the_first_case_that_holds_is_the_one() {
    let (db, _) = database(&tables::WORKSHOP).await;
    let keys = |job: &Job| {
        let item = job.to_item().unwrap();
        [item.get("gsi1pk").cloned(), item.get("gsi1sk").cloned()]
    };
    let mut job = job();
    assert_eq!(keys(&job), [None, None]);
    job.waits_for = Some("paint".to_owned());
    assert_eq!(keys(&job), [Some(s("WAITS#paint#blue")), Some(s("AT#yard"))]);
    assert!(job.waiting_for_key().is_some() && job.urgent_of_key().is_none());
    job.level = 1;
    assert_eq!(keys(&job), [Some(s("URGENT#blue")), Some(s("001"))]);
    assert!(job.waiting_for_key().is_none() && job.urgent_of_key().is_some());
    job.is_done = true;
    assert_eq!(keys(&job), [Some(s("BILL#blue")), Some(s("sent#0000000007"))]);
    let key = JobUnpaidOfKey { team: "blue".to_owned(), bill: "sent".to_owned(), id: 7 };
    assert_eq!(job.unpaid_of_key(), Some(key));
    job.put().send(&db).await.unwrap();
    assert_eq!(Job::unpaid_of("blue").items(&db).all().await.unwrap(), [job.clone()]);
    assert_eq!(Job::urgent_of("blue").count(&db).await.unwrap(), 0);
    job.bill = Some("waived".to_owned());
    assert_eq!((keys(&job), job.unpaid_of_key()), ([None, None], None));
}

#[tokio::test]
async fn each_case_has_a_query_of_its_own() {
    let (db, log) = database(&tables::WORKSHOP).await;
    let original = recipe("ada", None);
    let copies = [recipe("bob", Some("ada")), recipe("eve", Some("ada"))];
    original.put().send(&db).await.unwrap();
    batch_write().put(&copies[0]).put(&copies[1]).send(&db).await.unwrap();
    log.clear();
    assert_eq!(Recipe::copies_of("ada").items(&db).all().await.unwrap(), copies);
    assert_eq!(Recipe::originals_of("ada").items(&db).all().await.unwrap(), [original]);
    assert_eq!(Recipe::originals_of("bob").count(&db).await.unwrap(), 0);
    log.assert_operations(&["Query", "Query", "Query"]);
    // A copy becomes an original.
    Recipe::update(&copies[0]).remove(Recipe::COPY_OF).send(&db).await.unwrap();
    assert_eq!(Recipe::copies_of("ada").items(&db).all().await.unwrap(), copies[1..]);
    assert_eq!(Recipe::originals_of("bob").items(&db).all().await.unwrap(), [recipe("bob", None)]);
}

#[tokio::test]
async fn every_write_stamps_a_sort_key_and_the_condition_decides_about_the_partition() {
    let (db, _) = database(&tables::WORKSHOP).await;
    let mut article = Article::builder().id(1).author("ada").build().unwrap();
    article.put().send(&db).await.unwrap();
    assert_stored(&db, &article, "put").await;
    assert_eq!(Article::latest_of("ada").count(&db).await.unwrap(), 0);
    let publish = Article::update(1).set_key(Article::author_and_is_public("ada", true)).return_new();
    let mut article = publish.send(&db).await.unwrap();
    assert_stored(&db, &article, "published").await;
    assert_eq!(Article::latest_of("ada").items(&db).all().await.unwrap(), [article.clone()]);
    article.is_public = false;
    article.put().send(&db).await.unwrap();
    assert_stored(&db, &article, "put back").await;
    assert_eq!(Article::latest_of("ada").count(&db).await.unwrap(), 0);
    let mut tracked = Article::get(1).send(&db).await.unwrap().unwrap().tracked();
    tracked.is_public = true;
    tracked.save().send(&db).await.unwrap();
    let stored = Article::get(1).send(&db).await.unwrap().unwrap();
    assert_stored(&db, &stored, "saved").await;
    assert_eq!(Article::latest_of("ada").items(&db).all().await.unwrap(), [stored]);
}

#[tokio::test]
async fn every_field_of_a_parcel() {
    let due = || Parcel { due_on: Some(day("2026-03-01")), ..parcel() };
    changed!(Parcel, due(),
        due_on = Some(day("2026-03-02")) => |update| update.set_key(Parcel::due_on_and_state(day("2026-03-02"), ParcelState::Packed));
        due_on = None => |update| update.set_key(Parcel::due_on_and_state(None, ParcelState::Packed));
        state = ParcelState::Delivered => |update| update.set_key(Parcel::due_on_and_state(day("2026-03-01"), ParcelState::Delivered));
        state = ParcelState::Sent => |update| update.set_key(Parcel::due_on_and_state(day("2026-03-01"), ParcelState::Sent));
        is_lost = true => |update| update.set_key(Parcel::place_and_is_lost("Bern", true));
        place = "Chur".to_owned() => |update| update.set_key(Parcel::place_and_is_lost("Chur", false));
    );
    let delivered = || Parcel { state: ParcelState::Delivered, is_lost: true, ..due() };
    changed!(Parcel, delivered(),
        state = ParcelState::Sent => |update| update.set_key(Parcel::due_on_and_state(day("2026-03-01"), ParcelState::Sent));
        is_lost = false => |update| update.set_key(Parcel::place_and_is_lost("Bern", false));
        place = "Chur".to_owned() => |update| update.set_key(Parcel::place_and_is_lost("Chur", true));
    );
}

#[tokio::test]
async fn what_an_index_keeps_is_read_by_its_condition() {
    let (db, _) = database(&tables::WORKSHOP).await;
    Parcel { is_lost: true, ..parcel() }.put().send(&db).await.unwrap();
    Parcel { id: 2, ..parcel() }.put().send(&db).await.unwrap();
    let lost = Parcel::lost_in("Bern").items(&db).all().await.unwrap();
    assert_eq!(lost.iter().map(|parcel| (parcel.id, parcel.is_lost)).collect::<Vec<_>>(), [(1, true)]);
    assert_eq!(lost[0].hydrate().send(&db).await.unwrap(), Some(Parcel { is_lost: true, ..parcel() }));
}

/// A key that another program left behind where the condition does not hold is an error of that item, in the index alone.
#[tokio::test]
async fn a_stale_key_is_an_error_of_its_item() {
    let (db, _) = database(&tables::WORKSHOP).await;
    let put = async |item: Item| {
        let request = db.sdk().put_item().table_name(db.table_name(&tables::WORKSHOP));
        request.set_item(Some(item)).send().await.unwrap();
    };
    let mut stale = order(1, WorkStatus::Open).to_item().unwrap();
    stale.extend(order(1, WorkStatus::Done).to_item().unwrap());
    assert_eq!(stale["gsi1pk"], s("OPEN#north"));
    put(stale).await;
    let error = WorkOrder::open_of("north").items(&db).all().await.unwrap_err();
    assert!(error.is_item_error(), "{error}");
    assert!(error.to_string().contains("gsi1pk"), "{error}");
    let read = WorkOrder::get(("north", 1)).send(&db).await.unwrap();
    assert_eq!(read, Some(order(1, WorkStatus::Done)));
    // Any write that decides mends it.
    WorkOrder::update(("north", 1)).set(WorkOrder::STATUS, WorkStatus::Held).send(&db).await.unwrap();
    assert_stored(&db, &order(1, WorkStatus::Held), "mended").await;

    let mut lost = Parcel { is_lost: true, ..parcel() }.to_item().unwrap();
    lost.extend(parcel().to_item().unwrap());
    put(lost).await;
    let error = Parcel::lost_in("Bern").items(&db).all().await.unwrap_err();
    assert!(error.is_item_error(), "{error}");

    // Keys that are missing are no error.
    let mut absent = order(2, WorkStatus::Open).to_item().unwrap();
    absent.remove("gsi1pk");
    put(absent).await;
    let read = WorkOrder::get(("north", 2)).send(&db).await.unwrap();
    assert_eq!(read, Some(order(2, WorkStatus::Open)));

    // A copy that stands where originals do.
    let mut copy = recipe("ada", Some("bob")).to_item().unwrap();
    for (name, value) in recipe("ada", None).to_item().unwrap() {
        if name.starts_with("gsi1") {
            copy.insert(name, value);
        }
    }
    put(copy).await;
    let error = Recipe::originals_of("ada").items(&db).all().await.unwrap_err();
    assert!(error.is_item_error(), "{error}");
}

/// What one client decides by and another changes meanwhile is not mixed.
#[tokio::test]
async fn a_save_demands_what_decides() {
    let (db, _) = database(&tables::WORKSHOP).await;
    let initial = job();
    initial.put().send(&db).await.unwrap();
    let mut tracked = initial.tracked();
    Job { is_done: true, ..job() }.put().send(&db).await.unwrap();
    tracked.level = 1;
    let error = tracked.save().send(&db).await.unwrap_err();
    assert!(error.is_conflict(), "{error}");
    assert_stored(&db, &Job { is_done: true, ..job() }, "refused").await;
}

/// Every combination of what the conditions of a job look at.
fn every_job() -> Vec<Job> {
    let mut jobs = Vec::new();
    for (level, is_done) in [(1, false), (1, true), (3, false), (3, true)] {
        for place in ["", "yard", "it's urgent"] {
            for bill in [None, Some("paid"), Some("sent")] {
                for waits_for in [None, Some("paint")] {
                    let (place, bill) = (place.to_owned(), bill.map(str::to_owned));
                    jobs.push(Job {
                        level,
                        is_done,
                        place,
                        bill,
                        waits_for: waits_for.map(str::to_owned),
                        ..job()
                    });
                }
            }
        }
    }
    jobs
}

#[tokio::test]
async fn whatever_a_job_becomes_it_is_found_by_the_case_that_holds() {
    let (db, _) = database(&tables::WORKSHOP).await;
    let jobs = every_job();
    for (number, wanted) in jobs.iter().enumerate() {
        for before in jobs.iter().skip(number % 7).step_by(7) {
            before.put().send(&db).await.unwrap();
            let key = Job::team_and_is_done_and_level_and_place_and_waits_for_and_bill(
                wanted.team.as_str(),
                wanted.is_done,
                wanted.level,
                wanted.place.as_str(),
                wanted.waits_for.clone(),
                wanted.bill.clone(),
            );
            Job::update(7).set_key(key).send(&db).await.unwrap();
            assert_stored(&db, wanted, &format!("update of {before:?}")).await;
            before.put().send(&db).await.unwrap();
            let mut tracked = before.clone().tracked();
            *tracked = wanted.clone();
            tracked.save().send(&db).await.unwrap();
            assert_stored(&db, wanted, &format!("save of {before:?}")).await;
        }
        let urgent = Job::urgent_of("blue").items(&db).all().await.unwrap();
        let waiting = Job::waiting_for("paint", "blue").items(&db).all().await.unwrap();
        let unpaid = Job::unpaid_of("blue").items(&db).all().await.unwrap();
        let is_urgent = !wanted.is_done && (wanted.level < 3 || wanted.place == "it's urgent");
        let waits = !wanted.is_done && !is_urgent && wanted.waits_for.is_some();
        let is_unpaid = wanted.is_done && !wanted.place.is_empty() && wanted.bill.as_deref() == Some("sent");
        let expected =
            [is_urgent, waits, is_unpaid].map(|is_in| Vec::from_iter(is_in.then(|| wanted.clone())));
        assert_eq!([urgent, waiting, unpaid], expected);
        let keys = [
            wanted.urgent_of_key().is_some(),
            wanted.waiting_for_key().is_some(),
            wanted.unpaid_of_key().is_some(),
        ];
        assert_eq!(keys, [is_urgent, waits, is_unpaid]);
    }
}
