//! Messages in the journal, and windows of them for the screens.

use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use slipway_protocol::{Kind, Level, Message};

use super::launches::next_revision;
use super::{Store, from_json, to_json};
use crate::error::{Error, Result};
use crate::view::{LineLevel, LogLine, LogPage, LogQuery};

/// Most lines in one answer.
const MAX_LINES: u32 = 1_000;
/// Progress is drawn, not read; sealed secrets are nobody's text.
const HIDDEN: &str = "('step_progress', 'secret')";

impl Store {
    /// How far the stream of a launch is stored: its stream id and the number of the last message.
    pub async fn cursor(&self, launch: &str) -> Result<Option<(String, u64)>> {
        let launch = launch.to_owned();
        self.read(move |db| {
            let sql = "SELECT stream, last FROM cursors WHERE launch = ?1";
            let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64));
            Ok(db.query_row(sql, [launch], row).optional()?)
        })
        .await
    }

    /// Stores what comes after the cursor, with the cursor, in one transaction. Messages that are stored already are
    /// passed over; a gap stores nothing beyond it. Gives the new cursor.
    pub async fn add_messages(&self, launch: &str, stream: &str, messages: Vec<Message>) -> Result<u64> {
        let (launch, stream) = (launch.to_owned(), stream.to_owned());
        self.write(move |tx| {
            let sql = "SELECT last FROM cursors WHERE launch = ?1";
            let last: Option<i64> = tx.query_row(sql, [&launch], |row| row.get(0)).optional()?;
            let mut last = last.unwrap_or(0) as u64;
            let mut insert = tx.prepare_cached(
                "INSERT INTO messages (launch, number, attempt, time, step, level, kind, text, extra)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?;
            for message in &messages {
                if message.number <= last {
                    continue;
                }
                if message.number != last + 1 {
                    break;
                }
                let (kind, extra) = split_kind(&message.kind)?;
                insert.execute(params![
                    launch,
                    message.number as i64,
                    message.attempt,
                    message.time.0,
                    message.step,
                    level_name(message.level),
                    kind,
                    message.text,
                    extra
                ])?;
                last = message.number;
            }
            let sql = "INSERT OR REPLACE INTO cursors (launch, stream, last) VALUES (?1, ?2, ?3)";
            tx.execute(sql, params![launch, stream, last as i64])?;
            let revision = next_revision(tx)?;
            tx.execute(
                "UPDATE launches SET revision = ?2 WHERE id = ?1",
                params![launch, revision],
            )?;
            Ok(last)
        })
        .await
    }

    /// Forgets the stream of a launch, because its instance has another disk now.
    pub async fn forget_messages(&self, launch: &str) -> Result<()> {
        let launch = launch.to_owned();
        self.write(move |tx| {
            tx.execute("DELETE FROM messages WHERE launch = ?1", [&launch])?;
            tx.execute("DELETE FROM cursors WHERE launch = ?1", [&launch])?;
            Ok(())
        })
        .await
    }

    /// Everything but lines, after a number: what the state of steps and the outcome are read from.
    pub async fn notable_messages(&self, launch: &str, after: u64) -> Result<Vec<Message>> {
        let launch = launch.to_owned();
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT number, attempt, time, step, level, kind, text, extra FROM messages INDEXED BY notable_messages
                 WHERE launch = ?1 AND number > ?2 AND kind <> 'line' ORDER BY number",
            )?;
            let mut rows = query.query(params![launch, after as i64])?;
            let mut messages = Vec::new();
            while let Some(row) = rows.next()? {
                messages.push(to_message(row)?);
            }
            Ok(messages)
        })
        .await
    }

    /// Lines after a number, without counting what there is in all.
    pub async fn lines_after(&self, launch: &str, query: &LogQuery) -> Result<Vec<LogLine>> {
        let (launch, query) = (launch.to_owned(), query.clone());
        self.read(move |db| Filter::new(&launch, &query).window(db, &query))
            .await
    }

    /// A window of the log.
    pub async fn log_page(&self, launch: &str, query: &LogQuery) -> Result<LogPage> {
        let (launch, query) = (launch.to_owned(), query.clone());
        self.read(move |db| {
            let filter = Filter::new(&launch, &query);
            let total = filter.count(db)?;
            let lines = filter.window(db, &query)?;
            Ok(LogPage { lines, total })
        })
        .await
    }
}

/// The condition of a query and its values.
struct Filter {
    condition: String,
    values: Vec<Box<dyn ToSql>>,
    /// Nothing but the launch is asked for.
    everything: bool,
}

