//! DynamoDB's reasons for throttling: which table or index, and which limit.

use std::error::Error;

use aws_sdk_dynamodb::types::ThrottlingReason;
use aws_sdk_dynamodb::types::error::{
    ProvisionedThroughputExceededException, RequestLimitExceeded, ThrottlingException,
};

/// Why DynamoDB throttled a request: one of its reasons.
///
/// ```
/// # fn example(error: dynamorm::Error) {
/// for by in error.throttled_by() {
///     println!("{} of {}", by.reason(), by.index().or(by.table()).unwrap_or("the account"));
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrottledBy {
    reason: String,
    resource: Option<String>,
}

impl ThrottledBy {
    /// DynamoDB's word for it, such as `TableWriteProvisionedThroughputExceeded`. It names what is throttled (`Table` or
    /// `Index`), for which operations (`Read` or `Write`), and the limit: `ProvisionedThroughputExceeded`,
    /// `AccountLimitExceeded`, `KeyRangeThroughputExceeded` (of one partition) or `MaxOnDemandThroughputExceeded`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The limit alone, such as `KeyRangeThroughputExceeded`.
    pub fn limit(&self) -> &str {
        let of = |text: &'_ str| -> Option<usize> {
            let rest = text.strip_prefix("Table").or_else(|| text.strip_prefix("Index"))?;
            let rest = rest.strip_prefix("Read").or_else(|| rest.strip_prefix("Write"))?;
            Some(text.len() - rest.len())
        };
        &self.reason[of(&self.reason).unwrap_or(0)..]
    }

    /// The ARN of the table or index.
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// The table's name.
    pub fn table(&self) -> Option<&str> {
        self.part("table")
    }

    /// The index's name, if an index is throttled.
    pub fn index(&self) -> Option<&str> {
        self.part("index")
    }

    /// What follows a word in the ARN, `arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE/index/INDEX`.
    fn part(&self, word: &str) -> Option<&str> {
        let path = self.resource()?.splitn(6, ':').nth(5)?;
        let mut parts = path.split('/');
        parts.find(|part| *part == word)?;
        parts.next()
    }
}

/// All reasons that an operation's error gives.
pub(crate) fn throttled_by(error: &(impl Error + 'static)) -> Vec<ThrottledBy> {
    let exception = error.source();
    let of = |exception: &(dyn Error + 'static)| -> Vec<ThrottlingReason> {
        if let Some(exception) = exception.downcast_ref::<ProvisionedThroughputExceededException>() {
            exception.throttling_reasons().to_vec()
        } else if let Some(exception) = exception.downcast_ref::<ThrottlingException>() {
            exception.throttling_reasons().to_vec()
        } else if let Some(exception) = exception.downcast_ref::<RequestLimitExceeded>() {
            exception.throttling_reasons().to_vec()
        } else {
            Vec::new()
        }
    };
    let reasons = exception.map(of).unwrap_or_default();
    reasons
        .into_iter()
        .map(|ThrottlingReason { reason, resource, .. }| ThrottledBy {
            reason: reason.unwrap_or_default(),
            resource,
        })
        .collect()
}
