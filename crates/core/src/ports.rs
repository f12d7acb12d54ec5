//! The three ports of the product: the cloud, the agent on the instance, and the place for secrets.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use slipway_protocol::routes::{Hello, Page};

use crate::cloud::border::{Answer, CheckedCloud};
use crate::cloud::{
    Account, AllowIngress, Catalog, CheckRequest, CreateDefaultNetwork, CreateImage, CreateSecurityGroup,
    CreatedImage, DeleteDisk, DeleteImage, DeleteKeyPair, DeleteSecurityGroup, DeleteSnapshot, Finding,
    Image, ImageFilter, ImportKeyPair, Instance, InstanceFilter, KeyPair, Network, Prices, PutTags,
    RemoveTags, Resource, RestartInstance, RevokeIngress, RunInstance, SecurityGroup, StageAgent,
    StagedAgent, StartInstance, StartedInstance, StopInstance, TerminateInstance,
};
use crate::error::Result;
use crate::failpoint;
use crate::lazy_cloud::{self, LazyCloud};
use crate::noted::{NotedCloud, unanswered};
use crate::secret::Secret;

/// A request that changes something in the cloud. Only the ledger sends one, so that an intent is on disk before
/// it leaves and a result after it was answered.
#[async_trait]
pub trait Change: Serialize + DeserializeOwned + Clone + Send + Sync {
    /// Name in the journal and in failpoints.
    const NAME: &'static str;
    /// What the cloud answers.
    type Answer: Serialize + DeserializeOwned + Clone + Send;
    /// Sends it.
    async fn send(&self, cloud: &dyn Cloud) -> Result<Self::Answer>;
}

