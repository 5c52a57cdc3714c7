//! Traits of no type. Generated functions demand them where an operation cannot be, so that the compiler says why.

/// The stage of a query at which a part of its sort key may be given.
#[diagnostic::on_unimplemented(
    message = "the parts of a sort key are given in their order",
    label = "an earlier part is still open",
    note = "give the parts before this one by `.eq(…)`, or end the condition with the one that is open"
)]
pub trait InOrder<Stage> {}

/// A model whose unique values an upsert could change.
#[diagnostic::on_unimplemented(
    message = "`{M}` has unique fields, and an upsert does not read which values the item gives up",
    label = "put it instead: `.put()`, or save a tracked value"
)]
pub trait UpsertsUnique<M> {}

/// A model of which an upsert could complete an index key.
#[diagnostic::on_unimplemented(
    message = "several fields of `{M}`, or a condition, decide about an index key, and an upsert does not know what is stored",
    label = "put it instead: `.put()`, or save a tracked value"
)]
pub trait UpsertsWholeKeys<M> {}
