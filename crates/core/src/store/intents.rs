//! Intents: what is about to be asked of the cloud, written down before it is asked.

use std::sync::Arc;

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use slipway_protocol::Time;

use super::leases::check_driver;
use super::{Store, from_json, to_json};
use crate::error::{Error, ErrorKind, Result};
use crate::ports::Change;

/// The row of one intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intent(i64);

/// An intent whose result is not known: the request may or may not have reached the cloud.
#[derive(Debug, Clone)]
pub struct Open<C> {
    /// Its row.
    pub intent: Intent,
    /// Exactly what was, or was about to be, sent.
    pub request: C,
    /// When it was written down.
    pub created: Time,
}

/// How an intent ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed<A> {
    /// The cloud did it.
    Answered(A),
    /// The cloud refused; nothing happened.
    Refused(Error),
    /// It was never answered, and nothing of it was found.
    Abandoned,
}

impl<A> Closed<A> {
    /// The same with another form of the answer.
    pub fn map<B>(&self, form: impl FnOnce(&A) -> B) -> Closed<B> {
        match self {
            Closed::Answered(answer) => Closed::Answered(form(answer)),
            Closed::Refused(error) => Closed::Refused(error.clone()),
            Closed::Abandoned => Closed::Abandoned,
        }
    }

    /// The answer, or the refusal.
    pub fn into_result(self) -> Result<A> {
        match self {
            Closed::Answered(answer) => Ok(answer),
            Closed::Refused(error) => Err(error),
            Closed::Abandoned => Err(Error::new(ErrorKind::Internal, "The request was given up.")),
        }
    }
}

impl Store {
    /// Writes an intent down. `subject` is the launch or image job that it belongs to. Refused where another process
    /// drives that.
    pub async fn add_intent<C: Change>(&self, subject: &str, request: &C, now: Time) -> Result<Intent> {
        let (subject, body) = (subject.to_owned(), to_json(request)?);
        let shared = Arc::clone(&self.shared);
        self.write(move |tx| {
            check_driver(tx, &subject, &shared.presence)?;
            tx.execute(
                "INSERT INTO intents (subject, change, request, created) VALUES (?1, ?2, ?3, ?4)",
                params![subject, C::NAME, body, now.0],
            )?;
            Ok(Intent(tx.last_insert_rowid()))
        })
        .await
    }

    /// The newest intent of this kind that has no result.
    pub async fn open_intent<C: Change + 'static>(&self, subject: &str) -> Result<Option<Open<C>>> {
        let subject = subject.to_owned();
        self.read(move |db| {
            let sql = "SELECT id, request, created FROM intents
                       WHERE subject = ?1 AND change = ?2 AND open = 1 ORDER BY id DESC LIMIT 1";
            let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?));
            let found = db.query_row(sql, params![subject, C::NAME], row).optional()?;
            found
                .map(|(id, request, created)| {
                    Ok(Open {
                        intent: Intent(id),
                        request: from_json(&request)?,
                        created: Time(created),
                    })
                })
                .transpose()
        })
        .await
    }

    /// The answer to this very request, where it was sent before and answered well.
    pub async fn answer_to<C: Change>(&self, subject: &str, request: &C) -> Result<Option<C::Answer>> {
        let (subject, body) = (subject.to_owned(), to_json(request)?);
        let found: Option<String> = self
            .read(move |db| {
                let sql = "SELECT result FROM intents
                           WHERE subject = ?1 AND change = ?2 AND request = ?3 AND open = 0 ORDER BY id DESC LIMIT 1";
                let row = |row: &rusqlite::Row<'_>| row.get::<_, Option<String>>(0);
                Ok(db.query_row(sql, params![subject, C::NAME, body], row).optional()?.flatten())
            })
            .await?;
        let ended: Option<Closed<C::Answer>> = found.map(|text| from_json(&text)).transpose()?;
        Ok(ended.and_then(|ended| match ended {
            Closed::Answered(answer) => Some(answer),
            Closed::Refused(_) | Closed::Abandoned => None,
        }))
    }

    /// Writes the result down, and what is kept of the request.
    pub async fn close_intent<C: Change>(
        &self,
        intent: Intent,
        kept: &C,
        how: &Closed<C::Answer>,
    ) -> Result<()> {
        let (request, result) = (to_json(kept)?, to_json(how)?);
        self.write(move |tx| {
            tx.execute(
                "UPDATE intents SET open = 0, request = ?2, result = ?3 WHERE id = ?1",
                params![intent.0, request, result],
            )?;
            Ok(())
        })
        .await
    }

    /// Every request of a kind that was ever written down for a subject, oldest first.
    pub async fn requests<C: Change + 'static>(&self, subject: &str) -> Result<Vec<C>> {
        let subject = subject.to_owned();
        self.read(move |db| {
            let mut query =
                db.prepare("SELECT request FROM intents WHERE subject = ?1 AND change = ?2 ORDER BY id")?;
            let rows = query.query_map(params![subject, C::NAME], |row| row.get::<_, String>(0))?;
            rows.map(|row| from_json(&row?)).collect()
        })
        .await
    }
}
