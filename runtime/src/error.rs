//! The error of every operation: opaque, with predicates, and the SDK's own error as its source.

use std::fmt;
use std::time::Duration;

use crate::client::Client;
use crate::decode::{DecodeError, Item};
use crate::item_key::ItemKey;
use crate::model::{Facts, Record};
use crate::operation::{BatchWrite, PreparedTransaction};
use crate::throttling::ThrottledBy;
use crate::validation::Violation;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// The outcome of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation failed.
///
/// What happened is asked by predicates; where it happened by [`model`](Self::model), [`table`](Self::table),
/// [`index`](Self::index), [`key`](Self::key) and [`attribute`](Self::attribute). The SDK's error, where there is one,
/// is the [`source`](std::error::Error::source).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    context: Context,
    attempts: u32,
    /// Whether the deadline passed while an attempt of a write had no answer.
    is_unanswered: bool,
    item: Option<Item>,
    unwritten: Option<BatchWrite>,
    prepared: Option<PreparedTransaction>,
    throttled_by: Vec<ThrottledBy>,
    cancellations: Vec<(usize, Error)>,
    source: Option<BoxError>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ErrorKind {
    Validation(Vec<Violation>),
    Decode(DecodeError),
    AlreadyExists,
    NotFound,
    ConditionFailed,
    VersionConflict(i128),
    NotUnique(String),
    Stale,
    Refused,
    OutOfRange(String),
    InvalidCursor(&'static str),
    Incomplete(usize),
    Cancelled,
    Throttled,
    LimitExceeded,
    Conflict,
    Timeout(Duration),
    OutcomeUnknown,
    TableNotFound,
    TableInUse,
    IndexNotFound,
    TableMismatch(String),
    ItemTooLarge,
    ItemCollectionTooLarge,
    AccessDenied,
    Connection,
    Rejected,
    /// A path of an update leads through what is not stored.
    PathNotStored,
    Service,
    Protocol(&'static str),
    Construction,
}

/// Where an error happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub operation: Option<&'static str>,
    pub model: Option<&'static str>,
    pub table: Option<String>,
    pub index: Option<&'static str>,
    pub key: Option<String>,
}

impl Context {
    pub fn model(facts: &'static Facts) -> Self {
        Context { model: Some(facts.model), table: Some(facts.table.name.to_owned()), ..Context::default() }
    }

    pub fn item(facts: &'static Facts, table: String, key: &Item) -> Self {
        Context {
            model: Some(facts.model),
            table: Some(table),
            key: ItemKey::of(facts, None, key).text(),
            ..Context::default()
        }
    }
}

impl Error {
    /// Declared rules or DynamoDB's limits refuse a value; nothing was sent. See [`violations`](Self::violations).
    pub fn is_validation(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Validation(_))
    }

    /// An item that was read is not what the declarations say. It concerns that item alone: the others of its page
    /// are delivered, and a stream goes on.
    pub fn is_item_error(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Decode(_))
    }

    /// The item is already there, and the write demanded that it is not.
    pub fn is_already_exists(&self) -> bool {
        self.0.kind == ErrorKind::AlreadyExists
    }

    /// The item is not there, and the write demanded that it is.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// A condition of the write did not hold. See [`current_item`](Self::current_item).
    pub fn is_condition_failed(&self) -> bool {
        self.0.kind == ErrorKind::ConditionFailed
    }

    /// The item has another version than the one that the write expected: another client has written it meanwhile. See
    /// [`current`](Self::current).
    pub fn is_version_conflict(&self) -> bool {
        matches!(self.0.kind, ErrorKind::VersionConflict(_))
    }

    /// Another item has a value that must be unique: see [`attribute`](Self::attribute).
    pub fn is_not_unique(&self) -> bool {
        matches!(self.0.kind, ErrorKind::NotUnique(_))
    }

    /// The application's own code refused to go on: see [`refused`](Self::refused).
    pub fn is_refused(&self) -> bool {
        self.0.kind == ErrorKind::Refused
    }

    /// An addition would have left the range of the attribute's type; nothing was written. Where the update has a condition
    /// on that attribute, [that has failed](Self::is_condition_failed).
    pub fn is_out_of_range(&self) -> bool {
        matches!(self.0.kind, ErrorKind::OutOfRange(_))
    }

    /// The cursor is damaged, of another version, or of another query.
    pub fn is_invalid_cursor(&self) -> bool {
        matches!(self.0.kind, ErrorKind::InvalidCursor(_))
    }

    /// DynamoDB left parts of a batch over again and again, or until the batch's deadline. See
    /// [`into_unwritten`](Self::into_unwritten).
    pub fn is_incomplete(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Incomplete(_))
    }

    /// A transaction was cancelled, and nothing was written. See [`cancellations`](Self::cancellations).
    pub fn is_cancelled(&self) -> bool {
        !self.is_unclear() && (!self.0.cancellations.is_empty() || self.0.kind == ErrorKind::Cancelled)
    }

    /// DynamoDB refused the request for its rate, after the SDK's retries. See [`throttled_by`](Self::throttled_by).
    pub fn is_throttled(&self) -> bool {
        self.0.kind == ErrorKind::Throttled
    }

    /// A quota of the account is used up: of tables, of indexes, or of changes to tables at a time.
    pub fn is_limit_exceeded(&self) -> bool {
        self.0.kind == ErrorKind::LimitExceeded
    }

    /// Another transaction was at work on the item, or something that the write depends on changed between being read and
    /// written: a unique attribute, a list of which an element is saved, a field of an index key that the save rewrites.
    pub fn is_conflict(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Conflict | ErrorKind::Stale)
    }

    /// The operation did not end within its deadline. A write may have been carried out all the same:
    /// see [`is_outcome_unknown`](Self::is_outcome_unknown).
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout(_))
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
            ErrorKind::OutcomeUnknown => true,
            ErrorKind::Timeout(_) => self.0.is_unanswered,
            _ => false,
        }
    }

    /// The table does not exist.
    pub fn is_table_not_found(&self) -> bool {
        self.0.kind == ErrorKind::TableNotFound
    }

    /// The table exists already, or is being changed.
    pub fn is_table_in_use(&self) -> bool {
        self.0.kind == ErrorKind::TableInUse
    }

    /// The table does not have the index, or it is still being created.
    pub fn is_index_not_found(&self) -> bool {
        self.0.kind == ErrorKind::IndexNotFound
    }

    /// The live table differs from the declared one in what cannot be changed.
    pub fn is_table_mismatch(&self) -> bool {
        matches!(self.0.kind, ErrorKind::TableMismatch(_))
    }

    /// The item would be larger than DynamoDB's 400 KB. (Found before sending, it is a validation error.)
    pub fn is_item_too_large(&self) -> bool {
        self.0.kind == ErrorKind::ItemTooLarge
    }

    /// The items that share a partition key, with their local index entries, would exceed 10 GB.
    pub fn is_item_collection_too_large(&self) -> bool {
        self.0.kind == ErrorKind::ItemCollectionTooLarge
    }

    /// The credentials are missing, expired, or do not allow the operation.
    pub fn is_access_denied(&self) -> bool {
        self.0.kind == ErrorKind::AccessDenied
    }

    /// The request could not be sent, or a read's response did not arrive whole.
    pub fn is_connection(&self) -> bool {
        self.0.kind == ErrorKind::Connection
    }

    /// DynamoDB refused the request as invalid, for a reason that was not found before sending.
    pub fn is_rejected(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Rejected | ErrorKind::PathNotStored)
    }

    /// DynamoDB failed, after the SDK's retries; or it answered with what this version does not understand.
    pub fn is_service_error(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Service | ErrorKind::Protocol(_))
    }

    /// There was no request to send: the client's configuration lacks a region, say, or an interceptor failed; or a client
    /// could not be set up.
    pub fn is_construction(&self) -> bool {
        self.0.kind == ErrorKind::Construction
    }

    /// Every violation of a validation error, in the order of the declarations.
    pub fn violations(&self) -> &[Violation] {
        match &self.0.kind {
            ErrorKind::Validation(violations) => violations,
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
            ErrorKind::Validation(violations) => violations.first()?.path(),
            ErrorKind::Decode(error) => error.path(),
            ErrorKind::OutOfRange(path) | ErrorKind::NotUnique(path) => path,
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

    /// [`current_item`](Self::current_item), read as a model.
    ///
    /// # Errors
    /// The item is not what the declarations say.
    pub fn current<R: Record>(&self) -> Option<Result<R>> {
        self.0.item.clone().map(crate::model::from_item)
    }

    /// Why a transaction was cancelled: the positions of the operations that stood in its way, counted from 0, each with an
    /// error of its own that says why and, after a failed condition, has the [current item](Self::current_item).
    pub fn cancellations(&self) -> impl Iterator<Item = (usize, &Error)> {
        self.0.cancellations.iter().map(|(position, error)| (*position, error))
    }

    /// The requests of a batch that may not have been carried out, ready to be sent again: puts and deletes can be
    /// repeated.
    pub fn into_unwritten(self) -> Option<BatchWrite> {
        self.0.unwritten
    }

    /// The transaction as it was sent, where its outcome is unknown: to be sent again, byte for byte. DynamoDB carries it out
    /// once, within ten minutes.
    ///
    /// ```
    /// # async fn example(db: dynamorm::Client, transaction: dynamorm::Transaction<'_>) -> dynamorm::Result<()> {
    /// match transaction.send(&db).await {
    ///     Err(error) if error.is_outcome_unknown() => match error.into_prepared() {
    ///         Some(prepared) => prepared.send(&db).await,
    ///         None => Ok(()),
    ///     },
    ///     outcome => outcome,
    /// }
    /// # }
    /// ```
    pub fn into_prepared(self) -> Option<PreparedTransaction> {
        self.0.prepared
    }

    /// What DynamoDB says it throttled: tables or indexes, and which limit of theirs. Empty where it does not say.
    pub fn throttled_by(&self) -> &[ThrottledBy] {
        &self.0.throttled_by
    }

    /// An error by which the application's own code refuses to go on, within
    /// [`retry_on_conflict`](crate::Get::retry_on_conflict): `source` is its [`source`](std::error::Error::source).
    pub fn refused(source: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>) -> Self {
        Self::new(ErrorKind::Refused, Context::default()).with_source(source.into())
    }

    #[cold]
    pub(crate) fn new(kind: ErrorKind, context: Context) -> Self {
        Error(Box::new(Inner {
            kind,
            context,
            attempts: 0,
            is_unanswered: false,
            item: None,
            unwritten: None,
            prepared: None,
            throttled_by: Vec::new(),
            cancellations: Vec::new(),
            source: None,
        }))
    }

    #[cold]
    pub(crate) fn validation(context: Context, violations: Vec<Violation>) -> Self {
        Self::new(ErrorKind::Validation(violations), context)
    }

    pub(crate) fn decode(context: Context, error: DecodeError) -> Self {
        let source = error.clone();
        Self::new(ErrorKind::Decode(error), context).with_source(source.into())
    }

    pub(crate) fn construction(source: BoxError) -> Self {
        Self::new(ErrorKind::Construction, Context::default()).with_source(source)
    }

    pub(crate) fn with_source(mut self, source: BoxError) -> Self {
        self.0.source = Some(source);
        self
    }

    pub(crate) fn with_context(mut self, context: Context) -> Self {
        self.0.context = context;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Names the item and its table, once they are known.
    pub(crate) fn at(mut self, facts: &'static Facts, key: &Item, db: &Client) -> Self {
        self.0.context.key = ItemKey::of(facts, None, key).text();
        self.in_table(facts, db)
    }

    /// Names the table as this client calls it.
    pub(crate) fn in_table(mut self, facts: &'static Facts, db: &Client) -> Self {
        self.0.context.table = Some(db.table_name(facts.table));
        self
    }

    pub(crate) fn with_item(mut self, item: Option<Item>) -> Self {
        self.0.item = item;
        self
    }

    pub(crate) fn with_unwritten(mut self, rest: BatchWrite) -> Self {
        self.0.unwritten = Some(rest);
        self
    }

    pub(crate) fn with_prepared(mut self, prepared: PreparedTransaction) -> Self {
        self.0.prepared = Some(prepared);
        self
    }

    pub(crate) fn with_throttled_by(mut self, throttled_by: Vec<ThrottledBy>) -> Self {
        self.0.throttled_by = throttled_by;
        self
    }

    /// Notes that an attempt of a write had no answer when the deadline passed.
    pub(crate) fn unanswered(mut self, is_unanswered: bool) -> Self {
        self.0.is_unanswered = is_unanswered;
        self
    }

    /// Notes why a transaction was cancelled. What all operations agree on is the error's own kind, unless an earlier attempt
    /// may have been carried out.
    pub(crate) fn with_cancellations(mut self, cancellations: Vec<(usize, Error)>) -> Self {
        if !self.is_unclear()
            && let [(_, first), rest @ ..] = cancellations.as_slice()
            && rest.iter().all(|(_, other)| other.0.kind == first.0.kind)
        {
            self.0.kind = first.0.kind.clone();
        }
        self.0.cancellations = cancellations;
        self
    }

    /// The kind of what DynamoDB refuses as invalid, for no reason that has a kind of its own.
    pub(crate) fn rejected(message: &str) -> ErrorKind {
        if message.contains("document path") { ErrorKind::PathNotStored } else { ErrorKind::Rejected }
    }

    /// Whether a transaction was in the way of others, or throttled, and of nothing else.
    pub(crate) fn may_be_repeated(&self) -> bool {
        let passes = |kind: &ErrorKind| matches!(kind, ErrorKind::Conflict | ErrorKind::Throttled);
        match self.0.cancellations.as_slice() {
            [] => self.0.kind == ErrorKind::Conflict,
            all => all.iter().all(|(_, error)| passes(&error.0.kind)),
        }
    }

    /// Whether a path of an update leads through what is not stored.
    pub(crate) fn is_path_not_stored(&self) -> bool {
        self.0.kind == ErrorKind::PathNotStored
            || !self.is_unclear() && self.0.cancellations.iter().any(|(_, cause)| cause.is_path_not_stored())
    }

    /// Whether a save was refused for what a value's defaults would explain: a path that is not stored, or a premise that does
    /// not hold.
    pub(crate) fn may_be_of_defaults(&self) -> bool {
        self.is_path_not_stored() || self.is_stale()
    }

    /// Whether the item changed between being read and written, and nothing was written.
    pub(crate) fn is_stale(&self) -> bool {
        self.0.kind == ErrorKind::Stale
            || !self.is_unclear() && self.0.cancellations.iter().any(|(_, cause)| cause.is_stale())
    }

    /// Whether conditions of a transaction did not hold, and nothing else stood in its way.
    pub(crate) fn is_of_conditions(&self) -> bool {
        let is_of_condition = |(_, cause): &(usize, Error)| {
            !matches!(cause.0.kind, ErrorKind::Conflict | ErrorKind::Throttled | ErrorKind::Rejected)
        };
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(is_of_condition)
    }

    /// Whether nothing but guards of other items stood in a transaction's way.
    pub(crate) fn may_be_resolved(&self) -> bool {
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(|(_, cause)| cause.is_not_unique())
    }

    /// Whether a transaction was cancelled because items had changed since they were read to prepare it, and for nothing that
    /// would stand in its way again. `is_read` says which operations depend on what is read.
    pub(crate) fn may_be_prepared_again(&self, is_read: impl Fn(usize) -> bool) -> bool {
        let passes = |(position, cause): &(usize, Error)| match cause.0.kind {
            ErrorKind::Stale => is_read(*position),
            // Of a value that the item has not given up, or by what is known no more.
            ErrorKind::NotUnique(_) | ErrorKind::Conflict | ErrorKind::Throttled => true,
            _ => false,
        };
        self.is_stale() && self.0.cancellations.iter().all(passes)
    }

    /// The error of a write that is a transaction only because of its guards: what stood in the way of its item comes before
    /// what stood in the way of a guard.
    pub(crate) fn of_single_write(mut self, facts: &'static Facts, key: &Item, db: &Client) -> Self {
        if self.0.cancellations.is_empty() || self.is_unclear() {
            self.0.context.model = Some(facts.model);
            self.0.cancellations.clear();
            return self.at(facts, key, db);
        }
        let own = self.0.cancellations.iter().position(|(_, cause)| !cause.is_not_unique());
        let (_, mut cause) = self.0.cancellations.swap_remove(own.unwrap_or(0));
        cause.0.attempts = self.0.attempts;
        cause.0.context.operation = self.0.context.operation;
        cause
    }

    pub(crate) fn set_kind(&mut self, kind: ErrorKind) {
        self.0.kind = kind;
    }

    /// Whether the last answer was a refusal, or none, and an earlier attempt may have been carried out.
    pub(crate) fn is_unclear(&self) -> bool {
        self.0.kind == ErrorKind::OutcomeUnknown
    }

    pub(crate) fn take_item(&mut self) -> Option<Item> {
        self.0.item.take()
    }
}

/// Operations after which something may have changed.
pub(crate) fn is_write(operation: &str) -> bool {
    !matches!(
        operation,
        "GetItem"
            | "BatchGetItem"
            | "TransactGetItems"
            | "Query"
            | "Scan"
            | "DescribeTable"
            | "DescribeTimeToLive"
    )
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ErrorKind::Validation(violations) => {
                f.write_str("invalid: ")?;
                for (index, violation) in violations.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{violation}")?;
                }
            }
            ErrorKind::Decode(error) => write!(f, "the stored item cannot be read: {error}")?,
            ErrorKind::AlreadyExists => f.write_str("the item already exists")?,
            ErrorKind::NotFound => f.write_str("the item does not exist")?,
            ErrorKind::ConditionFailed => f.write_str("a condition did not hold")?,
            ErrorKind::VersionConflict(expected) => {
                write!(f, "the item is not the one of version {expected} any more")?;
            }
            ErrorKind::NotUnique(names) => write!(f, "another item has this `{names}`, which is unique")?,
            ErrorKind::Stale => f.write_str("what the write depends on has changed since it was read")?,
            ErrorKind::Refused => f.write_str("refused")?,
            ErrorKind::OutOfRange(path) => {
                write!(f, "the addition would leave the range of attribute `{path}`")?;
            }
            ErrorKind::InvalidCursor(why) => write!(f, "invalid cursor: {why}")?,
            ErrorKind::Incomplete(left) => {
                write!(f, "DynamoDB did not carry out {left} requests of a batch")?
            }
            ErrorKind::Cancelled => f.write_str("the transaction was cancelled")?,
            ErrorKind::Throttled => f.write_str("throttled")?,
            ErrorKind::LimitExceeded => f.write_str("a quota of the account is used up")?,
            ErrorKind::Conflict => f.write_str("a transaction is at work on the item")?,
            ErrorKind::Timeout(deadline) => write!(f, "no answer within {deadline:?}")?,
            ErrorKind::OutcomeUnknown => {
                f.write_str(
                    "a response was lost: it is unknown whether the write was carried out, and how often",
                )?;
            }
            ErrorKind::TableNotFound => f.write_str("the table does not exist")?,
            ErrorKind::TableInUse => f.write_str("the table exists already or is being changed")?,
            ErrorKind::IndexNotFound => f.write_str("the index does not exist, or is still being created")?,
            ErrorKind::TableMismatch(how) => write!(f, "the table cannot become what is declared: {how}")?,
            ErrorKind::ItemTooLarge => f.write_str("the item would be larger than 400 KB")?,
            ErrorKind::ItemCollectionTooLarge => {
                f.write_str("the item collection would be larger than 10 GB")?
            }
            ErrorKind::AccessDenied => f.write_str("access denied")?,
            ErrorKind::Connection => f.write_str("DynamoDB could not be reached")?,
            ErrorKind::Rejected => f.write_str("DynamoDB refused the request")?,
            ErrorKind::PathNotStored => {
                f.write_str("a path of the update leads through what is not stored")?
            }
            ErrorKind::Service => f.write_str("DynamoDB failed")?,
            ErrorKind::Protocol(what) => write!(f, "unexpected response: {what}")?,
            ErrorKind::Construction => f.write_str("the request could not be built")?,
        }
        self.fmt_context(f)?;
        for (position, error) in &self.0.cancellations {
            write!(f, "; operation {position}: {error}")?;
        }
        match (&self.0.kind, &self.0.source) {
            (ErrorKind::Decode(_), _) | (_, None) => Ok(()),
            (_, Some(source)) => write!(f, ": {}", Innermost(source.as_ref())),
        }
    }
}

impl Error {
    fn fmt_context(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = &self.0.context;
        let attempts = self.0.attempts.to_string();
        let parts = [
            ("", context.operation),
            ("model ", context.model),
            ("table ", context.table.as_deref()),
            ("index ", context.index),
            ("key ", context.key.as_deref()),
            ("attempts ", (self.0.attempts > 1).then_some(attempts.as_str())),
        ];
        let parts: Vec<_> =
            parts.into_iter().filter_map(|(what, value)| Some(format!("{what}{}", value?))).collect();
        if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
    }
}

/// The SDK nests its errors, and only the innermost says what happened.
struct Innermost<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Display for Innermost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut error = self.0;
        while let Some(source) = error.source() {
            error = source;
        }
        write!(f, "{error}")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("context", &self.0.context)
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
