//! Image jobs in the journal: one row for each image that was asked for.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};

use super::launches::next_revision;
use super::leases::check_driver;
use super::{Store, from_json, to_json};
use crate::error::Result;
use crate::image::ImageJob;
use crate::wait::Waiting;

impl Store {
    /// Writes an image job down, new or changed. Refused where another process drives it.
    pub async fn save_image_job(&self, job: &ImageJob) -> Result<()> {
        let (job, shared) = (job.clone(), Arc::clone(&self.shared));
        self.write(move |tx| {
            check_driver(tx, &job.id, &shared.presence)?;
            write(tx, &job)
        })
        .await
    }

    /// Notes what an image job waits for, or that it waits for nothing any more.
    pub async fn note_image_waiting(&self, id: &str, waiting: Option<Waiting>) -> Result<()> {
        let id = id.to_owned();
        self.write(move |tx| {
            let sql = "SELECT body FROM image_jobs WHERE id = ?1";
            let body: Option<String> = tx.query_row(sql, [id], |row| row.get(0)).optional()?;
            match body.map(|text| from_json::<ImageJob>(&text)).transpose()? {
                Some(job) if job.waiting != waiting => write(tx, &ImageJob { waiting, ..job }),
                Some(_) | None => Ok(()),
            }
        })
        .await
    }

    /// Image jobs of a profile or of all, oldest first; those at work only, or all.
    pub async fn image_jobs(&self, profile: Option<&str>, at_work: bool) -> Result<Vec<ImageJob>> {
        let profile = profile.map(str::to_owned);
        self.read(move |db| {
            let sql = "SELECT body FROM image_jobs
                       WHERE (?1 IS NULL OR profile = ?1) AND (live = 1 OR NOT ?2) ORDER BY id";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map(params![profile, at_work], |row| row.get::<_, String>(0))?;
            rows.map(|row| from_json(&row?)).collect()
        })
        .await
    }

    /// The newest image job of a launch.
    pub async fn image_job_of(&self, launch: &str) -> Result<Option<ImageJob>> {
        let jobs = self.image_jobs(None, false).await?;
        Ok(jobs.into_iter().rfind(|job| job.launch == launch))
    }

    /// One image job.
    pub async fn image_job(&self, id: &str) -> Result<Option<ImageJob>> {
        let jobs = self.image_jobs(None, false).await?;
        Ok(jobs.into_iter().find(|job| job.id == id))
    }
}

fn write(tx: &Transaction<'_>, job: &ImageJob) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO image_jobs (id, profile, launch, live, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            job.id,
            job.profile,
            job.launch,
            !job.phase.is_over(),
            to_json(job)?
        ],
    )?;
    let revision = next_revision(tx)?;
    let sql = "UPDATE launches SET revision = ?2 WHERE id = ?1";
    tx.execute(sql, params![job.launch, revision])?;
    Ok(())
}
