//! Reading: servers, launches, logs.

use std::collections::{BTreeMap, HashMap};

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::image::ImageJob;
use crate::launch::Launch;
use crate::launch::rail::usual_times;
use crate::launch::view::Materials;
use crate::names;
use crate::view::{LaunchView, LogLine, LogPage, LogQuery, RailPhase, ServerView};

/// How many lines of the failed step a failure shows.
const LAST_LINES: u32 = 12;
/// How many earlier launches “usual” is learned from.
const LEARN_FROM: u32 = 20;
/// How many launches back a server that is gone is still listed and found by its name.
const REMEMBERED: u32 = 1_000;

impl Engine {
    /// Asks the cloud how the servers of a profile stand, in one request a region.
    pub async fn refresh(&self, profile: &str) -> Result<()> {
        self.place(profile)?;
        for job in self.inner.store.image_jobs(Some(profile), true).await? {
            self.catch_up_image(&job.launch).await?;
        }
        let mut regions: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for (launch, _) in self.inner.store.live_launches(Some(profile)).await? {
            if let Some(instance) = launch.facts.instance {
                let pairs = regions.entry(launch.spec.region).or_default();
                pairs.push((launch.id, instance));
            }
        }
        for (region, pairs) in regions {
            self.place_in(profile, Some(&region))?
                .reads
                .refresh(&pairs)
                .await?;
        }
        Ok(())
    }

    /// The servers of a profile as they were last seen, oldest first.
    pub async fn servers(&self, profile: &str) -> Result<Vec<ServerView>> {
        self.place(profile)?;
        let usual = HashMap::new();
        let jobs = self.inner.store.image_jobs(Some(profile), false).await?;
        let mut views = Vec::new();
        for (launch, revision) in self.inner.store.live_launches(Some(profile)).await? {
            let job = jobs.iter().rfind(|job| job.launch == launch.id);
            views.push(self.gathered(&launch, revision, job, &usual).await?.row());
        }
        Ok(views)
    }

    /// Everything about one launch but its log.
    pub async fn view(&self, id: &str) -> Result<LaunchView> {
        // A large future that many others would hold.
        Box::pin(self.launch_view(id)).await
    }

    async fn launch_view(&self, id: &str) -> Result<LaunchView> {
        let found = self.inner.store.launch(id).await?;
        let Some((launch, revision)) = found else {
            return Err(self.unknown(id, &[]));
        };
        let job = self.inner.store.image_job_of(id).await?;
        let earlier = self
            .inner
            .store
            .recent_launches(&launch.spec.profile, LEARN_FROM)
            .await?;
        let alike = earlier.iter().map(|(launch, _)| launch).filter(|other| {
            other.id != launch.id
                && other.spec.recipe == launch.spec.recipe
                && other.spec.size == launch.spec.size
                && other.spec.image.is_some() == launch.spec.image.is_some()
        });
        let usual = usual_times(alike);
        let mut materials = self.gathered(&launch, revision, job.as_ref(), &usual).await?;
        let query = LogQuery {
            limit: 1,
            ..LogQuery::default()
        };
        materials.log_lines = self.inner.store.log_page(id, &query).await?.total;
        materials.last_lines = self.last_lines(&launch).await?;
        Ok(materials.launch_view())
    }

    /// The servers of a profile that are gone, as they were last seen, oldest first.
    pub async fn gone_servers(&self, profile: &str) -> Result<Vec<ServerView>> {
        self.place(profile)?;
        let usual = HashMap::new();
        let mut views = Vec::new();
        for (launch, revision) in self.gone_launches(profile).await? {
            views.push(self.gathered(&launch, revision, None, &usual).await?.row());
        }
        Ok(views)
    }

    async fn gone_launches(&self, profile: &str) -> Result<Vec<(Launch, i64)>> {
        let mut gone = self.inner.store.recent_launches(profile, REMEMBERED).await?;
        gone.retain(|(launch, _)| launch.phase.is_gone());
        gone.sort_by_key(|(launch, _)| launch.created);
        Ok(gone)
    }

    /// As [`Engine::find_server`]; where no live server has that name, the last one that had it.
    pub async fn find_any_server(&self, profile: &str, wanted: &str) -> Result<String> {
        let unknown = match self.find_server(profile, wanted).await {
            Err(error) if error.kind == ErrorKind::NotFound => error,
            found => return found,
        };
        let gone = self.gone_launches(profile).await?;
        let is =
            |launch: &Launch| launch.spec.name == wanted || launch.facts.instance.as_deref() == Some(wanted);
        let last = gone.iter().rev().find(|(launch, _)| is(launch));
        last.map(|(launch, _)| launch.id.clone()).ok_or(unknown)
    }

    /// The server of a name or id in a profile. A server that is gone is found by id only.
    pub async fn find_server(&self, profile: &str, wanted: &str) -> Result<String> {
        self.place(profile)?;
        let live = self.inner.store.live_launches(Some(profile)).await?;
        let is = |launch: &Launch| {
            launch.spec.name == wanted
                || launch.id == wanted
                || launch.facts.instance.as_deref() == Some(wanted)
        };
        if let Some((launch, _)) = live.iter().find(|(launch, _)| is(launch)) {
            return Ok(launch.id.clone());
        }
        if self.inner.store.launch(wanted).await?.is_some() {
            return Ok(wanted.to_owned());
        }
        let known: Vec<&str> = live.iter().map(|(launch, _)| launch.spec.name.as_str()).collect();
        Err(self.unknown(wanted, &known))
    }

    /// A window of a launch's log.
    pub async fn log_page(&self, id: &str, query: &LogQuery) -> Result<LogPage> {
        self.inner.store.log_page(id, query).await
    }

    async fn gathered<'m>(
        &self,
        launch: &'m Launch,
        revision: i64,
        image_job: Option<&'m ImageJob>,
        usual: &'m HashMap<RailPhase, i64>,
    ) -> Result<Materials<'m>> {
        let store = &self.inner.store;
        let now = self.inner.clock.now();
        Ok(Materials {
            launch,
            revision,
            notable: store.notable_messages(&launch.id, 0).await?,
            observed: store.observed(&launch.id).await?,
            driven: store.is_driven(&launch.id, now).await?,
            image_job,
            last_lines: Vec::new(),
            log_lines: 0,
            usual,
            practice: self.is_practice(&launch.spec.profile),
            now,
        })
    }

    async fn last_lines(&self, launch: &Launch) -> Result<Vec<LogLine>> {
        let Some(failure) = &launch.failure else {
            return Ok(Vec::new());
        };
        let query = LogQuery {
            limit: LAST_LINES,
            step: failure.step.clone(),
            ..LogQuery::default()
        };
        let mut lines = self.inner.store.log_page(&launch.id, &query).await?.lines;
        // What the same step said in an earlier attempt explains nothing now.
        let attempt = lines.last().map(|line| line.attempt);
        lines.retain(|line| Some(line.attempt) == attempt);
        Ok(lines)
    }

    pub(super) fn unknown(&self, wanted: &str, known: &[&str]) -> Error {
        Error::new(
            ErrorKind::NotFound,
            format!("There is no server “{}”.", names::shown(wanted)),
        )
        .hint(names::suggest_hint(wanted, known.iter().copied()))
    }
}
