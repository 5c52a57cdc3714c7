//! Causes of the SDK's errors that the SDK has no type for.

use std::error::Error;
use std::io;
use std::iter::successors;

use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_smithy_runtime_api::client::dns::ResolveDnsError;

/// Whether there were no credentials to sign a request with.
pub(crate) fn is_of_credentials(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| {
        // The SDK keeps the types of these two private: no credentials provider, and one that does not answer.
        let text = error.to_string();
        error.is::<CredentialsError>()
            || error.is::<TokenError>()
            || text.starts_with("failed to select an auth scheme")
            || text.starts_with("identity resolver timed out")
    })
}

/// Whether no connection was made, so nothing can have been sent. False if the error leaves that open.
pub(crate) fn is_without_connection(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| {
        let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
        #[cfg(feature = "testing")]
        if error.is::<NothingSent>() {
            return true;
        }
        error.is::<ResolveDnsError>()
            || error.downcast_ref().is_some_and(refused)
            // The words of hyper's client, which most HTTP clients contain: an unknown name, a connection that takes too long, an
            // invalid certificate. Its types would be a dependency for this alone.
            || error.to_string() == "client error (Connect)"
    })
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |&error| error.source())
}

/// Why a connector of the test kit has not sent a request.
#[cfg(feature = "testing")]
#[derive(Debug)]
pub(crate) struct NothingSent(pub String);

#[cfg(feature = "testing")]
impl std::fmt::Display for NothingSent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "testing")]
impl Error for NothingSent {}
