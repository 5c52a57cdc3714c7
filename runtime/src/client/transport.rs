//! Settings of how a client's requests are sent and their responses read.

use std::time::Duration;

use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;

use crate::client::handle::Client;

impl Client {
    /// Lets the SDK serialize every request and parse every response, also those whose items the client would write and read
    /// itself.
    ///
    /// By default items are written into the bytes of a request and read from those of a response. The SDK's input of a write has
    /// no items then, and its output of a success has none either. An interceptor of yours that looks for them there needs this
    /// setting. It sees the HTTP requests and responses, whole, either way. Requests that `into_sdk` gives are the SDK's own as a
    /// whole, and so are answers that are no success.
    ///
    /// The SDK does not compare a response with the checksum that DynamoDB sends along; with this setting, nobody does.
    #[must_use]
    pub fn without_wire_decoding(self) -> Self {
        self.with(|settings| settings.wire_decoding = false)
    }

    /// Ends each attempt of a request after `timeout`, and lets the SDK send it again, as often as its retries allow.
    ///
    /// It takes the place of the SDK's stalled-stream protection, which watches how fast a body arrives: that
    /// is turned off. What is given up is that a response may take as long as it likes while it
    /// keeps coming, so choose a timeout that a page of 1 MB meets on a slow connection. Where the SDK client's owner has set
    /// an attempt timeout or the protection, that setting stays.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # fn example(sdk: aws_sdk_dynamodb::Client) {
    /// let db = dynamorm::Client::new(sdk).with_attempt_timeout(Duration::from_secs(5));
    /// # }
    /// ```
    #[must_use]
    pub fn with_attempt_timeout(self, timeout: Duration) -> Self {
        let config = self.sdk().config();
        let mut builder = config.to_builder();
        let timeouts = config.timeout_config();
        if timeouts.is_none_or(|timeouts| timeouts.operation_attempt_timeout().is_none()) {
            let timeouts = timeouts.map_or_else(TimeoutConfig::builder, TimeoutConfig::to_builder);
            builder.set_timeout_config(Some(timeouts.operation_attempt_timeout(timeout).build()));
        }
        if config.stalled_stream_protection().is_none() {
            builder.set_stalled_stream_protection(Some(StalledStreamProtectionConfig::disabled()));
        }
        self.with_sdk(aws_sdk_dynamodb::Client::from_conf(builder.build()))
    }
}
