//! Images: make, list, delete.

use std::time::Duration;

use super::{Engine, Place};
use crate::cloud::{CreateImage, DeleteImage, Image, ImageFilter, ImageState, tag};
use crate::error::{Error, ErrorKind, Result};
use crate::image::{self, ImageJob};
use crate::names;
use crate::view::{ImageJobPhase, ImageJobView, ImageStatus, ImageView};

/// The image that was deleted last: a change of it tells every open face that its list is old.
pub(super) const LAST_DELETED: &str = "images/deleted";

/// How long a driver in another process may be dead before that is noticed.
const DRIVER_LOOK: Duration = Duration::from_secs(1);

impl Engine {
    /// Asks for an image of a ready server, and returns once the cloud has answered: it is then made whoever watches.
    /// Refused for a failed server, in every face.
    pub async fn create_image(&self, id: &str, name: &str, description: &str) -> Result<()> {
        names::check_image_name(name)?;
        names::check_image_description(description)?;
        let launch = self.launch_by_id(id).await?;
        if let Some(job) = self.unfinished_image(id, name).await? {
            return self.image_answered(&job.id).await;
        }
        image::check_allowed(&launch)?;
        self.check(id, "make an image of", |may| may.image).await?;
        let place = self.place_of(&launch)?;
        if !place
            .cloud
            .images(&ImageFilter::Name(name.to_owned()))
            .await?
            .is_empty()
        {
            return Err(Error::new(
                ErrorKind::NameTaken,
                format!("There is already an image called “{name}”."),
            )
            .hint("Choose another name, or delete that image first."));
        }
        let job = ImageJob {
            id: ulid::Ulid::generate().to_string(),
            profile: launch.spec.profile.clone(),
            launch: launch.id.clone(),
            name: name.to_owned(),
            description: description.to_owned(),
            phase: ImageJobPhase::Requested,
            percent: 0,
            image: None,
            started: self.inner.clock.now(),
            error: None,
            waiting: None,
        };
        self.inner.store.save_image_job(&job).await?;
        self.image_answered(&job.id).await
    }

    /// Waits until the cloud has taken the request for an image; what it refuses with is the error. Drives it if need be.
    async fn image_answered(&self, id: &str) -> Result<()> {
        let mut changes = self.inner.store.changes();
        loop {
            changes.borrow_and_update();
            let Some(job) = self.inner.store.image_job(id).await? else {
                return Ok(());
            };
            match (job.phase, job.error) {
                (ImageJobPhase::Failed, Some(error)) => return Err(error),
                (ImageJobPhase::Requested, _) => {}
                _ => return Ok(()),
            }
            self.drive_image(id, &job.launch).await?;
            let _ = tokio::time::timeout(DRIVER_LOOK, changes.changed()).await;
        }
    }

    /// An image may have been made while nobody looked: sees to it that its job says so before it stands in the way.
    pub(super) async fn catch_up_image(&self, launch: &str) -> Result<()> {
        let job = self.inner.store.image_job_of(launch).await?;
        let Some(job) = job.filter(|job| !job.phase.is_over()) else {
            return Ok(());
        };
        let (Some(_claim), true) = (self.claim(&job.id), self.take_lease(&job.id).await?) else {
            return Ok(());
        };
        let world = self.world(&self.launch_by_id(launch).await?, &job.id)?;
        let caught_up = self.under_lease(&job.id, image::runner::catch_up(&world, &job.id));
        if let Err(error) = caught_up.await {
            tracing::warn!(
                image = job.name,
                error = error.sentence,
                "How far an image is, is not known"
            );
        }
        Ok(())
    }

    /// The same image, asked for before and not done: whoever asks again after a crash means that one.
    async fn unfinished_image(&self, id: &str, name: &str) -> Result<Option<ImageJob>> {
        let job = self.inner.store.image_job_of(id).await?;
        Ok(job.filter(|job| job.name == name && !job.phase.is_over()))
    }

    /// Waits until the image that is being made of a server is done or has failed; drives it if need be.
    pub async fn image_settled(&self, id: &str) -> Result<Option<ImageJobView>> {
        let mut changes = self.inner.store.changes();
        loop {
            changes.borrow_and_update();
            let Some(job) = self.inner.store.image_job_of(id).await? else {
                return Ok(None);
            };
            if job.phase.is_over() {
                return Ok(Some(job.view()));
            }
            self.drive_image(&job.id, &job.launch).await?;
            let _ = tokio::time::timeout(DRIVER_LOOK, changes.changed()).await;
        }
    }

    /// The images of a profile, newest last, those being made among them.
    pub async fn images(&self, profile: &str) -> Result<Vec<ImageView>> {
        let place = self.place(profile)?;
        // Without a price the list is as good as with one.
        let price = self
            .prices(profile)
            .await
            .ok()
            .and_then(|prices| prices.image_gib_month);
        let mut images: Vec<ImageView> = place
            .cloud
            .images(&ImageFilter::Ours)
            .await?
            .iter()
            .map(|image| view(image, price))
            .collect();
        for job in self.inner.store.image_jobs(Some(profile), true).await? {
            if let Some(image) = images.iter_mut().find(|image| image.name == job.name) {
                image.waiting = job.view().waiting;
                continue;
            }
            let now = self.inner.clock.now();
            let driven = self.inner.store.is_driven(&job.id, now).await?;
            images.push(asked_for(&job, driven));
        }
        images.sort_by_key(|image| image.created);
        Ok(images)
    }

