//! What the serial console says of the agent. Its keys must be there: only the cloud account and the instance itself can
//! write and read that. And whoever could not bring the agent there says so, because the console is all that it has.

use std::time::Duration;

use slipway_protocol::Time;
use slipway_protocol::console::{self, News};

use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::{World, booting};
use crate::launch::trust::{self, AgentKeys};
use crate::launch::{AgentIdentity, Errand, Launch, Trust, orders, runner};
use crate::poll::{Pauses, Policy};
use crate::ports::AgentAddress;
use crate::rdp_certificate;
use crate::wait::WaitReason;

/// Each look is an AWS call, and what the agent writes may take a minute to show up.
const LOOKS: Policy = Policy {
    first: Duration::from_secs(5),
    factor: 2.0,
    cap: Duration::from_secs(60),
    jitter: false,
};
/// What keeps an agent from starting takes its time, and most agents do start.
const TROUBLE_AFTER: Duration = Duration::from_secs(15);
/// Why what answers is not the installer.
const SHOWS_OTHERS: &str = "its console shows other keys";

/// Looks for the proof now and then.
pub(crate) struct Proof {
    pauses: Pauses,
    due: Time,
    began: Time,
    /// The console was compared with what answers.
    compared: bool,
}

impl Proof {
    /// The first look is due at once.
    pub fn new(now: Time) -> Self {
        Proof {
            pauses: Pauses::new(LOOKS),
            due: now,
            began: now,
            compared: false,
        }
    }

    /// Looks, if it is time and there is no proof yet.
    ///
    /// Errors: `IdentityMismatch` when the console shows other keys.
    pub async fn look(&mut self, launch: &mut Launch, world: &World) -> Result<()> {
        let now = world.clock.now();
        let Some(identity) = launch.facts.identity.clone() else {
            return Ok(());
        };
        if identity.trust == Trust::Verified || now < self.due || !world.reads.console_turn() {
            return Ok(());
        }
        self.due = now.plus(self.pauses.step().min(world.cloud.pace().pending * 6));
        let text = console_text(launch, world).await;
        if text
            .as_ref()
            .is_err_and(|error| runner::is_about_keys(error.kind))
        {
            self.due = now.plus(runner::SIGN_IN);
        }
        let text = text?;
        world.signed_in(launch).await?;
        rdp_certificate::note(&mut launch.facts, &text);
        self.compared = true;
        match compare(&text, launch, &identity) {
            Comparison::Same => self.verified(launch, world, identity).await,
            Comparison::Different(console) => {
                trust::note_mismatch(&mut launch.facts, &identity, console, now);
                world.save(launch).await?;
                world.agent.forget_connections();
                Err(mismatch(launch, SHOWS_OTHERS))
            }
            Comparison::Nothing if identity.trust == Trust::ByUser => Ok(()),
            Comparison::Nothing => self.nothing_shown(launch, world, identity).await,
        }
    }

    /// Whether what is known to be acted on was compared since following began: the user's trust counts from a look at the
    /// console on that showed no others.
    pub fn has_compared(&self, launch: &Launch) -> bool {
        let identity = launch.facts.identity.as_ref();
        self.compared || identity.is_some_and(|identity| identity.trust == Trust::Verified)
    }

    /// While nobody has answered yet: looks whether the bootstrap, or the agent itself, told why.
    pub async fn look_for_trouble(&mut self, launch: &mut Launch, world: &World) -> Result<()> {
        let now = world.clock.now();
        let early = now < self.began.plus(TROUBLE_AFTER);
        if launch.facts.identity.is_some() || early || now < self.due || !world.reads.console_turn() {
            return Ok(());
        }
        self.due = now.plus(self.pauses.step().min(world.cloud.pace().pending * 6));
        // A console that can't be read is no news: the silence itself is told elsewhere.
        let text = console_text(launch, world).await.unwrap_or_default();
        let Some(error) = trouble(&text, &launch.id, &launch.spec.name) else {
            return Ok(());
        };
        let told = launch.waiting.as_ref().filter(|waiting| waiting.needs_user);
        if told.is_none_or(|waiting| waiting.retrying.error.sentence != error.sentence) {
            launch.wait_for_user(WaitReason::AgentSilent, error, now, None);
            world.save(launch).await?;
        }
        Ok(())
    }

    async fn verified(&self, launch: &mut Launch, world: &World, identity: AgentIdentity) -> Result<()> {
        trust::note_proof(&mut launch.facts, identity);
        replace_token(launch);
        launch.waiting = None;
        world.save(launch).await
    }

    /// The console was looked at and shows no keys: the user may decide once that has lasted.
    async fn nothing_shown(&self, launch: &mut Launch, world: &World, identity: AgentIdentity) -> Result<()> {
        let now = world.clock.now();
        if launch.facts.unproven_since.is_none() {
            launch.facts.unproven_since = Some(now);
            world.save(launch).await?;
        }
        if trust::may_trust(launch, now).is_err() {
            return Ok(());
        }
        if launch.facts.trust_asked {
            launch.facts.trust_asked = false;
            launch.facts.identity = Some(AgentIdentity {
                trust: Trust::ByUser,
                ..identity
            });
            launch.waiting = None;
            return world.save(launch).await;
        }
        if !launch.needs_user() {
            let error = unproven(launch);
            launch.wait_for_user(WaitReason::KeysUnproven, error, now, None);
            world.save(launch).await?;
        }
        Ok(())
    }
}

