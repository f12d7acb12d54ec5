//! What the serial console says of the agent. Its keys must be there: only the cloud account and the instance itself can
//! write and read that. And whoever could not bring the agent there says so, because the console is all that it has.

use std::time::Duration;

use slipway_protocol::Time;
use slipway_protocol::console::{self, News};

use crate::error::{Error, ErrorKind, Result};
use crate::launch::steps::World;
use crate::launch::{AgentIdentity, Launch, Trust, runner};
use crate::poll::{Pauses, Policy};
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
/// After this long without proof the user may decide.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// Looks for the proof now and then.
pub(crate) struct Proof {
    pauses: Pauses,
    due: Time,
    began: Time,
}

impl Proof {
    /// The first look is due at once.
    pub fn new(now: Time) -> Self {
        Proof {
            pauses: Pauses::new(LOOKS),
            due: now,
            began: now,
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
        match compare(&text, launch, &identity) {
            Comparison::Same => self.verified(launch, world, identity).await,
            Comparison::Different => Err(mismatch(launch, "its console shows other keys")),
            Comparison::Nothing if identity.trust == Trust::ByUser => Ok(()),
            Comparison::Nothing => self.ask_user(launch, world).await,
        }
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
        launch.facts.identity = Some(AgentIdentity {
            trust: Trust::Verified,
            ..identity
        });
        launch.waiting = None;
        world.save(launch).await
    }

    async fn ask_user(&self, launch: &mut Launch, world: &World) -> Result<()> {
        let now = world.clock.now();
        if now.millis_since(self.began) >= PATIENCE.as_millis() as u64 && !launch.needs_user() {
            let error = unproven(launch);
            launch.wait_for_user(WaitReason::KeysUnproven, error, now, None);
            world.save(launch).await?;
        }
        Ok(())
    }
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
    Different,
    Nothing,
}

/// The first line wins: a process of low rank on the instance could write to the console later.
fn compare(text: &str, launch: &Launch, seen: &AgentIdentity) -> Comparison {
    let lines = console::lines(text, &launch.id);
    let shown = lines.into_iter().find_map(|line| match line.news {
        News::Keys { tls_sha256, key } => Some((tls_sha256, key)),
        News::StepStarted(_) | News::StepDone(_) | News::StepFailed(_) => None,
        News::Succeeded | News::Failed | News::Trouble(_) => None,
    });
    match shown {
        None => Comparison::Nothing,
        Some((tls, key)) if tls == seen.tls_sha256 && key == seen.key => Comparison::Same,
        Some(_) => Comparison::Different,
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
    Error::new(ErrorKind::IdentityMismatch, sentence)
        .hint("Somebody may be between this computer and the server. Nothing it says is acted on. Try another network, or terminate the server.")
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
