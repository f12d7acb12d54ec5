//! The practice world behind the [`Cloud`] port. Every request settles the world first, then asks the ledger.

use async_trait::async_trait;
use slipway_core::cloud::{
    Account, AllowIngress, Catalog, CheckRequest, CreateDefaultNetwork, CreateImage, CreateSecurityGroup,
    CreatedImage, DeleteDisk, DeleteImage, DeleteKeyPair, DeleteSecurityGroup, DeleteSnapshot, Finding,
    Image, ImageFilter, ImportKeyPair, Instance, InstanceFilter, KeyPair, Network, Prices, PutTags,
    RemoveTags, Resource, RestartInstance, RevokeIngress, RunInstance, SecurityGroup, StageAgent,
    StagedAgent, StartInstance, StartedInstance, StopInstance, TerminateInstance,
};
use slipway_core::error::Result;
use slipway_core::ports::{Cloud, Pace};

use crate::ledger::{groups, images, instances, key_pairs, ours, tags};
use crate::machine::{console, snapshot};
use crate::reconcile::settle;
use crate::world::PracticeCloud;
use crate::{account, checks};

#[async_trait]
impl Cloud for PracticeCloud {
    fn pace(&self) -> Pace {
        self.reading_pace()
    }

    async fn account(&self) -> Result<Account> {
        Ok(account::account())
    }

    async fn catalog(&self) -> Result<Catalog> {
        Ok(account::catalog())
    }

    async fn checks(&self, request: &CheckRequest) -> Result<Vec<Finding>> {
        let request = request.clone();
        self.ask(move |world| checks::all(world, &request)).await
    }

    async fn own_address(&self) -> Result<String> {
        Ok("127.0.0.1".into())
    }

    async fn instances(&self, filter: &InstanceFilter) -> Result<Vec<Instance>> {
        let filter = filter.clone();
        self.ask(move |world| {
            settle(world)?;
            world.ledger.read(|ledger| instances::find(ledger, &filter))
        })
        .await
    }

    async fn key_pair(&self, name: &str) -> Result<Option<KeyPair>> {
        let name = name.to_owned();
        self.ask(move |world| world.ledger.read(|ledger| key_pairs::find(ledger, &name)))
            .await
    }

    async fn security_group(&self, name: &str) -> Result<Option<SecurityGroup>> {
        let name = name.to_owned();
        self.ask(move |world| world.ledger.read(|ledger| groups::find(ledger, &name)))
            .await
    }

    async fn console(&self, instance: &str) -> Result<String> {
        let id = instance.to_owned();
        self.ask(move |world| {
            world.ledger.read(|ledger| instances::demand(ledger, &id))?;
            Ok(console::newest(&world.layout.machine(&id))?)
        })
        .await
    }

    async fn password_data(&self, instance: &str) -> Result<Option<String>> {
        let id = instance.to_owned();
        self.ask(move |world| {
            let row = world.ledger.read(|ledger| instances::demand(ledger, &id))?;
            Ok(row.password_data)
        })
        .await
    }

    async fn images(&self, filter: &ImageFilter) -> Result<Vec<Image>> {
        let filter = filter.clone();
        self.ask(move |world| {
            settle(world)?;
            world.ledger.read(|ledger| images::find(ledger, &filter))
        })
        .await
    }

    /// A practice machine has no screen.
    async fn screenshot(&self, _: &str) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    async fn prices(&self) -> Result<Prices> {
        Ok(Prices::default())
    }

    async fn ours(&self) -> Result<Vec<Resource>> {
        self.ask(|world| {
            settle(world)?;
            world.ledger.read(ours::all)
        })
        .await
    }

    async fn import_key_pair(&self, request: &ImportKeyPair) -> Result<KeyPair> {
        let request = request.clone();
        self.ask(move |world| world.ledger.change(|ledger| key_pairs::import(ledger, &request)))
            .await
    }

    async fn create_default_network(&self, _: &CreateDefaultNetwork) -> Result<Network> {
        Ok(account::network())
    }

    async fn create_security_group(&self, request: &CreateSecurityGroup) -> Result<SecurityGroup> {
        let request = request.clone();
        self.ask(move |world| world.ledger.change(|ledger| groups::create(ledger, &request)))
            .await
    }