/// After a mismatch: only who shows the console's certificate gets the token, and only who has its key counts as met. What
/// the other one said is forgotten, and what it may have been sent is sent anew.
///
/// # Errors
/// `IdentityMismatch` while nobody of that kind answers.
pub(crate) async fn meet_again(launch: &mut Launch, world: &World, address: &AgentAddress) -> Result<()> {
    booting::is_still_up(launch, world).await?;
    let Some(identity) = launch.facts.identity.clone() else {
        return Ok(());
    };
    let met = world.agent.hello(address).await;
    let genuine = met.is_ok_and(|met| {
        met.value.launch == launch.id
            && met.value.key == identity.key
            && met.tls_sha256 == identity.tls_sha256
    });
    if !genuine {
        // Its address may have changed meanwhile; that it can't be asked for is told elsewhere.
        let _ = world.look(launch).await;
        return Err(mismatch(launch, SHOWS_OTHERS));
    }
    world.store.forget_messages(&launch.id).await?;
    begin_anew(launch, identity);
    world.save(launch).await
}

/// The installer takes another bearer token where the first one was shown to somebody else.
fn replace_token(launch: &mut Launch) {
    if std::mem::take(&mut launch.facts.token_seen) {
        orders::add(launch, Errand::Token);
    }
}

fn begin_anew(launch: &mut Launch, identity: AgentIdentity) {
    let facts = &mut launch.facts;
    trust::note_proof(facts, identity);
    facts.acted = 0;
    facts.outcome = None;
    facts.pending.iter_mut().for_each(|order| order.tags.clear());
    launch.waiting = None;
    runner::send_chosen_secrets(launch);
    replace_token(launch);
}

async fn console_text(launch: &Launch, world: &World) -> Result<String> {
    let Some(instance) = &launch.facts.instance else {
        return Ok(String::new());
    };
    match world.cloud.console(instance).await {
        Err(error) if error.kind == ErrorKind::PermissionMissing => Ok(String::new()),
        other => other,
    }
}

enum Comparison {
    Same,
    Different(AgentKeys),
    Nothing,
}

/// The first line wins: a process of low rank on the instance could write to the console later.
fn compare(text: &str, launch: &Launch, seen: &AgentIdentity) -> Comparison {
    let lines = console::lines(text, &launch.id);
    let shown = lines.into_iter().find_map(|line| match line.news {
        News::Keys { tls_sha256, key } => Some(AgentKeys { tls_sha256, key }),
        News::StepStarted(_) | News::StepDone(_) | News::StepFailed(_) => None,
        News::Succeeded | News::Failed | News::Trouble(_) => None,
    });
    match shown {
        None => Comparison::Nothing,
        Some(keys) if keys.tls_sha256 == seen.tls_sha256 && keys.key == seen.key => Comparison::Same,
        Some(keys) => Comparison::Different(keys),
    }
}

/// The reason why no agent answers, in the words of whoever tried to start it: what broke off, why, what to do.
fn trouble(text: &str, launch: &str, name: &str) -> Option<Error> {
    let mut told: Vec<String> = Vec::new();
    for line in console::lines(text, launch) {
        match line.news {
            News::Trouble(reason) if !told.contains(&reason) => told.push(reason),
            _ => {}
        }
    }
    let advice = if told.len() > 2 { told.pop() } else { None };
    if told.is_empty() {
        return None;
    }
    let why: Vec<&str> = told.iter().map(|line| line.trim_end_matches('.')).collect();
    let sentence = format!(
        "The installer could not be started on “{name}”: {}.",
        why.join(": ")
    );
    let hint = advice.map_or_else(
        || "Look at it with Remote Desktop, or terminate this server and launch again.".to_owned(),
        |advice| format!("{}.", capital(advice.trim_end_matches('.'))),
    );
    Some(Error::new(ErrorKind::AgentSilent, sentence).hint(hint))
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map(|first| first.to_uppercase().chain(rest).collect())
        .unwrap_or_default()
}

/// Another agent than expected.
pub(crate) fn mismatch(launch: &Launch, why: &str) -> Error {
    let sentence = format!(
        "What answers for “{}” is not its installer: {why}.",
        launch.spec.name
    );
    let mut hint = String::from(
        "Somebody may be between this computer and the server. Nothing it says is acted on. Try another network, or terminate \
         the server.",
    );
    let trusted = launch
        .facts
        .mismatch
        .as_ref()
        .is_some_and(|mismatch| mismatch.trusted);
    if trusted {
        hint.push_str(
            " You had trusted the connection: a password that you chose may be known to somebody else.",
        );
    }
    Error::new(ErrorKind::IdentityMismatch, sentence).hint(hint)
}

fn unproven(launch: &Launch) -> Error {
    let sentence = format!(
        "The console of “{}” does not show the installer's keys yet, so the connection is not proven.",
        launch.spec.name
    );
    Error::new(ErrorKind::AgentSilent, sentence).hint(
        "Wait a little longer, or trust this connection for this launch if you trust the network you are on.",
    )
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
