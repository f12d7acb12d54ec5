//! The ledger: the only way to change the cloud. The intent is on disk before a request leaves, the result after it was
//! answered, so that after any crash it is known what may exist.

use std::sync::Arc;

use async_trait::async_trait;

use crate::clock::Clock;
use crate::cloud::{
    AllowIngress, CreateDefaultNetwork, CreateImage, CreateSecurityGroup, CreatedImage, DeleteDisk,
    DeleteImage, DeleteKeyPair, DeleteSecurityGroup, DeleteSnapshot, ImageFilter, ImportKeyPair,
    InstanceFilter, KeyPair, PutTags, RemoveTags, RestartInstance, RevokeIngress, RunInstance, SecurityGroup,
    StageAgent, StagedAgent, StartInstance, StartedInstance, StopInstance, TerminateInstance, tag,
};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::failpoint;
use crate::poll::{self, Look, Policy};
use crate::ports::{Change, Cloud};
use crate::retries::{Retries, Side};
use crate::store::{Closed, Intent, Open, Store};
use crate::token::sha256_hex;

/// How a change is found again whose answer was never seen.
#[async_trait]
pub trait Recover: Change {
    /// Looks for what the request would have made. `None` where nothing is there, and for changes that are safe to
    /// send twice.
    async fn find(&self, _cloud: &dyn Cloud) -> Result<Option<Self::Answer>> {
        Ok(None)
    }

    /// What the journal keeps of the request once it has a result: all but what is good for sending it only.
    fn kept(&self) -> Self {
        self.clone()
    }

    /// The same of its answer.
    fn kept_answer(answer: &Self::Answer) -> Self::Answer {
        answer.clone()
    }
}

/// Writes down and sends the changes of one launch or image job.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    clock: Clock,
    cloud: Arc<dyn Cloud>,
    subject: String,
    retries: Retries,
}

impl Ledger {
    /// A ledger for a launch or image job.
    pub fn new(store: Store, clock: Clock, cloud: Arc<dyn Cloud>, subject: impl Into<String>) -> Self {
        Ledger {
            store,
            retries: Retries::new(clock.clone(), None),
            clock,
            cloud,
            subject: subject.into(),
        }
    }

    /// The same, with trouble that goes away by itself reported to whoever drives the subject.
    #[must_use]
    pub(crate) fn reporting(self, retries: Retries) -> Self {
        Ledger { retries, ..self }
    }

    /// Sends a change once. Where an earlier one of the same kind has no result, what it made is looked for and
    /// adopted; only if nothing is there the identical request is sent again. Where this very request was answered
    /// already, that answer counts.
    pub async fn ensure<C: Recover + 'static>(&self, request: C) -> Result<C::Answer> {
        if let Some(open) = self.open::<C>().await? {
            return self.recover(open).await;
        }
        match self.store.answer_to(&self.subject, &request.kept()).await? {
            Some(answer) => Ok(answer),
            None => self.perform(request).await,
        }
    }

    /// Writes a new intent down and sends it. For changes that are safe to send twice.
    pub async fn perform<C: Recover + 'static>(&self, request: C) -> Result<C::Answer> {
        let intent = self
            .store
            .add_intent(&self.subject, &request, self.clock.now())
            .await?;
        self.send(intent, &request).await
    }

    /// An intent of this kind without a result.
    pub async fn open<C: Recover + 'static>(&self) -> Result<Option<Open<C>>> {
        self.store.open_intent::<C>(&self.subject).await
    }

    /// Gives up an intent: looks for what it made until the cloud's reads must have caught up, then closes it. Gives
    /// what was found.
    pub async fn abandon<C: Recover + 'static>(&self) -> Result<Option<C::Answer>> {
        let Some(open) = self.open::<C>().await? else {
            return Ok(None);
        };
        let age = self.clock.now().millis_since(open.created);
        let left = self
            .cloud
            .pace()
            .settling
            .saturating_sub(std::time::Duration::from_millis(age));
        let look = async || {
            Ok(open
                .request
                .find(self.cloud.as_ref())
                .await?
                .map_or(Look::NotYet, Look::Done))
        };
        // One look at least, however old the intent is.
        let first = open.request.find(self.cloud.as_ref()).await?;
        let found = match first {
            None if !left.is_zero() => {
                let policy = Policy::every(self.cloud.pace().pending);
                poll::within_noted(left, policy, &self.retries, look).await?
            }
            first => first,
        };
        let how = found.map_or(Closed::Abandoned, Closed::Answered);
        self.close(open.intent, &open.request, &how).await?;
        Ok(if let Closed::Answered(answer) = how {
            Some(answer)
        } else {
            None
        })
    }

    async fn recover<C: Recover + 'static>(&self, open: Open<C>) -> Result<C::Answer> {
        if let Some(answer) = open.request.find(self.cloud.as_ref()).await? {
            tracing::info!(change = C::NAME, "Adopted what an earlier run had made");
            let how = Closed::Answered(answer);
            self.close(open.intent, &open.request, &how).await?;
            return how.into_result();
        }
        if self.store.is_taken_over(&self.subject).await? {
            return Err(Error::new(
                ErrorKind::WrongState,
                "Another window or terminal looks after this now.",
            ));
        }
        self.send(open.intent, &open.request).await
    }

    async fn send<C: Recover>(&self, intent: Intent, request: &C) -> Result<C::Answer> {
        failpoint::reach(C::NAME, "before");
        let answered = request.send(self.cloud.as_ref()).await;
        failpoint::reach(C::NAME, "sent");
        match answered {
            Ok(answer) => {
                self.retries.answered(Side::Cloud);
                let how = Closed::Answered(answer);
                self.close(intent, request, &how).await?;
                failpoint::reach(C::NAME, "answered");
                how.into_result()
            }
            // A lost answer leaves the intent open: the cloud may have done it.
            Err(error) if error.kind.retry() == Retry::Later => Err(error),
            Err(error) => {
                let how = Closed::<C::Answer>::Refused(error);
                self.close(intent, request, &how).await?;
                how.into_result()
            }
        }
    }

    async fn close<C: Recover>(&self, intent: Intent, request: &C, how: &Closed<C::Answer>) -> Result<()> {
        let kept = how.map(C::kept_answer);
        self.store.close_intent(intent, &request.kept(), &kept).await
    }
}

