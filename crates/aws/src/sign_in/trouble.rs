//! Why a profile gave no keys, decided by what kind of profile it is and by the types of the errors below.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_signin::operation::create_o_auth2_token::CreateOAuth2TokenError;
use aws_sdk_signin::types::OAuth2ErrorCode;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use slipway_core::error::{Error, ErrorKind};

use super::process::ProgramFailed;
use crate::actions::Action;
use crate::error::{Answer, Failure, chain, explain};
use crate::profiles::plan::{Base, Plan};

/// How a load ended without keys.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The provider says no.
    Provider(CredentialsError),
    /// It broke; the SDK's do when the clock is set back.
    Panicked,
    /// Nothing came in this time.
    TimedOut(Duration),
}

/// An error for people on its way through the SDK, which wraps it in its own.
#[derive(Debug)]
pub(crate) struct SignInTrouble(pub Error);

impl fmt::Display for SignInTrouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl StdError for SignInTrouble {}

/// What to do once nobody is signed in with a profile.
pub(crate) fn sign_in_hint(plan: &Plan) -> String {
    match plan.sign_in_command() {
        Some(command) => format!("Run “{command}” in a terminal. Running launches then continue."),
        None => "Get new keys for the profile in ~/.aws. Running launches then continue.".to_owned(),
    }
}

impl Failed {
    /// Whether a second look may help at once: another program was writing the token, or the clock had been set back.
    pub fn may_pass(&self, plan: &Plan) -> bool {
        match self {
            Failed::Panicked => true,
            Failed::TimedOut(_) => false,
            Failed::Provider(error) => {
                matches!(plan.base, Base::Sso(_) | Base::Login { .. }) && !was_sent(error)
            }
        }
    }

    /// For people.
    pub fn explain(&self, plan: &Plan) -> Error {
        match self {
            Failed::Provider(error) => refused(error, plan),
            Failed::Panicked => Error::new(
                ErrorKind::Internal,
                format!("Reading the keys of {} broke off.", name(plan)),
            )
            .hint("Try again. If it stays, report this with the log."),
            Failed::TimedOut(limit) => timed_out(*limit, plan),
        }
    }
}

fn name(plan: &Plan) -> String {
    format!("the profile “{}”", plan.profile)
}

fn timed_out(limit: Duration, plan: &Plan) -> Error {
    let seconds = limit.as_secs();
    match &plan.base {
        Base::Process { .. } => Error::new(
            ErrorKind::CredentialsInvalid,
            format!(
                "The program of {} (credential_process) gave no keys within {seconds} seconds.",
                name(plan)
            ),
        )
        .hint("It may be waiting for somebody. Run it in a terminal first, then try again."),
        _ => Error::new(
            ErrorKind::Unreachable,
            format!("AWS gave no keys for {} within {seconds} seconds.", name(plan)),
        )
        .hint("Check the connection; behind a company proxy, set HTTPS_PROXY."),
    }
}

/// Whether AWS was asked: then a second look changes nothing.
fn was_sent(error: &CredentialsError) -> bool {
    chain(error).any(|cause| {
        cause.is::<ConnectorError>() || cause.is::<CreateOAuth2TokenError>() || answer(cause).is_some()
    })
}

fn refused(error: &CredentialsError, plan: &Plan) -> Error {
    let told = chain(error).find_map(|cause| told(cause, plan));
    told.unwrap_or_else(|| local(error, plan))
}

/// What one error of the chain says by its type.
fn told(cause: &(dyn StdError + 'static), plan: &Plan) -> Option<Error> {
    if let Some((action, answer)) = answer(cause) {
        return Some(by_answer(action, &answer, plan));
    }
    if let Some(refused) = cause.downcast_ref::<CreateOAuth2TokenError>() {
        return by_sign_in(refused, plan);
    }
    if let Some(failed) = cause.downcast_ref::<ProgramFailed>() {
        let sentence = format!(
            "The program of {} (credential_process) gave no keys: {failed}.",
            name(plan)
        );
        return Some(
            Error::new(ErrorKind::CredentialsInvalid, sentence)
                .hint("Run it in a terminal to see what it says; sign in there if it asks for that."),
        );
    }
    cause.is::<ConnectorError>().then(|| {
        let nobody = Answer {
            failure: Failure::NoAnswer,
            ..Answer::default()
        };
        explain(Action::CreateOAuth2Token, &nobody).because(cause)
    })
}

/// AWS's answer, where this error is one.
fn answer(cause: &(dyn StdError + 'static)) -> Option<(Action, Answer)> {
    fn of<E: ProvideErrorMetadata + StdError + 'static>(cause: &(dyn StdError + 'static)) -> Option<Answer> {
        let error = cause.downcast_ref::<SdkError<E, HttpResponse>>()?;
        Some(Answer::of(error))
    }
    let role = of::<AssumeRoleError>(cause).map(|answer| (Action::AssumeRole, answer));
    let web = || {
        Some((
            Action::AssumeRoleWithWebIdentity,
            of::<AssumeRoleWithWebIdentityError>(cause)?,
        ))
    };
    let portal = || Some((Action::GetRoleCredentials, of::<GetRoleCredentialsError>(cause)?));
    role.or_else(web).or_else(portal)
}

