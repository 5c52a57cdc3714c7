//! Writes of models with a version.

use super::{operation, read};
use crate::models::{Account, Deed, Doc, Stamp};
use crate::operation::{Call, Operation, Report};
use dynamorm::Operations;

pub fn docs() -> Vec<Operation> {
    let mut all = versioned_docs();
    all.extend(unguarded_docs());
    all
}

pub fn stamps() -> Vec<Operation> {
    let mut all = versioned_stamps();
    all.extend(unguarded_stamps());
    all
}

pub fn deeds() -> Vec<Operation> {
    let mut all = versioned_deeds();
    all.extend(unguarded_deeds());
    all
}

fn deed(call: &Call) -> Deed {
    Deed { id: call.key().to_owned(), text: call.text(), note: None, count: 0, version: 0, write_id: None }
}

fn doc(call: &Call) -> Doc {
    Doc { id: call.key().to_owned(), text: call.text(), note: None, count: 0, version: 0 }
}

fn stamp(call: &Call) -> Stamp {
    let text = call.text();
    let changed_at = dynamorm::Timestamp::UNIX_EPOCH;
    Stamp { id: call.key().to_owned(), text, note: None, count: 0, changed_at, version: 0 }
}

/// An account whose login tells its key or is one that others want, too.
fn account(call: &Call) -> Account {
    let (id, text) = (call.key().to_owned(), call.text());
    Account { id, login: login(call), text, note: None, count: 0, version: 0 }
}

fn login(call: &Call) -> String {
    if call.number() == 1 { "shared".to_owned() } else { format!("own-{}-{}", call.key(), call.number()) }
}

/// What every model with a version, `text`, `note` and `count` can do.
macro_rules! versioned {
    ($function:ident, $M:ident, $name:literal, $new:ident) => {
        fn $function() -> Vec<Operation> {
            vec![
                operation!(concat!($name, ": put if not exists"), Once, [], call => {
                    let mut value = $new(&call);
                    let result = value.put().if_not_exists().send(&call.db).await;
                    Report::of(result).with_value(&value)
                }),
                operation!(concat!($name, ": put or get"), Once, [], call => {
                    let mut value = $new(&call);
                    match value.put().or_get().send(&call.db).await {
                        Ok(None) => Report::of(Ok(())).with_value(&value),
                        Ok(Some(_)) => Report::untried(),
                        Err(error) => Report::of(Err(error)),
                    }
                }),
                operation!(concat!($name, ": put new"), Once, [], call => {
                    let mut value = $new(&call);
                    let result = value.put().send(&call.db).await;
                    Report::of(result).with_value(&value)
                }),
                operation!(concat!($name, ": put what was read"), Once, ["text"], call => {
                    let mut value = read!($M::get(call.key()), call);
                    value.text = call.text();
                    let result = value.put().send(&call.db).await;
                    Report::of(result).with_value(&value)
                }),
                operation!(concat!($name, ": put what was read, when"), Once, ["text"], call => {
                    let mut value = read!($M::get(call.key()), call);
                    value.text = call.text();
                    let result = value.put().when($M::COUNT.le(2)).send(&call.db).await;
                    Report::of(result).with_value(&value)
                }),
                operation!(concat!($name, ": update, set"), OnceForEver, ["text"], call => {
                    Report::of($M::update(call.key()).set($M::TEXT, call.text()).send(&call.db).await)
                }),
                operation!(concat!($name, ": update, add"), OnceForEver, ["count"], call => {
                    Report::of($M::update(call.key()).add($M::COUNT, 1).send(&call.db).await)
                }),
                operation!(concat!($name, ": update, remove when"), OnceForEver, ["note"], call => {
                    let update = $M::update(call.key()).remove($M::NOTE);
                    Report::of(update.when($M::COUNT.lt(20)).send(&call.db).await)
                }),
                operation!(concat!($name, ": update, expect version, set"), Once, ["text"], call => {
                    let value = read!($M::get(call.key()), call);
                    let update = $M::update(call.key()).set($M::TEXT, call.text());
                    Report::of(update.expect_version(value.version).send(&call.db).await)
                }),
                operation!(concat!($name, ": update, expect version, add"), Once, ["count"], call => {
                    let value = read!($M::get(call.key()), call);
                    let update = $M::update(call.key()).add($M::COUNT, 1).expect_version(value.version);
                    match update.return_new().send(&call.db).await {
                        Ok(value) => Report::of(Ok(())).with_value(&value),
                        Err(error) => Report::of(Err(error)),
                    }
                }),
                operation!(concat!($name, ": update this, set"), Once, ["text"], call => {
                    let mut value = read!($M::get(call.key()), call);
                    let result = value.update_this().set($M::TEXT, call.text()).send(&call.db).await;
                    Report::of(result).with_value(&value)
                }),
                operation!(concat!($name, ": update this, add"), Once, ["count", "note"], call => {
                    let mut value = read!($M::get(call.key()), call);
                    let update = value.update_this().add($M::COUNT, 1).set($M::NOTE, call.text());
                    let result = update.send(&call.db).await;
                    Report::of(result).with_value(&value)
                }),
                operation!(concat!($name, ": save text"), Once, ["text"], call => {
                    let mut tracked = read!($M::get(call.key()), call).tracked();
                    if tracked.text == call.text() { return Report::nothing(); }
                    tracked.text = call.text();
                    let result = tracked.save().send(&call.db).await;
                    Report::of(result).with_value(&*tracked)
                }),
                operation!(concat!($name, ": save note"), Once, ["note"], call => {
                    let mut tracked = read!($M::get(call.key()), call).tracked();
                    tracked.note = if tracked.note.is_some() { None } else { Some(call.text()) };
                    let result = tracked.save().send(&call.db).await;
                    Report::of(result).with_value(&*tracked)
                }),
                operation!(concat!($name, ": retry on conflict"), Once, ["count"], call => {
                    let change = |value: &mut $M| { value.count += 1; Ok(()) };
                    match $M::get(call.key()).retry_on_conflict(3, change).send(&call.db).await {
                        Ok(value) => Report::of(Ok(())).with_value(&value),
                        Err(error) => Report::of(Err(error)),
                    }
                }),
                operation!(concat!($name, ": delete"), AtLeastOnce, [], call => {
                    Report::of($M::delete(call.key()).send(&call.db).await)
                }),
                operation!(concat!($name, ": delete if exists"), Once, [], call => {
                    Report::of($M::delete(call.key()).if_exists().send(&call.db).await)
                }),
                operation!(concat!($name, ": delete this"), Once, [], call => {
                    let value = read!($M::get(call.key()), call);
                    Report::of(value.delete_this().send(&call.db).await)
                }),
                operation!(concat!($name, ": delete, expect version, when"), Once, [], call => {
                    let value = read!($M::get(call.key()), call);
                    let delete = $M::delete(call.key()).expect_version(value.version).when($M::COUNT.ge(0));
                    Report::of(delete.send(&call.db).await)
                }),
            ]
        }
    };
}

