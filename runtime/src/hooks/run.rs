//! Running hooks: their models are known when they are registered, and written items when they run.

use std::any::Any;

use super::view::{Changed, DeleteView, UpdateView, WriteKind, WriteView};
use super::{After, Before, BeforeValue, HookResult};
use crate::client::Client;
use crate::decode::Item;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::model::{Facts, Model, encoded, from_item, to_item};
use crate::operation::BoxFuture;

/// The hooks of one model.
pub(super) struct Typed<M> {
    pub before_put: Vec<BeforeValue<M>>,
    pub after_put: Vec<After<M>>,
    pub before_save: Vec<BeforeValue<M>>,
    pub after_save: Vec<After<M>>,
    pub before_update: Vec<Before<UpdateView<M>>>,
    pub after_update: Vec<After<UpdateView<M>>>,
    pub before_delete: Vec<Before<DeleteView<M>>>,
    pub after_delete: Vec<After<DeleteView<M>>>,
}

impl<M> Default for Typed<M> {
    fn default() -> Self {
        Typed {
            before_put: Vec::new(),
            after_put: Vec::new(),
            before_save: Vec::new(),
            after_save: Vec::new(),
            before_update: Vec::new(),
            after_update: Vec::new(),
            before_delete: Vec::new(),
            after_delete: Vec::new(),
        }
    }
}

/// The hooks of one model, as writes that do not know it run them.
pub(super) trait Erased: Send + Sync {
    fn as_any_mut(&mut self) -> &mut dyn Any;

    /// The item as the hooks leave it, if there are any.
    fn before_put<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, Result<Option<Item>>>;
    fn after_put<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, ()>;
    fn before_save<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, Result<Option<Item>>>;
    fn after_save<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, ()>;
    fn before_update<'a>(&'a self, changed: &'a Changed) -> BoxFuture<'a, HookResult>;
    fn after_update<'a>(&'a self, changed: &'a Changed) -> BoxFuture<'a, ()>;
    fn before_delete<'a>(&'a self, key: &'a Item) -> BoxFuture<'a, HookResult>;
    fn after_delete<'a>(&'a self, key: &'a Item) -> BoxFuture<'a, ()>;
}

impl<M: Model> Erased for Typed<M> {
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn before_put<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, Result<Option<Item>>> {
        Box::pin(async move {
            if self.before_put.is_empty() {
                return Ok(None);
            }
            let mut value: M = from_item(item.clone())?;
            run_on_value(&self.before_put, &mut value).await?;
            to_item(&value).map(Some)
        })
    }

    fn before_save<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, Result<Option<Item>>> {
        Box::pin(async move {
            if self.before_save.is_empty() {
                return Ok(None);
            }
            let mut value: M = from_item(item.clone())?;
            run_on_value(&self.before_save, &mut value).await?;
            encoded(&value).map(Some)
        })
    }

    fn after_save<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, ()> {
        Box::pin(run_after_item(&self.after_save, item))
    }

    fn after_put<'a>(&'a self, item: &'a Item) -> BoxFuture<'a, ()> {
        Box::pin(run_after_item(&self.after_put, item))
    }

    fn before_update<'a>(&'a self, changed: &'a Changed) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            if self.before_update.is_empty() {
                return Ok(());
            }
            run_before(&self.before_update, &UpdateView::new(changed)).await
        })
    }

    fn after_update<'a>(&'a self, changed: &'a Changed) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if !self.after_update.is_empty() {
                run_after(&self.after_update, &mut UpdateView::new(changed)).await;
            }
        })
    }

    fn before_delete<'a>(&'a self, key: &'a Item) -> BoxFuture<'a, HookResult> {
        Box::pin(async move {
            if self.before_delete.is_empty() {
                return Ok(());
            }
            run_before(&self.before_delete, &DeleteView::new(key)).await
        })
    }

    fn after_delete<'a>(&'a self, key: &'a Item) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if !self.after_delete.is_empty() {
                run_after(&self.after_delete, &mut DeleteView::new(key)).await;
            }
        })
    }
}

/// Runs the hooks before a put, and says whether there were any of the model: what they change is in the item then.
///
/// # Errors
/// A hook refused, or what it made of the value is invalid.
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

/// Runs the model's hooks before a save: the value as they leave it, if there are any. It is not validated yet.
///
/// # Errors
/// A hook refused, or DynamoDB cannot hold what it made of the value.
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

async fn run_on_value<M>(hooks: &[BeforeValue<M>], value: &mut M) -> Result<()> {
    for hook in hooks {
        let outcome = match hook {
            BeforeValue::Sync(hook) => hook(value),
            BeforeValue::Async(hook) => hook(value).await,
        };
        outcome.map_err(Error::refused)?;
    }
    Ok(())
}

async fn run_after_item<M: Model>(hooks: &[After<M>], item: &Item) {
    if hooks.is_empty() {
        return;
    }
    // What was encoded from a value is one.
    if let Ok(mut value) = from_item(item.clone()) {
        run_after(hooks, &mut value).await;
    }
}

async fn run_before<T>(hooks: &[Before<T>], seen: &T) -> HookResult {
    for hook in hooks {
        match hook {
            Before::Sync(hook) => hook(seen)?,
            Before::Async(hook) => hook(seen).await?,
        }
    }
    Ok(())
}

/// Takes what it only shows by `&mut`, since a shared reference could not be sent where models are not `Sync`.
async fn run_after<T>(hooks: &[After<T>], seen: &mut T) {
    for hook in hooks {
        match hook {
            After::Sync(hook) => hook(seen),
            After::Async(hook) => hook(seen).await,
        }
    }
}

fn refused(
    error: Box<dyn std::error::Error + Send + Sync>,
    db: &Client,
    facts: &'static Facts,
    key: &Item,
) -> Error {
    let context = Context::item(facts, db.table_name(facts.table), key);
    Error::new(ErrorKind::Refused, context).with_source(error)
}

/// A refusal says of which item; every other error does already.
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
