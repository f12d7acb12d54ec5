//! From an answer to an error: by its code, and where the table does not know it, by its form and status.

use slipway_core::error::ErrorKind::{
    ClockWrong, CloudTrouble, CredentialsExpired, CredentialsInvalid, Input, NameTaken, NotFound,
    PermissionMissing, QuotaExceeded, Throttled, Unreachable,
};
use slipway_core::error::{Error, ErrorKind};

use super::answer::{Answer, Failure};
use super::table::{RETYPE, TABLE, WAIT};
use crate::actions::Action;

/// Clocks further apart than this make AWS refuse signatures (five minutes).
pub(crate) const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// The error for people.
pub(crate) fn explain(action: Action, answer: &Answer) -> Error {
    if let Some(error) = &answer.sign_in {
        return error.clone();
    }
    let mut error = match answer.failure {
        Failure::NoCredentials => no_credentials(),
        Failure::NoAnswer => Error::new(Unreachable, "AWS can't be reached from this computer.").hint(
            "Check the connection; behind a company proxy, set HTTPS_PROXY. Slipway goes on by itself once it is back.",
        ),
        Failure::Refused => refused(action, answer),
    };
    if !answer.code.is_empty() {
        error.causes.push(format!("{}: {}", answer.code, answer.message));
    }
    let known = answer
        .causes
        .iter()
        .filter(|cause| answer.message.is_empty() || !cause.contains(&answer.message));
    error.causes.extend(known.cloned());
    error.request_id(answer.request_id.clone())
}

fn refused(action: Action, answer: &Answer) -> Error {
    let row = TABLE.iter().find(|row| row.codes.contains(&answer.code.as_str()));
    let (kind, sentence, hint) = match row {
        Some(row) if is_about_time(row.kind, &answer.code) && clock_is_wrong(answer) => clock(),
        Some(_) if is_about_an_image(answer) => private_image(),
        Some(row) => (row.kind, row.sentence, row.hint),
        None => unlisted(answer),
    };
    let told = sentence
        .replace("{do}", action.doing())
        .replace("{action}", action.iam());
    Error::new(kind, told).hint(hint)
}

/// EC2 says `AuthFailure` for images of others, too; the keys are fine then.
fn is_about_an_image(answer: &Answer) -> bool {
    answer.code == "AuthFailure" && answer.message.contains("ot authorized for images")
}

fn private_image() -> (ErrorKind, &'static str, &'static str) {
    (
        NotFound,
        "The image is not there for this account: it was made private or belongs to somebody else.",
        "Refresh the list and choose another image.",
    )
}

/// EC2 says `RequestExpired` and `SignatureDoesNotMatch` for a wrong clock too.
fn is_about_time(kind: ErrorKind, code: &str) -> bool {
    kind == CredentialsExpired || code.contains("Signature") || code == "AuthFailure"
}

fn clock_is_wrong(answer: &Answer) -> bool {
    answer
        .clock_ahead
        .is_some_and(|ahead| ahead.abs() > CLOCK_TOLERANCE_SECONDS)
}

fn clock() -> (ErrorKind, &'static str, &'static str) {
    (
        ClockWrong,
        "This computer's clock is wrong, so AWS refuses its signature.",
        "Set the clock to automatic, then try again.",
    )
}

/// By the form of the code, then by the HTTP status.
fn unlisted(answer: &Answer) -> (ErrorKind, &'static str, &'static str) {
    let ends = |end: &str| answer.code.ends_with(end);
    let details = "The details hold AWS's own words.";
    if ends(".NotFound") || (answer.status == 404 && answer.code.starts_with("NoSuch")) {
        (NotFound, "AWS does not know what was asked for to {do}.", details)
    } else if ends(".Duplicate") || ends("AlreadyExists") {
        (
            NameTaken,
            "The name is in use, so AWS refuses to {do}.",
            "Choose another name.",
        )
    } else if ends("LimitExceeded") || ends("QuotaExceeded") {
        (
            QuotaExceeded,
            "A quota of the AWS account does not allow to {do}.",
            details,
        )
    } else if answer.status >= 500 {
        (
            CloudTrouble,
            "AWS has trouble of its own and could not {do}.",
            WAIT,
        )
    } else if answer.status == 429 {
        (
            Throttled,
            "AWS gets too many requests from this account at the moment.",
            WAIT,
        )
    } else if answer.status == 403 {
        (
            PermissionMissing,
            "This AWS user may not {do} ({action}).",
            "Ask the account's administrator to add the policy that “slipway policy” prints.",
        )
    } else if answer.status == 401 {
        (
            CredentialsInvalid,
            "AWS does not know these keys, or they are disabled.",
            RETYPE,
        )
    } else {
        (Input, "AWS refused to {do}.", details)
    }
}

/// Keys that are not there and say nothing of it themselves.
fn no_credentials() -> Error {
    Error::new(
        CredentialsInvalid,
        "This profile gives no usable AWS credentials.",
    )
    .hint("Check it with “aws sts get-caller-identity --profile …”; the details name what is missing.")
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod tests;