    /// Deletes an image with its snapshots.
    pub async fn delete_image(&self, profile: &str, wanted: &str) -> Result<String> {
        let place = self.place(profile)?;
        let (id, name) = self.deletable(&place, wanted).await?;
        let making = self.making(profile, &name).await?;
        let id = match &making {
            Some(job) if id.is_none() => self
                .ledger_of(&place, job.id.clone())
                .abandon::<CreateImage>()
                .await?
                .map(|made| made.id),
            _ => id,
        };
        if let Some(id) = &id {
            let image = id.clone();
            self.ledger_of(&place, id.clone())
                .perform(DeleteImage { image })
                .await?;
        }
        if let Some(job) = making {
            self.end_image_job(job).await?;
        }
        self.inner
            .store
            .remember(LAST_DELETED, Some(id.as_deref().unwrap_or(&name)))
            .await?;
        Ok(name)
    }

    /// The job of an image of that name that is not made yet.
    async fn making(&self, profile: &str, name: &str) -> Result<Option<ImageJob>> {
        let jobs = self.inner.store.image_jobs(Some(profile), true).await?;
        Ok(jobs.into_iter().rfind(|job| job.name == name))
    }

    /// Whoever drives it in another process finds the image gone by itself.
    async fn end_image_job(&self, mut job: ImageJob) -> Result<()> {
        self.stop_driving(&job.id);
        if !self.take_lease(&job.id).await? {
            return Ok(());
        }
        let sentence = format!("The image “{}” was deleted before it was made.", job.name);
        job.error = Some(Error::new(ErrorKind::ImageFailed, sentence).hint("The server is not affected."));
        job.phase = ImageJobPhase::Failed;
        let subject = job.id.clone();
        self.under_lease(&subject, async { self.inner.store.save_image_job(&job).await })
            .await
    }

    /// Name of the image that [`Engine::delete_image`] would delete.
    pub async fn image_to_delete(&self, profile: &str, wanted: &str) -> Result<String> {
        Ok(self.deletable(self.place(profile)?.as_ref(), wanted).await?.1)
    }

    /// Id and name. An image that is off the list since a crash counts too: its snapshots may not be gone yet. One that the
    /// cloud was not asked for yet has no id.
    async fn deletable(&self, place: &Place, wanted: &str) -> Result<(Option<String>, String)> {
        let unknown = match find(place, wanted).await {
            Ok(image) => return Ok((Some(image.id), image.name)),
            Err(error) if error.kind == ErrorKind::NotFound => error,
            Err(error) => return Err(error),
        };
        if let Some(job) = self.making(&place.profile.name, wanted).await? {
            return Ok((job.image, wanted.to_owned()));
        }
        let store = &self.inner.store;
        let jobs = store.image_jobs(Some(&place.profile.name), false).await?;
        let made = jobs.into_iter().rfind(|job| job.name == wanted);
        let id = made
            .and_then(|job| job.image)
            .unwrap_or_else(|| wanted.to_owned());
        if store.requests::<DeleteImage>(&id).await?.is_empty() {
            return Err(unknown);
        }
        Ok((Some(id), wanted.to_owned()))
    }

    /// An image by name or id.
    pub async fn find_image(&self, profile: &str, wanted: &str) -> Result<ImageView> {
        Ok(view(&find(self.place(profile)?.as_ref(), wanted).await?, None))
    }
}

async fn find(place: &Place, wanted: &str) -> Result<Image> {
    let images = place.cloud.images(&ImageFilter::Ours).await?;
    let found = images
        .iter()
        .find(|image| image.name == wanted || image.id == wanted)
        .cloned();
    found.ok_or_else(|| {
        let known = images.iter().map(|image| image.name.as_str());
        Error::new(
            ErrorKind::NotFound,
            format!("There is no image “{}”.", names::shown(wanted)),
        )
        .hint(names::suggest_hint(wanted, known))
    })
}

fn view(image: &Image, usd_per_gib_month: Option<f64>) -> ImageView {
    let state = match image.state {
        ImageState::Pending => ImageStatus::Making,
        ImageState::Available => ImageStatus::Available,
        ImageState::Failed | ImageState::Gone => ImageStatus::Failed,
    };
    let reason = image
        .state_reason
        .clone()
        .filter(|_| state == ImageStatus::Failed);
    ImageView {
        id: image.id.clone(),
        name: image.name.clone(),
        description: image.description.clone(),
        state,
        percent: image.percent,
        size_gib: image.size_gib,
        created: image.created.0,
        recipe: image.tags.get(tag::RECIPE).cloned(),
        server: image.tags.get(tag::SERVER).cloned(),
        usd_per_month: usd_per_gib_month.map(|price| price * image.size_gib),
        error: reason.map(|reason| Error::new(ErrorKind::ImageFailed, reason)),
        waiting: None,
    }
}

/// What no request was answered for yet says so, where nobody sees to it.
fn asked_for(job: &ImageJob, driven: bool) -> ImageView {
    let waits = job.image.is_none() && !driven;
    let sentence = || {
        format!(
            "The image “{}” waits: AWS has not been asked for it yet.",
            job.name
        )
    };
    let hint = "Ask for it again to go on, or delete it.";
    ImageView {
        id: String::new(),
        name: job.name.clone(),
        description: job.description.clone(),
        state: ImageStatus::Making,
        percent: job.percent,
        size_gib: 0.0,
        created: job.started.0,
        recipe: None,
        server: None,
        usd_per_month: None,
        error: waits.then(|| Error::new(ErrorKind::WrongState, sentence()).hint(hint)),
        waiting: job.view().waiting,
    }
}
