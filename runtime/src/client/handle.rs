//! A client and its settings.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::config::{AsyncSleep, SharedAsyncSleep};
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use aws_smithy_async::rt::sleep::default_async_sleep;
use jiff::Timestamp;

use crate::attempts;
use crate::cursor_keys::CursorKeys;
use crate::environment::Environment;
use crate::hooks::Hooks;
use crate::scope::Scopes;
use crate::table::Table;

/// A connection to DynamoDB, or to an embedded engine. Cloning one is cheap.
///
/// ```
/// # async fn example(aws_config: aws_sdk_dynamodb::Config) {
/// let sdk = aws_sdk_dynamodb::Client::from_conf(aws_config);
/// let db = dynamorm::Client::new(sdk).with_table_prefix("prod-");
/// # }
/// ```
///
/// Credentials, region, endpoint and retries are the SDK client's own settings.
#[derive(Clone)]
pub struct Client {
    sdk: aws_sdk_dynamodb::Client,
    settings: Arc<Settings>,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Most clients call tables as they are declared.
    names: Option<Box<TableNames>>,
    deadline: Option<Duration>,
    consumed_capacity: bool,
    cursor_keys: CursorKeys,
    pub(crate) environment: Environment,
    hooks: Vec<Arc<Hooks>>,
    /// Whether items are read from the bytes of responses, and written into those of requests.
    pub(crate) wire_decoding: bool,
    pub(crate) scopes: Scopes,
    tables_of_others: bool,
    /// What reads the streams of tables.
    #[cfg(feature = "streams")]
    streams: Option<aws_sdk_dynamodbstreams::Client>,
}

#[derive(Clone, Debug, Default)]
struct TableNames {
    prefix: String,
    suffix: String,
    /// Those of single tables, which have neither.
    own: BTreeMap<&'static str, String>,
}

impl TableNames {
    fn of(&self, table: &Table) -> String {
        match self.own.get(table.name) {
            Some(name) => name.clone(),
            None => [&self.prefix, table.name, &self.suffix].concat(),
        }
    }
}

/// How long a request may take, the SDK's retries included, unless a client or a call says otherwise. A stream, a count, a
/// parallel scan, a batch or a wait takes as many requests as it needs.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

impl Client {
    /// A client that sends its requests through an SDK client.
    ///
    /// It takes over the SDK client's configuration; its connections are of its own, unless that names an HTTP client.
    pub fn new(sdk: aws_sdk_dynamodb::Client) -> Self {
        let settings = Settings {
            names: None,
            deadline: Some(DEFAULT_DEADLINE),
            consumed_capacity: true,
            cursor_keys: CursorKeys::default(),
            environment: Environment::default(),
            hooks: Vec::new(),
            wire_decoding: true,
            scopes: Scopes::default(),
            tables_of_others: false,
            #[cfg(feature = "streams")]
            streams: None,
        };
        Client { sdk: attempts::watched(&sdk), settings: Arc::new(settings) }
    }

    /// Puts `prefix` before the name of every table, such as `prod-`.
    #[must_use]
    pub fn with_table_prefix(self, prefix: impl Into<String>) -> Self {
        self.with(|settings| settings.names().prefix = prefix.into())
    }

    /// Puts `suffix` behind the name of every table.
    #[must_use]
    pub fn with_table_suffix(self, suffix: impl Into<String>) -> Self {
        self.with(|settings| settings.names().suffix = suffix.into())
    }

    /// Calls one table `name`, without prefix or suffix.
    #[must_use]
    pub fn with_table_name(self, table: &'static Table, name: impl Into<String>) -> Self {
        self.with(|settings| {
            settings.names().own.insert(table.name, name.into());
        })
    }

    /// Creates, changes and deletes tables that are declared `managed = "elsewhere"` as well: for tests on an engine of their own,
    /// such as DynamoDB Local, where nobody else makes them. A client on the embedded engine does so from the start.
    #[must_use]
    pub fn with_tables_of_others(self) -> Self {
        self.with(|settings| settings.tables_of_others = true)
    }

