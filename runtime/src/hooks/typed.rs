//! The hooks of one model, and how they run on its values.

use std::any::Any;

use crate::error::{Error, Result};
use crate::future::BoxFuture;
use crate::hooks::function::{After, Before, BeforeValue, HookResult};
use crate::hooks::view::{Changed, DeleteView, UpdateView};
use crate::item::Item;
use crate::model::Model;
use crate::model_item::{encoded, from_item, to_item};

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

/// The hooks of one model, for writes that do not know the model.
pub(super) trait Erased: Send + Sync {
    fn as_any_mut(&mut self) -> &mut dyn Any;

    /// Runs the hooks, if there are any, and returns the item as they leave it.
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
    // An item that was encoded from a value can be decoded.
    if let Ok(mut value) = from_item(item.clone()) {
        run_after(hooks, &mut value).await;
    }
}

pub(super) async fn run_before<T>(hooks: &[Before<T>], seen: &T) -> HookResult {
    for hook in hooks {
        match hook {
            Before::Sync(hook) => hook(seen)?,
            Before::Async(hook) => hook(seen).await?,
        }
    }
    Ok(())
}

/// Takes `&mut` although hooks only see the value, because a shared reference to a model that is not `Sync` cannot be sent.
pub(super) async fn run_after<T>(hooks: &[After<T>], seen: &mut T) {
    for hook in hooks {
        match hook {
            After::Sync(hook) => hook(seen),
            After::Async(hook) => hook(seen).await,
        }
    }
}
