//! Launches in the journal: one row each, its body as JSON, and what the cloud was last seen to say of its instance.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use slipway_protocol::Time;

use super::leases::check_driver;
use super::{Store, from_json, to_json};
use crate::cloud::Instance;
use crate::error::{Error, ErrorKind, Result};
use crate::launch::{Launch, Wish};
use crate::wait::Waiting;

impl Store {
    /// Writes a new launch down. Its name must be free among the live servers of its profile.
    pub async fn add_launch(&self, launch: &Launch) -> Result<()> {
        let (launch, body) = (launch.clone(), to_json(launch)?);
        self.write(move |tx| {
            let revision = next_revision(tx)?;
            let added = tx.execute(
                "INSERT INTO launches (id, profile, name, live, revision, body) VALUES (?1, ?2, ?3, 1, ?4, ?5)",
                params![launch.id, launch.spec.profile, launch.spec.name, revision, body],
            );
            match added {
                Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
                    Err(name_taken(&launch.spec.name))
                }
                other => Ok(other.map(|_| ())?),
            }
        })
        .await?;
        self.settle().await;
        Ok(())
    }

    /// Writes a launch's new state down. Refused where another process drives it.
    pub async fn save_launch(&self, launch: &Launch) -> Result<()> {
        self.save_launch_waiting(launch, None).await
    }

    /// The same, with what is retried where it waits for nothing else.
    pub(crate) async fn save_launch_waiting(&self, launch: &Launch, retried: Option<Waiting>) -> Result<()> {
        let (mut launch, shared) = (launch.clone(), Arc::clone(&self.shared));
        launch.waiting = launch.waiting.or(retried);
        self.write(move |tx| {
            check_driver(tx, &launch.id, &shared.presence)?;
            update(tx, &launch)
        })
        .await
    }

    /// One launch with its revision.
    pub async fn launch(&self, id: &str) -> Result<Option<(Launch, i64)>> {
        let id = id.to_owned();
        self.read(move |db| {
            let sql = "SELECT body, revision FROM launches WHERE id = ?1";
            let row = db
                .query_row(sql, [id], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
                .optional()?;
            row.map(|(body, revision)| Ok((from_json(&body)?, revision)))
                .transpose()
        })
        .await
    }

    /// All launches that are not gone, of one profile or of all, oldest first.
    pub async fn live_launches(&self, profile: Option<&str>) -> Result<Vec<(Launch, i64)>> {
        let profile = profile.map(str::to_owned);
        let sql =
            "SELECT body, revision FROM launches WHERE live = 1 AND (?1 IS NULL OR profile = ?1) ORDER BY id";
        self.read(move |db| select(db, sql, params![profile])).await
    }

    /// Ids and revisions of all launches that are not gone.
    pub async fn live_revisions(&self) -> Result<BTreeMap<String, i64>> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT id, revision FROM launches WHERE live = 1")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// The newest launches of a profile, gone ones too.
    pub async fn recent_launches(&self, profile: &str, limit: u32) -> Result<Vec<(Launch, i64)>> {
        let profile = profile.to_owned();
        let sql = "SELECT body, revision FROM launches WHERE profile = ?1 ORDER BY id DESC LIMIT ?2";
        self.read(move |db| select(db, sql, params![profile, limit]))
            .await
    }

    /// The launches of a profile that are gone and whose secrets could not be deleted then, oldest first.
    pub(crate) async fn gone_with_secrets(&self, profile: &str) -> Result<Vec<Launch>> {
        let profile = profile.to_owned();
        let sql = "SELECT body, revision FROM launches WHERE live = 0 AND profile = ?1
                   AND json_array_length(body, '$.facts.secrets') > 0 ORDER BY id";
        let found = self.read(move |db| select(db, sql, params![profile])).await?;
        Ok(found.into_iter().map(|(launch, _)| launch).collect())
    }

    /// Asks whoever drives the launch for something; the newest wish counts.
    pub async fn put_wish(&self, launch: &str, wish: &Wish) -> Result<()> {
        let (launch, wish) = (launch.to_owned(), to_json(wish)?);
        self.write(move |tx| {
            tx.execute(
                "INSERT OR REPLACE INTO wishes (launch, wish) VALUES (?1, ?2)",
                params![launch, wish],
            )?;
            Ok(())
        })
        .await?;
        // Where this is dropped before, the watcher of the file tells it a moment later.
        self.shared.wishes.send_modify(|count| *count += 1);
        Ok(())
    }

    /// The open wish, without taking it.
    pub async fn wish(&self, launch: &str) -> Result<Option<Wish>> {
        let launch = launch.to_owned();
        self.read(move |db| {
            let sql = "SELECT wish FROM wishes WHERE launch = ?1";
            let wish: Option<String> = db.query_row(sql, [launch], |row| row.get(0)).optional()?;
            wish.map(|text| from_json(&text)).transpose()
        })
        .await
    }

    /// Takes a wish into the launch: both in one transaction, so that it can't be lost or granted twice.
    pub async fn grant_wish(&self, launch: &Launch) -> Result<()> {
        let (launch, shared) = (launch.clone(), Arc::clone(&self.shared));
        self.write(move |tx| {
            check_driver(tx, &launch.id, &shared.presence)?;
            tx.execute("DELETE FROM wishes WHERE launch = ?1", [&launch.id])?;
            update(tx, &launch)
        })
        .await
    }

    /// Notes what is being retried for a launch, or that nothing is any more. What it waits for its user for stays.
    pub async fn note_waiting(&self, launch: &str, waiting: Option<Waiting>) -> Result<()> {
        let id = launch.to_owned();
        self.write(move |tx| {
            let sql = "SELECT body FROM launches WHERE id = ?1";
            let body: Option<String> = tx.query_row(sql, [id], |row| row.get(0)).optional()?;
            let Some(mut launch) = body.map(|text| from_json::<Launch>(&text)).transpose()? else {
                return Ok(());
            };
            if launch.needs_user() || launch.waiting == waiting {
                return Ok(());
            }
            launch.waiting = waiting;
            update(tx, &launch)
        })
        .await
    }

    /// What the cloud says of instances; only what differs is written, so that quiet servers cost nothing.
    pub async fn observe(&self, seen: Vec<(String, Instance)>, at: Time) -> Result<()> {
        let known = self.observed_all().await?;
        let differs = |(launch, instance): &(String, Instance)| {
            !known.iter().any(|(id, known)| id == launch && known == instance)
        };
        let news: Vec<(String, Instance)> = seen.into_iter().filter(differs).collect();
        if news.is_empty() {
            return Ok(());
        }
        self.write(move |tx| {
            let revision = next_revision(tx)?;
            for (launch, instance) in news {
                let body = to_json(&instance)?;
                let sql = "INSERT OR REPLACE INTO observed (launch, instance, at) VALUES (?1, ?2, ?3)";
                tx.execute(sql, params![launch, body, at.0])?;
                tx.execute(
                    "UPDATE launches SET revision = ?2 WHERE id = ?1",
                    params![launch, revision],
                )?;
            }
            Ok(())
        })
        .await
    }

    /// What the cloud was last seen to say of a launch's instance.
    pub async fn observed(&self, launch: &str) -> Result<Option<Instance>> {
        let launch = launch.to_owned();
        self.read(move |db| {
            let sql = "SELECT instance FROM observed WHERE launch = ?1";
            let body: Option<String> = db.query_row(sql, [launch], |row| row.get(0)).optional()?;
            body.map(|text| from_json(&text)).transpose()
        })
        .await
    }

    async fn observed_all(&self) -> Result<Vec<(String, Instance)>> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT launch, instance FROM observed")?;
            let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
            rows.map(|row| {
                row.map_err(Error::from)
                    .and_then(|(id, body)| Ok((id, from_json(&body)?)))
            })
            .collect()
        })
        .await
    }

    /// The newest revision of anything.
    pub async fn revision(&self) -> Result<i64> {
        self.read(|db| Ok(db.query_row("SELECT last FROM revisions", [], |row| row.get(0))?))
            .await
    }
}

fn update(tx: &Transaction<'_>, launch: &Launch) -> Result<()> {
    let (live, revision) = (!launch.phase.is_gone(), next_revision(tx)?);
    tx.execute(
        "UPDATE launches SET live = ?2, revision = ?3, body = ?4 WHERE id = ?1",
        params![launch.id, live, revision, to_json(launch)?],
    )?;
    Ok(())
}

fn select(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<(Launch, i64)>> {
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map(params, |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    rows.map(|row| {
        row.map_err(Error::from)
            .and_then(|(body, revision)| Ok((from_json(&body)?, revision)))
    })
    .collect()
}

/// A number that grows with every change to anything that is shown.
pub(super) fn next_revision(tx: &Transaction<'_>) -> Result<i64> {
    Ok(
        tx.query_row("UPDATE revisions SET last = last + 1 RETURNING last", [], |row| {
            row.get(0)
        })?,
    )
}

fn name_taken(name: &str) -> Error {
    Error::new(
        ErrorKind::NameTaken,
        format!("There is already a server called “{name}”."),
    )
    .hint("Choose another name, or terminate that server first.")
}
