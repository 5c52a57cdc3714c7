//! Hooks: functions of the application that run before and after writes. They belong to a client, so two clients in one process
//! can have different hooks.

mod function;
mod registry;
mod run;
mod typed;
mod view;

pub use function::{HookFuture, HookResult};
pub use registry::Hooks;
pub(crate) use run::{
    after_delete, after_put, after_save, after_update, before_delete, before_put, before_save, before_update,
};
pub(crate) use view::Changed;
pub use view::{DeleteView, UpdateView, WriteKind, WriteView};
