//! This computer's clock, compared with the `Date` of an answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use slipway_core::cloud::{Finding, Verdict};

use super::{finding, good, unknown};
use crate::actions::Action;
use crate::error::{CLOCK_TOLERANCE_SECONDS, clock_ahead};
use crate::session::Session;

const ABOUT: &str = "Clock";
/// Nothing was measured.
const NONE: i64 = i64::MIN;

/// Asks for what every user may ask, and reads the date of the answer.
pub(super) async fn check(session: &Session) -> Finding {
    let ahead = Arc::new(AtomicI64::new(NONE));
    let reader = DateReader(ahead.clone());
    let asked = session.ask(Action::GetCallerIdentity, |aws| {
        aws.sts
            .get_caller_identity()
            .customize()
            .interceptor(reader)
            .send()
    });
    match asked.await {
        Ok(_) => judge(Some(ahead.load(Ordering::Relaxed)).filter(|ahead| *ahead != NONE)),
        Err(trouble) => unknown(ABOUT, &trouble.error.sentence),
    }
}

/// The SDK signs with AWS's time, so a wrong clock is a nuisance, not an end.
fn judge(ahead: Option<i64>) -> Finding {
    let Some(ahead) = ahead else {
        return unknown(ABOUT, "AWS's answer has no date.");
    };
    let apart = ahead.unsigned_abs();
    if apart <= CLOCK_TOLERANCE_SECONDS.unsigned_abs() {
        return good(ABOUT, format!("{apart} s apart from AWS's."));
    }
    let direction = if ahead > 0 { "behind" } else { "ahead" };
    let text = format!(
        "This computer's clock is {} minutes {direction} AWS's.",
        apart / 60
    );
    finding(ABOUT, Verdict::Warning, text, "Set the clock to automatic.")
}

#[derive(Debug)]
struct DateReader(Arc<AtomicI64>);

#[dyn_dispatch_hint]
impl Intercept for DateReader {
    fn name(&self) -> &'static str {
        "DateReader"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_what_aws_tolerates() {
        assert_eq!(judge(Some(-299)).verdict, Verdict::Good);
        assert_eq!(judge(Some(900)).verdict, Verdict::Warning);
        assert_eq!(judge(None).verdict, Verdict::Unknown);
    }

    #[test]
    fn a_clock_is_behind_when_awss_is_ahead() {
        assert!(judge(Some(3600)).text.contains("60 minutes behind"));
        assert!(judge(Some(-3600)).text.contains("60 minutes ahead"));
    }
}
