//! Running the hooks of a client around a write.

use crate::client::Client;
use crate::error::{Context, Error, Reason, Result};
use crate::facts::Facts;
use crate::hooks::typed::{run_after, run_before};
use crate::hooks::view::{Changed, WriteKind, WriteView};
use crate::item::Item;

/// Runs the hooks before a put, and returns whether the model has any. If so, their changes are in the item.
///
/// # Errors
/// A hook refused the write, or made the value invalid.
pub(crate) async fn before_put(db: &Client, facts: &'static Facts, item: &mut Item) -> Result<bool> {
    let mut is_hooked = false;
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(facts)) {
        let outcome = typed.before_put(item).await.map_err(|error| at(error, db, facts, item))?;
        is_hooked |= outcome.is_some();
        *item = outcome.unwrap_or_else(|| std::mem::take(item));
    }
    before_any(db, WriteKind::Put, facts, item).await?;
    Ok(is_hooked)
}

/// Runs the model's hooks before a save, and returns the value as they leave it, if there are any. It is not validated yet.
///
/// # Errors
/// A hook refused the write, or made a value that DynamoDB cannot hold.
pub(crate) async fn before_save(db: &Client, facts: &'static Facts, item: Item) -> Result<Option<Item>> {
    let mut left = None;
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(facts)) {
        let current = left.as_ref().unwrap_or(&item);
        let outcome = typed.before_save(current).await.map_err(|error| at(error, db, facts, current))?;
        left = outcome.or(left);
    }
    Ok(left)
}

/// Runs the model's hooks after a save.
pub(crate) async fn after_save(db: &Client, facts: &'static Facts, item: &Item) {
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(facts)) {
        typed.after_save(item).await;
    }
}

/// Runs the hooks after a put.
pub(crate) async fn after_put(db: &Client, facts: &'static Facts, item: &Item) {
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(facts)) {
        typed.after_put(item).await;
    }
    after_any(db, WriteKind::Put, facts, item).await;
}

/// Runs the hooks before an update.
pub(crate) async fn before_update(db: &Client, changed: &Changed) -> Result<()> {
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(changed.facts)) {
        if changed.kind == WriteKind::Update {
            let outcome = typed.before_update(changed).await;
            outcome.map_err(|error| refused(error, db, changed.facts, &changed.key))?;
        }
    }
    before_any(db, changed.kind, changed.facts, &changed.key).await
}

/// Runs the hooks after an update.
pub(crate) async fn after_update(db: &Client, changed: &Changed) {
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(changed.facts)) {
        if changed.kind == WriteKind::Update {
            typed.after_update(changed).await;
        }
    }
    after_any(db, changed.kind, changed.facts, &changed.key).await;
}

/// Runs the hooks before a deletion.
pub(crate) async fn before_delete(db: &Client, facts: &'static Facts, key: &Item) -> Result<()> {
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(facts)) {
        typed.before_delete(key).await.map_err(|error| refused(error, db, facts, key))?;
    }
    before_any(db, WriteKind::Delete, facts, key).await
}

/// Runs the hooks after a deletion.
pub(crate) async fn after_delete(db: &Client, facts: &'static Facts, key: &Item) {
    for typed in db.hooks().iter().filter_map(|hooks| hooks.of(facts)) {
        typed.after_delete(key).await;
    }
    after_any(db, WriteKind::Delete, facts, key).await;
}

/// Runs the hooks of any model before a write of this item or key.
async fn before_any(db: &Client, kind: WriteKind, facts: &'static Facts, item: &Item) -> Result<()> {
    for hooks in db.hooks().iter().filter(|hooks| !hooks.before_any.is_empty()) {
        let view = WriteView { kind, facts, key: key_of(facts, item) };
        let outcome = run_before(&hooks.before_any, &view).await;
        outcome.map_err(|error| refused(error, db, facts, &view.key))?;
    }
    Ok(())
}

/// Runs the hooks of any model after a write of this item or key.
async fn after_any(db: &Client, kind: WriteKind, facts: &'static Facts, item: &Item) {
    for hooks in db.hooks().iter().filter(|hooks| !hooks.after_any.is_empty()) {
        run_after(&hooks.after_any, &mut WriteView { kind, facts, key: key_of(facts, item) }).await;
    }
}

fn refused(
    error: Box<dyn std::error::Error + Send + Sync>,
    db: &Client,
    facts: &'static Facts,
    key: &Item,
) -> Error {
    let context = Context::item(facts, db.table_name(facts.table), key);
    Error::new(Reason::Refused, context).with_source(error)
}

/// Adds the item to a refusal; every other error has it already.
fn at(error: Error, db: &Client, facts: &'static Facts, key: &Item) -> Error {
    if error.is_refused() {
        error.with_context(Context::item(facts, db.table_name(facts.table), key))
    } else {
        error
    }
}

/// The attributes of the primary key.
fn key_of(facts: &Facts, item: &Item) -> Item {
    let key = facts.table.key().filter_map(|part| item.get_key_value(part.name));
    key.map(|(name, value)| (name.clone(), value.clone())).collect()
}
