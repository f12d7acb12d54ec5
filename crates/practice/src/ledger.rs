//! What the practice cloud knows, in one SQLite file that all its processes share. Every change is one immediate
//! transaction, so two windows that ask for the same thing at once are put in order.

pub mod addresses;
pub mod groups;
pub mod images;
pub mod instances;
pub mod key_pairs;
pub mod ours;
pub mod tags;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::layout::Layout;
use crate::trouble::Outcome;

/// Longest wait for another process that is writing.
const BUSY: Duration = Duration::from_secs(10);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS key_pairs (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, public_key TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS groups (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS ingress (
        group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
        port INTEGER NOT NULL, range TEXT NOT NULL, PRIMARY KEY (group_id, port, range)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS tags (
        resource TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (resource, key)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS images (
        id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, instance TEXT NOT NULL,
        state TEXT NOT NULL, reason TEXT, percent INTEGER NOT NULL, size_gib REAL NOT NULL, created INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS addresses (instance TEXT PRIMARY KEY, address TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS instances (
        id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, request TEXT NOT NULL, public_key TEXT NOT NULL,
        group_id TEXT NOT NULL, state TEXT NOT NULL, reason TEXT,
        metadata_port INTEGER NOT NULL, agent_port INTEGER NOT NULL, site_port INTEGER NOT NULL,
        rdp_port INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, password_data TEXT,
        restarts INTEGER NOT NULL DEFAULT 0, image TEXT,
        spawned INTEGER, held INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0
    ) STRICT;
";

/// The file, opened.
pub struct Ledger {
    connection: Mutex<Connection>,
}

impl Ledger {
    /// Opens it, or makes an empty one. Blocks.
    pub fn open(layout: &Layout) -> Outcome<Self> {
        let connection = Connection::open(layout.ledger())?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Ledger {
            connection: Mutex::new(connection),
        })
    }

    /// Looks something up. Blocks.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
        // A panic in a reader leaves no half-done change behind, so the connection is still good.
        read(&self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes something, wholly or not at all. Blocks.
    pub fn change<T>(&self, change: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = change(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}
