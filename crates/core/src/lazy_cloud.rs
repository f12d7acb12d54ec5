//! A cloud that is opened when it is first asked: its access key may lie in a keychain, which is slow, can be locked, and
//! concerns nobody who only practises.

use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::act_waits::{self, ActWait, Wait};
use crate::error::{Error, Result};
use crate::noted;
use crate::ports::{Cloud, Pace};

/// Opens the cloud behind a [`LazyCloud`].
pub type Open = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Arc<dyn Cloud>>> + Send>> + Send + Sync>;

/// A cloud that is opened when it is first asked, and anew after its keys were refused: new ones may be there by then.
pub struct LazyCloud {
    open: Open,
    opened: Mutex<Option<Arc<dyn Cloud>>>,
}

impl LazyCloud {
    /// Nothing is opened yet.
    pub fn new(open: Open) -> Self {
        LazyCloud {
            open,
            opened: Mutex::default(),
        }
    }

    /// The cloud, opened now if need be.
    pub(crate) async fn cloud(&self) -> Result<Arc<dyn Cloud>> {
        let mut opened = self.opened.lock().await;
        if let Some(cloud) = opened.as_ref() {
            return Ok(Arc::clone(cloud));
        }
        let cloud = (self.open)().await?;
        Ok(Arc::clone(opened.insert(cloud)))
    }

    /// Lets go of a cloud whose keys were refused.
    pub(crate) async fn hear<T>(&self, answer: Result<T>) -> Result<T> {
        let refused = |error: &Error| error.kind.is_signed_out();
        if answer.as_ref().is_err_and(refused) {
            *self.opened.lock().await = None;
        }
        answer
    }

    /// That of the cloud, once it is open.
    pub(crate) fn usual_pace(&self) -> Pace {
        let opened = self.opened.try_lock().ok();
        opened
            .as_deref()
            .and_then(Option::as_ref)
            .map_or_else(Pace::ec2, |cloud| cloud.pace())
    }
}

/// Notes for this task's act that a request is under way.
pub(crate) fn unanswered(call: &'static str) -> Wait {
    act_waits::begin(|| {
        let whom = match call {
            "own_address" => "The service that tells this computer's internet address",
            "account" => "AWS (STS, which tells who is signed in)",
            "stage_agent" => "Amazon S3, where the installer is put,",
            _ => "Amazon EC2",
        };
        ActWait::new(
            format!("{whom} has not answered yet."),
            "Check this computer's connection. The request ends by itself after about a minute.",
        )
        .reason(noted::unanswered(call).0)
    })
}
