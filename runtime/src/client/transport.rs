//! Settings for sending requests and reading responses.

use std::time::Duration;

use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;

use crate::client::handle::Client;

impl Client {
    /// Lets the SDK serialize every request and parse every response, even those whose items the client would write and read
    /// itself.
    ///
    /// By default, the client writes items into the bytes of requests, and reads them from those of responses. The SDK's input
    /// and output types then contain no items. If an interceptor of yours looks for items there, it needs this setting.
    /// Interceptors see complete HTTP requests and responses either way. Requests from `into_sdk` and unsuccessful answers are
    /// always handled by the SDK alone.
    ///
    /// The SDK does not compare a response with DynamoDB's checksum, so with this setting nobody does.
    #[must_use]
    pub fn without_wire_decoding(self) -> Self {
        self.with(|settings| settings.wire_decoding = false)
    }

    /// Ends each attempt of a request after `timeout`. The SDK sends the request again as often as its retries allow.
    ///
    /// This replaces the SDK's stalled-stream protection, which watches how fast a body arrives. Without that protection, a slow
    /// response is cut off even while it keeps coming, so choose a timeout in which a page of 1 MB arrives on a slow connection.
    /// If the SDK client already has an attempt timeout or stalled-stream protection of its own, that setting stays.
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
