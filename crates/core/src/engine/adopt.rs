//! After a damaged journal was set aside: servers are taken up again from what the cloud says, so that a lost file never
//! shows as an empty list.

use ulid::Ulid;

use super::{Engine, Place};
use crate::cloud::{Instance, InstanceFilter, InstanceState, tag};
use crate::error::{ErrorKind, Result};
use crate::launch::{Entered, Launch, Phase, Spec};
use crate::names;
use crate::recipe::Start;
use crate::secret;
use crate::store::{REPLACES, SetAside};

impl Engine {
    /// Marks every profile where the journal replaces a damaged one, by this start or by one that was cut off.
    pub(super) async fn mark_for_rebuild(&self, set_aside: Option<SetAside>) -> Result<()> {
        let store = &self.inner.store;
        let Some(replaced) = store.setting(REPLACES).await? else {
            return Ok(());
        };
        for profile in self.profile_names() {
            store.remember(&mark(&profile), Some("1")).await?;
        }
        store.remember(REPLACES, None).await?;
        let reason = set_aside.map_or(String::new(), |aside| format!(" ({})", aside.reason));
        self.tell(format!(
            "The journal of launches was damaged{reason}. It was set aside as {replaced} and rebuilt from what the cloud says."
        ));
        Ok(())
    }

    /// Rebuilds each profile that is marked. One whose cloud can't be reached stays marked for the next start.
    pub(super) async fn rebuild_where_marked(&self) -> Result<()> {
        for name in self.profile_names() {
            if self.inner.store.setting(&mark(&name)).await?.is_none() {
                continue;
            }
            let place = self.place(&name)?;
            match self.rebuild(&place).await {
                Ok(count) => {
                    self.inner.store.remember(&mark(&name), None).await?;
                    self.tell(found(count, &name));
                }
                Err(error) => self.tell(format!(
                    "The servers of the profile “{name}” can't be listed yet: {} They are looked for again at the next start.",
                    error.sentence
                )),
            }
        }
        Ok(())
    }

    async fn rebuild(&self, place: &Place) -> Result<usize> {
        let found = place.cloud.instances(&InstanceFilter::Ours).await?;
        let alive = |instance: &&Instance| {
            !matches!(
                instance.state,
                InstanceState::Terminated | InstanceState::ShuttingDown
            )
        };
        let mut count = 0;
        for instance in found.iter().filter(alive) {
            count += usize::from(self.adopt(place, instance).await?);
        }
        Ok(count)
    }

    async fn adopt(&self, place: &Place, instance: &Instance) -> Result<bool> {
        let Some(id) = launch_of(instance) else {
            return Ok(false);
        };
        let of_another = instance
            .tags
            .get(tag::PROFILE)
            .is_some_and(|profile| *profile != place.profile.name && self.profile_names().contains(profile));
        if of_another || self.inner.store.launch(id).await?.is_some() {
            return Ok(false);
        }
        let mut launch = Launch::new(id.clone(), self.spec_of(place, instance)?, instance.started);
        launch.facts.adopted = true;
        launch.facts.instance = Some(instance.id.clone());
        let name = launch.resource_name();
        launch.facts.key_name = place.cloud.key_pair(&name).await?.map(|pair| pair.name);
        let group = place.cloud.security_group(&name).await?;
        launch.facts.allowed_from = group
            .iter()
            .flat_map(|group| &group.ingress)
            .filter(|rule| rule.port == 3389)
            .map(|rule| rule.from.clone())
            .collect();
        launch.facts.group = group.map(|group| group.id);
        launch.facts.secrets = self.secrets_of(place, &launch).await?;
        launch.phase = Phase::Configuring;
        launch.timeline = vec![Entered {
            phase: Phase::Configuring,
            at: self.inner.clock.now(),
        }];
        match self.inner.store.add_launch(&launch).await {
            Err(error) if error.kind == ErrorKind::NameTaken => {
                // Two servers of one name can be in the cloud when another computer launched one of them.
                launch.spec.name = told_apart(&launch.spec.name, id);
                self.inner.store.add_launch(&launch).await?;
            }
            other => other?,
        }
        self.inner
            .store
            .observe(vec![(id.clone(), instance.clone())], self.inner.clock.now())
            .await?;
        Ok(true)
    }

