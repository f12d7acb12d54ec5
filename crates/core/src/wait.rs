//! Waits: what a launch or an image waits for, why, since when, how often it was tried, when it is tried next, and what
//! the user can do. A wait is part of the stored value, so every face shows the same and a restart loses nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use slipway_protocol::Time;
use ts_rs::TS;

use crate::error::{Error, ErrorKind, Unreached};
use crate::launch::Offer;

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WaitReason {
    /// A new sign-in, or other keys.
    SignIn,
    /// The keychain is missing or locked.
    Keychain,
    /// The account's user may not do something.
    Permission,
    /// The account is not ready at AWS.
    Account,
    /// A quota of the account is used up.
    Quota,
    /// AWS has no room.
    Capacity {
        /// Other places and sizes that have room.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[ts(skip)]
        offers: Vec<Offer>,
    },
    /// There is no network in the region to launch into.
    NetworkMissing,
    /// This computer's clock is wrong.
    Clock,
    /// This computer's disk is full.
    Disk,
    /// Something can't be reached, or answers that it can't.
    Network {
        /// What.
        what: Unreached,
    },
    /// The cloud refuses requests for being too many.
    Throttled,
    /// Another process holds the journal.
    Journal,
    /// This computer has another address than the one that the server lets in.
    AddressChanged,
    /// The instance's console does not show the installer's keys.
    KeysUnproven,
    /// What answers has other keys than the console shows. Never trusted away.
    KeysMismatched,
    /// Windows takes longer than usual to become ready.
    WindowsSlow,
    /// The installer does not answer.
    AgentSilent,
    /// The instance is switched off.
    ServerOff,
    /// The install ended well, but the site does not answer.
    SiteSilent,
    /// Something could not be removed.
    Leftovers,
}

/// A request that a user can make of what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WaitAction {
    /// Start the instance.
    StartServer,
    /// Create the region's default network.
    CreateNetwork,
    /// Launch in another place or size, one of those offered.
    TakeOffer,
    /// Let this computer's present address in.
    AllowCurrentIp,
    /// Trust the installer's unproven keys for this launch.
    TrustKeys,
    /// See to the profile's keys and rights.
    CheckProfile,
    /// Try again now.
    TryAgain,
    /// Give the launch up and remove what it made.
    GiveUp,
}

/// Tries that failed, and the next one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retrying {
    /// Why the last try failed, and what to do.
    pub error: Error,
    /// How many failed since it waits; none while the first is not answered.
    pub tries: u32,
    /// When the first of them failed.
    pub since: Time,
    /// When the next one is made; `None` where it is under way, or made only when the user asks.
    pub next: Option<Time>,
}

/// A wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Waiting {
    /// What for.
    pub reason: WaitReason,
    /// It goes on after the user did something; otherwise as soon as a try succeeds.
    pub needs_user: bool,
    /// How it is tried.
    #[serde(flatten)]
    pub retrying: Retrying,
}

/// A wait as any layout of the journal holds it: the first had the error and the time alone, for waits for the user.
#[derive(Deserialize)]
struct Stored {
    reason: Option<WaitReason>,
    needs_user: Option<bool>,
    error: Error,
    tries: Option<u32>,
    since: Time,
    next: Option<Time>,
}

impl From<Stored> for Waiting {
    fn from(stored: Stored) -> Self {
        let reason = stored.reason.or_else(|| WaitReason::of(&stored.error));
        Waiting {
            reason: reason.unwrap_or(WaitReason::AgentSilent),
            needs_user: stored.needs_user.unwrap_or(true),
            retrying: Retrying {
                error: stored.error,
                tries: stored.tries.unwrap_or(1),
                since: stored.since,
                next: stored.next,
            },
        }
    }
}

impl Waiting {
    /// The first try failed just now.
    pub fn new(reason: WaitReason, needs_user: bool, error: Error, now: Time) -> Self {
        let retrying = Retrying {
            error,
            tries: 1,
            since: now,
            next: None,
        };
        Waiting {
            reason,
            needs_user,
            retrying,
        }
    }

    /// Another try failed, perhaps for another reason than the one before.
    pub fn failed_again(&mut self, reason: WaitReason, error: Error) {
        self.reason = reason;
        self.retrying.error = error;
        self.retrying.tries = self.retrying.tries.saturating_add(1);
        self.retrying.next = None;
    }

