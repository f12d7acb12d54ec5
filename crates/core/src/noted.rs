//! The cloud and the keychain as a driver asks them: a request that is not answered is noted, so that it can be told while it
//! is still under way.

use std::sync::Arc;

use async_trait::async_trait;

use crate::error::{Error, ErrorKind, Result, Unreached};
use crate::ports::{Cloud, SecretPlace, Secrets};
use crate::retries::Retries;
use crate::secret::Secret;
use crate::wait::WaitReason;

/// A cloud whose unanswered requests are noted.
pub(crate) struct NotedCloud {
    pub(crate) cloud: Arc<dyn Cloud>,
    pub(crate) retries: Retries,
}

impl NotedCloud {
    /// Notes what this cloud does not answer.
    pub fn new(cloud: Arc<dyn Cloud>, retries: Retries) -> Self {
        NotedCloud { cloud, retries }
    }
}

/// What a request of this name waits for.
pub(crate) fn unanswered(request: &str) -> (WaitReason, Error) {
    let what = match request {
        "own_address" => Unreached::OwnAddress,
        "stage_agent" => Unreached::S3,
        "account" => Unreached::Sts,
        "checks" | "catalog" | "prices" => Unreached::Aws,
        _ => Unreached::Ec2,
    };
    let reason = WaitReason::Network { what };
    let sentence = format!("The request {request} is not answered yet.");
    let error = Error::new(ErrorKind::Unreachable, sentence)
        .hint("If it stays so, look at this computer's connection and its proxy.")
        .unreached(what);
    (reason, error)
}

/// A keychain whose unanswered requests are noted.
pub(crate) struct NotedSecrets {
    secrets: Arc<dyn Secrets>,
    retries: Retries,
}

impl NotedSecrets {
    /// Notes what this keychain does not answer.
    pub fn new(secrets: Arc<dyn Secrets>, retries: Retries) -> Self {
        NotedSecrets { secrets, retries }
    }
}

fn locked() -> (WaitReason, Error) {
    let error = Error::new(ErrorKind::Keychain, "The keychain does not answer yet.")
        .hint("It may ask for its password: look for its window.");
    (WaitReason::Keychain, error)
}

#[async_trait]
impl Secrets for NotedSecrets {
    async fn place(&self) -> Result<SecretPlace> {
        let _asked = self.retries.asked(locked);
        self.secrets.place().await
    }

    async fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>> {
        let _asked = self.retries.asked(locked);
        self.secrets.get(name).await
    }

    async fn put(&self, name: &str, value: &Secret<Vec<u8>>) -> Result<()> {
        let _asked = self.retries.asked(locked);
        self.secrets.put(name, value).await
    }

    async fn delete(&self, name: &str) -> Result<()> {
        let _asked = self.retries.asked(locked);
        self.secrets.delete(name).await
    }
}
