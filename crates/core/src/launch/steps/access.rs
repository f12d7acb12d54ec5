//! Keys and the security group. Private keys are in the keychain before anything public leaves.

use async_trait::async_trait;
use slipway_protocol::sealing;

use super::{Step, World};
use crate::cloud::{
    AllowIngress, CreateSecurityGroup, DeleteKeyPair, DeleteSecurityGroup, ImportKeyPair, Ingress,
};
use crate::error::{Error, ErrorKind, Result};
use crate::launch::{Entered, Launch, Phase};
use crate::secret::{self, Secret};
use crate::{key_pair, names, token};

/// Remote Desktop and the status service.
const OURS: [u16; 2] = [3389, slipway_protocol::routes::PORT];
/// The site.
const SITE: [u16; 2] = [80, 443];

pub(crate) struct Access;

#[async_trait]
impl Step for Access {
    async fn ensure(&self, launch: &mut Launch, world: &World) -> Result<()> {
        keep_keys(launch, world).await?;
        if launch.facts.key_name.is_none() {
            import_key_pair(launch, world).await?;
        }
        if launch.facts.group.is_none() {
            create_group(launch, world).await?;
        }
        if launch.facts.allowed_from.is_empty() {
            open_ports(launch, world).await?;
        }
        Ok(())
    }

    async fn undo(&self, launch: &mut Launch, world: &World) -> Result<()> {
        let lost = world
            .ledger
            .abandon::<CreateSecurityGroup>()
            .await?
            .map(|group| group.id);
        if let Some(group) = launch.facts.group.clone().or(lost) {
            world.ledger.perform(DeleteSecurityGroup { group }).await?;
            launch.facts.group = None;
            world.save(launch).await?;
        }
        let lost = world
            .ledger
            .abandon::<ImportKeyPair>()
            .await?
            .map(|pair| pair.name);
        if let Some(name) = launch.facts.key_name.clone().or(lost) {
            world.ledger.perform(DeleteKeyPair { name }).await?;
            launch.facts.key_name = None;
            world.save(launch).await?;
        }
        forget_files(launch, world)?;
        forget_secrets(launch, world).await
    }
}

async fn keep_keys(launch: &mut Launch, world: &World) -> Result<()> {
    if !has(launch, secret::KEY_PAIR) {
        let pair = tokio::task::spawn_blocking(key_pair::generate)
            .await
            .map_err(|error| {
                Error::new(ErrorKind::Internal, "The key pair could not be made.").because(&error)
            })??;
        world.keep(launch, secret::KEY_PAIR, &pair).await?;
    }
    if !has(launch, secret::BOX_KEY) {
        let key = sealing::Key::generate();
        world.keep(launch, secret::BOX_KEY, &key.to_bytes()).await?;
    }
    if !has(launch, secret::TOKEN) {
        let token = token::generate()?;
        world
            .keep(
                launch,
                secret::TOKEN,
                &Secret::new(token.expose().clone().into_bytes()),
            )
            .await?;
    }
    Ok(())
}

fn has(launch: &Launch, what: &str) -> bool {
    launch.facts.secrets.iter().any(|name| name == what)
}

async fn import_key_pair(launch: &mut Launch, world: &World) -> Result<()> {
    let name = launch.resource_name();
    let private = world.secret(launch, secret::KEY_PAIR).await?;
    let public_key = key_pair::openssh_public_key(&private, &name)?;
    let pair = world
        .ledger
        .ensure(ImportKeyPair {
            name,
            public_key,
            tags: launch.tags(),
        })
        .await?;
    launch.facts.key_name = Some(pair.name);
    world.save(launch).await
}

async fn create_group(launch: &mut Launch, world: &World) -> Result<()> {
    let group = world.ledger.ensure(CreateSecurityGroup {
        name: launch.resource_name(),
        description: "Made by Slipway for one server".into(),
        network: launch.spec.network.clone(),
        tags: launch.tags(),
    });
    launch.facts.group = Some(group.await?.id);
    world.save(launch).await
}

async fn open_ports(launch: &mut Launch, world: &World) -> Result<()> {
    let from = if launch.spec.allowed_from.is_empty() {
        vec![format!("{}/32", world.cloud.own_address().await?)]
    } else {
        launch.spec.allowed_from.clone()
    };
    let Some(group) = launch.facts.group.clone() else {
        return Ok(());
    };
    let rules = rules(&from, launch.spec.public_site);
    world.ledger.perform(AllowIngress { group, rules }).await?;
    launch.facts.allowed_from = from;
    world.save(launch).await
}

