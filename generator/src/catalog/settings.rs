//! The settings of a table besides its keys and indexes. An undeclared setting is up to whoever creates or changes the table.

/// The declaration of something that a table can have or lack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Nothing.
    #[default]
    Undeclared,
    /// The table has none.
    Off,
    /// The table has it, like this.
    On(T),
}

impl<T> Setting<T> {
    /// The declared value, if it is on.
    pub fn on(&self) -> Option<&T> {
        match self {
            Setting::On(value) => Some(value),
            Setting::Undeclared | Setting::Off => None,
        }
    }

    /// Whether anything is declared.
    pub fn is_declared(&self) -> bool {
        match self {
            Setting::Undeclared => false,
            Setting::Off | Setting::On(_) => true,
        }
    }

    /// The same setting, with its value mapped by `to`.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Setting::Undeclared => Setting::Undeclared,
            Setting::Off => Setting::Off,
            Setting::On(value) => Setting::On(to(value)),
        }
    }

    /// The same, borrowed.
    pub fn as_ref(&self) -> Setting<&T> {
        match self {
            Setting::Undeclared => Setting::Undeclared,
            Setting::Off => Setting::Off,
            Setting::On(value) => Setting::On(value),
        }
    }
}

/// Who creates and changes a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Managed {
    /// The clients that have its declaration.
    #[default]
    Here,
    /// Others. Clients only check it.
    Elsewhere,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    OnDemand,
    Provisioned(Throughput),
}

/// Provisioned capacity units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throughput {
    pub read: u64,
    pub write: u64,
}

/// The maximum throughput of an on-demand table or index, in request units per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnDemandMaximum {
    pub read: Setting<u64>,
    pub write: Setting<u64>,
}

impl OnDemandMaximum {
    /// Whether anything is declared.
    pub fn is_declared(&self) -> bool {
        self.read.is_declared() || self.write.is_declared()
    }
}

/// Continuous backups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointInTimeRecovery {
    /// How many days they reach back, if declared.
    pub days: Option<u64>,
}

/// The key that encrypts a table at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// A key that AWS owns.
    AwsOwned,
    /// The account's key for DynamoDB.
    AwsManaged,
    /// Another key of the account: its ARN, id, alias, or the ARN of its alias.
    Key(String),
}

/// How long the id of a KMS key is: a UUID, or `mrk-…` for a key in several regions.
const KEY_ID_LENGTH: usize = 36;
const ACCOUNT_DIGITS: usize = 12;

impl Encryption {
    /// Whether a text names a KMS key: by its id, its alias, or the ARN of either.
    pub fn is_key(text: &str) -> bool {
        let is_name = |name: &str, others: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
        };
        let is_alias = |text: &str| text.strip_prefix("alias/").is_some_and(|name| is_name(name, "/_-"));
        let Some(arn) = text.strip_prefix("arn:") else {
            return is_alias(text) || (text.len() == KEY_ID_LENGTH && is_name(text, "-"));
        };
        let parts: Vec<&str> = arn.splitn(5, ':').collect();
        let [partition, "kms", region, account, resource] = parts[..] else { return false };
        let is_key = resource.strip_prefix("key/").is_some_and(|id| is_name(id, "-"));
        is_name(partition, "-")
            && is_name(region, "-")
            && account.len() == ACCOUNT_DIGITS
            && account.chars().all(|c| c.is_ascii_digit())
            && (is_key || is_alias(resource))
    }

    /// Whether a text names the account's key for DynamoDB, which AWS manages.
    pub fn is_key_for_dynamodb(text: &str) -> bool {
        let name = text.rsplit_once(":alias/").map(|(_, name)| name).or_else(|| text.strip_prefix("alias/"));
        name == Some("aws/dynamodb")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamView {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableClass {
    Standard,
    StandardInfrequentAccess,
}
