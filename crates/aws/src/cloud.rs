//! EC2 behind the [`Cloud`] port. Each method hands on to the file that knows the thing.

use std::path::PathBuf;
use std::sync::Arc;

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

use crate::ami::BaseImages;
use crate::options::{AgentProgram, AwsOptions, Surroundings};
use crate::price::PriceBook;
use crate::servers::{console, launch, power, read};
use crate::session::Session;
use crate::{
    account, catalog, checks, disks, groups, images, key_pairs, networks, ours, own_address, staging, tags,
};

/// One AWS account in one region.
pub struct AwsCloud {
    session: Arc<Session>,
    bases: BaseImages,
    agent: AgentProgram,
    prices: PriceBook,
}

impl AwsCloud {
    /// Opens it. Nobody is asked before the first call.
    pub fn open(options: AwsOptions) -> Self {
        Self::open_in(options, Surroundings::from_env())
    }

    /// Opens it in other surroundings than the process's own.
    pub fn open_in(options: AwsOptions, surroundings: Surroundings) -> Self {
        let session = Arc::new(Session::new(options.access, options.region, surroundings));
        AwsCloud {
            bases: BaseImages::new(Arc::clone(&session)),
            session,
            agent: options.agent,
            prices: PriceBook::default(),
        }
    }

    /// Keeps prices in this file, so that the next start need not ask for them.
    #[must_use]
    pub fn keep_prices_in(mut self, file: PathBuf) -> Self {
        self.prices = PriceBook::kept_in(file);
        self
    }
}

#[async_trait]
impl Cloud for AwsCloud {
    fn pace(&self) -> Pace {
        Pace::ec2()
    }

    async fn account(&self) -> Result<Account> {
        account::account(&self.session).await
    }

    async fn catalog(&self) -> Result<Catalog> {
        // Four requests at once, each with the SDK's large futures.
        Box::pin(catalog::catalog(&self.session, &self.prices)).await
    }

    async fn checks(&self, request: &CheckRequest) -> Result<Vec<Finding>> {
        Box::pin(checks::all(&self.session, &self.agent, &self.bases, request)).await
    }

    async fn own_address(&self) -> Result<String> {
        own_address::ask(&self.session.surroundings.who_am_i).await
    }

    async fn instances(&self, filter: &InstanceFilter) -> Result<Vec<Instance>> {
        read::find(&self.session, filter).await
    }

    async fn key_pair(&self, name: &str) -> Result<Option<KeyPair>> {
        key_pairs::find(&self.session, name).await
    }

    async fn security_group(&self, name: &str) -> Result<Option<SecurityGroup>> {
        groups::find(&self.session, name).await
    }

    async fn console(&self, instance: &str) -> Result<String> {
        console::console(&self.session, instance).await
    }

    async fn password_data(&self, instance: &str) -> Result<Option<String>> {
        console::password_data(&self.session, instance).await
    }

    async fn images(&self, filter: &ImageFilter) -> Result<Vec<Image>> {
        images::read::find(&self.session, filter).await
    }

    async fn screenshot(&self, instance: &str) -> Result<Option<Vec<u8>>> {
        console::screenshot(&self.session, instance).await
    }

    async fn prices(&self) -> Result<Prices> {
        let list = self.prices.list(&self.session).await;
        Ok(list.map(|list| list.others()).unwrap_or_default())
    }

    async fn ours(&self) -> Result<Vec<Resource>> {
        Box::pin(ours::all(&self.session)).await
    }

    async fn create_default_network(&self, _: &CreateDefaultNetwork) -> Result<Network> {
        networks::create_default(&self.session).await
    }

    async fn import_key_pair(&self, request: &ImportKeyPair) -> Result<KeyPair> {
        key_pairs::import(&self.session, request).await
    }

    async fn create_security_group(&self, request: &CreateSecurityGroup) -> Result<SecurityGroup> {
        groups::create(&self.session, request).await
    }

    async fn allow_ingress(&self, request: &AllowIngress) -> Result<()> {
        groups::allow(&self.session, request).await
    }

    async fn revoke_ingress(&self, request: &RevokeIngress) -> Result<()> {
        groups::revoke(&self.session, request).await
    }

    async fn stage_agent(&self, _: &StageAgent) -> Result<StagedAgent> {
        staging::stage(&self.session, &self.agent).await
    }

    async fn run_instance(&self, request: &RunInstance) -> Result<StartedInstance> {
        launch::run(&self.session, &self.bases, request).await
    }

    async fn put_tags(&self, request: &PutTags) -> Result<()> {
        tags::put(&self.session, request).await
    }

    async fn remove_tags(&self, request: &RemoveTags) -> Result<()> {
        tags::remove(&self.session, request).await
    }

    async fn start_instance(&self, request: &StartInstance) -> Result<()> {
        power::start(&self.session, &request.instance).await
    }

    async fn stop_instance(&self, request: &StopInstance) -> Result<()> {
        power::stop(&self.session, &request.instance).await
    }

    async fn restart_instance(&self, request: &RestartInstance) -> Result<()> {
        power::restart(&self.session, &request.instance).await
    }

    async fn terminate_instance(&self, request: &TerminateInstance) -> Result<()> {
        power::terminate(&self.session, &request.instance).await
    }

    async fn create_image(&self, request: &CreateImage) -> Result<CreatedImage> {
        images::change::create(&self.session, request).await
    }

    async fn delete_image(&self, request: &DeleteImage) -> Result<()> {
        images::change::delete(&self.session, request).await
    }

    async fn delete_disk(&self, request: &DeleteDisk) -> Result<()> {
        disks::delete(&self.session, request).await
    }

    async fn delete_snapshot(&self, request: &DeleteSnapshot) -> Result<()> {
        disks::delete_snapshot(&self.session, request).await
    }

    async fn delete_security_group(&self, request: &DeleteSecurityGroup) -> Result<()> {
        groups::delete(&self.session, request).await
    }

    async fn delete_key_pair(&self, request: &DeleteKeyPair) -> Result<()> {
        key_pairs::delete(&self.session, request).await
    }
}