    /// When the next try is made.
    #[must_use]
    pub fn next(mut self, at: Time) -> Self {
        self.retrying.next = Some(at);
        self
    }
}

impl WaitReason {
    /// What an error lets one wait for; `None` for one that no waiting mends.
    pub fn of(error: &Error) -> Option<Self> {
        let reason = match error.kind {
            ErrorKind::CredentialsExpired | ErrorKind::CredentialsInvalid => WaitReason::SignIn,
            ErrorKind::Keychain => WaitReason::Keychain,
            ErrorKind::PermissionMissing => WaitReason::Permission,
            ErrorKind::AccountNotReady => WaitReason::Account,
            ErrorKind::QuotaExceeded => WaitReason::Quota,
            ErrorKind::NoCapacity => WaitReason::Capacity { offers: Vec::new() },
            ErrorKind::NetworkMissing => WaitReason::NetworkMissing,
            ErrorKind::ClockWrong => WaitReason::Clock,
            ErrorKind::DiskFull => WaitReason::Disk,
            ErrorKind::Throttled => WaitReason::Throttled,
            ErrorKind::CloudTrouble | ErrorKind::Unreachable => WaitReason::Network {
                what: error.unreached.unwrap_or(Unreached::Aws),
            },
            ErrorKind::Journal | ErrorKind::JournalInUse => WaitReason::Journal,
            ErrorKind::IdentityMismatch => WaitReason::KeysMismatched,
            ErrorKind::AgentSilent => WaitReason::AgentSilent,
            ErrorKind::SiteSilent => WaitReason::SiteSilent,
            ErrorKind::Input
            | ErrorKind::NotFound
            | ErrorKind::NameTaken
            | ErrorKind::WrongState
            | ErrorKind::FailedServer
            | ErrorKind::Unsupported
            | ErrorKind::InstanceGone
            | ErrorKind::AgentRefused
            | ErrorKind::StepFailed
            | ErrorKind::ImageFailed
            | ErrorKind::Recipe
            | ErrorKind::Internal => return None,
        };
        Some(reason)
    }

    /// The same thing is waited for, whatever is known about it.
    pub fn is_like(&self, other: &WaitReason) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// It may end without the user doing anything.
    pub fn ends_by_itself(&self) -> bool {
        match self {
            WaitReason::Network { .. }
            | WaitReason::Throttled
            | WaitReason::Journal
            | WaitReason::Capacity { .. }
            | WaitReason::WindowsSlow
            | WaitReason::KeysUnproven
            | WaitReason::AgentSilent
            | WaitReason::SiteSilent => true,
            WaitReason::SignIn
            | WaitReason::Keychain
            | WaitReason::Permission
            | WaitReason::Account
            | WaitReason::Quota
            | WaitReason::NetworkMissing
            | WaitReason::Clock
            | WaitReason::Disk
            | WaitReason::AddressChanged
            | WaitReason::KeysMismatched
            | WaitReason::ServerOff
            | WaitReason::Leftovers => false,
        }
    }

    /// An answer of the server's installer ends it. What AWS or the keychain has to say is still missing then, and so is
    /// the proof of its keys.
    pub fn ends_with_an_answer(&self) -> bool {
        !matches!(
            self,
            WaitReason::SignIn | WaitReason::Keychain | WaitReason::KeysUnproven | WaitReason::KeysMismatched
        )
    }

    /// How long a program that nobody looks at goes along with it before it ends with the reason; `None` for as long as it
    /// takes. While nothing runs yet, whoever started the program loses nothing by starting it again.
    pub fn patience(&self, has_instance: bool) -> Option<Duration> {
        match self {
            WaitReason::AgentSilent | WaitReason::SiteSilent | WaitReason::WindowsSlow => None,
            WaitReason::Network { .. } | WaitReason::Journal if !has_instance => {
                Some(Duration::from_secs(30))
            }
            WaitReason::Throttled => Some(Duration::from_secs(600)),
            _ => Some(Duration::from_secs(120)),
        }
    }