/// Remote Desktop and status for the given addresses only; the site for everybody where the user said so.
pub(crate) fn rules(from: &[String], public_site: bool) -> Vec<Ingress> {
    let everybody = ["0.0.0.0/0".to_owned()];
    let visitors = if public_site { &everybody[..] } else { from };
    let open = |ports: [u16; 2], to: &[String]| -> Vec<Ingress> {
        to.iter()
            .flat_map(|from| {
                ports.map(|port| Ingress {
                    port,
                    from: from.clone(),
                })
            })
            .collect()
    };
    let mut rules = open(OURS, from);
    rules.extend(open(SITE, visitors));
    rules.sort();
    rules
}

/// What was saved for its server here, such as the file that opened Remote Desktop; earlier versions put that one beside the
/// journal.
fn forget_files(launch: &Launch, world: &World) -> Result<()> {
    let folder = std::fs::remove_dir_all(world.store.files_of(&launch.id));
    let beside = world
        .store
        .folder()
        .join(names::file_name(&launch.spec.name, "rdp"));
    for removed in [folder, std::fs::remove_file(beside)] {
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The last of the undoing. Nothing of the cloud waits for a keychain that can't be used: what stays there is told, and
/// deleted with the next launch of this profile that goes.
async fn forget_secrets(launch: &mut Launch, world: &World) -> Result<()> {
    let kept = launch.facts.secrets.clone();
    note_unnoted_secrets(launch);
    match delete_secrets(launch, world).await {
        Err(error) if error.kind == ErrorKind::Keychain => {
            launch.facts.secrets.retain(|name| kept.contains(name));
            launch.leftovers.extend(stays(launch, &error));
            return world.save(launch).await;
        }
        deleted => deleted?,
    }
    world.save(launch).await?;
    if kept.is_empty() {
        // The keychain was not needed, so it may be one that can't be used.
        return Ok(());
    }
    for mut gone in world.store.gone_with_secrets(&launch.spec.profile).await? {
        if delete_secrets(&mut gone, world).await.is_err() {
            break;
        }
        gone.leftovers.clear();
        world.save(&gone).await?;
    }
    Ok(())
}

async fn delete_secrets(launch: &mut Launch, world: &World) -> Result<()> {
    while let Some(name) = launch.facts.secrets.last() {
        world.secrets.delete(&secret::of_launch(&launch.id, name)).await?;
        launch.facts.secrets.pop();
    }
    Ok(())
}

/// What stays in the keychain; `None` where nothing was ever kept there.
fn stays(launch: &Launch, error: &Error) -> Option<String> {
    let names = &launch.facts.secrets;
    (!names.is_empty()).then(|| {
        format!(
            "Secrets in the keychain ({}; entries of “Slipway” that begin with {}). {} They open nothing any more.",
            names.join(", "),
            secret::of_launch(&launch.id, ""),
            error.sentence
        )
    })
}

/// A secret is stored before it is noted, so a crash in between would keep it for ever. Before the keys are made there is
/// none but those that were noted with the launch itself.
fn note_unnoted_secrets(launch: &mut Launch) {
    let past_checks = |entered: &Entered| entered.phase != Phase::Preflight && entered.phase.is_at_work();
    if !launch.timeline.iter().any(past_checks) {
        return;
    }
    let made = [
        secret::KEY_PAIR,
        secret::BOX_KEY,
        secret::TOKEN,
        secret::NEXT_TOKEN,
        secret::ADMINISTRATOR,
    ];
    let planned = launch.spec.plan.secrets.iter().map(|secret| secret.name.clone());
    let possible: Vec<String> = planned.chain(made.map(str::to_owned)).collect();
    let noted = &mut launch.facts.secrets;
    noted.extend(possible);
    noted.sort();
    noted.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_site_is_open_to_everybody() {
        let rules = rules(&["203.0.113.7/32".into()], true);
        let world: Vec<u16> = rules
            .iter()
            .filter(|rule| rule.from == "0.0.0.0/0")
            .map(|rule| rule.port)
            .collect();
        assert_eq!(world, [80, 443]);
        assert_eq!(rules.len(), 4);
    }
}
