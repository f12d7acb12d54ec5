//! The journal of a room, read as a crash left it, without any of the programs.

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use serde_json::Value;

use crate::room::Room;

/// The journal, open for reading.
pub struct Journal(Connection);

/// A launch as the journal has it.
pub struct Row {
    /// Its id.
    pub id: String,
    /// Grows with every change.
    pub revision: i64,
    /// All else.
    pub body: Value,
}

impl Journal {
    /// Whether the room has a journal with its tables; one that was killed at once may not.
    pub fn exists(room: &Room) -> bool {
        let tables = "SELECT 1 FROM sqlite_master WHERE name = 'launches'";
        room.data().join("journal.db").exists()
            && Journal::open(room).0.query_row(tables, [], |_| Ok(())).is_ok()
    }

    /// The journal of a room in which a program has run.
    pub fn open(room: &Room) -> Self {
        let path = room.data().join("journal.db");
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE);
        let connection = connection.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        connection
            .busy_timeout(std::time::Duration::from_secs(10))
            .expect("a timeout");
        Journal(connection)
    }

    /// The newest launch of that name; `None` where none was written down.
    pub fn launch(&self, name: &str) -> Option<Row> {
        let sql = "SELECT id, revision, body FROM launches WHERE name = ?1 ORDER BY id DESC LIMIT 1";
        let row = |row: &rusqlite::Row<'_>| {
            Ok(Row {
                id: row.get(0)?,
                revision: row.get(1)?,
                body: serde_json::from_str(&row.get::<_, String>(2)?).expect("a launch is JSON"),
            })
        };
        self.0.query_row(sql, [name], row).optional().expect("launches")
    }

    /// Numbers of all messages of a launch, in order.
    pub fn numbers(&self, launch: &str) -> Vec<i64> {
        self.select(
            "SELECT number FROM messages WHERE launch = ?1 ORDER BY number",
            launch,
        )
    }

    /// Numbers of the messages that are shown as lines; progress and sealed secrets are not.
    pub fn shown(&self, launch: &str) -> Vec<i64> {
        let sql = "SELECT number FROM messages
                   WHERE launch = ?1 AND kind NOT IN ('step_progress', 'secret') ORDER BY number";
        self.select(sql, launch)
    }

    /// How often each step began, by attempt.
    pub fn starts(&self, launch: &str) -> Vec<(String, u32)> {
        let sql = "SELECT step || '#' || attempt, count(*) FROM messages
                   WHERE launch = ?1 AND kind = 'step_started' GROUP BY 1 ORDER BY 1";
        let mut query = self.0.prepare(sql).expect("a query");
        let rows = query.query_map([launch], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("messages").map(|row| row.expect("a row")).collect()
    }

    fn select(&self, sql: &str, launch: &str) -> Vec<i64> {
        let mut query = self.0.prepare(sql).expect("a query");
        let rows = query.query_map(params![launch], |row| row.get(0));
        rows.expect("messages")
            .map(|row| row.expect("a number"))
            .collect()
    }
}
