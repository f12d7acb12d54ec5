//! Clocks that are apart. The SDK corrects its signatures by the date of each answer and tries again after the codes that
//! other services have for it, but not after EC2's, which an expired session has as well; and it never corrects the
//! signature of a URL.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextRef, InterceptorContext,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::error::{CLOCK_TOLERANCE_SECONDS, clock_ahead};

/// What EC2 answers to a signature of another time, and to an expired session.
const CODE: &str = "<Code>RequestExpired</Code>";

/// Nothing was measured.
const NONE: i64 = i64::MIN;

/// How far AWS's clock is ahead of this computer's, by the date of the last answer.
#[derive(Debug, Clone)]
pub(crate) struct Ahead(Arc<AtomicI64>);

impl Default for Ahead {
    fn default() -> Self {
        Ahead(Arc::new(AtomicI64::new(NONE)))
    }
}

impl Ahead {
    /// In seconds; `None` while no answer has told it.
    pub fn seconds(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|seconds| *seconds != NONE)
    }

    /// A time of this computer as AWS has it.
    pub fn correct(&self, time: SystemTime) -> SystemTime {
        let ahead = self.seconds().unwrap_or(0);
        let by = Duration::from_secs(ahead.unsigned_abs());
        let corrected = if ahead < 0 {
            time.checked_sub(by)
        } else {
            time.checked_add(by)
        };
        corrected.unwrap_or(time)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Ahead {
    fn name(&self) -> &'static str {
        "how far the clocks are apart"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(ahead) = clock_ahead(context.response(), SystemTime::now()) {
            self.0.store(ahead, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Tells the SDK when a request is worth another signature.
#[derive(Debug)]
pub(crate) struct ClockWasWrong;

impl ClassifyRetry for ClockWasWrong {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else {
            return RetryAction::NoActionIndicated;
        };
        let body = response
            .body()
            .bytes()
            .map(String::from_utf8_lossy)
            .unwrap_or_default();
        // The refusal of a HEAD has no body, so it has no code either.
        let nameless = response.status().as_u16() == 403 && body.trim().is_empty();
        let expired = nameless || body.contains(CODE);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_corrected_in_both_directions_once_something_was_measured() {
        let (ahead, now) = (Ahead::default(), SystemTime::now());
        assert_eq!((ahead.seconds(), ahead.correct(now)), (None, now));
        ahead.0.store(900, Ordering::Relaxed);
        assert_eq!(ahead.correct(now), now + Duration::from_secs(900));
        ahead.0.store(-86_400, Ordering::Relaxed);
        assert_eq!(ahead.correct(now), now - Duration::from_secs(86_400));
    }
}