    /// What the user can do about it, the likeliest first. What else the state of its server allows is not looked at.
    pub fn actions(&self) -> &'static [WaitAction] {
        use WaitAction::{
            AllowCurrentIp, CheckProfile, CreateNetwork, GiveUp, StartServer, TakeOffer, TrustKeys, TryAgain,
        };
        match self {
            WaitReason::SignIn | WaitReason::Keychain | WaitReason::Permission | WaitReason::Account => {
                &[TryAgain, CheckProfile, GiveUp]
            }
            WaitReason::Capacity { offers } if !offers.is_empty() => &[TakeOffer, TryAgain, GiveUp],
            WaitReason::Capacity { .. }
            | WaitReason::Quota
            | WaitReason::Clock
            | WaitReason::Disk
            | WaitReason::KeysMismatched
            | WaitReason::WindowsSlow => &[TryAgain, GiveUp],
            WaitReason::NetworkMissing => &[CreateNetwork, TryAgain, GiveUp],
            WaitReason::Network {
                what: Unreached::Server,
            }
            | WaitReason::AgentSilent
            | WaitReason::SiteSilent => &[TryAgain, AllowCurrentIp, GiveUp],
            WaitReason::AddressChanged => &[AllowCurrentIp, TryAgain, GiveUp],
            WaitReason::Network { .. } => &[TryAgain, GiveUp],
            // Each further try takes from the same allowance.
            WaitReason::Throttled => &[GiveUp],
            WaitReason::Journal => &[],
            WaitReason::KeysUnproven => &[TryAgain, TrustKeys, GiveUp],
            WaitReason::ServerOff => &[StartServer, TryAgain, GiveUp],
            WaitReason::Leftovers => &[TryAgain],
        }
    }

    /// Whether the user can do this about it.
    pub fn allows(&self, action: WaitAction) -> bool {
        self.actions().contains(&action)
    }

    /// What is waited for, after “Waiting for”.
    pub fn words(&self) -> &'static str {
        match self {
            WaitReason::SignIn => "a new sign-in",
            WaitReason::Keychain => "the keychain",
            WaitReason::Permission => "a permission in the AWS account",
            WaitReason::Account => "the AWS account to be ready",
            WaitReason::Quota => "room in the account's quota",
            WaitReason::Capacity { .. } => "free capacity at AWS",
            WaitReason::NetworkMissing => "a network in this region",
            WaitReason::Clock => "this computer's clock to be set",
            WaitReason::Disk => "free space on this computer's disk",
            WaitReason::Network { what } => unreached(*what),
            WaitReason::Throttled => "AWS to accept more requests",
            WaitReason::Journal => "another program to release the journal",
            WaitReason::AddressChanged => "this computer's new address to be allowed",
            WaitReason::KeysUnproven => "the server's console to show the installer's keys",
            WaitReason::KeysMismatched => "you: the server's keys do not match",
            WaitReason::WindowsSlow => "Windows to become ready",
            WaitReason::AgentSilent => "the installer to answer",
            WaitReason::ServerOff => "the server to be started",
            WaitReason::SiteSilent => "the site to answer",
            WaitReason::Leftovers => "what could not be removed",
        }
    }

    /// The same without what only the engine needs.
    pub(crate) fn without_offers(&self) -> Self {
        match self {
            WaitReason::Capacity { .. } => WaitReason::Capacity { offers: Vec::new() },
            other => other.clone(),
        }
    }
}

fn unreached(what: Unreached) -> &'static str {
    match what {
        Unreached::OwnAddress => "this computer's public address",
        Unreached::Names => "name resolution on this computer",
        Unreached::Proxy => "the proxy of this computer",
        Unreached::SignInPage => "a sign-in to this computer's network",
        Unreached::Ec2 => "EC2 to answer",
        Unreached::S3 => "S3 to answer",
        Unreached::Sts => "STS to answer",
        Unreached::Aws => "AWS to answer",
        Unreached::Server => "the server to answer",
    }
}

impl WaitAction {
    /// As a button says it.
    pub fn label(self) -> &'static str {
        match self {
            WaitAction::StartServer => "Start the server",
            WaitAction::CreateNetwork => "Create the default network",
            WaitAction::TakeOffer => "Launch elsewhere",
            WaitAction::AllowCurrentIp => "Allow my current address",
            WaitAction::TrustKeys => "Trust this connection for this launch",
            WaitAction::CheckProfile => "Look at the profile",
            WaitAction::TryAgain => "Try again",
            WaitAction::GiveUp => "Cancel the launch",
        }
    }
}

#[cfg(test)]
#[path = "wait_tests.rs"]
mod tests;