    /// Ends every request that takes longer than `deadline`, retries included; [`DEFAULT_DEADLINE`] otherwise. Transactions
    /// keep to it as a whole, their repetitions included.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with(|settings| settings.deadline = Some(deadline))
    }

    /// Lets operations take as long as the SDK lets them: by its defaults, for ever.
    #[must_use]
    pub fn without_deadline(self) -> Self {
        self.with(|settings| settings.deadline = None)
    }

    /// Does not ask DynamoDB for the capacity that each request consumed, which it does by default.
    #[must_use]
    pub fn without_consumed_capacity(self) -> Self {
        self.with(|settings| settings.consumed_capacity = false)
    }

    /// Tells the time by `clock`, for tests: when an item is written (`generate = "updated"`), and whether it has expired
    /// ([`live_only`](crate::Get::live_only)). What a builder sets does not depend on a client.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.with(|settings| {
            let environment = std::mem::take(&mut settings.environment);
            settings.environment = environment.with_wall_clock(clock);
        })
    }

    /// Signs cursors with the first of these keys (HMAC-SHA256), and takes those that were signed with any of them and no
    /// others: to change keys, put the new one before the old ones for as long as cursors live. Keys are random bytes. Without any
    /// key queries and scans are refused, since nobody who asks for signatures wants none.
    #[must_use]
    pub fn with_cursor_keys(self, newest_first: impl IntoIterator<Item = [u8; 32]>) -> Self {
        self.with(|settings| settings.cursor_keys = CursorKeys::new(newest_first))
    }

    /// Runs `hooks` before and after the writes of this client, behind those that it has already.
    #[must_use]
    pub fn with_hooks(self, hooks: Hooks) -> Self {
        self.with(|settings| settings.hooks.push(Arc::new(hooks)))
    }

    /// Reads the streams of tables ([`changes`](Self::changes)) through this client of the SDK's.
    #[cfg(feature = "streams")]
    #[must_use]
    pub fn with_streams(self, streams: aws_sdk_dynamodbstreams::Client) -> Self {
        self.with(|settings| settings.streams = Some(streams))
    }

    /// The SDK's client for streams, if there is one.
    #[cfg(feature = "streams")]
    pub fn streams(&self) -> Option<&aws_sdk_dynamodbstreams::Client> {
        self.settings.streams.as_ref()
    }

    /// The SDK client.
    pub fn sdk(&self) -> &aws_sdk_dynamodb::Client {
        &self.sdk
    }

    /// What a table is called through this client.
    pub fn table_name(&self, table: &Table) -> String {
        self.table_name_of(table).into_owned()
    }

    /// As [`table_name`](Self::table_name), without copying where a table is called as it is declared.
    pub(crate) fn table_name_of(&self, table: &Table) -> Cow<'static, str> {
        match &self.settings.names {
            None => Cow::Borrowed(table.name),
            Some(names) => Cow::Owned(names.of(table)),
        }
    }

    /// The same client, which asks for the capacity that each request consumed.
    pub(crate) fn with_consumed_capacity(&self) -> Self {
        self.clone().with(|settings| settings.consumed_capacity = true)
    }

    pub(crate) fn consumed_capacity(&self) -> Option<ReturnConsumedCapacity> {
        self.settings.consumed_capacity.then_some(ReturnConsumedCapacity::Total)
    }

    pub(crate) fn cursor_keys(&self) -> &CursorKeys {
        &self.settings.cursor_keys
    }

    pub(crate) fn hooks(&self) -> &[Arc<Hooks>] {
        &self.settings.hooks
    }

    pub(crate) fn has_hooks(&self) -> bool {
        !self.settings.hooks.is_empty()
    }

    /// Whether items are read from the bytes of responses, and written into those of requests.
    pub(crate) fn is_wire_decoding(&self) -> bool {
        self.settings.wire_decoding
    }

    pub(crate) fn changes_tables_of_others(&self) -> bool {
        self.settings.tables_of_others
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.settings.deadline
    }

    /// The current instant, by this client's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.settings.environment.now()
    }

    /// Where the client has its time, randomness and ids from.
    pub(crate) fn environment(&self) -> &Environment {
        &self.settings.environment
    }

    pub(crate) async fn sleep(&self, duration: Duration) {
        if let Some(sleep) = self.sleep_impl() {
            sleep.sleep(duration).await;
        }
    }

    /// Whether there is anything to sleep by.
    pub(crate) fn can_sleep(&self) -> bool {
        self.sleep_impl().is_some()
    }

    /// How to sleep: as the SDK client was told, or else by the SDK's own default, which its configuration does not show.
    pub(super) fn sleep_impl(&self) -> Option<SharedAsyncSleep> {
        self.sdk.config().sleep_impl().or_else(default_async_sleep)
    }

    pub(crate) fn scopes(&self) -> &Scopes {
        &self.settings.scopes
    }

    /// The same client with another SDK client, which counts attempts already: a copy of its own.
    pub(crate) fn with_sdk(mut self, sdk: aws_sdk_dynamodb::Client) -> Self {
        self.sdk = sdk;
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }
}

impl Settings {
    fn names(&mut self) -> &mut TableNames {
        self.names.get_or_insert_default()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}