    async fn allow_ingress(&self, request: &AllowIngress) -> Result<()> {
        let AllowIngress { group, rules } = request.clone();
        self.ask(move |world| {
            world
                .ledger
                .change(|ledger| groups::allow(ledger, &group, &rules))
        })
        .await
    }

    async fn revoke_ingress(&self, request: &RevokeIngress) -> Result<()> {
        let RevokeIngress { group, rules } = request.clone();
        self.ask(move |world| {
            world
                .ledger
                .change(|ledger| groups::revoke(ledger, &group, &rules))
        })
        .await
    }

    async fn stage_agent(&self, _: &StageAgent) -> Result<StagedAgent> {
        Ok(StagedAgent {
            source: None,
            expires: None,
        })
    }

    async fn run_instance(&self, request: &RunInstance) -> Result<StartedInstance> {
        let request = request.clone();
        self.ask(move |world| {
            let id = world.ledger.change(|ledger| instances::run(ledger, &request))?;
            settle(world)?;
            Ok(StartedInstance { id })
        })
        .await
    }

    async fn put_tags(&self, request: &PutTags) -> Result<()> {
        let PutTags { resource, tags } = request.clone();
        self.ask(move |world| world.ledger.change(|ledger| tags::put(ledger, &resource, &tags)))
            .await
    }

    async fn remove_tags(&self, request: &RemoveTags) -> Result<()> {
        let RemoveTags { resource, keys } = request.clone();
        self.ask(move |world| {
            world
                .ledger
                .change(|ledger| tags::remove(ledger, &resource, &keys))
        })
        .await
    }

    async fn start_instance(&self, request: &StartInstance) -> Result<()> {
        let id = request.instance.clone();
        self.ask(move |world| {
            settle(world)?;
            world.ledger.change(|ledger| instances::start(ledger, &id))?;
            settle(world)
        })
        .await
    }

    async fn stop_instance(&self, request: &StopInstance) -> Result<()> {
        let id = request.instance.clone();
        self.ask(move |world| {
            settle(world)?;
            world.ledger.change(|ledger| instances::stop(ledger, &id))
        })
        .await
    }

    async fn restart_instance(&self, request: &RestartInstance) -> Result<()> {
        let id = request.instance.clone();
        self.ask(move |world| {
            settle(world)?;
            world.ledger.change(|ledger| instances::restart(ledger, &id))
        })
        .await
    }

    async fn terminate_instance(&self, request: &TerminateInstance) -> Result<()> {
        let id = request.instance.clone();
        self.ask(move |world| {
            world.ledger.change(|ledger| instances::terminate(ledger, &id))?;
            settle(world)
        })
        .await
    }

    async fn create_image(&self, request: &CreateImage) -> Result<CreatedImage> {
        let request = request.clone();
        self.ask(move |world| {
            settle(world)?;
            let id = world.ledger.change(|ledger| instances::image(ledger, &request))?;
            settle(world)?;
            Ok(CreatedImage { id })
        })
        .await
    }

    async fn delete_image(&self, request: &DeleteImage) -> Result<()> {
        let id = request.image.clone();
        self.ask(move |world| {
            world.ledger.change(|ledger| images::delete(ledger, &id))?;
            Ok(snapshot::remove(&world.layout, &id)?)
        })
        .await
    }

    /// A practice server's disk goes with it.
    async fn delete_disk(&self, _: &DeleteDisk) -> Result<()> {
        Ok(())
    }

    /// A practice image is its own snapshot.
    async fn delete_snapshot(&self, _: &DeleteSnapshot) -> Result<()> {
        Ok(())
    }

    async fn delete_security_group(&self, request: &DeleteSecurityGroup) -> Result<()> {
        let id = request.group.clone();
        self.ask(move |world| {
            settle(world)?;
            world.ledger.change(|ledger| groups::delete(ledger, &id))
        })
        .await
    }

    async fn delete_key_pair(&self, request: &DeleteKeyPair) -> Result<()> {
        let name = request.name.clone();
        self.ask(move |world| world.ledger.change(|ledger| key_pairs::delete(ledger, &name)))
            .await
    }
}