#[async_trait]
impl Recover for ImportKeyPair {
    async fn find(&self, cloud: &dyn Cloud) -> Result<Option<KeyPair>> {
        let found = cloud.key_pair(&self.name).await?;
        found
            .map(|pair| ours(&pair.tags, &self.tags, &self.name).map(|()| pair))
            .transpose()
    }
}

#[async_trait]
impl Recover for CreateSecurityGroup {
    async fn find(&self, cloud: &dyn Cloud) -> Result<Option<SecurityGroup>> {
        let found = cloud.security_group(&self.name).await?;
        found
            .map(|group| ours(&group.tags, &self.tags, &self.name).map(|()| group))
            .transpose()
    }
}

#[async_trait]
impl Recover for RunInstance {
    async fn find(&self, cloud: &dyn Cloud) -> Result<Option<StartedInstance>> {
        let found = cloud
            .instances(&InstanceFilter::Token(self.token.clone()))
            .await?;
        Ok(found
            .into_iter()
            .next()
            .map(|instance| StartedInstance { id: instance.id }))
    }

    /// The signed URL in the user data may carry the token of the session that signed it.
    fn kept(&self) -> Self {
        RunInstance {
            user_data: format!("sha256:{}", sha256_hex(self.user_data.as_bytes())),
            ..self.clone()
        }
    }
}

#[async_trait]
impl Recover for StageAgent {
    /// The launch itself has it for as long as it is needed.
    fn kept_answer(answer: &StagedAgent) -> StagedAgent {
        StagedAgent {
            source: None,
            ..answer.clone()
        }
    }
}

#[async_trait]
impl Recover for CreateImage {
    async fn find(&self, cloud: &dyn Cloud) -> Result<Option<CreatedImage>> {
        let found = cloud
            .images(&ImageFilter::Name(self.name.clone()))
            .await?
            .into_iter()
            .next();
        found
            .map(|image| ours(&image.tags, &self.tags, &self.name).map(|()| CreatedImage { id: image.id }))
            .transpose()
    }
}

/// Every other change is safe to send twice, as its documentation in [`crate::cloud`] says.
macro_rules! safe_to_repeat {
    ($($change:ty),+ $(,)?) => { $(#[async_trait] impl Recover for $change {})+ };
}

safe_to_repeat!(
    AllowIngress,
    RevokeIngress,
    PutTags,
    RemoveTags,
    StartInstance,
    StopInstance,
    RestartInstance,
    TerminateInstance,
    CreateDefaultNetwork,
    DeleteDisk,
    DeleteImage,
    DeleteSecurityGroup,
    DeleteSnapshot,
    DeleteKeyPair,
);

/// A resource of our name counts as ours only with our tag; somebody else's is left alone.
fn ours(found: &crate::cloud::Tags, wanted: &crate::cloud::Tags, name: &str) -> Result<()> {
    if found.get(tag::LAUNCH) == wanted.get(tag::LAUNCH) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::NameTaken,
        format!("“{name}” exists already and was not made by this launch."),
    )
    .hint("Choose another name."))
}
