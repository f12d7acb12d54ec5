//! The keys of a profile of `~/.aws`, had anew whenever they end: by the SDK's own providers, within a time limit, and with
//! errors that name the profile. A provider of the SDK keeps what it read, gives the error of its own set-up once only, and
//! may panic (when the clock was set back), so one that failed is thrown away and the next one reads the files afresh.

mod process;
mod trouble;

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Duration;

use aws_config::Region;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_config::timeout::TimeoutConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use futures::FutureExt as _;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::files;
use slipway_core::poll;
use tokio::sync::Mutex;

use crate::profiles::canonical;
use crate::profiles::plan::{Base, Plan};
use process::Program;
pub(crate) use trouble::{Failed, SignInTrouble, sign_in_hint};

/// Longest time until the keys are there. Programs that ask their user for a code take the longest.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
/// Another program may be writing the file with the token at this very moment; then it is there after this.
const WRITING: Duration = Duration::from_millis(400);
/// A first packet that gets lost is sent again after one second, then three.
const CONNECT: Duration = Duration::from_secs(5);
/// STS, the portal and the sign-in answer within a second.
const ATTEMPT: Duration = Duration::from_secs(10);

/// Makes a provider that has read nothing yet.
type Make = Box<dyn Fn() -> SharedCredentialsProvider + Send + Sync>;

/// The keys of one profile.
pub(crate) struct ProfileCredentials {
    plan: Plan,
    make: Make,
    limit: Duration,
    /// Held while keys are loaded: one load at a time, whoever asks.
    present: Mutex<Option<SharedCredentialsProvider>>,
}

impl ProfileCredentials {
    /// Nobody is asked yet. `region` is the one that is worked in; the profile's own wins over it, because a sign-in can be
    /// renewed in its own region only.
    pub fn new(plan: Plan, region: &str, endpoint: Option<&str>) -> Self {
        let config = provider_config(plan.region.as_deref().unwrap_or(region));
        let (files, base) = (canonical::files(&plan, endpoint), plan.base.clone());
        let make = move || {
            let mut provider = ProfileFileCredentialsProvider::builder()
                .configure(&config)
                .profile_name(canonical::NAME)
                .profile_files(files.clone());
            if let Some(source) = own_source(&base, &config) {
                provider = provider.with_custom_provider(canonical::OWN_SOURCE, source);
            }
            SharedCredentialsProvider::new(provider.build())
        };
        ProfileCredentials {
            plan,
            make: Box::new(make),
            limit: LIMIT,
            present: Mutex::default(),
        }
    }

    async fn load(&self) -> Result<Credentials, Error> {
        let mut present = self.present.lock().await;
        let first = match self.attempt(&mut present).await {
            Ok(keys) => return Ok(keys),
            Err(failed) => failed,
        };
        if !first.may_pass(&self.plan) {
            return Err(first.explain(&self.plan));
        }
        poll::pause(WRITING).await;
        let second = self.attempt(&mut present).await;
        second.map_err(|failed| failed.explain(&self.plan))
    }

    /// A provider that failed is not asked again.
    async fn attempt(&self, present: &mut Option<SharedCredentialsProvider>) -> Result<Credentials, Failed> {
        // The SDK would wait for ever on a FIFO in its place.
        if let Base::WebIdentity { token_file, .. } = &self.plan.base
            && let Err(error) = files::open(Path::new(token_file))
        {
            return Err(Failed::Provider(CredentialsError::provider_error(error)));
        }
        let provider = present.take().unwrap_or_else(|| (self.make)());
        let asked = AssertUnwindSafe(provider.provide_credentials()).catch_unwind();
        match tokio::time::timeout(self.limit, asked).await {
            Ok(Ok(Ok(keys))) => {
                *present = Some(provider);
                Ok(keys)
            }
            Ok(Ok(Err(error))) => Err(Failed::Provider(error)),
            Ok(Err(_)) => Err(Failed::Panicked),
            Err(_) => Err(Failed::TimedOut(self.limit)),
        }
    }
}

impl ProvideCredentials for ProfileCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        // The SDK's futures are large.
        let load = Box::pin(self.load());
        future::ProvideCredentials::new(async {
            let loaded = load.await;
            loaded.map_err(|error| CredentialsError::provider_error(SignInTrouble(error)))
        })
    }
}

impl fmt::Debug for ProfileCredentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the keys of the profile “{}”", self.plan.profile)
    }
}

/// A profile that can't sign in, and says so whenever it is asked.
#[derive(Debug)]
pub(crate) struct Unusable {
    profile: String,
    problem: String,
}

impl Unusable {
    pub fn new(profile: &str, problem: String) -> Self {
        Unusable {
            profile: profile.to_owned(),
            problem,
        }
    }
}

impl ProvideCredentials for Unusable {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let sentence = format!(
            "The profile “{}” of ~/.aws can't be used. {}",
            self.profile, self.problem
        );
        let error = Error::new(ErrorKind::CredentialsInvalid, sentence).hint(
            "Correct it there, or use another profile. “slipway profiles” lists those that can be used.",
        );
        future::ProvideCredentials::ready(Err(CredentialsError::invalid_configuration(SignInTrouble(error))))
    }
}

/// The region reaches STS, the portal and the sign-in by this alone.
fn provider_config(region: &str) -> ProviderConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .build();
    ProviderConfig::without_region()
        .with_region(Some(Region::new(region.to_owned())))
        .with_retry_config(RetryConfig::standard().with_max_attempts(2))
        .with_timeout_config(timeouts)
}

/// What the text for the SDK can't say.
fn own_source(base: &Base, config: &ProviderConfig) -> Option<SharedCredentialsProvider> {
    match base {
        base if !canonical::needs_own_source(base) => None,
        Base::Process { command } => Some(SharedCredentialsProvider::new(Program::new(command))),
        Base::Sso(sso) => {
            let mut provider = SsoCredentialsProvider::builder()
                .configure(config)
                .account_id(&sso.account)
                .role_name(&sso.role)
                .start_url(&sso.start_url)
                .region(Region::new(sso.region.clone()));
            provider.set_session_name(sso.session.clone());
            Some(SharedCredentialsProvider::new(provider.build()))
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
