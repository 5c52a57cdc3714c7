//! Registering hooks.

use std::fmt;

use crate::facts::Facts;
use crate::hooks::function::{After, Before, BeforeValue, HookFuture, HookResult};
use crate::hooks::typed::{Erased, Typed};
use crate::hooks::view::{DeleteView, UpdateView, WriteView};
use crate::model::Model;

/// Functions that run before and after writes, to be registered by [`Client::with_hooks`](crate::Client::with_hooks).
///
/// They run for every write of a model, including writes in batches and transactions, in the order of their registration: those
/// of the model first, then those of any model. A hook before a write can refuse it, and then nothing is sent. Before a put or a
/// save, a hook can also change the value, which is validated afterwards. Hooks after a write run if it succeeded.
///
/// ```
/// # use dynamorm::{Client, Hooks, Model};
/// # fn example<Book: Model>(db: Client) -> Client {
/// db.with_hooks(
///     Hooks::new()
///         .before_put::<Book>(|book| book.try_validate().map_err(Into::into))
///         .after_any_write(|write| println!("{:?} of a {}", write.kind(), write.model())),
/// )
/// # }
/// # trait Try { fn try_validate(&self) -> Result<(), std::fmt::Error> { Ok(()) } }
/// # impl<M: Model> Try for M {}
/// ```
#[derive(Default)]
pub struct Hooks {
    models: Vec<(&'static Facts, Box<dyn Erased>)>,
    pub(super) before_any: Vec<Before<WriteView>>,
    pub(super) after_any: Vec<After<WriteView>>,
}

impl Hooks {
    /// No hooks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs before an item is put, and may change it. The caller's own value stays as it is, unless it is put by `&mut`.
    #[must_use]
    pub fn before_put<M: Model>(
        mut self,
        hook: impl Fn(&mut M) -> HookResult + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_put.push(BeforeValue::Sync(Box::new(hook)));
        self
    }

