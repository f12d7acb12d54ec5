//! The tables of the journal. Each row carries a checksum of its own, because SQLite notices a damaged page only where
//! its structure suffers: a flipped bit in a number or a text is a valid row to it.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, params_from_iter};

/// The newest layout that this build writes.
pub(super) const LAYOUT: u8 = 2;

struct Table {
    name: &'static str,
    /// Name and type of each column; all of them are in the checksum.
    columns: &'static [(&'static str, &'static str)],
    /// A key of several columns, behind the columns.
    key: &'static str,
    options: &'static str,
}

const fn table(name: &'static str, columns: &'static [(&'static str, &'static str)]) -> Table {
    Table {
        name,
        columns,
        key: "",
        options: "",
    }
}

/// Leases are not among them: a damaged one lapses like any other.
const TABLES: &[Table] = &[
    table(
        "launches",
        &[
            ("id", "TEXT PRIMARY KEY"),
            ("profile", "TEXT NOT NULL"),
            ("name", "TEXT NOT NULL"),
            ("live", "INTEGER NOT NULL"),
            ("revision", "INTEGER NOT NULL"),
            ("body", "TEXT NOT NULL"),
        ],
    ),
    table("revisions", &[("last", "INTEGER NOT NULL")]),
    table(
        "wishes",
        &[("launch", "TEXT PRIMARY KEY"), ("wish", "TEXT NOT NULL")],
    ),
    table(
        "intents",
        &[
            ("id", "INTEGER PRIMARY KEY"),
            ("subject", "TEXT NOT NULL"),
            ("change", "TEXT NOT NULL"),
            ("request", "TEXT NOT NULL"),
            ("result", "TEXT"),
            ("open", "INTEGER NOT NULL DEFAULT 1"),
            ("created", "INTEGER NOT NULL"),
        ],
    ),
    table(
        "cursors",
        &[
            ("launch", "TEXT PRIMARY KEY"),
            ("stream", "TEXT NOT NULL"),
            ("last", "INTEGER NOT NULL"),
        ],
    ),
    Table {
        name: "messages",
        columns: &[
            ("launch", "TEXT NOT NULL"),
            ("number", "INTEGER NOT NULL"),
            ("attempt", "INTEGER NOT NULL"),
            ("time", "INTEGER NOT NULL"),
            ("step", "TEXT"),
            ("level", "TEXT NOT NULL"),
            ("kind", "TEXT NOT NULL"),
            ("text", "TEXT NOT NULL"),
            ("extra", "TEXT"),
        ],
        key: ", PRIMARY KEY (launch, number)",
        options: "WITHOUT ROWID",
    },
    table(
        "observed",
        &[
            ("launch", "TEXT PRIMARY KEY"),
            ("instance", "TEXT NOT NULL"),
            ("at", "INTEGER NOT NULL"),
        ],
    ),
    table(
        "image_jobs",
        &[
            ("id", "TEXT PRIMARY KEY"),
            ("profile", "TEXT NOT NULL"),
            ("launch", "TEXT NOT NULL"),
            ("live", "INTEGER NOT NULL"),
            ("body", "TEXT NOT NULL"),
        ],
    ),
    table(
        "settings",
        &[("key", "TEXT PRIMARY KEY"), ("value", "TEXT NOT NULL")],
    ),
];

const REST: &str = "
    CREATE UNIQUE INDEX live_names ON launches (profile, name) WHERE live = 1;
    CREATE INDEX open_intents ON intents (subject, change) WHERE open = 1;
    CREATE INDEX notable_messages ON messages (launch, number) WHERE kind <> 'line';
    CREATE INDEX warnings ON messages (launch, number) WHERE level <> 'info';
    CREATE TABLE leases (subject TEXT PRIMARY KEY, owner TEXT NOT NULL, heartbeat INTEGER NOT NULL);
    INSERT INTO revisions VALUES (0);
";

/// Makes all tables in an empty file.
pub(super) fn make(connection: &Connection) -> rusqlite::Result<()> {
    for table in TABLES {
        connection.execute_batch(&table.statement())?;
    }
    connection.execute_batch(REST)?;
    // Four times, so that a flipped bit isn't taken for a newer layout.
    connection.pragma_update(None, "user_version", i32::from_be_bytes([LAYOUT; 4]))
}

/// Teaches a connection `row_sum(…)`; without it no row can be written.
pub(super) fn add_row_sum(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("row_sum", -1, flags, |row| Ok(i64::from(row_sum(row))))
}

/// Copies all rows from the file of an earlier layout.
pub(super) fn copy(from: &Connection, to: &Connection) -> rusqlite::Result<()> {
    for table in TABLES {
        let (name, columns) = (table.name, table.column_names().join(", "));
        let marks = vec!["?"; table.columns.len()].join(", ");
        to.execute(&format!("DELETE FROM {name}"), [])?;
        let mut insert = to.prepare(&format!("INSERT INTO {name} ({columns}) VALUES ({marks})"))?;
        let mut select = from.prepare(&format!("SELECT {columns} FROM {name}"))?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..table.columns.len()).map(|at| row.get::<_, Value>(at));
            insert.execute(params_from_iter(values.collect::<rusqlite::Result<Vec<_>>>()?))?;
        }
    }
    Ok(())
}

/// The name of a table with a row whose checksum is wrong.
pub(super) fn damaged(connection: &Connection) -> rusqlite::Result<Option<&'static str>> {
    for table in TABLES {
        let sql = format!(
            "SELECT 1 FROM {} WHERE sum IS NOT {} LIMIT 1",
            table.name,
            table.sum()
        );
        let found = connection.query_row(&sql, [], |_| Ok(())).optional()?;
        if found.is_some() {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}

impl Table {
    fn statement(&self) -> String {
        let columns = self.columns.iter();
        let columns: Vec<String> = columns.map(|(name, kind)| format!("{name} {kind}")).collect();
        format!(
            "CREATE TABLE {} ({}, sum INTEGER AS ({}) STORED{}) {}",
            self.name,
            columns.join(", "),
            self.sum(),
            self.key,
            self.options
        )
    }

    fn sum(&self) -> String {
        format!("row_sum({})", self.column_names().join(", "))
    }

    fn column_names(&self) -> Vec<&'static str> {
        self.columns.iter().map(|(name, _)| *name).collect()
    }
}

/// Kind and length go in too, so that nothing moves from one column to the next unnoticed.
fn row_sum(row: &Context<'_>) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    for position in 0..row.len() {
        let (kind, bytes) = match row.get_raw(position) {
            ValueRef::Null => (0_u8, &[][..]),
            ValueRef::Integer(number) => (1, &number.to_le_bytes()[..]),
            ValueRef::Real(number) => (2, &number.to_le_bytes()[..]),
            ValueRef::Text(bytes) => (3, bytes),
            ValueRef::Blob(bytes) => (4, bytes),
        };
        sum.update(&[kind]);
        sum.update(&(bytes.len() as u64).to_le_bytes());
        sum.update(bytes);
    }
    sum.finalize()
}
