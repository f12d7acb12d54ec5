//! What every command works with: the engine, the profile in use, and where to write.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use slipway_core::engine::Engine;
use slipway_core::recipe::Library;
use slipway_desktop::wiring::{Desk, Options};

use crate::args::Global;
use crate::failure::Result;
use crate::output::{Output, clean};

/// The engine, the profile in use, and where to write.
pub struct Context {
    desk: Desk,
    /// Name of the profile in use.
    pub profile: String,
    /// The region that was asked for; `None` for the profile's own.
    pub region: Option<String>,
    /// Where to write.
    pub output: Output,
    /// Nothing is asked.
    pub yes: bool,
}

impl Context {
    /// Opens the data folder and settles the profile; a given one counts for this command only.
    pub async fn open(global: &Global, output: Output) -> Result<Self> {
        let desk = Desk::open(Options {
            data_dir: global.data_dir.clone(),
            speed: None,
        })
        .await?;
        tell_notices(&desk.engine, output);
        // An empty variable chooses nothing.
        let profile = match global.profile.as_deref().filter(|given| !given.is_empty()) {
            Some(given) => desk.engine.known_profile(given)?,
            None => desk.engine.current_profile().await?,
        };
        Ok(Context {
            desk,
            profile,
            region: global.region.clone(),
            output,
            yes: global.yes,
        })
    }

    /// Shows what came up during the command beside what was asked for.
    pub fn tell_notices(&self) {
        tell_notices(self.engine(), self.output);
    }

    /// The product.
    pub fn engine(&self) -> &Engine {
        &self.desk.engine
    }

    /// The engine with all that this computer adds.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The id of the server of that name or id.
    pub async fn find(&self, server: &str) -> Result<String> {
        Ok(self.engine().find_server(&self.profile, server).await?)
    }

    /// Ids and names of several servers; all are looked up before anything is done with one of them.
    pub async fn find_all(&self, servers: &[String]) -> Result<Vec<Found>> {
        let mut found: Vec<Found> = Vec::new();
        for server in servers {
            let id = self.find(server).await?;
            if found.iter().all(|other| other.id != id) {
                let server = self.engine().view(&id).await?.server;
                found.push(Found {
                    id,
                    name: server.name,
                    instance: server.instance,
                    practice: server.practice,
                });
            }
        }
        Ok(found)
    }

    /// Whose account something is about to be destroyed in. AWS is asked where nobody has told before; where it does not
    /// tell in time, the account stays unknown.
    pub async fn whose(&self, profile: &str) -> Result<Whose> {
        let profiles = self.engine().profiles().await?;
        let found = profiles.into_iter().find(|known| known.name == profile);
        let practice = found.as_ref().is_some_and(|found| found.practice);
        let mut account = found.and_then(|found| found.account);
        if account.is_none() && !practice {
            let asked = tokio::time::timeout(PATIENCE, self.engine().account(profile)).await;
            account = asked.ok().and_then(Result::ok).map(|account| account.id);
        }
        Ok(Whose {
            profile: profile.to_owned(),
            practice,
            account,
        })
    }

    /// The price of what has none, because the profile costs nothing.
    pub async fn free(&self) -> Result<Option<f64>> {
        let profiles = self.engine().profiles().await?;
        let used = profiles.into_iter().find(|profile| profile.name == self.profile);
        Ok(used.is_some_and(|profile| profile.practice).then_some(0.0))
    }

    /// Tells of recipe files that can't be used, because one of them may be meant.
    pub fn tell_of_broken_recipes(&self) {
        let broken = self.engine().library().broken().iter();
        broken.for_each(|error| self.output.warn(&Library::left_out(error)));
    }

    /// The region that was asked for, if the account has it.
    pub async fn checked_region(&self) -> Result<Option<&str>> {
        if let Some(region) = &self.region {
            self.engine().check_region(&self.profile, region).await?;
        }
        Ok(self.region.as_deref())
    }
}

/// Longest wait for AWS to tell whose account it is.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whose account it is.
#[derive(Debug, Clone, Serialize)]
pub struct Whose {
    /// Name of the profile.
    pub profile: String,
    /// It is practice, on this computer.
    #[serde(skip)]
    pub practice: bool,
    /// The account's number, where known.
    pub account: Option<String>,
}

impl fmt::Display for Whose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profile = clean::line(&self.profile);
        match &self.account {
            _ if self.practice => write!(out, "profile {profile}, on this computer"),
            Some(account) => write!(out, "profile {profile}, account {}", clean::line(account)),
            None => write!(out, "profile {profile}, account not known"),
        }
    }
}

fn tell_notices(engine: &Engine, output: Output) {
    for notice in engine.notices() {
        output.warn(&notice);
    }
}

/// A server that was looked up.
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// EC2's id, once there is one.
    pub instance: Option<String>,
    /// On this computer: its address stays.
    pub practice: bool,
}
