//! What a cloud is asked to change. Each is written to the journal exactly as it is sent, so none carries a secret.

use serde::{Deserialize, Serialize};
use slipway_protocol::{AgentSource, Time};

use super::{ImageChoice, Ingress, Tags};

/// ImportKeyPair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportKeyPair {
    /// Unique in account and region.
    pub name: String,
    /// OpenSSH form: `ssh-rsa AAAA… name`.
    pub public_key: String,
    /// At creation.
    pub tags: Tags,
}

/// CreateDefaultVpc. One that is there already counts as done; the answer is one of its subnets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateDefaultNetwork {
    /// The region that it is for.
    pub region: String,
}

/// CreateSecurityGroup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateSecurityGroup {
    /// Unique in its network.
    pub name: String,
    /// For people in the AWS console.
    pub description: String,
    /// The subnet whose network it is for; `None` for the default one.
    pub network: Option<String>,
    /// At creation.
    pub tags: Tags,
}

/// AuthorizeSecurityGroupIngress. What is open already counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowIngress {
    /// `sg-…`.
    pub group: String,
    /// What to open.
    pub rules: Vec<Ingress>,
}

/// RevokeSecurityGroupIngress. What is closed already counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeIngress {
    /// `sg-…`.
    pub group: String,
    /// What to close.
    pub rules: Vec<Ingress>,
}

/// Puts the agent's program where an instance can fetch it. Answered with `None` where the world brings it along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageAgent {
    /// The launch that asks.
    pub launch: String,
}

/// The answer to [`StageAgent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedAgent {
    /// `None` where the world brings the agent along.
    pub source: Option<AgentSource>,
    /// The signed URL in it is good until then.
    pub expires: Option<Time>,
}

/// RunInstances for exactly one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInstance {
    /// The client token: the same token never gives a second instance.
    pub token: String,
    /// What to launch from.
    pub image: ImageChoice,
    /// Instance type.
    pub size: String,
    /// Disk size in GiB.
    pub disk_gib: u32,
    /// The subnet; `None` for the default one.
    pub network: Option<String>,
    /// `sg-…`.
    pub group: String,
    /// Name of the key pair.
    pub key_name: String,
    /// The raw text; adapters encode it.
    pub user_data: String,
    /// A signed URL in the user data is good until then; sending it later would start an instance without an agent.
    #[serde(default)]
    pub good_until: Option<Time>,
    /// On instance, volume and network interface, at creation.
    pub tags: Tags,
}

/// The answer to [`RunInstance`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedInstance {
    /// `i-…`.
    pub id: String,
}

/// CreateTags.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutTags {
    /// Any resource's id.
    pub resource: String,
    /// Replaces the values of these keys.
    pub tags: Tags,
}

/// DeleteTags. Keys that are not there count as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveTags {
    /// Any resource's id.
    pub resource: String,
    /// Keys to remove.
    pub keys: Vec<String>,
}

macro_rules! instance_request {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            /// `i-…`.
            pub instance: String,
        }
    )+};
}

instance_request! {
    /// StartInstances.
    StartInstance,
    /// StopInstances.
    StopInstance,
    /// RebootInstances.
    RestartInstance,
    /// TerminateInstances. An instance that is gone counts as done.
    TerminateInstance,
}

/// CreateImage with the restart that makes it consistent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateImage {
    /// `i-…`.
    pub instance: String,
    /// Unique in account and region, so it serves as the idempotency key together with our tag.
    pub name: String,
    /// For people.
    pub description: String,
    /// On image and snapshots.
    pub tags: Tags,
}

/// The answer to [`CreateImage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedImage {
    /// `ami-…`.
    pub id: String,
}

/// DeregisterImage with its snapshots. An image that is gone counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteImage {
    /// `ami-…`.
    pub image: String,
}

/// DeleteVolume. A disk that is gone counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteDisk {
    /// `vol-…`.
    pub disk: String,
}

/// DeleteSnapshot. A snapshot that is gone counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteSnapshot {
    /// `snap-…`.
    pub snapshot: String,
}

/// DeleteSecurityGroup. A group that is gone counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteSecurityGroup {
    /// `sg-…`.
    pub group: String,
}

/// DeleteKeyPair. A key pair that is gone counts as done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteKeyPair {
    /// The key pair's name.
    pub name: String,
}
