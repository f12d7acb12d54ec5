//! The SDK's clients, made of credentials and region.

use std::path::PathBuf;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

use crate::options::{Access, Surroundings};
use crate::profiles::Files;
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
    pub credentials: Option<SharedCredentialsProvider>,
    /// As STS and S3 tell it.
    pub ahead: Ahead,
}

impl Clients {
    /// Reads the files of the profile, but asks nobody.
    pub async fn open(access: &Access, region: &str, surroundings: &Surroundings) -> Self {
        let config = load(access, region, surroundings).await;
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
            credentials: config.credentials_provider(),
            ahead,
        }
    }
}

async fn load(access: &Access, region: &str, surroundings: &Surroundings) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts);
    if let Some(endpoint) = &surroundings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    sign_as(loader, access, &surroundings.files).load().await
}

/// Only what was chosen signs: not the environment, and not the metadata endpoint, which a desktop lacks.
fn sign_as(loader: ConfigLoader, access: &Access, files: &Files) -> ConfigLoader {
    match access {
        Access::Keys { id, secret, session } => {
            let session = session.as_ref().map(|session| session.expose().clone());
            let keys = Credentials::new(id, secret.expose(), session, None, "slipway");
            let none = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, "");
            loader.credentials_provider(keys).profile_files(none.build())
        }
        Access::Profile(name) => {
            let files = profile_files(files);
            let provider = ProfileFileCredentialsProvider::builder()
                .profile_name(name)
                .profile_files(files.clone());
            loader
                .profile_name(name)
                .profile_files(files)
                .credentials_provider(provider.build())
        }
    }
}

/// One of the two files is often missing, which is no mistake; the SDK takes it for one when it is named.
fn profile_files(files: &Files) -> EnvConfigFiles {
    let both = [
        (EnvConfigFileKind::Config, &files.config),
        (EnvConfigFileKind::Credentials, &files.credentials),
    ];
    let named = EnvConfigFiles::builder();
    let add = |named: aws_runtime::env_config::file::Builder, (kind, path): (EnvConfigFileKind, &PathBuf)| {
        if path.is_file() {
            named.with_file(kind, path)
        } else {
            named.with_contents(kind, "")
        }
    };
    both.into_iter().fold(named, add).build()
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