/// All lines, without looking at each: numbers have no gaps, and of what is no line there is an index. It has to be named:
/// left to itself SQLite takes the primary key and reads the whole log, at every batch of lines.
fn count_all() -> String {
    format!(
        "SELECT coalesce(max(number), 0) -
             (SELECT count(*) FROM messages INDEXED BY notable_messages
              WHERE launch = ?1 AND kind <> 'line' AND kind IN {HIDDEN})
         FROM messages WHERE launch = ?1"
    )
}

impl Filter {
    fn new(launch: &str, query: &LogQuery) -> Self {
        let mut filter = Filter {
            condition: format!("launch = ? AND kind NOT IN {HIDDEN}"),
            values: vec![Box::new(launch.to_owned())],
            everything: query.step.is_none() && !query.warnings_only && query.search.is_none(),
        };
        if let Some(step) = &query.step {
            filter.and("step = ?", step.clone());
        }
        if query.warnings_only {
            filter.condition.push_str(" AND level <> 'info'");
        }
        if let Some(search) = query.search.as_ref().filter(|search| !search.is_empty()) {
            let escaped = search
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            filter.and("text LIKE ? ESCAPE '\\'", format!("%{escaped}%"));
        }
        filter
    }

    fn and(&mut self, condition: &str, value: impl ToSql + 'static) {
        self.condition.push_str(" AND ");
        self.condition.push_str(condition);
        self.values.push(Box::new(value));
    }

    fn count(&self, db: &Connection) -> Result<i64> {
        let sql = if self.everything {
            count_all()
        } else {
            format!("SELECT count(*) FROM messages WHERE {}", self.condition)
        };
        let mut query = db.prepare_cached(&sql)?;
        Ok(query.query_row(rusqlite::params_from_iter(&self.values), |row| row.get(0))?)
    }

    fn window(mut self, db: &Connection, query: &LogQuery) -> Result<Vec<LogLine>> {
        if let Some(after) = query.after {
            self.and("number > ?", after);
        }
        if let Some(before) = query.before {
            self.and("number < ?", before);
        }
        // “After” reads forward from a place; everything else wants the newest lines.
        let order = if query.after.is_some() { "ASC" } else { "DESC" };
        let limit = query.limit.clamp(1, MAX_LINES);
        let sql = format!(
            "SELECT number, attempt, time, step, level, kind, text FROM messages WHERE {} ORDER BY number {order} LIMIT {limit}",
            self.condition
        );
        let mut query = db.prepare_cached(&sql)?;
        let rows = query.query_map(rusqlite::params_from_iter(&self.values), to_line)?;
        let mut lines = rows
            .collect::<rusqlite::Result<Vec<LogLine>>>()
            .map_err(Error::from)?;
        if order == "DESC" {
            lines.reverse();
        }
        Ok(lines)
    }
}

fn to_line(row: &Row<'_>) -> rusqlite::Result<LogLine> {
    let level: String = row.get(4)?;
    Ok(LogLine {
        number: row.get(0)?,
        attempt: row.get(1)?,
        time: row.get(2)?,
        step: row.get(3)?,
        level: match level.as_str() {
            "warn" => LineLevel::Warn,
            "error" => LineLevel::Error,
            _ => LineLevel::Info,
        },
        kind: row.get(5)?,
        text: row.get(6)?,
    })
}

/// Puts a message together again from its columns.
fn to_message(row: &Row<'_>) -> Result<Message> {
    let extra: Option<String> = row.get(7)?;
    let mut body: serde_json::Map<String, serde_json::Value> = match extra {
        Some(text) => from_json(&text)?,
        None => serde_json::Map::new(),
    };
    body.insert("kind".into(), row.get::<_, String>(5)?.into());
    body.insert("number".into(), row.get::<_, i64>(0)?.into());
    body.insert("attempt".into(), row.get::<_, u32>(1)?.into());
    body.insert("time".into(), row.get::<_, i64>(2)?.into());
    body.insert("step".into(), row.get::<_, Option<String>>(3)?.into());
    body.insert("level".into(), row.get::<_, String>(4)?.into());
    body.insert("text".into(), row.get::<_, String>(6)?.into());
    from_json(&serde_json::Value::Object(body).to_string())
}

fn split_kind(kind: &Kind) -> Result<(String, Option<String>)> {
    if *kind == Kind::Line {
        return Ok(("line".into(), None));
    }
    let mut fields: serde_json::Map<String, serde_json::Value> = from_json(&to_json(kind)?)?;
    let name = fields
        .remove("kind")
        .and_then(|name| name.as_str().map(str::to_owned));
    let extra = if fields.is_empty() {
        None
    } else {
        Some(to_json(&fields)?)
    };
    Ok((name.unwrap_or_else(|| "unknown".into()), extra))
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Info | Level::Other => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    }
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;
