//! What the SDK's errors and DynamoDB's codes mean.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::attempts::Attempts;
use crate::cause;
use crate::error::{Error, Reason};

/// Operations after which something may have changed.
pub(super) fn is_write(operation: &str) -> bool {
    !matches!(
        operation,
        "GetItem"
            | "BatchGetItem"
            | "TransactGetItems"
            | "Query"
            | "Scan"
            | "DescribeTable"
            | "DescribeTimeToLive"
            | "DescribeContinuousBackups"
            | "DescribeStream"
            | "GetShardIterator"
            | "GetRecords"
    )
}

/// What an operation's error means, given the attempts so far.
pub(super) fn kind_of<E: ProvideErrorMetadata>(
    operation: &str,
    attempts: Attempts,
    error: &SdkError<E, HttpResponse>,
) -> Reason {
    let write = is_write(operation);
    let sent = attempts.count() > 0;
    let unanswered = attempts.unanswered() > 0;
    let unclear = if write && sent { Reason::OutcomeUnknown } else { Reason::Connection };
    let kind = match error {
        // A success whose body was cut off or is no JSON.
        SdkError::ServiceError(failure) if failure.raw().status().is_success() => unclear,
        SdkError::ServiceError(_) => {
            service_error(error.code().unwrap_or_default(), error.message().unwrap_or_default())
        }
        SdkError::ConstructionFailure(_) => Reason::Construction,
        SdkError::DispatchFailure(failure) if failure.is_user() => Reason::Construction,
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            // Credentials are resolved for every attempt, before it is sent.
            Some(cause) if failure.is_other() && cause::is_of_credentials(cause) => Reason::AccessDenied,
            Some(_) if failure.is_other() && !sent => Reason::Construction,
            Some(cause) if !unanswered && cause::is_without_connection(cause) => Reason::Connection,
            _ => unclear,
        },
        _ => unclear,
    };
    // This attempt was refused, but an earlier one may have been carried out. Perhaps its own effect is the reason: the condition
    // failed, the item has become too large, or the table exists because of this very write.
    if write && unanswered { Reason::OutcomeUnknown } else { kind }
}

/// The kind of a success whose body cannot be read. As far as anybody knows, the operation has been carried out.
pub(super) fn of_broken_success(operation: &str) -> Reason {
    if is_write(operation) { Reason::OutcomeUnknown } else { Reason::Connection }
}

fn service_error(code: &str, message: &str) -> Reason {
    match code {
        "ConditionalCheckFailedException" => Reason::ConditionFailed,
        "ProvisionedThroughputExceededException" | "ThrottlingException" | "RequestLimitExceeded" => {
            Reason::Throttled
        }
        "LimitExceededException" => Reason::LimitExceeded,
        "TransactionCanceledException" => Reason::Cancelled,
        "TransactionInProgressException"
        | "TransactionConflictException"
        | "ReplicatedWriteConflictException" => Reason::Conflict,
        "ResourceNotFoundException" | "TableNotFoundException" => Reason::TableNotFound,
        "ResourceInUseException" | "TableInUseException" | "ContinuousBackupsUnavailableException" => {
            Reason::TableInUse
        }
        "ItemCollectionSizeLimitExceededException" => Reason::ItemCollectionTooLarge,
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "IncompleteSignatureException"
        | "MissingAuthenticationTokenException"
        | "NotAuthorized" => Reason::AccessDenied,
        "ValidationException"
            if message.contains("does not have the specified index")
                || message.contains("backfilling global secondary index") =>
        {
            Reason::IndexNotFound
        }
        // Keys, expressions and requests have limited sizes, too.
        "ValidationException" if message.contains("Item size") && message.contains("exceeded") => {
            Reason::ItemTooLarge
        }
        "ValidationException" => Error::rejected(message),
        "SerializationException" | "IdempotentParameterMismatchException" => Reason::Rejected,
        _ => Reason::Service,
    }
}
