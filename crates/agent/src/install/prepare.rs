//! What comes before the steps of an attempt: folders, and the secrets that are born on this machine.

use slipway_protocol::message::{ADMINISTRATOR_PASSWORD, Kind, Level};
use slipway_protocol::plan::SecretOrigin;
use slipway_protocol::sealing;

use super::installer::Installer;
use super::password;

impl Installer {
    /// Everything here may be repeated. An error says in a sentence why the attempt can't go on.
    pub(super) async fn prepare(&mut self) -> Result<(), String> {
        let work = self.config.work_dir();
        std::fs::create_dir_all(&work)
            .map_err(|error| format!("The folder “{}” can't be made: {error}.", work.display()))?;
        let born = self
            .plan
            .secrets
            .iter()
            .filter(|secret| secret.origin == SecretOrigin::Born);
        let names: Vec<String> = born.map(|secret| secret.name.clone()).collect();
        for name in names {
            self.bear(&name).await?;
        }
        if self.plan.fresh_administrator_password && !self.told.has_secret(ADMINISTRATOR_PASSWORD) {
            let password = self.born(ADMINISTRATOR_PASSWORD)?;
            password::set(&self.config, &password).await?;
            self.send(ADMINISTRATOR_PASSWORD, &password).await?;
        }
        Ok(())
    }

    async fn bear(&mut self, name: &str) -> Result<(), String> {
        let value = self.born(name)?;
        if self.told.has_secret(name) {
            return Ok(());
        }
        self.send(name, &value).await
    }

    fn born(&self, name: &str) -> Result<String, String> {
        self.secrets
            .born(name)
            .map_err(|error| format!("The secret “{name}” can't be made: {error}."))
    }

    async fn send(&mut self, name: &str, value: &str) -> Result<(), String> {
        let sealed = sealing::seal(value.as_bytes(), &self.identity.key, &self.identity.app_key)
            .map_err(|error| format!("The secret “{name}” can't be sent: {error}."))?;
        let kind = Kind::Secret {
            name: name.to_owned(),
            sealed,
        };
        self.reporter
            .tell(self.reporter.draft(Level::Info, "", kind))
            .await;
        self.told.note_secret(name);
        Ok(())
    }
}
