//! What an error says of what happened, and where.

use crate::error::context::Context;
use crate::error::reason::Reason;
use crate::error::value::Error;
use crate::item::Item;
use crate::throttling::ThrottledBy;
use crate::validation::Violation;

impl Error {
    /// Declared rules or DynamoDB's limits refuse a value; nothing was sent.
    ///
    /// Correct the value. Which attribute it is, and why, say the [`violations`](Self::violations).
    pub fn is_validation(&self) -> bool {
        matches!(self.0.kind, Reason::Validation(_))
    }

    /// An item that was read is not what the declarations say. It concerns that item alone: the others of its page
    /// are delivered, and a stream goes on.
    ///
    /// Sending it again does not help. Correct the item, or declare the [attribute](Self::attribute) as it is stored.
    pub fn is_item_error(&self) -> bool {
        matches!(self.0.kind, Reason::Decode(_))
    }

    /// The item is already there, and the write demanded that it is not; nothing was written.
    ///
    /// Read the item, or choose another key. `put().or_get()` would have returned it.
    pub fn is_already_exists(&self) -> bool {
        self.0.kind == Reason::AlreadyExists
    }

    /// The item is not there, and the write demanded that it is; nothing was written.
    ///
    /// Put it, or use an upsert, which creates what it does not find.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == Reason::NotFound
    }

    /// A condition of the write did not hold; nothing was written.
    ///
    /// Decide anew by what is stored: [`current`](Self::current) is the item as it was, where DynamoDB returned it.
    pub fn is_condition_failed(&self) -> bool {
        self.0.kind == Reason::ConditionFailed
    }

    /// The item has another version than the one that the write expected: another client has written it meanwhile, and nothing
    /// was written now.
    ///
    /// Take the [`current`](Self::current) item, or read it again, make the change anew and write that. `retry_on_conflict` does so.
    pub fn is_version_conflict(&self) -> bool {
        matches!(self.0.kind, Reason::VersionConflict(_))
    }

    /// The item has a shape that this code does not know: newer code wrote it. It was not read, or not written.
    ///
    /// Let code of the newer release do it.
    pub fn is_newer_shape(&self) -> bool {
        match &self.0.kind {
            Reason::NewerShape(_) => true,
            Reason::Decode(error) => error.is_of_newer_shape(),
            _ => false,
        }
    }

    /// The item still has an older shape, and a part of it was to change by a request that cannot upgrade it first: one of a
    /// transaction with a name, or one before which older code wrote the item again and again. Nothing was written.
    ///
    /// Put the whole item, or update it by a request of its own.
    pub fn is_older_shape(&self) -> bool {
        matches!(self.0.kind, Reason::OlderShape(_))
    }

    /// Another item has a value that must be unique; nothing was written.
    ///
    /// Ask for another value of the [`attribute`](Self::attribute).
    pub fn is_not_unique(&self) -> bool {
        matches!(self.0.kind, Reason::NotUnique(_))
    }

    /// The key is that of another model's item, with which the model shares its keys (`shared_key`); nothing was written.
    ///
    /// Ask for another name, or read the item that has it: `get(…).any()`.
    pub fn is_of_another_model(&self) -> bool {
        matches!(self.0.kind, Reason::OtherModel(_))
    }

    /// The application's own code refused to go on: see [`refused`](Self::refused). Its reason is the
    /// [`source`](std::error::Error::source).
    pub fn is_refused(&self) -> bool {
        self.0.kind == Reason::Refused
    }

    /// An addition would have left the range of the attribute's type; nothing was written. Where the update has a condition
    /// on that attribute, [that has failed](Self::is_condition_failed).
    ///
    /// Add less, or declare the attribute with a wider type.
    pub fn is_out_of_range(&self) -> bool {
        matches!(self.0.kind, Reason::OutOfRange(_))
    }

    /// The cursor is damaged, of another version, or of another query.
    ///
    /// Begin with the first page.
    pub fn is_invalid_cursor(&self) -> bool {
        matches!(self.0.kind, Reason::InvalidCursor(_))
    }

    /// DynamoDB left parts of a batch over again and again, or until the batch's deadline; the others are done.
    ///
    /// Send [what is left](Self::into_unwritten) later.
    pub fn is_incomplete(&self) -> bool {
        matches!(self.0.kind, Reason::Incomplete(_))
    }

    /// A transaction was cancelled, and nothing was written.
    ///
    /// What to do depends on the [`cancellations`](Self::cancellations): each is an error of its own.
    pub fn is_cancelled(&self) -> bool {
        !self.is_unclear() && (!self.0.cancellations.is_empty() || self.0.kind == Reason::Cancelled)
    }

    /// DynamoDB refused the request for its rate, after the SDK's retries.
    ///
    /// Send it again later, with pauses that grow. [`throttled_by`](Self::throttled_by) says which capacity is short.
    pub fn is_throttled(&self) -> bool {
        self.0.kind == Reason::Throttled
    }

    /// A quota of the account is used up: of tables, of indexes, or of changes to tables at a time.
    ///
    /// Wait until other changes have ended, or ask AWS for a larger quota.
    pub fn is_limit_exceeded(&self) -> bool {
        self.0.kind == Reason::LimitExceeded
    }

    /// Another transaction was at work on the item, or something that the write depends on changed between being read and
    /// written: a unique attribute, a list of which an element is saved, a field of an index key that the save rewrites.
    /// Nothing was written.
    ///
    /// Read the item again and make the change anew, as `retry_on_conflict` does.
    pub fn is_conflict(&self) -> bool {
        matches!(self.0.kind, Reason::Conflict | Reason::Stale)
    }

    /// The operation did not end within its deadline. A write may have been carried out all the same:
    /// see [`is_outcome_unknown`](Self::is_outcome_unknown).
    ///
    /// Send a read again; give the operation more time with `deadline`.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Reason::Timeout(_))
    }

    /// A write was sent, and no answer says whether it was carried out: the response was lost, or came too late, or
    /// a later attempt was refused, for whatever reason, after one whose response was lost.
    ///
    /// Also: what adds up (`add` to a number, `append`, `prepend`, an element by its index, the version that an update without
    /// `expect_version` increments) was carried out, and perhaps twice, since an attempt before had no answer. An update that
    /// demands a version is never carried out twice.
    ///
    /// Read the item to learn what is stored; declare a write id to learn whose write that was; send a transaction
    /// [again as it was](Self::into_prepared).
    pub fn is_outcome_unknown(&self) -> bool {
        match self.0.kind {
            Reason::OutcomeUnknown => true,
            Reason::Timeout(_) => self.0.is_unanswered,
            _ => false,
        }
    }

    /// The table does not exist.
    ///
    /// Create it, in tests with [`Client::create_tables`](crate::Client::create_tables), or correct the client's region, prefix or
    /// suffix.
    pub fn is_table_not_found(&self) -> bool {
        self.0.kind == Reason::TableNotFound
    }

    /// The table exists already, or is being changed. Wait until it is active.
    pub fn is_table_in_use(&self) -> bool {
        self.0.kind == Reason::TableInUse
    }

    /// The table does not have the index, or it is still being created. Wait until it is active, or add it to the table.
    pub fn is_index_not_found(&self) -> bool {
        self.0.kind == Reason::IndexNotFound
    }

    /// The live table differs from the declared one: in what an update cannot change, or, where tables were
    /// [checked](crate::table::TableReport::into_result), in anything.
    ///
    /// Declare what is there, or move the items to a new table.
    pub fn is_table_mismatch(&self) -> bool {
        matches!(self.0.kind, Reason::TableMismatch(_) | Reason::TablesDiffer(_))
    }

    /// A declared change of a table deletes something first, such as an index whose key is another now, and the caller did not
    /// [allow](crate::table::UpdateTable::allow_deletions) deletions. Nothing was changed.
    pub fn is_deletion_not_allowed(&self) -> bool {
        matches!(self.0.kind, Reason::DeletionNotAllowed(_))
    }

    /// The table is declared `managed = "elsewhere"`, so it is not created, changed or deleted by this client. See
    /// [`Client::with_tables_of_others`](crate::Client::with_tables_of_others).
    pub fn is_managed_elsewhere(&self) -> bool {
        self.0.kind == Reason::ManagedElsewhere
    }

    /// The item would be larger than DynamoDB's 400 KB. (Found before sending, it is a validation error.)
    ///
    /// Store less in it: split it into several items, or keep what is large elsewhere.
    pub fn is_item_too_large(&self) -> bool {
        self.0.kind == Reason::ItemTooLarge
    }

    /// The items that share a partition key, with their local index entries, would exceed 10 GB.
    ///
    /// Delete some, or spread them over more partition keys.
    pub fn is_item_collection_too_large(&self) -> bool {
        self.0.kind == Reason::ItemCollectionTooLarge
    }

    /// The credentials are missing, expired, or do not allow the operation.
    ///
    /// Correct the credentials or the policy. Sending it again does not help.
    pub fn is_access_denied(&self) -> bool {
        self.0.kind == Reason::AccessDenied
    }

    /// The request could not be sent, or a read's response did not arrive whole. Nothing was written.
    ///
    /// Send it again; check endpoint and network if it stays so.
    pub fn is_connection(&self) -> bool {
        self.0.kind == Reason::Connection
    }

    /// DynamoDB refused the request as invalid, for a reason that was not found before sending.
    ///
    /// Sending it again does not help. The message says what DynamoDB objects to.
    pub fn is_rejected(&self) -> bool {
        matches!(self.0.kind, Reason::Rejected | Reason::PathNotStored)
    }

    /// DynamoDB failed, after the SDK's retries; or it answered with what this version does not understand.
    ///
    /// Send it again later.
    pub fn is_service_error(&self) -> bool {
        matches!(self.0.kind, Reason::Service | Reason::Protocol(_))
    }

    /// There was no request to send: the client's configuration lacks a region, say, or an interceptor failed; or a client
    /// could not be set up. Correct the configuration: the [`source`](std::error::Error::source) says what is wrong with it.
    pub fn is_construction(&self) -> bool {
        self.0.kind == Reason::Construction
    }

    /// Every violation of a validation error, in the order of the declarations.
    pub fn violations(&self) -> &[Violation] {
        match &self.0.kind {
            Reason::Validation(violations) => violations,
            _ => &[],
        }
    }

    /// The [violations](Self::violations) as `garde` reports them, by stored names.
    pub fn garde_report(&self) -> garde::Report {
        crate::validation::garde::report_of(self.violations())
    }

    /// The [violations](Self::violations) as `validator` reports them, by stored names.
    #[cfg(feature = "validator")]
    pub fn validator_errors(&self) -> validator::ValidationErrors {
        crate::validation::validator::errors_of(self.violations())
    }

    /// The model.
    pub fn model(&self) -> Option<&'static str> {
        self.0.context.model
    }

    /// The table, as DynamoDB calls it.
    pub fn table(&self) -> Option<&str> {
        self.0.context.table.as_deref()
    }

    /// The index.
    pub fn index(&self) -> Option<&'static str> {
        self.0.context.index
    }

    /// The primary key of the item, as `name = "value"`.
    pub fn key(&self) -> Option<&str> {
        self.0.context.key.as_deref()
    }

    /// The path of the attribute: the first that was refused, could not be read, left its range, or is not unique; of
    /// attributes that are unique together, all of them.
    pub fn attribute(&self) -> Option<&str> {
        let path = match &self.0.kind {
            Reason::Validation(violations) => violations.first()?.path(),
            Reason::Decode(error) => error.path(),
            Reason::OutOfRange(path) | Reason::NotUnique(path) => path,
            _ => return None,
        };
        (!path.is_empty()).then_some(path)
    }

    /// How many times the request was sent, the SDK's retries included.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The item as it was when the condition failed, where DynamoDB returned it.
    pub fn current_item(&self) -> Option<&Item> {
        self.0.item.as_ref()
    }

    /// Why a transaction was cancelled: the positions of the operations that stood in its way, counted from 0, each with an
    /// error of its own that says why and, after a failed condition, has the [current item](Self::current_item).
    pub fn cancellations(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.0.cancellations.iter().map(|(position, error)| (*position, error))
    }

    /// What DynamoDB says it throttled: tables or indexes, and which limit of theirs. Empty where it does not say.
    pub fn throttled_by(&self) -> &[ThrottledBy] {
        &self.0.throttled_by
    }

    /// An error by which the application's own code refuses to go on, within
    /// [`retry_on_conflict`](crate::Get::retry_on_conflict): `source` is its [`source`](std::error::Error::source).
    pub fn refused(source: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>) -> Self {
        Self::new(Reason::Refused, Context::default()).with_source(source.into())
    }
}
