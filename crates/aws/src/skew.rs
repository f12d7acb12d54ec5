//! A second try where only this computer's clock was wrong. The SDK corrects its signatures by the date of each answer and
//! tries again after the codes that other services have for it, but not after EC2's, which an expired session has as well.

use std::time::SystemTime;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};

use crate::error::{CLOCK_TOLERANCE_SECONDS, clock_ahead};

/// What EC2 answers to a signature of another time, and to an expired session.
const CODE: &str = "<Code>RequestExpired</Code>";

/// Tells the SDK when a request is worth another signature.
#[derive(Debug)]
pub(crate) struct ClockWasWrong;

impl ClassifyRetry for ClockWasWrong {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else {
            return RetryAction::NoActionIndicated;
        };
        let body = response.body().bytes().map(String::from_utf8_lossy);
        let expired = body.is_some_and(|body| body.contains(CODE));
        let ahead = clock_ahead(response, SystemTime::now()).unwrap_or(0);
        if expired && ahead.abs() > CLOCK_TOLERANCE_SECONDS {
            RetryAction::server_error()
        } else {
            RetryAction::NoActionIndicated
        }
    }

    fn name(&self) -> &'static str {
        "a clock that was wrong"
    }
}
