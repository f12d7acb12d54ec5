//! How to get in: addresses, passwords, the .rdp file.

use std::sync::Arc;

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::launch::Launch;
use crate::launch::view::ADMINISTRATOR;
use crate::names;
use crate::password_data;
use crate::rdp::{self, RdpTarget};
use crate::secret::{self, Secret};
use crate::site;
use crate::view::{AccessView, PasswordOf};

impl Engine {
    /// How to get in, with the address as it is now. A password that was not there before is asked for again.
    pub async fn access(&self, id: &str) -> Result<AccessView> {
        let launch = self.launch_by_id(id).await?;
        if launch.facts.instance.is_none() {
            return Err(no_access(&launch));
        }
        let world = self.world(&launch, id)?;
        world.look(&launch).await?;
        if !password_data::is_known(&launch) && !launch.wants_driver() && self.take_lease(id).await? {
            let fetch = async {
                let mut launch = self.launch_by_id(id).await?;
                password_data::fetch(&mut launch, &world).await.map(|_| ())
            };
            self.under_lease(id, fetch).await?;
        }
        self.view(id).await?.access.ok_or_else(|| no_access(&launch))
    }

    /// A password, for the one place that shows or copies it.
    pub async fn reveal(&self, id: &str, which: PasswordOf) -> Result<Secret<String>> {
        let launch = self.launch_by_id(id).await?;
        let name = match which {
            PasswordOf::Administrator => Some(secret::ADMINISTRATOR.to_owned()),
            PasswordOf::SiteAdmin => {
                let observed = self.inner.store.observed(id).await?;
                site::admin(&launch, observed.as_ref()).map(|(_, admin)| admin.secret)
            }
        };
        let secrets = Arc::clone(&self.place_of(&launch)?.profile.secrets);
        let found = match &name {
            Some(name) => secrets.get(&secret::of_launch(id, name)).await?,
            None => None,
        };
        let bytes = found.ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("This password of “{}” is not known here yet.", launch.spec.name),
            )
            .hint("It is fetched by itself as soon as it exists.")
        })?;
        Ok(Secret::new(String::from_utf8_lossy(bytes.expose()).into_owned()))
    }

    /// The newest text on a server's serial console.
    pub async fn console(&self, id: &str) -> Result<String> {
        let launch = self.launch_by_id(id).await?;
        let instance = launch.facts.instance.as_ref().ok_or_else(|| no_access(&launch))?;
        self.place_of(&launch)?.cloud.console(instance).await
    }

    /// What a server's screen shows, as JPEG; `None` where it has none.
    pub async fn screenshot(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let launch = self.launch_by_id(id).await?;
        let instance = launch.facts.instance.as_ref().ok_or_else(|| no_access(&launch))?;
        self.place_of(&launch)?.cloud.screenshot(instance).await
    }

    /// The text of an .rdp file, and a name for it.
    pub async fn rdp_file(&self, id: &str) -> Result<(String, String)> {
        let access = self.access(id).await?;
        let launch = self.launch_by_id(id).await?;
        let target = RdpTarget {
            host: access.host,
            port: access.rdp_port,
            user: ADMINISTRATOR.into(),
        };
        Ok((names::file_name(&launch.spec.name, "rdp"), rdp::file(&target)?))
    }
}

fn no_access(launch: &Launch) -> Error {
    Error::new(
        ErrorKind::WrongState,
        format!("“{}” has no address at the moment.", launch.spec.name),
    )
    .hint("A server gets its address when it boots, and loses it while it is stopped.")
}