/// What only models without unique fields can do.
macro_rules! unguarded {
    ($function:ident, $M:ident, $name:literal, $new:ident) => {
        fn $function() -> Vec<Operation> {
            vec![
                operation!(concat!($name, ": save text, exactly once"), OnceForEver, ["text"], call => {
                    let mut tracked = read!($M::get(call.key()), call).tracked();
                    if tracked.text == call.text() { return Report::nothing(); }
                    tracked.text = call.text();
                    let result = tracked.save().exactly_once().send(&call.db).await;
                    Report::of(result).with_value(&*tracked)
                }),
                operation!(concat!($name, ": upsert"), OnceForEver, ["text", "note", "count"], call => {
                    Report::of($new(&call).upsert().set($M::TEXT, call.text()).send(&call.db).await)
                }),
                operation!(concat!($name, ": update into"), OnceForEver, ["text"], call => {
                    let mut value = read!($M::get(call.key()), call);
                    let update = $M::update(call.key()).set($M::TEXT, call.text());
                    Report::of(update.return_updated_into(&mut value).send(&call.db).await)
                }),
            ]
        }
    };
}

versioned!(versioned_docs, Doc, "doc", doc);
unguarded!(unguarded_docs, Doc, "doc", doc);
versioned!(versioned_stamps, Stamp, "stamp", stamp);
unguarded!(unguarded_stamps, Stamp, "stamp", stamp);
versioned!(versioned_deeds, Deed, "deed", deed);
unguarded!(unguarded_deeds, Deed, "deed", deed);
versioned!(versioned_accounts, Account, "account", account);

pub fn accounts() -> Vec<Operation> {
    let mut all = versioned_accounts();
    all.extend([
        operation!("account: save login", Once, ["login"], call => {
            let mut tracked = read!(Account::get(call.key()), call).tracked();
            if tracked.login == login(&call) { return Report::nothing(); }
            tracked.login = login(&call);
            let result = tracked.save().send(&call.db).await;
            Report::of(result).with_value(&*tracked)
        }),
        operation!("account: put with another login", Once, ["login", "text"], call => {
            let mut value = read!(Account::get(call.key()), call);
            (value.login, value.text) = (login(&call), call.text());
            let result = value.put().send(&call.db).await;
            Report::of(result).with_value(&value)
        }),
    ]);
    all
}
