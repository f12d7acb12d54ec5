//! How the agent's program gets to an instance: from its public URL, or by a private bucket of the user's own account.

mod bucket;
mod object;
pub(crate) mod program;

use std::time::Duration;

use slipway_core::cloud::StagedAgent;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_protocol::{AgentSource, Time};

use crate::account;
use crate::options::AgentProgram;
use crate::session::Session;
use program::Program;

/// A launch must be asked for within this time, or the URL is signed anew. Short, because a URL that was signed in a session
/// carries the session's token, and lies in the user data for as long as the instance does.
const ASK_WITHIN: Duration = Duration::from_secs(15 * 60);
/// What Windows needs at most from the request to the download.
const BOOT: Duration = Duration::from_secs(30 * 60);

/// Stages the program.
pub(crate) async fn stage(session: &Session, program: &AgentProgram) -> Result<StagedAgent> {
    match program {
        AgentProgram::Released { url, sha256 } => Ok(StagedAgent {
            source: Some(AgentSource {
                url: url.clone(),
                sha256: sha256.clone(),
            }),
            expires: None,
        }),
        AgentProgram::Built(path) => {
            let program = program::read(path).await?;
            by_bucket(session, &program).await.map_err(explain)
        }
    }
}

/// The account is asked for each time: it names the bucket, and the request after it would not tell an expired sign-in
/// from a missing right (a HEAD has no body).
async fn by_bucket(session: &Session, program: &Program) -> Result<StagedAgent> {
    let owner = account::account(session).await?.id;
    let bucket = bucket::Bucket::new(owner, &session.region);
    if !object::is_there(session, &bucket, program).await? {
        bucket::ensure(session, &bucket).await?;
        object::upload(session, &bucket, program).await?;
    }
    session.renew_keys_for(BOOT).await;
    let now = Time::now();
    let url = object::signed_url(session, &bucket, program, ASK_WITHIN + BOOT).await?;
    Ok(StagedAgent {
        source: Some(AgentSource {
            url,
            sha256: program.sha256.clone(),
        }),
        expires: Some(ask_until(now, session.signed_in_until().await)),
    })
}

/// Until when a launch with this URL may be asked for: a URL dies with the session that signed it.
fn ask_until(now: Time, session_ends: Option<Time>) -> Time {
    let usual = now.plus(ASK_WITHIN);
    match session_ends {
        Some(ends) => usual.min(Time(ends.0 - BOOT.as_millis() as i64)),
        None => usual,
    }
}

/// Rights are what is usually missing here, and there is another way.
fn explain(mut error: Error) -> Error {
    if error.kind == ErrorKind::PermissionMissing {
        error.hint = "The installer travels by a private S3 bucket of this account. Ask the account's administrator to \
                      add the policy that “slipway policy” prints, or use a released Slipway, which needs no bucket."
            .to_owned();
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_not_trusted_longer_than_the_session_that_signed_it() {
        let now = Time(0);
        let minutes = |minutes: i64| Time(minutes * 60_000);
        assert_eq!(ask_until(now, None), minutes(15));
        assert_eq!(ask_until(now, Some(minutes(600))), minutes(15));
        assert_eq!(ask_until(now, Some(minutes(40))), minutes(10));
    }

    #[test]
    fn a_missing_right_comes_with_both_ways_on() {
        let error = explain(Error::new(ErrorKind::PermissionMissing, "x"));
        assert!(error.hint.contains("slipway policy") && error.hint.contains("released"));
    }
}