    /// As much of what was asked for as the tags still tell; the answers to the recipe's inputs are lost.
    fn spec_of(&self, place: &Place, instance: &Instance) -> Result<Spec> {
        let told = |key: &str| instance.tags.get(key).cloned().unwrap_or_default();
        let recipe = self.inner.library.find(&told(tag::RECIPE)).ok();
        let defaults = recipe
            .map(|recipe| recipe.answers(&Default::default()))
            .transpose()
            .ok()
            .flatten();
        let inputs = defaults.map(|answers| answers.plain).unwrap_or_default();
        let plan = recipe.map(|recipe| recipe.plan(&inputs, Start::Fresh));
        let empty = || slipway_protocol::Plan {
            recipe: told(tag::RECIPE),
            recipe_version: String::new(),
            inputs: Default::default(),
            secrets: Vec::new(),
            steps: Vec::new(),
            site: slipway_protocol::message::Site {
                scheme: "http".into(),
                port: 80,
                path: "/".into(),
            },
            admin: None,
            fresh_administrator_password: false,
            fail_at: None,
        };
        Ok(Spec {
            name: name_of(instance),
            profile: place.profile.name.clone(),
            region: place.region.clone(),
            recipe: told(tag::RECIPE),
            recipe_title: recipe.map_or_else(|| told(tag::RECIPE), |recipe| recipe.title.clone()),
            image: None,
            base_family: String::new(),
            inputs,
            plan: plan.unwrap_or_else(empty),
            size: instance.size.clone(),
            usd_per_hour: None,
            beside_usd_per_hour: None,
            disk_gib: 0,
            network: None,
            allowed_from: Vec::new(),
            public_site: false,
            chosen_password: false,
            limits: slipway_protocol::Limits::default(),
        })
    }

    async fn secrets_of(&self, place: &Place, launch: &Launch) -> Result<Vec<String>> {
        let fixed = [
            secret::KEY_PAIR,
            secret::BOX_KEY,
            secret::TOKEN,
            secret::ADMINISTRATOR,
        ]
        .map(str::to_owned);
        let planned = launch.spec.plan.secrets.iter().map(|secret| secret.name.clone());
        let mut names = Vec::new();
        for name in fixed.into_iter().chain(planned) {
            if place
                .profile
                .secrets
                .get(&secret::of_launch(&launch.id, &name))
                .await?
                .is_some()
            {
                names.push(name);
            }
        }
        Ok(names)
    }
}

/// The launch that an instance's tag names. Anybody in the account may write tags, and this one becomes part of the names
/// of keys and files: what is no id of ours is not our server.
fn launch_of(instance: &Instance) -> Option<&String> {
    let id = instance.tags.get(tag::LAUNCH)?;
    let ours = Ulid::from_string(id).is_ok_and(|ulid| ulid.to_string() == *id);
    ours.then_some(id)
}

/// Its name where the tag holds one that a server could have been given; its id otherwise.
fn name_of(instance: &Instance) -> String {
    let told = instance.tags.get(tag::NAME);
    let fits = told.filter(|name| names::check_server_name(name).is_ok());
    fits.unwrap_or(&instance.id).clone()
}

/// The name with the end of the launch's id, no longer than a name may be. Both are ASCII.
fn told_apart(name: &str, id: &str) -> String {
    let (name, end) = (name.chars().take(58), &id[id.len().saturating_sub(4)..]);
    format!("{}-{end}", name.collect::<String>())
}

fn found(count: usize, profile: &str) -> String {
    let (servers, verb) = match count {
        0 => ("No server".to_owned(), "was"),
        1 => ("One server".to_owned(), "was"),
        more => (format!("{more} servers"), "were"),
    };
    format!("{servers} of the profile “{profile}” {verb} found again.")
}

fn mark(profile: &str) -> String {
    format!("rebuild/{profile}")
}
