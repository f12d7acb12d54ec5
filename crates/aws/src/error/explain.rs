//! From an answer to an error: by its code, and where the table does not know it, by its form and status.

use slipway_core::error::ErrorKind::{
    ClockWrong, CloudTrouble, CredentialsExpired, CredentialsInvalid, Input, NameTaken, NotFound,
    PermissionMissing, QuotaExceeded, Throttled, Unreachable,
};
use slipway_core::error::{Error, ErrorKind, Unreached};

use super::answer::{Answer, Failure};
use super::table::{RETYPE, TABLE, WAIT};
use crate::actions::Action;
use crate::reach::Obstacle;

/// Clocks further apart than this make AWS refuse signatures (five minutes).
pub(crate) const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// The error for people.
pub(crate) fn explain(action: Action, answer: &Answer) -> Error {
    if let Some(error) = &answer.sign_in {
        return error.clone();
    }
    let mut error = match answer.failure {
        Failure::NoCredentials => no_credentials(),
        _ if answer.status == PROXY_WANTS_SIGN_IN => proxy("The proxy of this computer", Some(answer.status)),
        Failure::NoAnswer => no_answer(action, answer),
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

/// The status of a proxy that wants a user and a password (RFC 9110, 15.5.8).
pub(crate) const PROXY_WANTS_SIGN_IN: u16 = 407;

/// Which service of AWS an action is a request to.
fn service(action: Action) -> (Unreached, &'static str) {
    match action.iam().split(':').next() {
        Some("ec2") => (Unreached::Ec2, "Amazon EC2"),
        Some("s3") => (Unreached::S3, "Amazon S3"),
        Some("sts") => (Unreached::Sts, "AWS STS"),
        _ => (Unreached::Aws, "AWS"),
    }
}

/// Something on the way, or the service itself.
fn no_answer(action: Action, answer: &Answer) -> Error {
    match &answer.obstacle {
        _ if answer.is_stranger || answer.status != 0 => in_its_place(action),
        Obstacle::Names { host } => no_names(host),
        Obstacle::Proxy { at, status } => proxy(&format!("The proxy {at}"), *status),
        Obstacle::Service => {
            let (what, name) = service(action);
            Error::new(Unreachable, format!("{name} can't be reached from this computer."))
                .hint("Check the connection; behind a company proxy, set HTTPS_PROXY. Slipway goes on by itself once it is back.")
                .unreached(what)
        }
    }
}

/// A page of a network that wants a sign-in first, or a proxy that opens encrypted connections.
fn in_its_place(action: Action) -> Error {
    let (_, name) = service(action);
    Error::new(Unreachable, format!("Something else answers in the place of {name}."))
        .hint(
            "The network may want you to sign in first: open any page in your browser. A company proxy that opens encrypted \
             connections needs its certificate installed on this computer.",
        )
        .unreached(Unreached::SignInPage)
}

/// A dead name resolution.
pub(crate) fn no_names(host: &str) -> Error {
    Error::new(Unreachable, format!("This computer can't find the address of {host}: its name resolution (DNS) does not answer."))
        .hint("Check the connection and the DNS servers of this computer. Slipway goes on by itself once it is back.")
        .unreached(Unreached::Names)
}

/// A proxy that is not there, or refuses.
pub(crate) fn proxy(who: &str, status: Option<u16>) -> Error {
    let (does, hint) = match status {
        Some(PROXY_WANTS_SIGN_IN) => (
            "wants a user and a password (407)".to_owned(),
            "Add them to HTTPS_PROXY, as in http://user:password@proxy:8080, then start Slipway again.",
        ),
        Some(status) => (
            format!("refuses to pass requests to AWS on (HTTP status {status})"),
            "Ask whoever runs it to let requests to amazonaws.com through, or correct HTTPS_PROXY.",
        ),
        None => (
            "does not answer".to_owned(),
            "Check HTTPS_PROXY and the connection. Slipway goes on by itself once it is back.",
        ),
    };
    Error::new(Unreachable, format!("{who} {does}."))
        .hint(hint)
        .unreached(Unreached::Proxy)
}

fn refused(action: Action, answer: &Answer) -> Error {
    let row = TABLE.iter().find(|row| row.codes.contains(&answer.code.as_str()));
    let (kind, sentence, hint) = match row {
        Some(row) if is_about_time(row.kind, &answer.code) && clock_is_wrong(answer) => clock(),
        Some(_) if is_about_an_image(answer) => private_image(),
        Some(row) => (row.kind, row.sentence, row.hint),
        None => unlisted(answer),
    };
    let (what, name) = service(action);
    let told = sentence
        .replace("{do}", action.doing())
        .replace("{action}", action.iam())
        .replace("{service}", name);
    let error = Error::new(kind, told).hint(hint);
    if kind == CloudTrouble {
        error.unreached(what)
    } else {
        error
    }
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
    } else if answer.status == 501 {
        (
            CloudTrouble,
            "{service} answers that it can't {do} (HTTP status 501).",
            "AWS itself does not say so: something may stand in its place, such as a gateway or an emulator. Cancel, or mend \
             that; Slipway tries again.",
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
