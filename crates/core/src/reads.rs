//! Batched reads: one DescribeInstances for everything that is watched in one profile and region, often while
//! something is about to change, seldom after; and what launches made together all want to know, asked once for them. The
//! number of calls does not grow with the number of servers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::cloud::{Catalog, CheckRequest, Finding, Instance, InstanceFilter};
use crate::error::{Error, Result};
use crate::launch::runner;
use crate::password_turns::{Kind, PasswordTurns, Waiter};
use crate::poll::{self, Turns};
use crate::ports::Cloud;
use crate::shared::SharedQuestions;
use crate::store::Store;

/// How long a look that lacked a sign-in counts.
const SIGNED_OUT: Duration = Duration::from_secs(1);

/// How often it is seen whether these reads are still needed, while there is nothing to read.
const NOBODY: Duration = Duration::from_secs(5);

/// Looks at consoles for each look at what is pending: eight a second on EC2. It counts each kind of question by itself and
/// gives back twenty a second (“Request throttling for the Amazon EC2 API”).
const SINGLE: u32 = 80;

/// Reads of one profile in one region.
#[derive(Clone)]
pub(crate) struct Reads {
    inner: Arc<Inner>,
}

struct Inner {
    cloud: Arc<dyn Cloud>,
    store: Store,
    clock: Clock,
    /// Instance → launch, and how many wait for it. Zero: watched at the idle pace only.
    interest: Mutex<HashMap<String, (String, usize)>>,
    asked: Notify,
    looks: watch::Sender<Seen>,
    consoles: Turns,
    passwords: PasswordTurns,
    catalog: SharedQuestions<(), Catalog>,
    checks: SharedQuestions<CheckRequest, Vec<Finding>>,
}

/// What the last look saw.
#[derive(Debug, Clone, Default)]
struct Seen {
    asked_for: Vec<String>,
    instances: Vec<Instance>,
    error: Option<Error>,
}

impl Reads {
    /// Begins reading in the background, as soon as somebody is interested in something.
    pub fn new(cloud: Arc<dyn Cloud>, store: Store, clock: Clock) -> Self {
        let inner = Arc::new(Inner {
            cloud,
            store,
            clock,
            interest: Mutex::default(),
            asked: Notify::new(),
            looks: watch::Sender::new(Seen::default()),
            consoles: Turns::new(Turns::FEW),
            passwords: PasswordTurns::new(),
            catalog: SharedQuestions::new(|_| true),
            checks: SharedQuestions::new(|findings| !findings.iter().any(Finding::blocks)),
        });
        // Weak, so that the task ends with the last user of these reads.
        let weak = Arc::downgrade(&inner);
        tokio::spawn(async move {
            let mut last = None;
            while let Some(inner) = weak.upgrade() {
                let left = inner.left(last).unwrap_or(NOBODY);
                let _ = tokio::time::timeout(left, inner.asked.notified()).await;
                // Who came or went in the meantime may have changed when the next look is due.
                if inner.left(last).is_some_and(|left| left.is_zero()) {
                    last = Some(Instant::now());
                    inner.look().await;
                }
            }
        });
        Reads { inner }
    }

    /// The next look at an instance that somebody waits for. `None` where the cloud does not know it (yet).
    pub async fn instance(&self, launch: &str, instance: &str) -> Result<Option<Instance>> {
        let mut looks = self.inner.looks.subscribe();
        let _interest = Interest::new(&self.inner, launch, instance);
        loop {
            if looks.changed().await.is_err() {
                return Ok(None);
            }
            let seen = looks.borrow_and_update().clone();
            // One that was under way before says nothing of an instance that it did not ask for.
            if seen.asked_for.iter().any(|id| id == instance) {
                return match seen.error {
                    Some(error) => Err(error),
                    None => Ok(seen.instances.into_iter().find(|found| found.id == instance)),
                };
            }
        }
    }

    /// Looks at once at instances by launch and instance id, for a face that is opened only to show them.
    pub async fn refresh(&self, wanted: &[(String, String)]) -> Result<()> {
        if wanted.is_empty() {
            return Ok(());
        }
        let ids = wanted.iter().map(|(_, instance)| instance.clone()).collect();
        let found = self.inner.cloud.instances(&InstanceFilter::Ids(ids)).await?;
        let launch_of = |instance: &Instance| {
            wanted
                .iter()
                .find(|(_, id)| *id == instance.id)
                .map(|(launch, _)| launch.clone())
        };
        let seen = found
            .into_iter()
            .filter_map(|instance| Some((launch_of(&instance)?, instance)))
            .collect();
        self.inner.store.observe(seen, self.inner.clock.now()).await
    }

    /// Whether a console may be looked at now. There is no asking for several at once, so all who follow a server in this
    /// place share the turns: a thousand servers get no more of them than a hundred.
    pub fn console_turn(&self) -> bool {
        let pause = self.inner.cloud.pace().pending / SINGLE;
        self.inner.consoles.take(Instant::now(), pause)
    }

