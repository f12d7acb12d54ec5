//! The fake EC2: idempotent where EC2 is, eventually consistent where EC2 is.

use std::time::Duration;

use async_trait::async_trait;
use slipway_protocol::Time;
use tokio::time::Instant;

use super::state::{Machine, Power, SNAPSHOT, State};
use super::{World, account, age};
use crate::cloud::*;
use crate::error::{Error, ErrorKind, Result};
use crate::ports::{Cloud, Pace};

impl World {
    fn call<T>(&self, name: &str, work: impl FnOnce(&mut State) -> Result<T>) -> Result<T> {
        self.faults.pass(name, || {
            self.faults.enter(name)?;
            work(&mut self.lock())
        })
    }

    fn power(&self, name: &str, instance: &str, power: Power) -> Result<()> {
        self.call(name, |state| {
            let machine = state
                .instances
                .get_mut(instance)
                .ok_or_else(|| absent(instance))?;
            // A terminated instance stays so; asking again is fine.
            if machine.power.0 != Power::Gone && machine.power.0 != power {
                machine.power = (power, Instant::now());
            }
            Ok(())
        })
    }
}

fn absent(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("There is no {what}."))
}

fn taken(what: &str) -> Error {
    Error::new(ErrorKind::NameTaken, format!("{what} exists already."))
}

#[async_trait]
impl Cloud for World {
    fn pace(&self) -> Pace {
        Pace {
            pending: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            settling: Duration::from_secs(300),
        }
    }

    async fn account(&self) -> Result<Account> {
        self.call("account", |_| {
            Ok(Account {
                id: "123456789012".into(),
                user: "tester".into(),
            })
        })
    }

    async fn catalog(&self) -> Result<Catalog> {
        // Read before a launch begins, and a refusal is told to whoever asked for it: no storm reaches it.
        let read = || Ok(self.lock().offers.catalog(&self.region));
        self.faults.pass("catalog", read)
    }

    async fn checks(&self, _: &CheckRequest) -> Result<Vec<Finding>> {
        self.call("checks", |state| Ok(state.offers.findings.clone()))
    }

    async fn own_address(&self) -> Result<String> {
        self.faults.answered("own_address").await;
        self.call("own_address", |state| Ok(state.offers.own_address.clone()))
    }

    async fn instances(&self, filter: &InstanceFilter) -> Result<Vec<Instance>> {
        self.call("instances", |state| {
            let wanted = |(id, machine): &(&String, &Machine)| match filter {
                InstanceFilter::Ids(ids) => ids.contains(id),
                InstanceFilter::Token(token) => machine.request.token == *token,
                InstanceFilter::Launch(launch) => machine.tags.get(tag::LAUNCH) == Some(launch),
                InstanceFilter::Ours => machine.tags.contains_key(tag::LAUNCH),
            };
            let visible = state
                .instances
                .iter()
                .filter(|(_, machine)| machine.region == self.region && state.visible(machine.made));
            Ok(visible
                .filter(wanted)
                .map(|(id, machine)| machine.describe(id))
                .collect())
        })
    }

    async fn key_pair(&self, name: &str) -> Result<Option<KeyPair>> {
        self.call("key_pair", |state| Ok(state.key_pairs.get(name).cloned()))
    }

    async fn security_group(&self, name: &str) -> Result<Option<SecurityGroup>> {
        self.call("security_group", |state| {
            Ok(state.groups.values().find(|group| group.name == name).cloned())
        })
    }

    async fn console(&self, instance: &str) -> Result<String> {
        self.call("console", |state| {
            let machine = state.instances.get(instance);
            Ok(machine.map_or_else(String::new, |machine| machine.console(state.console)))
        })
    }

    async fn password_data(&self, _: &str) -> Result<Option<String>> {
        self.call("password_data", |_| Ok(None))
    }

    async fn images(&self, filter: &ImageFilter) -> Result<Vec<Image>> {
        self.call("images", |state| {
            let wanted = |image: &Image| match filter {
                ImageFilter::Id(id) => image.id == *id,
                ImageFilter::Name(name) => image.name == *name,
                ImageFilter::Ours => true,
            };
            let now = |(image, made): &(Image, Instant)| {
                let share = age(*made).as_secs_f64() / SNAPSHOT.as_secs_f64();
                let state = if share >= 1.0 {
                    ImageState::Available
                } else {
                    ImageState::Pending
                };
                Image {
                    state,
                    percent: (share * 100.0).min(100.0) as u8,
                    ..image.clone()
                }
            };
            Ok(state.images.values().map(now).filter(wanted).collect())
        })
    }

    async fn screenshot(&self, _: &str) -> Result<Option<Vec<u8>>> {
        // Enough of a JPEG to be taken for one.
        self.call("screenshot", |_| Ok(Some(vec![0xff, 0xd8, 0xff, 0xd9])))
    }

    async fn prices(&self) -> Result<Prices> {
        self.call("prices", |state| Ok(state.offers.prices.clone()))
    }

    async fn ours(&self) -> Result<Vec<Resource>> {
        self.call("ours", |state| Ok(account::ours(state)))
    }

    async fn import_key_pair(&self, request: &ImportKeyPair) -> Result<KeyPair> {
        self.call("import_key_pair", |state| {
            if state.key_pairs.contains_key(&request.name) {
                return Err(taken(&request.name));
            }
            let pair = KeyPair {
                id: state.next_id("key"),
                name: request.name.clone(),
                tags: request.tags.clone(),
            };
            state.key_pairs.insert(request.name.clone(), pair.clone());
            Ok(pair)
        })
    }

