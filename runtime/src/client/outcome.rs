//! What the SDK's errors and DynamoDB's codes mean.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::attempts::Attempts;
use crate::cause;
use crate::error::{Error, ErrorKind};

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
    )
}

/// What the error of an operation means, given its attempts so far.
pub(super) fn kind_of<E: ProvideErrorMetadata>(
    operation: &str,
    attempts: Attempts,
    error: &SdkError<E, HttpResponse>,
) -> ErrorKind {
    let write = is_write(operation);
    let sent = attempts.count() > 0;
    let unanswered = attempts.unanswered() > 0;
    let unclear = if write && sent { ErrorKind::OutcomeUnknown } else { ErrorKind::Connection };
    let kind = match error {
        // A success of which the rest was cut off or is no JSON.
        SdkError::ServiceError(failure) if failure.raw().status().is_success() => unclear,
        SdkError::ServiceError(_) => {
            service_error(error.code().unwrap_or_default(), error.message().unwrap_or_default())
        }
        SdkError::ConstructionFailure(_) => ErrorKind::Construction,
        SdkError::DispatchFailure(failure) if failure.is_user() => ErrorKind::Construction,
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            // Credentials are resolved for every attempt, before it is sent.
            Some(cause) if failure.is_other() && cause::is_of_credentials(cause) => ErrorKind::AccessDenied,
            Some(_) if failure.is_other() && !sent => ErrorKind::Construction,
            Some(cause) if !unanswered && cause::is_without_connection(cause) => ErrorKind::Connection,
            _ => unclear,
        },
        _ => unclear,
    };
    // Whatever refused this attempt, an earlier one may have been carried out: its condition may have failed, its item
    // have grown too large or its table have appeared because of this very write.
    if write && unanswered { ErrorKind::OutcomeUnknown } else { kind }
}

/// What a success is whose body cannot be read: for all that is known, the operation has been carried out.
pub(super) fn of_broken_success(operation: &str) -> ErrorKind {
    if is_write(operation) { ErrorKind::OutcomeUnknown } else { ErrorKind::Connection }
}

fn service_error(code: &str, message: &str) -> ErrorKind {
    match code {
        "ConditionalCheckFailedException" => ErrorKind::ConditionFailed,
        "ProvisionedThroughputExceededException" | "ThrottlingException" | "RequestLimitExceeded" => {
            ErrorKind::Throttled
        }
        "LimitExceededException" => ErrorKind::LimitExceeded,
        "TransactionCanceledException" => ErrorKind::Cancelled,
        "TransactionInProgressException"
        | "TransactionConflictException"
        | "ReplicatedWriteConflictException" => ErrorKind::Conflict,
        "ResourceNotFoundException" | "TableNotFoundException" => ErrorKind::TableNotFound,
        "ResourceInUseException" | "TableInUseException" | "ContinuousBackupsUnavailableException" => {
            ErrorKind::TableInUse
        }
        "ItemCollectionSizeLimitExceededException" => ErrorKind::ItemCollectionTooLarge,
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "IncompleteSignatureException"
        | "MissingAuthenticationTokenException"
        | "NotAuthorized" => ErrorKind::AccessDenied,
        "ValidationException"
            if message.contains("does not have the specified index")
                || message.contains("backfilling global secondary index") =>
        {
            ErrorKind::IndexNotFound
        }
        // Keys, expressions and requests have a size that may be exceeded, too.
        "ValidationException" if message.contains("Item size") && message.contains("exceeded") => {
            ErrorKind::ItemTooLarge
        }
        "ValidationException" => Error::rejected(message),
        "SerializationException" | "IdempotentParameterMismatchException" => ErrorKind::Rejected,
        _ => ErrorKind::Service,
    }
}
