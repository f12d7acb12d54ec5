//! What every command works with: the engine, the profile in use, and where to write.

use slipway_core::engine::Engine;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::names::{shown, suggest_hint};
use slipway_desktop::folders::Folders;
use slipway_desktop::wiring::{Desk, Options};

use crate::args::Global;
use crate::failure::Result;
use crate::output::{Output, clean};

/// The engine, the profile in use, and where to write.
pub struct Context {
    desk: Desk,
    /// Name of the profile in use.
    pub profile: String,
    /// Where to write.
    pub output: Output,
    /// Nothing is asked.
    pub yes: bool,
}

impl Context {
    /// Opens the data folder and settles the profile; a given one is remembered for the next time.
    pub async fn open(global: &Global, output: Output) -> Result<Self> {
        let desk = Desk::open(Options {
            data_dir: global.data_dir.clone(),
            speed: None,
        })
        .await?;
        for notice in desk.engine.notices() {
            output.note(format!("{} {}", output.style.warn("!"), clean::line(&notice)));
        }
        if let Some(profile) = &global.profile {
            desk.engine.switch_profile(profile).await?;
        }
        let profile = desk.engine.current_profile().await?;
        let context = Context {
            desk,
            profile,
            output,
            yes: global.yes,
        };
        context.check_region(global.region.as_deref()).await?;
        Ok(context)
    }

    /// The product.
    pub fn engine(&self) -> &Engine {
        &self.desk.engine
    }

    /// Where things are.
    pub fn folders(&self) -> &Folders {
        &self.desk.folders
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
                let name = self.engine().view(&id).await?.server.name;
                found.push(Found { id, name });
            }
        }
        Ok(found)
    }

    async fn check_region(&self, wanted: Option<&str>) -> Result<()> {
        let Some(wanted) = wanted else { return Ok(()) };
        let profiles = self.engine().profiles().await?;
        let regions = profiles.iter().filter(|profile| profile.name == self.profile);
        let mut known = regions.map(|profile| profile.region.as_str());
        if known.clone().any(|region| region == wanted) {
            return Ok(());
        }
        let sentence = format!(
            "The profile “{}” has no region “{}”.",
            self.profile,
            shown(wanted)
        );
        let hint = suggest_hint(wanted, known.by_ref().collect::<Vec<_>>());
        Err(Error::new(ErrorKind::NotFound, sentence).hint(hint).into())
    }
}

/// A server that was looked up.
pub struct Found {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}