/// Declares the Cloud port. Everything under `changes` becomes a method, a [`Change`] and three kill points, so a
/// method that changes something can't come into the port without them.
macro_rules! cloud_port {
    (
        reads { $($(#[$read_doc:meta])* fn $read:ident($($arg:ident: $arg_type:ty),*) -> $read_answer:ty;)+ }
        changes { $($(#[$change_doc:meta])* fn $change:ident($request:ty) -> $answer:ty;)+ }
    ) => {
        /// One profile in one region of a cloud. Errors carry a [`crate::error::ErrorKind`]; "not found shortly after a create" is
        /// an empty answer, never an error, in reads by filter.
        #[async_trait]
        pub trait Cloud: Send + Sync {
            /// How often this cloud wants to be asked, and how long its reads may lag behind its changes.
            fn pace(&self) -> Pace;
            $($(#[$read_doc])* async fn $read(&self, $($arg: $arg_type),*) -> Result<$read_answer>;)+
            $($(#[$change_doc])* async fn $change(&self, request: &$request) -> Result<$answer>;)+
        }

        #[async_trait]
        impl Cloud for LazyCloud {
            fn pace(&self) -> Pace {
                self.usual_pace()
            }
            $(async fn $read(&self, $($arg: $arg_type),*) -> Result<$read_answer> {
                let cloud = self.cloud().await?;
                let wait = lazy_cloud::unanswered(stringify!($read));
                let answer = cloud.$read($($arg),*).await;
                drop(wait);
                self.hear(answer).await
            })+
            $(async fn $change(&self, request: &$request) -> Result<$answer> {
                let cloud = self.cloud().await?;
                let wait = lazy_cloud::unanswered(stringify!($change));
                let answer = cloud.$change(request).await;
                drop(wait);
                self.hear(answer).await
            })+
        }

        #[async_trait]
        impl Cloud for NotedCloud {
            fn pace(&self) -> Pace {
                self.cloud.pace()
            }
            $(async fn $read(&self, $($arg: $arg_type),*) -> Result<$read_answer> {
                let _asked = self.retries.asked(|| unanswered(stringify!($read)));
                self.cloud.$read($($arg),*).await
            })+
            $(async fn $change(&self, request: &$request) -> Result<$answer> {
                let _asked = self.retries.asked(|| unanswered(stringify!($change)));
                self.cloud.$change(request).await
            })+
        }

        #[async_trait]
        impl Cloud for CheckedCloud {
            fn pace(&self) -> Pace {
                self.0.pace()
            }
            $(async fn $read(&self, $($arg: $arg_type),*) -> Result<$read_answer> {
                self.0.$read($($arg),*).await.map(Answer::checked)
            })+
            $(async fn $change(&self, request: &$request) -> Result<$answer> {
                self.0.$change(request).await
            })+
        }

        $(
            #[async_trait]
            impl Change for $request {
                const NAME: &'static str = stringify!($change);
                type Answer = $answer;
                async fn send(&self, cloud: &dyn Cloud) -> Result<Self::Answer> {
                    cloud.$change(self).await
                }
            }
        )+

        /// Every kill point: before a change is sent, after the cloud took it and before we know, and after the
        /// answer is in the journal.
        pub const FAILPOINTS: &[&str] = &[
            $(
                concat!(stringify!($change), ".before"),
                concat!(stringify!($change), ".sent"),
                concat!(stringify!($change), ".answered"),
            )+
        ];
    };
}

cloud_port! {
    reads {
        /// Who pays.
        fn account() -> Account;
        /// What can be launched, and where.
        fn catalog() -> Catalog;
        /// Looks at everything that would stop a launch, before money is spent.
        fn checks(request: &CheckRequest) -> Vec<Finding>;
        /// This computer's address as the cloud sees it, for the security group.
        fn own_address() -> String;
        /// Instances, one request however many ids are asked for.
        fn instances(filter: &InstanceFilter) -> Vec<Instance>;
        /// The key pair of that name.
        fn key_pair(name: &str) -> Option<KeyPair>;
        /// The security group of that name.
        fn security_group(name: &str) -> Option<SecurityGroup>;
        /// The newest 64 KB of the serial console; empty while there is none.
        fn console(instance: &str) -> String;
        /// The Administrator password, encrypted to the key pair (RSA PKCS#1 v1.5, base64); `None` until it is there.
        fn password_data(instance: &str) -> Option<String>;
        /// Images.
        fn images(filter: &ImageFilter) -> Vec<Image>;
        /// What a picture of the screen shows, as JPEG; `None` where there is none.
        fn screenshot(instance: &str) -> Option<Vec<u8>>;
        /// What disks, addresses and images cost in this region. What is not known is `None`, never a guess.
        fn prices() -> Prices;
        /// Everything in this region that carries [`crate::cloud::tag::CREATED_BY`] with our value and is not gone.
        fn ours() -> Vec<Resource>;
    }
    changes {
        /// Imports the public half of a key pair.
        fn import_key_pair(ImportKeyPair) -> KeyPair;
        /// Creates the default network of the region. One that is there already counts as done.
        fn create_default_network(CreateDefaultNetwork) -> Network;
        /// Creates a security group without any rule.
        fn create_security_group(CreateSecurityGroup) -> SecurityGroup;
        /// Opens ports.
        fn allow_ingress(AllowIngress) -> ();
        /// Closes ports.
        fn revoke_ingress(RevokeIngress) -> ();
        /// Puts the agent where an instance can fetch it.
        fn stage_agent(StageAgent) -> StagedAgent;
        /// Launches one instance.
        fn run_instance(RunInstance) -> StartedInstance;
        /// Tags a resource.
        fn put_tags(PutTags) -> ();
        /// Removes tags.
        fn remove_tags(RemoveTags) -> ();
        /// Starts a stopped instance.
        fn start_instance(StartInstance) -> ();
        /// Stops an instance.
        fn stop_instance(StopInstance) -> ();
        /// Restarts an instance.
        fn restart_instance(RestartInstance) -> ();
        /// Ends an instance for good.
        fn terminate_instance(TerminateInstance) -> ();
        /// Makes an image of an instance.
        fn create_image(CreateImage) -> CreatedImage;
        /// Deletes an image with its snapshots.
        fn delete_image(DeleteImage) -> ();
        /// Deletes a disk that no server uses.
        fn delete_disk(DeleteDisk) -> ();
        /// Deletes a snapshot that no image uses.
        fn delete_snapshot(DeleteSnapshot) -> ();
        /// Deletes a security group.
        fn delete_security_group(DeleteSecurityGroup) -> ();
        /// Deletes a key pair.
        fn delete_key_pair(DeleteKeyPair) -> ();
    }
}

/// How a cloud wants to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two looks while something is about to change; 10 s on EC2.
    pub pending: std::time::Duration,
    /// Between two looks while nothing is.
    pub idle: std::time::Duration,
    /// How long after a create a read may still miss it; five minutes on EC2 (“Eventual consistency” in its API
    /// reference), none in the practice world.
    pub settling: std::time::Duration,
}

impl Pace {
    /// What EC2 wants: “eventual consistency” in its API reference, and a state that changes in minutes.
    pub fn ec2() -> Self {
        let seconds = |seconds| std::time::Duration::from_secs(seconds);
        Pace {
            pending: seconds(10) / failpoint::haste(),
            idle: seconds(60) / failpoint::haste(),
            settling: seconds(300),
        }
    }
}

/// Where a status service is, and how to recognise it.
#[derive(Debug, Clone)]
pub struct AgentAddress {
    /// DNS name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The bearer token.
    pub token: Secret<String>,
    /// SHA-256 of the certificate that must answer, lower-case hex; `None` takes any and reports it.
    pub pin: Option<String>,
}

/// An answer of the agent, with the certificate that gave it.
#[derive(Debug, Clone)]
pub struct Answered<T> {
    /// The answer.
    pub value: T,
    /// SHA-256 of the TLS certificate, lower-case hex.
    pub tls_sha256: String,
}

/// What a site answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// HTTP status.
    pub status: u16,
    /// Time to the first byte of the answer, in milliseconds.
    pub millis: u32,
}

/// The instance, over the network: its status service and its site.
///
/// Errors: [`crate::error::ErrorKind::Unreachable`] when nothing answers, `IdentityMismatch` when another certificate than the
/// pinned one does, `AgentRefused` when the token is refused.
#[async_trait]
pub trait Agent: Send + Sync {
    /// `GET /v1/hello`.
    async fn hello(&self, at: &AgentAddress) -> Result<Answered<Hello>>;
    /// `GET /v1/messages`: those after a number, waiting up to `wait_seconds` for the first.
    async fn messages(&self, at: &AgentAddress, after: u64, wait_seconds: u32) -> Result<Answered<Page>>;
    /// Tells the agent that its successful end was stored: `GET /v1/messages` with the sealed order to scrub. An older
    /// agent scrubs because of the number alone.
    async fn finish(&self, at: &AgentAddress, after: u64, order: &str) -> Result<()>;
    /// `GET /v1/log`: the whole log file.
    async fn log(&self, at: &AgentAddress) -> Result<Answered<String>>;
    /// Asks a site for a page, as a browser on this computer would. Any HTTP answer is an answer.
    async fn visit(&self, url: &str) -> Result<Visit>;
    /// Drops kept connections, after sleep or a change of network.
    fn forget_connections(&self);
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// The keychain of this computer.
    Keychain,
    /// Files below this folder.
    Files(String),
}

/// A place for secrets: the keychain, or a folder of files.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// Where secrets are kept. An error where nothing can be kept or read there now.
    async fn place(&self) -> Result<SecretPlace>;
    /// Reads one. `None` means that it was never stored; a locked or missing keychain is an error.
    async fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>>;
    /// Stores one, replacing what was there. At most 2,560 bytes (the Windows limit).
    async fn put(&self, name: &str, value: &Secret<Vec<u8>>) -> Result<()>;
    /// Deletes one; fine where there is none.
    async fn delete(&self, name: &str) -> Result<()>;
}
