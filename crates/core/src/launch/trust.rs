//! Whether what answers for a server may be acted on. Pure: all that it goes by is in the launch's stored value.
//!
//! INVARIANT: nothing is acted on before the keys that answer were compared with those on the console. Where the console
//! shows none for a while, the user may trust them. Where it shows others, nobody may, now or later: only an agent with
//! the console's keys counts from then on.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use slipway_protocol::Time;

use super::{AgentIdentity, Facts, Launch, Trust};
use crate::error::{Error, ErrorKind, Result};

/// How long the console must have been looked at in vain before the user may decide.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The keys of an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentKeys {
    /// SHA-256 of the TLS certificate, lower-case hex.
    pub tls_sha256: String,
    /// Its X25519 public key, base64.
    pub key: String,
}

/// Other keys answered than the console shows. Once noted it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mismatch {
    /// Those of whoever answered.
    pub answered: AgentKeys,
    /// Those on the console.
    pub console: AgentKeys,
    /// When that was seen.
    pub at: Time,
    /// The user had trusted the keys that answered, so orders may have gone to them.
    pub trusted: bool,
}

/// Orders may be sent, and messages acted on.
pub(crate) fn may_act(facts: &Facts) -> bool {
    let Some(identity) = &facts.identity else {
        return false;
    };
    match identity.trust {
        Trust::Verified => true,
        Trust::ByUser => facts.mismatch.is_none() && !facts.contested,
        Trust::Seen => false,
    }
}

/// Other keys were seen on the console, and nobody with those has answered since.
pub(crate) fn is_mismatched(facts: &Facts) -> bool {
    facts.mismatch.is_some() && !may_act(facts)
}

/// Notes that the console shows other keys than those that answer. Only an agent with the console's is let in from now on.
pub(crate) fn note_mismatch(facts: &mut Facts, identity: &AgentIdentity, console: AgentKeys, now: Time) {
    let answered = AgentKeys {
        tls_sha256: identity.tls_sha256.clone(),
        key: identity.key.clone(),
    };
    facts.identity = Some(AgentIdentity {
        tls_sha256: console.tls_sha256.clone(),
        key: console.key.clone(),
        trust: Trust::Seen,
    });
    facts.trust_asked = false;
    facts.token_seen = true;
    facts.mismatch = Some(Box::new(Mismatch {
        answered,
        console,
        at: now,
        trusted: identity.trust == Trust::ByUser,
    }));
}

/// Notes that somebody else answers than before, while it is not proven which one is the installer. True where that is new.
pub(crate) fn contest(facts: &mut Facts) -> bool {
    let verified = facts
        .identity
        .as_ref()
        .is_some_and(|identity| identity.trust == Trust::Verified);
    !verified && !std::mem::replace(&mut facts.contested, true)
}

/// Notes that the keys that answer are those on the console.
pub(crate) fn note_proof(facts: &mut Facts, identity: AgentIdentity) {
    facts.identity = Some(AgentIdentity {
        trust: Trust::Verified,
        ..identity
    });
    facts.contested = false;
    facts.trust_asked = false;
}

/// Whether the user may trust keys that the console does not show.
///
/// # Errors
/// `IdentityMismatch` once it showed others; `WrongState` while there is nothing to decide, or not yet.
pub(crate) fn may_trust(launch: &Launch, now: Time) -> Result<()> {
    let (name, facts) = (&launch.spec.name, &launch.facts);
    if facts.mismatch.is_some() {
        let sentence = format!("The connection to “{name}” can't be trusted: its console shows other keys.");
        return Err(Error::new(ErrorKind::IdentityMismatch, sentence)
            .hint("Try another network. If that does not help, terminate the server."));
    }
    if facts.contested {
        let sentence =
            format!("The connection to “{name}” can't be trusted: two different installers answered.");
        return Err(Error::new(ErrorKind::IdentityMismatch, sentence).hint(
            "Wait until its console shows the keys of one, try another network, or terminate the server.",
        ));
    }
    let seen = facts.identity.as_ref().map(|identity| identity.trust);
    if seen != Some(Trust::Seen) {
        let sentence = format!("There is no unproven connection to “{name}” that could be trusted.");
        return Err(Error::new(ErrorKind::WrongState, sentence).hint("Look at its state again."));
    }
    let waited = facts.unproven_since.map_or(0, |since| now.millis_since(since));
    if waited < PATIENCE.as_millis() as u64 {
        let sentence = format!("It is too early to trust the connection to “{name}”.");
        return Err(Error::new(ErrorKind::WrongState, sentence).hint(
            "Its console may still show the installer's keys. It is looked at for five minutes first.",
        ));
    }
    Ok(())
}
