//! What is left of an SDK error once its type is gone: code, message, status, request id, and how far the clocks are
//! apart.

use std::error::Error as StdError;
use std::time::SystemTime;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;
use slipway_core::error::Error;

use crate::sign_in::SignInTrouble;

use crate::reach::Obstacle;

/// How a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Failure {
    /// AWS answered with an error.
    #[default]
    Refused,
    /// Nothing answered, or the answer can't be read.
    NoAnswer,
    /// There is nobody to sign the request as: keys are missing, or the sign-in has ended.
    NoCredentials,
}

/// What AWS answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// How it failed.
    pub failure: Failure,
    /// AWS's error code.
    pub code: String,
    /// AWS's sentence.
    pub message: String,
    /// HTTP status, 0 where nothing answered.
    pub status: u16,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// AWS's clock minus this computer's, in seconds.
    pub clock_ahead: Option<i64>,
    /// The chain of causes, outermost first.
    pub causes: Vec<String>,
    /// What the keys of a profile have to say themselves: nothing was sent then.
    pub sign_in: Option<Error>,
    /// Whoever answered could not prove to be AWS.
    pub is_stranger: bool,
    /// What is in the way, where nothing answered.
    pub obstacle: Obstacle,
}

impl Answer {
    /// Reads an error of any operation.
    pub fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let metadata = error.as_service_error().map(ProvideErrorMetadata::meta);
        let response = error.raw_response();
        Answer {
            failure: failure(
                error,
                response.is_some_and(|response| !response.status().is_success()),
            ),
            code: metadata
                .and_then(|data| data.code())
                .unwrap_or_default()
                .to_owned(),
            message: metadata
                .and_then(|data| data.message())
                .unwrap_or_default()
                .to_owned(),
            status: response.map_or(0, |response| response.status().as_u16()),
            request_id: error.request_id().map(str::to_owned),
            clock_ahead: response.and_then(|response| clock_ahead(response, SystemTime::now())),
            causes: causes(error),
            sign_in: chain(error)
                .find_map(|cause| cause.downcast_ref::<SignInTrouble>())
                .map(|trouble| trouble.0.clone()),
            is_stranger: is_stranger(error),
            obstacle: Obstacle::default(),
        }
    }
}

/// A page of a proxy or a hotel comes with a good status, but is no answer of AWS.
fn failure<E: StdError + 'static>(error: &SdkError<E, HttpResponse>, refused: bool) -> Failure {
    if chain(error).any(|cause| cause.is::<CredentialsError>()) {
        Failure::NoCredentials
    } else if refused && !matches!(error, SdkError::ResponseError(_)) {
        Failure::Refused
    } else {
        Failure::NoAnswer
    }
}

/// The certificate was refused. An `io::Error` does not list what it carries among its sources.
fn is_stranger(error: &(dyn StdError + 'static)) -> bool {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        if let Some(rustls::Error::InvalidCertificate(_)) = cause.downcast_ref::<rustls::Error>() {
            return true;
        }
        next = match cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
        {
            Some(carried) => Some(carried),
            None => cause.source(),
        };
    }
    false
}

/// AWS's clock minus ours in seconds, from the `Date` of an answer.
pub(crate) fn clock_ahead(response: &HttpResponse, now: SystemTime) -> Option<i64> {
    let date = DateTime::from_str(response.headers().get("date")?, Format::HttpDate).ok()?;
    Some(date.secs() - DateTime::from(now).secs())
}

/// The causes below an error, without those that only repeat another's words.
fn causes(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for cause in chain(error).skip(1) {
        let text = cause.to_string();
        if !told.iter().any(|earlier| earlier.contains(&text)) {
            told.push(text);
        }
    }
    told
}

/// The error itself, then what it came from, down to the first cause.
pub(crate) fn chain<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'e (dyn StdError + 'static) = *error;
        error.source()
    })
}