    async fn create_default_network(&self, _: &CreateDefaultNetwork) -> Result<Network> {
        self.call("create_default_network", |state| {
            Ok(state.offers.default_network(&self.region))
        })
    }

    async fn create_security_group(&self, request: &CreateSecurityGroup) -> Result<SecurityGroup> {
        self.call("create_security_group", |state| {
            if state.groups.values().any(|group| group.name == request.name) {
                return Err(taken(&request.name));
            }
            let (id, name, tags) = (state.next_id("sg"), request.name.clone(), request.tags.clone());
            let group = SecurityGroup {
                id: id.clone(),
                name,
                ingress: Vec::new(),
                tags,
            };
            state.groups.insert(id, group.clone());
            Ok(group)
        })
    }

    async fn allow_ingress(&self, request: &AllowIngress) -> Result<()> {
        self.call("allow_ingress", |state| {
            let group = state
                .groups
                .get_mut(&request.group)
                .ok_or_else(|| absent(&request.group))?;
            group.ingress.extend(
                request
                    .rules
                    .iter()
                    .filter(|rule| !group.ingress.contains(rule))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            Ok(())
        })
    }

    async fn revoke_ingress(&self, request: &RevokeIngress) -> Result<()> {
        self.call("revoke_ingress", |state| {
            let group = state
                .groups
                .get_mut(&request.group)
                .ok_or_else(|| absent(&request.group))?;
            group.ingress.retain(|rule| !request.rules.contains(rule));
            Ok(())
        })
    }

    async fn stage_agent(&self, _: &StageAgent) -> Result<StagedAgent> {
        self.call("stage_agent", |_| {
            Ok(StagedAgent {
                source: None,
                expires: None,
            })
        })
    }

    async fn run_instance(&self, request: &RunInstance) -> Result<StartedInstance> {
        self.call("run_instance", |state| {
            let same = state
                .instances
                .iter()
                .find(|(_, machine)| machine.request.token == request.token);
            if let Some((id, machine)) = same {
                let identical = machine.request == *request;
                let mismatch = || Error::new(ErrorKind::Internal, "IdempotentParameterMismatch");
                return if identical {
                    Ok(StartedInstance { id: id.clone() })
                } else {
                    Err(mismatch())
                };
            }
            state.offers.check(request, &self.region)?;
            let id = state.next_id("i");
            let machine = Machine::new(request.clone(), &self.region, Instant::now(), state.chatter);
            state.instances.insert(id.clone(), machine);
            Ok(StartedInstance { id })
        })
    }

    async fn put_tags(&self, request: &PutTags) -> Result<()> {
        self.call("put_tags", |state| {
            let machine = state
                .instances
                .get_mut(&request.resource)
                .ok_or_else(|| absent(&request.resource))?;
            machine.tags.extend(request.tags.clone());
            Ok(())
        })
    }

    async fn remove_tags(&self, request: &RemoveTags) -> Result<()> {
        self.call("remove_tags", |state| {
            let machine = state
                .instances
                .get_mut(&request.resource)
                .ok_or_else(|| absent(&request.resource))?;
            machine.tags.retain(|key, _| !request.keys.contains(key));
            Ok(())
        })
    }

    async fn start_instance(&self, request: &StartInstance) -> Result<()> {
        self.power("start_instance", &request.instance, Power::On)
    }

    async fn stop_instance(&self, request: &StopInstance) -> Result<()> {
        self.power("stop_instance", &request.instance, Power::Off)
    }

    async fn restart_instance(&self, request: &RestartInstance) -> Result<()> {
        self.power("restart_instance", &request.instance, Power::On)
    }

    async fn terminate_instance(&self, request: &TerminateInstance) -> Result<()> {
        self.power("terminate_instance", &request.instance, Power::Gone)
    }

    async fn create_image(&self, request: &CreateImage) -> Result<CreatedImage> {
        self.call("create_image", |state| {
            if state.images.values().any(|(image, _)| image.name == request.name) {
                return Err(taken(&request.name));
            }
            let id = state.next_id("ami");
            let image = Image {
                id: id.clone(),
                name: request.name.clone(),
                description: request.description.clone(),
                state: ImageState::Pending,
                state_reason: None,
                percent: 0,
                size_gib: 30.0,
                created: Time(0),
                tags: request.tags.clone(),
            };
            state.images.insert(id.clone(), (image, Instant::now()));
            Ok(CreatedImage { id })
        })
    }

    async fn delete_image(&self, request: &DeleteImage) -> Result<()> {
        self.call("delete_image", |state| {
            state.images.remove(&request.image);
            Ok(())
        })
    }

    async fn delete_disk(&self, request: &DeleteDisk) -> Result<()> {
        self.call("delete_disk", |state| {
            state.strays.retain(|stray| stray.id != request.disk);
            Ok(())
        })
    }

    async fn delete_snapshot(&self, request: &DeleteSnapshot) -> Result<()> {
        self.call("delete_snapshot", |state| {
            state.strays.retain(|stray| stray.id != request.snapshot);
            Ok(())
        })
    }

    async fn delete_security_group(&self, request: &DeleteSecurityGroup) -> Result<()> {
        self.call("delete_security_group", |state| {
            let used = |machine: &Machine| {
                machine.request.group == request.group && machine.state() != InstanceState::Terminated
            };
            if state.instances.values().any(used) {
                return Err(Error::new(ErrorKind::WrongState, "The group is in use."));
            }
            state.groups.remove(&request.group);
            Ok(())
        })
    }

    async fn delete_key_pair(&self, request: &DeleteKeyPair) -> Result<()> {
        self.call("delete_key_pair", |state| {
            state.key_pairs.remove(&request.name);
            Ok(())
        })
    }
}