fn by_answer(action: Action, answer: &Answer, plan: &Plan) -> Error {
    let mut error = explain(action, answer);
    let signed_out = Error::new(ErrorKind::CredentialsExpired, ended(plan)).hint(sign_in_hint(plan));
    match (action, answer.code.as_str()) {
        // The portal knows tokens, not keys.
        (Action::GetRoleCredentials, "UnauthorizedException") => {
            return Error {
                causes: error.causes,
                request_id: error.request_id,
                ..signed_out
            };
        }
        (Action::GetRoleCredentials, "ForbiddenException") => {
            error.sentence = format!(
                "You do not have the role that {} names in IAM Identity Center.",
                name(plan)
            );
            error.hint =
                "Compare its sso_account_id and sso_role_name with what the AWS access portal shows."
                    .to_owned();
        }
        (Action::AssumeRole, "AccessDenied") => {
            error.sentence = format!("AWS does not let {} take its role.", name(plan));
            error.hint = "Ask the account's administrator whether the role trusts you, and whether it wants an MFA code or \
                          an external_id."
                .to_owned();
        }
        (
            Action::AssumeRoleWithWebIdentity,
            "ExpiredTokenException" | "InvalidIdentityToken" | "IDPRejectedClaim",
        ) => {
            error.kind = ErrorKind::CredentialsExpired;
            error.sentence = format!(
                "AWS does not take the token in the web_identity_token_file of {}.",
                name(plan)
            );
            error.hint = "Have a new token written there. Running launches then continue.".to_owned();
        }
        _ if error.kind == ErrorKind::CredentialsExpired => error.hint = sign_in_hint(plan),
        _ => {}
    }
    error
}

fn ended(plan: &Plan) -> String {
    format!("The sign-in of {} has ended.", name(plan))
}

/// The refusal of a renewal; `None` where it is not a refusal, so that the error below it speaks.
fn by_sign_in(refused: &CreateOAuth2TokenError, plan: &Plan) -> Option<Error> {
    let expired =
        |sentence: String| Error::new(ErrorKind::CredentialsExpired, sentence).hint(sign_in_hint(plan));
    let error = match refused {
        CreateOAuth2TokenError::AccessDeniedException(denied) => match denied.error {
            OAuth2ErrorCode::InsufficientPermissions => Error::new(
                ErrorKind::PermissionMissing,
                format!(
                    "This AWS user may not renew the sign-in of {} (signin:CreateOAuth2Token).",
                    name(plan)
                ),
            )
            .hint("Ask the account's administrator to add the policy SignInLocalDevelopmentAccess."),
            OAuth2ErrorCode::UserCredentialsChanged => expired(format!(
                "The password of the user of {} was changed, which ended the sign-in.",
                name(plan)
            )),
            _ => expired(ended(plan)),
        },
        CreateOAuth2TokenError::ValidationException(_) => {
            let mut error = expired(format!("AWS does not renew the sign-in of {}.", name(plan)));
            if plan.region.is_none() {
                error
                    .hint
                    .push_str(" It can be renewed in its own region only: set that as the profile's region.");
            }
            error
        }
        CreateOAuth2TokenError::TooManyRequestsError(_) => Error::new(
            ErrorKind::Throttled,
            "AWS gets too many requests for sign-ins at the moment.",
        ),
        CreateOAuth2TokenError::InternalServerException(_) => Error::new(
            ErrorKind::CloudTrouble,
            "AWS has trouble of its own and could not renew the sign-in.",
        ),
        _ => return None,
    };
    Some(error.because(refused))
}

/// AWS was not asked: something on this computer is missing or can't be read.
fn local(error: &CredentialsError, plan: &Plan) -> Error {
    let missing = chain(error)
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::NotFound);
    let told = match &plan.base {
        Base::Sso(_) | Base::Login { .. } => {
            let sentence = if missing {
                format!("Nobody is signed in with {}.", name(plan))
            } else {
                format!(
                    "Nobody is signed in with {}, or the sign-in has ended.",
                    name(plan)
                )
            };
            Error::new(ErrorKind::CredentialsExpired, sentence).hint(sign_in_hint(plan))
        }
        Base::WebIdentity { token_file, .. } => Error::new(
            ErrorKind::CredentialsInvalid,
            format!(
                "The web_identity_token_file of {} can't be read: {token_file}.",
                name(plan)
            ),
        )
        .hint("Whatever writes it may not run on this computer."),
        Base::Named(source) => Error::new(
            ErrorKind::CredentialsInvalid,
            format!(
                "The credential_source {source} of {} gives no keys on this computer.",
                name(plan)
            ),
        )
        .hint("Use another profile, or start Slipway where that source is there."),
        Base::Keys(_) | Base::Process { .. } => Error::new(
            ErrorKind::CredentialsInvalid,
            format!("{} gives no keys.", capitalised(&name(plan))),
        )
        .hint("The details say what is missing."),
    };
    // What a program printed may be a secret.
    match plan.base {
        Base::Process { .. } => told,
        _ => told.because(error),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
