//! A launch: a value with a phase. `state` says which phase comes next, `steps` does it, `runner` is the loop between
//! them, and everything else (window, terminal, resume, cancel) reads the value.

pub(crate) mod offers;
pub(crate) mod orders;
pub(crate) mod rail;
pub(crate) mod runner;
#[cfg(test)]
pub(crate) mod sample;
pub mod state;
mod status;
mod step_views;
pub(crate) mod steps;
pub(crate) mod stops;
pub mod trust;
pub mod view;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use slipway_protocol::plan::Plan;
use slipway_protocol::{Limits, Outcome, Time};

use crate::cloud::{StagedAgent, Tags, tag};
use crate::error::Error;
use crate::wait::{WaitReason, Waiting};
pub use offers::Offer;
pub use state::{Ending, Phase};
pub use trust::Mismatch;

/// What the user asked for. It holds no secret: those lie in the keychain under the launch's id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// Unique among the live servers of the profile.
    pub name: String,
    /// Whose account.
    pub profile: String,
    /// Where.
    pub region: String,
    /// Id of the recipe.
    pub recipe: String,
    /// Its title, for people.
    pub recipe_title: String,
    /// The image to launch from; `None` installs the recipe from scratch.
    pub image: Option<ImageSource>,
    /// Family of public images that the recipe starts from.
    pub base_family: String,
    /// The user's answers to the recipe's inputs.
    pub inputs: BTreeMap<String, String>,
    /// What the agent will do.
    pub plan: Plan,
    /// Instance type.
    pub size: String,
    /// The size's price an hour when it was launched, where known.
    pub usd_per_hour: Option<f64>,
    /// The price an hour of its disk and its public address then, where known.
    #[serde(default)]
    pub beside_usd_per_hour: Option<f64>,
    /// Disk size in GiB.
    pub disk_gib: u32,
    /// The subnet; `None` for the default one.
    pub network: Option<String>,
    /// CIDRs that may connect to Remote Desktop and the status service; empty for this computer's address only.
    pub allowed_from: Vec<String>,
    /// The site is open to everybody; otherwise to [`Spec::allowed_from`] only.
    pub public_site: bool,
    /// The user chose the Administrator password.
    pub chosen_password: bool,
    /// When the server stops itself.
    #[serde(default)]
    pub limits: Limits,
}

impl Spec {
    /// What it costs an hour on a size of this price, all in all; `None` where a part is not known.
    pub(crate) fn hourly(&self, size: Option<f64>) -> Option<f64> {
        Some(size? + self.beside_usd_per_hour?)
    }
}

/// The image that a launch starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSource {
    /// `ami-…`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A launch, whole: what was asked for, where it stands, and what is known so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Launch {
    /// A ULID: sorts by time; also the client token of its instance.
    pub id: String,
    /// What was asked for.
    pub spec: Spec,
    /// Where it stands.
    pub phase: Phase,
    /// Somebody wants it gone.
    pub ending: Option<Ending>,
    /// What it waits for. A journal of an earlier layout calls it `parked`.
    #[serde(default, alias = "parked")]
    pub waiting: Option<Waiting>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What is known so far.
    pub facts: Facts,
    /// When each phase began, in order; a retry adds further rows.
    pub timeline: Vec<Entered>,
    /// When it was asked for.
    pub created: Time,
    /// What could not be removed on the way out.
    pub leftovers: Vec<String>,
}

/// Why a launch failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What happened and what to do.
    pub error: Error,
    /// The phase that it happened in.
    pub phase: Phase,
    /// The step, if it was one.
    pub step: Option<String>,
    /// When.
    pub at: Time,
}

/// A phase and when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The phase.
    pub phase: Phase,
    /// When it began.
    pub at: Time,
}

/// What is known so far. Each field is written by one step and read by those after it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Name of the key pair.
    pub key_name: Option<String>,
    /// `sg-…`.
    pub group: Option<String>,
    /// Who may connect.
    pub allowed_from: Vec<String>,
    /// The app's public key towards the agent, base64.
    pub app_key: Option<String>,
    /// SHA-256 of the bearer token.
    pub token_sha256: Option<String>,
    /// Where the agent's program comes from.
    pub staged: Option<StagedAgent>,
    /// The orders that the agent has not acknowledged yet.
    pub pending: Vec<PendingOrder>,
    /// The attempt whose end is waited for, from 1.
    pub expected_attempt: u32,
    /// How many instances were asked for; more than one only after a signed URL had expired unanswered.
    pub starts: u32,
    /// `i-…`.
    pub instance: Option<String>,
    /// When Windows was found ready.
    pub windows_ready: Option<Time>,
    /// The agent's keys as they were seen.
    pub identity: Option<AgentIdentity>,
    /// Other keys answered than the console shows.
    #[serde(default)]
    pub mismatch: Option<Box<Mismatch>>,
    /// Two who can't both be the installer answered, and the console has not told which one is.
    #[serde(default)]
    pub contested: bool,
    /// Somebody else than the installer may have been shown the bearer token.
    #[serde(default)]
    pub token_seen: bool,
    /// Since when the console has been looked at for the keys that answer, without showing any.
    #[serde(default)]
    pub unproven_since: Option<Time>,
    /// The user wants to trust them; it counts from the next look at the console on.
    #[serde(default)]
    pub trust_asked: bool,
    /// SHA-1 thumbprint of Remote Desktop's certificate as the console showed it, upper-case hex.
    #[serde(default)]
    pub rdp_thumbprint: Option<String>,
    /// Messages up to this number have been acted on.
    pub acted: u64,
    /// Number of the last order that was given.
    pub orders: u32,
    /// Names of secrets of this launch that lie in the keychain.
    pub secrets: Vec<String>,
    /// How the current attempt ended.
    pub outcome: Option<Outcome>,
    /// The agent knows that its `end` was seen.
    pub end_acknowledged: bool,
    /// What the site answered.
    pub visit: Option<(u16, u32)>,
    /// When the agent last answered.
    pub last_answer: Option<Time>,
    /// The agent does not answer at the moment, since then.
    pub silent_since: Option<Time>,
    /// It was found in the cloud after the journal was lost.
    pub adopted: bool,
    /// An address that is to be let in, in place of those before.
    #[serde(default)]
    pub admit: Option<String>,
    /// The port of the status service was closed.
    #[serde(default)]
    pub status_closed: bool,
    /// The server was told not to stop itself before then.
    #[serde(default)]
    pub kept_until: Option<Time>,
}

