//! Asking AWS: with the newest credentials, and with errors that people understand.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::ProvideCredentials as _;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use slipway_core::error::{Error, ErrorKind};
use slipway_protocol::Time;
use tokio::sync::Mutex;

use crate::actions::Action;
use crate::clients::Clients;
use crate::error::{Answer, Failure, decode, explain};
use crate::options::{Access, Surroundings};
use crate::profiles::Stamp;
use crate::reach;

/// A refusal, with AWS's code for whoever can live with it.
#[derive(Debug)]
pub(crate) struct Trouble {
    /// AWS's error code; empty where nothing answered.
    pub code: String,
    /// The same for people.
    pub error: Error,
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        trouble.error
    }
}

/// One account in one region. Nothing is opened before the first request, so a profile that is only listed costs nothing
/// and can't fail.
pub(crate) struct Session {
    access: Access,
    pub region: String,
    pub surroundings: Surroundings,
    clients: Mutex<Option<(Stamp, Arc<Clients>)>>,
}

impl Session {
    pub fn new(access: Access, region: String, surroundings: Surroundings) -> Self {
        Session {
            access,
            region,
            surroundings,
            clients: Mutex::default(),
        }
    }

    /// Sends one request.
    pub async fn ask<T, E, F>(&self, action: Action, send: impl FnOnce(&Clients) -> F) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let clients = self.clients().await;
        // The SDK's futures are large.
        let sent = Box::pin(send(&clients));
        match sent.await {
            Ok(answer) => Ok(answer),
            Err(error) => Err(self.tell(action, &clients, Answer::of(&error)).await),
        }
    }

    /// The clients, made anew where the files of the profile changed: the SDK itself reads them only once, so a new
    /// sign-in would go unnoticed.
    pub async fn clients(&self) -> Arc<Clients> {
        let mut kept = self.clients.lock().await;
        let now = match self.access {
            Access::Keys { .. } => Stamp::default(),
            Access::Profile(_) => self.surroundings.files.stamp(),
        };
        if let Some((then, clients)) = kept.as_ref().filter(|(then, _)| *then == now) {
            tracing::trace!(?then, "The credentials are unchanged");
            return clients.clone();
        }
        let clients = Arc::new(Clients::open(&self.access, &self.region, &self.surroundings).await);
        *kept = Some((now, clients.clone()));
        clients
    }

    /// When the session of temporary keys ends; `None` for lasting ones.
    pub async fn signed_in_until(&self) -> Option<Time> {
        let provider = self.clients().await.credentials.clone();
        let ends = provider.provide_credentials().await.ok()?.expiry()?;
        let since = ends.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some(Time(since.as_millis() as i64))
    }

    /// Has the keys given anew where the present ones end within this time. A sign-in that gives short ones only gives such
    /// again.
    pub async fn renew_keys_for(&self, need: Duration) {
        let until = Time::now().plus(need);
        if self.signed_in_until().await.is_some_and(|ends| ends < until) {
            *self.clients.lock().await = None;
        }
    }

    /// Decoding is one more request, made only where AWS sent something to decode.
    async fn tell(&self, action: Action, clients: &Clients, mut answer: Answer) -> Trouble {
        let decoded = match decode::encoded(&answer.message) {
            Some(encoded) => decode::decode(&clients.sts, encoded).await,
            None => None,
        };
        if decoded.is_some() {
            answer.message = decode::readable(&answer.message).to_owned();
            answer.causes.clear();
        }
        if answer.failure == Failure::NoAnswer && answer.status == 0 {
            answer.obstacle = reach::obstacle(&clients.url(action)).await;
        }
        let mut error = explain(action, &answer);
        if error.kind == ErrorKind::CredentialsExpired && answer.sign_in.is_none() {
            error.hint = clients.sign_in.clone().unwrap_or(error.hint);
        }
        error.causes.extend(decoded);
        if error.kind == ErrorKind::CredentialsInvalid && is_known_elsewhere(clients).await {
            error.kind = ErrorKind::AccountNotReady;
            error.sentence = format!("The account has not enabled the region {}.", self.region);
            error.hint = "Enable it in the AWS console under Account, or choose another region.".to_owned();
        }
        if error.kind.is_signed_out() {
            // A program of the profile may give new ones without any file changing.
            *self.clients.lock().await = None;
        }
        Trouble {
            code: answer.code,
            error,
        }
    }
}

/// In a region that the account has not enabled, AWS answers as if the keys were wrong.
async fn is_known_elsewhere(clients: &Clients) -> bool {
    Box::pin(clients.home.get_caller_identity().send()).await.is_ok()
}
