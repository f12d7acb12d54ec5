//! The SDK's clients, made of credentials and region.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;

use crate::actions::Action;
use crate::options::{Access, Surroundings};
use crate::profiles::canonical;
use crate::sign_in::{ProfileCredentials, Unusable, sign_in_hint};
use crate::skew::{Ahead, ClockWasWrong};

/// Every account has this region, and prices are served in few others (“AWS Billing endpoints”).
const HOME: &str = "us-east-1";
/// The SDK tries twice; everything longer is the business of whoever asks, who writes down what it does.
const ATTEMPTS: u32 = 2;
/// A first packet that gets lost is sent again after one second, then three.
const CONNECT: Duration = Duration::from_secs(5);
/// DescribeInstanceTypes is the slowest that we call; it takes two to five seconds.
const ATTEMPT: Duration = Duration::from_secs(30);
/// Uploads of the agent's program may take long on a slow line.
const UPLOAD: Duration = Duration::from_secs(600);

/// The keys themselves take at most [`sign_in::LIMIT`] twice; by then they have said why they are not there.
const LOAD: Duration = Duration::from_secs(130);

/// One client for each service.
pub(crate) struct Clients {
    pub ec2: aws_sdk_ec2::Client,
    pub sts: aws_sdk_sts::Client,
    pub ssm: aws_sdk_ssm::Client,
    pub s3: aws_sdk_s3::Client,
    pub quotas: aws_sdk_servicequotas::Client,
    pub pricing: aws_sdk_pricing::Client,
    pub iam: aws_sdk_iam::Client,
    /// STS where every account is enabled: tells a region that is not from keys that are wrong.
    pub home: aws_sdk_sts::Client,
    pub credentials: SharedCredentialsProvider,
    /// What to do once the keys have ended; `None` for an access key.
    pub sign_in: Option<String>,
    /// As STS and S3 tell it.
    pub ahead: Ahead,
    /// Takes the place of every endpoint.
    endpoint: Option<String>,
    region: String,
}

impl Clients {
    /// Reads the files of the profile, but asks nobody.
    pub async fn open(access: &Access, region: &str, surroundings: &Surroundings) -> Self {
        let signing = Signing::of(access, region, surroundings);
        let config = load(&signing, region, surroundings).await;
        let home = config.clone().into_builder();
        let home = home.region(Region::from_static(HOME)).build();
        let ahead = Ahead::default();
        Clients {
            ec2: aws_sdk_ec2::Client::from_conf(ec2(&config)),
            sts: aws_sdk_sts::Client::from_conf(sts(&config, &ahead)),
            ssm: aws_sdk_ssm::Client::new(&config),
            s3: aws_sdk_s3::Client::from_conf(s3(&config, &ahead)),
            quotas: aws_sdk_servicequotas::Client::new(&config),
            pricing: aws_sdk_pricing::Client::new(&home),
            iam: aws_sdk_iam::Client::new(&config),
            home: aws_sdk_sts::Client::new(&home),
            credentials: signing.credentials,
            sign_in: signing.sign_in,
            endpoint: config.endpoint_url().map(str::to_owned),
            region: region.to_owned(),
            ahead,
        }
    }

    /// Where requests of an action go, as nearly as it takes to find out what is on the way there.
    pub fn url(&self, action: Action) -> String {
        if let Some(endpoint) = &self.endpoint {
            return endpoint.clone();
        }
        let service = action.iam().split(':').next().unwrap_or("ec2");
        let own = std::env::var(format!("AWS_ENDPOINT_URL_{}", service.to_uppercase()));
        let end = if self.region.starts_with("cn-") {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        };
        own.unwrap_or_else(|_| format!("https://{service}.{}.{end}", self.region))
    }
}

async fn load(signing: &Signing, region: &str, surroundings: &Surroundings) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts)
        .identity_cache(IdentityCache::lazy().load_timeout(LOAD).build())
        .profile_name(canonical::NAME)
        .profile_files(signing.profile.clone())
        .credentials_provider(signing.credentials.clone());
    if let Some(endpoint) = &surroundings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}

/// Only what was chosen signs: not the environment, and not the metadata endpoint, which a desktop lacks.
struct Signing {
    credentials: SharedCredentialsProvider,
    /// Settings of the profile for every request, such as FIPS.
    profile: EnvConfigFiles,
    sign_in: Option<String>,
}

impl Signing {
    fn of(access: &Access, region: &str, surroundings: &Surroundings) -> Self {
        let name = match access {
            Access::Keys { id, secret, session } => {
                let session = session.as_ref().map(|session| session.expose().clone());
                let keys = Credentials::new(id, secret.expose(), session, None, "slipway");
                return Signing::without_profile(SharedCredentialsProvider::new(keys));
            }
            Access::Profile(name) => name,
        };
        match surroundings.files.plan(name) {
            Ok(plan) => Signing {
                profile: canonical::files(&plan, surroundings.endpoint.as_deref()),
                sign_in: Some(sign_in_hint(&plan)),
                credentials: SharedCredentialsProvider::new(ProfileCredentials::new(
                    plan,
                    region,
                    surroundings.endpoint.as_deref(),
                )),
            },
            Err(problem) => {
                Signing::without_profile(SharedCredentialsProvider::new(Unusable::new(name, problem)))
            }
        }
    }

    fn without_profile(credentials: SharedCredentialsProvider) -> Self {
        Signing {
            credentials,
            profile: canonical::none(),
            sign_in: None,
        }
    }
}

fn ec2(config: &SdkConfig) -> aws_sdk_ec2::Config {
    let builder = aws_sdk_ec2::config::Builder::from(config);
    builder.retry_classifier(ClockWasWrong).build()
}

fn sts(config: &SdkConfig, ahead: &Ahead) -> aws_sdk_sts::Config {
    let builder = aws_sdk_sts::config::Builder::from(config);
    builder.interceptor(ahead.clone()).build()
}

/// Behind an endpoint of its own, buckets can't be host names.
fn s3(config: &SdkConfig, ahead: &Ahead) -> aws_sdk_s3::Config {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(UPLOAD)
        .build();
    aws_sdk_s3::config::Builder::from(config)
        .force_path_style(config.endpoint_url().is_some())
        .timeout_config(timeouts)
        .interceptor(ahead.clone())
        .retry_classifier(ClockWasWrong)
        .build()
}
