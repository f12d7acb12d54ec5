//! Everything that would stop a launch, looked at before money is spent. Each file looks at one thing.

use slipway_core::cloud::{CheckRequest, Finding, Verdict};
use slipway_core::error::Result;

use crate::account;
use crate::session::Session;

/// Looks at everything; who is signed in comes first, because nothing else can be asked without.
pub(crate) async fn all(session: &Session, _request: &CheckRequest) -> Result<Vec<Finding>> {
    let who = account::account(session).await?;
    Ok(vec![finding(
        "Account",
        Verdict::Good,
        format!("{} in account {}.", who.user, who.id),
    )])
}

/// A finding.
pub(crate) fn finding(about: &str, verdict: Verdict, text: impl Into<String>) -> Finding {
    Finding {
        about: about.to_owned(),
        verdict,
        text: text.into(),
        fix: String::new(),
    }
}