/// An order that waits for its acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingOrder {
    /// Its number.
    pub number: u32,
    /// What it asks for.
    pub what: Errand,
    /// The tags that carry it; empty until they were put.
    pub tags: Vec<String>,
}

/// What an order asks for. Values of secrets stay in the keychain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Go on from the failed step.
    Retry {
        /// Restart first.
        restart: bool,
    },
    /// Hand over the secret of this name.
    Secret(String),
    /// Accept another bearer token: the one so far may have gone to somebody else.
    Token,
    /// Don't stop by yourself for so many minutes.
    Extend {
        /// From the moment in which the agent reads it.
        minutes: u32,
    },
}

/// The agent's keys, and how sure we are of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentIdentity {
    /// SHA-256 of the TLS certificate, lower-case hex.
    pub tls_sha256: String,
    /// Its X25519 public key, base64.
    pub key: String,
    /// How sure we are.
    pub trust: Trust,
}

/// How sure we are that the agent is the one on the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Seen on the network only: may be read, is not acted on.
    Seen,
    /// The user chose to trust it for this launch.
    ByUser,
    /// The same keys are on the instance's console.
    Verified,
}

/// What a face asks of whoever drives the launch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Remove everything.
    End(Ending),
    /// Go on from the failed step.
    Retry {
        /// Restart the instance first.
        restart: bool,
    },
    /// Try again what it waits for.
    Resume,
    /// Trust the agent's unverified keys for this launch.
    Trust,
    /// Let this address in, in place of those before.
    Admit {
        /// CIDR.
        from: String,
    },
    /// Take one of the offers of other places and sizes.
    Take {
        /// [`Offer::id`].
        offer: String,
    },
}

impl Launch {
    /// A launch that was just asked for.
    pub fn new(id: String, spec: Spec, now: Time) -> Self {
        Launch {
            id,
            spec,
            phase: Phase::Preflight,
            ending: None,
            waiting: None,
            failure: None,
            facts: Facts {
                expected_attempt: 1,
                ..Facts::default()
            },
            timeline: vec![Entered {
                phase: Phase::Preflight,
                at: now,
            }],
            created: now,
            leftovers: Vec::new(),
        }
    }

    /// Moves to a phase.
    pub fn enter(&mut self, phase: Phase, now: Time) {
        self.phase = phase;
        self.waiting = None;
        self.timeline.push(Entered { phase, at: now });
    }

    /// It waits for its user: because of this error, until `next` at the latest, when it is tried again. A further try that
    /// failed for the same reason is counted.
    pub(crate) fn wait_for_user(&mut self, reason: WaitReason, error: Error, now: Time, next: Option<Time>) {
        let same = self
            .waiting
            .take_if(|known| known.needs_user && known.reason.is_like(&reason));
        let mut waiting = match same {
            Some(mut known) => {
                known.failed_again(reason, error);
                known
            }
            None => Waiting::new(reason, true, error, now),
        };
        waiting.retrying.next = next;
        self.waiting = Some(waiting);
    }

    /// It waits for a new sign-in or for the keychain.
    pub(crate) fn waits_for_keys(&self) -> bool {
        let about_keys =
            |waiting: &Waiting| matches!(waiting.reason, WaitReason::SignIn | WaitReason::Keychain);
        self.waiting.as_ref().is_some_and(about_keys)
    }

    /// It waits for its user.
    pub(crate) fn needs_user(&self) -> bool {
        self.waiting.as_ref().is_some_and(|waiting| waiting.needs_user)
    }

    /// Where else there may be room, while there is none.
    pub(crate) fn offers(&self) -> &[Offer] {
        match self.waiting.as_ref().map(|waiting| &waiting.reason) {
            Some(WaitReason::Capacity { offers }) => offers,
            _ => &[],
        }
    }

    /// Name of the key pair and the security group. Unique, so that a `Duplicate` after a crash means “mine”.
    pub fn resource_name(&self) -> String {
        format!("slipway-{}", self.id)
    }

    /// The tags of everything that the launch creates.
    pub fn tags(&self) -> Tags {
        let tags = [
            (tag::LAUNCH, self.id.as_str()),
            (tag::CREATED_BY, tag::US),
            (tag::PROFILE, &self.spec.profile),
            (tag::NAME, &self.spec.name),
            (tag::RECIPE, &self.spec.recipe),
        ];
        tags.into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    /// Somebody should drive it: it is at work, or on its way out.
    pub fn wants_driver(&self) -> bool {
        let moving = self.facts.admit.is_some() && !self.phase.is_gone();
        self.phase.is_at_work() || moving || (self.ending.is_some() && !self.phase.is_gone())
    }

    /// When its instance was asked for; `None` before.
    pub fn launched(&self) -> Option<Time> {
        stops::asked(self)
    }

    /// When the phase at work began.
    pub fn entered(&self) -> Time {
        self.timeline.last().map_or(self.created, |entered| entered.at)
    }
}