    /// Waits until a console may be looked at, but not before a time.
    pub async fn wait_for_console(&self, due: Instant) {
        poll::at(Some(due)).await;
        let pause = self.inner.cloud.pace().pending / SINGLE;
        self.inner.consoles.stand_in_line(pause).await;
    }

    /// Whether a password may be asked for now; shared as the consoles are.
    pub fn password_turn(&self) -> bool {
        self.inner.passwords.take(self.inner.cloud.pace().pending)
    }

    /// Waits until a password may be asked for.
    pub async fn wait_for_password(&self, waiting: Waiter) {
        let pending = self.inner.cloud.pace().pending;
        self.inner.passwords.turn(&waiting, pending).await;
    }

    /// A server of this kind had its password at this age.
    pub fn had_password(&self, kind: Kind, age: Duration) {
        self.inner.passwords.known(kind, age);
    }

    /// What can be launched here, for a launch: those made together ask once.
    pub async fn catalog(&self) -> Result<Catalog> {
        let cloud = Arc::clone(&self.inner.cloud);
        let fresh = cloud.pace().pending;
        let ask = || async move { cloud.catalog().await };
        self.inner.catalog.ask((), fresh, ask).await
    }

    /// What would stop a launch: those of the same kind that are made together ask once. What has room for the first may
    /// have none for the last of them; the cloud refuses that one then, and it waits for its user.
    pub async fn checks(&self, request: &CheckRequest) -> Result<Vec<Finding>> {
        let (cloud, request) = (Arc::clone(&self.inner.cloud), request.clone());
        let fresh = cloud.pace().pending;
        let question = request.clone();
        let ask = || async move { cloud.checks(&request).await };
        self.inner.checks.ask(question, fresh, ask).await
    }

    /// Keeps an eye on an instance at the idle pace.
    pub fn watch(&self, launch: &str, instance: &str) {
        let mut interest = lock(&self.inner.interest);
        let known = interest.insert(instance.to_owned(), (launch.to_owned(), 0));
        if let Some((_, waiting)) = known {
            interest.insert(instance.to_owned(), (launch.to_owned(), waiting));
        }
    }

    /// Stops watching what is not among these instances any more.
    pub fn watch_only(&self, instances: &[String]) {
        lock(&self.inner.interest).retain(|id, (_, waiting)| *waiting > 0 || instances.contains(id));
    }
}

impl Inner {
    /// How long until the next look is due; `None` while nobody is interested in anything. A new interest is served at
    /// once, but a burst of them by one look.
    fn left(&self, last: Option<Instant>) -> Option<Duration> {
        let interest = lock(&self.interest);
        if interest.is_empty() {
            return None;
        }
        let pace = if interest.values().any(|(_, waiting)| *waiting > 0) {
            self.burst()
        } else {
            self.cloud.pace().idle
        };
        Some(last.map_or(Duration::ZERO, |last| pace.saturating_sub(last.elapsed())))
    }

    /// The pause between looks that somebody waits for. It is short where the last look lacked a sign-in: whoever asks
    /// again may have it now.
    fn burst(&self) -> Duration {
        let missing = |error: &Error| runner::is_about_keys(error.kind);
        let pending = self.cloud.pace().pending;
        if self.looks.borrow().error.as_ref().is_some_and(missing) {
            SIGNED_OUT.min(pending)
        } else {
            pending
        }
    }

    async fn look(&self) {
        let wanted: HashMap<String, String> = lock(&self.interest)
            .iter()
            .map(|(id, (launch, _))| (id.clone(), launch.clone()))
            .collect();
        if wanted.is_empty() {
            return;
        }
        let asked_for: Vec<String> = wanted.keys().cloned().collect();
        let filter = InstanceFilter::Ids(asked_for.clone());
        let found = match self.cloud.instances(&filter).await {
            Ok(instances) => {
                let seen = instances
                    .iter()
                    .filter_map(|found| Some((wanted.get(&found.id)?.clone(), found.clone())));
                let stored = self.store.observe(seen.collect(), self.clock.now()).await;
                Seen {
                    asked_for,
                    instances,
                    error: stored.err(),
                }
            }
            Err(error) => Seen {
                asked_for,
                instances: Vec::new(),
                error: Some(error),
            },
        };
        self.looks.send_replace(found);
    }
}

/// Somebody waits for an instance, until this is dropped.
struct Interest<'r> {
    inner: &'r Inner,
    instance: String,
}

impl<'r> Interest<'r> {
    fn new(inner: &'r Inner, launch: &str, instance: &str) -> Self {
        lock(&inner.interest)
            .entry(instance.to_owned())
            .or_insert_with(|| (launch.to_owned(), 0))
            .1 += 1;
        inner.asked.notify_one();
        Interest {
            inner,
            instance: instance.to_owned(),
        }
    }
}

impl Drop for Interest<'_> {
    fn drop(&mut self) {
        if let Some((_, waiting)) = lock(&self.inner.interest).get_mut(&self.instance) {
            *waiting = waiting.saturating_sub(1);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