    /// As [`before_put`](Self::before_put), asynchronously.
    #[must_use]
    pub fn before_put_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a mut M) -> HookFuture<'a> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_put.push(BeforeValue::Async(Box::new(hook)));
        self
    }

    /// Runs after an item was put, with the item as it is stored.
    #[must_use]
    pub fn after_put<M: Model>(mut self, hook: impl Fn(&M) + Send + Sync + 'static) -> Self {
        self.typed::<M>().after_put.push(After::Sync(Box::new(hook)));
        self
    }

    /// As [`after_put`](Self::after_put), asynchronously.
    #[must_use]
    pub fn after_put_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a M) -> HookFuture<'a, ()> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().after_put.push(After::Async(Box::new(hook)));
        self
    }

    /// Runs before the changes of a tracked value are saved, even if there are none. Its own changes are saved too, and stay in
    /// the value.
    #[must_use]
    pub fn before_save<M: Model>(
        mut self,
        hook: impl Fn(&mut M) -> HookResult + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_save.push(BeforeValue::Sync(Box::new(hook)));
        self
    }

    /// As [`before_save`](Self::before_save), asynchronously.
    #[must_use]
    pub fn before_save_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a mut M) -> HookFuture<'a> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_save.push(BeforeValue::Async(Box::new(hook)));
        self
    }

    /// Runs after changes of a tracked value were saved, but not if there were none.
    #[must_use]
    pub fn after_save<M: Model>(mut self, hook: impl Fn(&M) + Send + Sync + 'static) -> Self {
        self.typed::<M>().after_save.push(After::Sync(Box::new(hook)));
        self
    }

    /// As [`after_save`](Self::after_save), asynchronously.
    #[must_use]
    pub fn after_save_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a M) -> HookFuture<'a, ()> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().after_save.push(After::Async(Box::new(hook)));
        self
    }

    /// Runs before an update or an upsert, with its key and what it changes.
    #[must_use]
    pub fn before_update<M: Model>(
        mut self,
        hook: impl Fn(&UpdateView<M>) -> HookResult + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_update.push(Before::Sync(Box::new(hook)));
        self
    }

    /// As [`before_update`](Self::before_update), asynchronously.
    #[must_use]
    pub fn before_update_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a UpdateView<M>) -> HookFuture<'a> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_update.push(Before::Async(Box::new(hook)));
        self
    }

    /// Runs after an update or an upsert, with its key and what it changed.
    #[must_use]
    pub fn after_update<M: Model>(mut self, hook: impl Fn(&UpdateView<M>) + Send + Sync + 'static) -> Self {
        self.typed::<M>().after_update.push(After::Sync(Box::new(hook)));
        self
    }

    /// As [`after_update`](Self::after_update), asynchronously.
    #[must_use]
    pub fn after_update_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a UpdateView<M>) -> HookFuture<'a, ()> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().after_update.push(After::Async(Box::new(hook)));
        self
    }

    /// Runs before an item is deleted, with its key.
    #[must_use]
    pub fn before_delete<M: Model>(
        mut self,
        hook: impl Fn(&DeleteView<M>) -> HookResult + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_delete.push(Before::Sync(Box::new(hook)));
        self
    }

    /// As [`before_delete`](Self::before_delete), asynchronously.
    #[must_use]
    pub fn before_delete_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a DeleteView<M>) -> HookFuture<'a> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().before_delete.push(Before::Async(Box::new(hook)));
        self
    }

    /// Runs after an item was deleted, with its key, even if there was no item.
    #[must_use]
    pub fn after_delete<M: Model>(mut self, hook: impl Fn(&DeleteView<M>) + Send + Sync + 'static) -> Self {
        self.typed::<M>().after_delete.push(After::Sync(Box::new(hook)));
        self
    }

    /// As [`after_delete`](Self::after_delete), asynchronously.
    #[must_use]
    pub fn after_delete_async<M: Model>(
        mut self,
        hook: impl for<'a> Fn(&'a DeleteView<M>) -> HookFuture<'a, ()> + Send + Sync + 'static,
    ) -> Self {
        self.typed::<M>().after_delete.push(After::Async(Box::new(hook)));
        self
    }

    /// Runs before every write of every model.
    #[must_use]
    pub fn before_any_write(
        mut self,
        hook: impl Fn(&WriteView) -> HookResult + Send + Sync + 'static,
    ) -> Self {
        self.before_any.push(Before::Sync(Box::new(hook)));
        self
    }

    /// As [`before_any_write`](Self::before_any_write), asynchronously.
    #[must_use]
    pub fn before_any_write_async(
        mut self,
        hook: impl for<'a> Fn(&'a WriteView) -> HookFuture<'a> + Send + Sync + 'static,
    ) -> Self {
        self.before_any.push(Before::Async(Box::new(hook)));
        self
    }

    /// Runs after every write of every model.
    #[must_use]
    pub fn after_any_write(mut self, hook: impl Fn(&WriteView) + Send + Sync + 'static) -> Self {
        self.after_any.push(After::Sync(Box::new(hook)));
        self
    }

    /// As [`after_any_write`](Self::after_any_write), asynchronously.
    #[must_use]
    pub fn after_any_write_async(
        mut self,
        hook: impl for<'a> Fn(&'a WriteView) -> HookFuture<'a, ()> + Send + Sync + 'static,
    ) -> Self {
        self.after_any.push(After::Async(Box::new(hook)));
        self
    }

    /// The hooks of a model, to add to.
    fn typed<M: Model>(&mut self) -> &mut Typed<M> {
        let known = self.models.iter().position(|(facts, _)| facts.are_those_of(M::FACTS));
        let position = known.unwrap_or_else(|| {
            self.models.push((M::FACTS, Box::new(Typed::<M>::default())));
            self.models.len() - 1
        });
        self.models[position]
            .1
            .as_any_mut()
            .downcast_mut()
            .unwrap_or_else(|| unreachable!("one model has the name and the table of another"))
    }

    /// The hooks of a model, if it has any.
    pub(super) fn of(&self, facts: &Facts) -> Option<&dyn Erased> {
        self.models.iter().find(|(known, _)| known.are_those_of(facts)).map(|(_, hooks)| &**hooks)
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let models: Vec<_> = self.models.iter().map(|(facts, _)| facts.model).collect();
        f.debug_struct("Hooks").field("models", &models).finish_non_exhaustive()
    }
}
