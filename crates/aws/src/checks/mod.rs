//! Everything that would stop a launch, looked at before money is spent. Each file looks at one thing; what AWS does not
//! tell is “can't be known before”, never a guess.

mod agent;
mod clock;
mod disk_key;
mod later;
mod network;
mod permissions;
mod places;
mod quota;

use slipway_core::cloud::{CheckRequest, Finding, ImageChoice, Verdict};
use slipway_core::error::{Error, ErrorKind, Result, Retry};

use crate::account;
use crate::ami::{self, BaseImages};
use crate::options::AgentProgram;
use crate::session::Session;

/// Looks at everything. The agent comes first: it is on this computer, and no sign-in mends its absence. Whether somebody is
/// signed in is next, because nothing else can be asked without. A no, also one in the middle, is an error, not a finding,
/// so that a launch waits for a sign-in instead of failing.
pub(crate) async fn all(
    session: &Session,
    agent: &AgentProgram,
    bases: &BaseImages,
    request: &CheckRequest,
) -> Result<Vec<Finding>> {
    let agent = agent::check(agent).await;
    let caller = match account::caller(session).await {
        Ok(caller) => caller,
        Err(_) if agent.blocks() => return Ok(vec![agent]),
        Err(error) => return Err(error),
    };
    let image = bases.resolve(&request.image).await;
    let (clock, region, offering, quota, network, disk_key, later) = tokio::try_join!(
        async { Ok(clock::check(session).await) },
        places::region(session),
        places::offering(session, request),
        quota::check(session, &request.size),
        network::check(session, request.network.as_deref()),
        Box::pin(disk_key::check(session, &caller)),
        later::check(session, &caller),
    )?;
    let permissions = match &image {
        Ok(image) => Box::pin(permissions::check(session, request, image)).await,
        Err(_) => Vec::new(),
    };
    let image = match image {
        Ok(image) => good("Image", found(&request.image, &image.id)),
        Err(error) => of_image(error)?,
    };
    let mut findings = vec![agent, region, image, offering, quota, network, disk_key, clock];
    findings.extend(permissions);
    findings.push(later);
    Ok(findings)
}

fn found(choice: &ImageChoice, id: &str) -> String {
    match choice {
        ImageChoice::Family(family) => format!("The newest {} is {id}.", ami::title(family)),
        ImageChoice::Own(_) => format!("{id} is there."),
    }
}

fn finding(about: &str, verdict: Verdict, text: impl Into<String>, fix: impl Into<String>) -> Finding {
    Finding {
        about: about.to_owned(),
        verdict,
        text: text.into(),
        fix: fix.into(),
        kind: None,
    }
}

/// What refuses a launch.
fn blocking(about: &str, kind: ErrorKind, text: impl Into<String>, fix: impl Into<String>) -> Finding {
    Finding {
        kind: Some(kind),
        ..finding(about, Verdict::Blocking, text, fix)
    }
}

fn good(about: &str, text: impl Into<String>) -> Finding {
    finding(about, Verdict::Good, text, "")
}

fn unknown(about: &str, why: &str) -> Finding {
    finding(
        about,
        Verdict::Unknown,
        format!("Can't be known before: {why}"),
        "",
    )
}

/// An error of a check itself. What passes by itself, and what only the check may not ask, stops no launch.
fn of_error(about: &str, error: Error) -> Result<Finding> {
    let error = unless_signed_out(error)?;
    let of_the_check = error.kind == ErrorKind::PermissionMissing;
    Ok(match error.kind.retry() {
        Retry::Later => unknown(about, &error.sentence),
        _ if of_the_check => unknown(about, &error.sentence),
        _ => blocking(about, error.kind, &error.sentence, &error.hint),
    })
}

/// The launch asks the same, so what refuses the check refuses the launch.
fn of_image(error: Error) -> Result<Finding> {
    let error = unless_signed_out(error)?;
    Ok(match error.kind.retry() {
        Retry::Later => unknown("Image", &error.sentence),
        _ => blocking("Image", error.kind, &error.sentence, &error.hint),
    })
}

/// A check that has nothing to say of the launch where it was not answered.
fn not_known(about: &str, error: Error) -> Result<Finding> {
    unless_signed_out(error).map(|error| unknown(about, &error.sentence))
}

/// The error, unless it says that the sign-in has ended: then no check says anything.
fn unless_signed_out(error: Error) -> Result<Error> {
    if error.kind.is_signed_out() {
        return Err(error);
    }
    Ok(error)
}
