//! The journal: SQLite on this computer, one connection that writes and one that reads, shared by every face.
//!
//! INVARIANT: what is shown is stored. Messages and the cursor go into one transaction before anybody sees them.

mod damage;
mod earlier;
mod images;
mod intents;
mod launches;
mod leases;
mod lock;
mod messages;
mod opening;
mod presence;
mod settings;
mod tables;

pub use damage::{HEADER_BYTES, is_header};
pub use intents::{Closed, Intent, Open};
pub use leases::HEARTBEAT;
pub(crate) use opening::REPLACES;
pub use opening::SetAside;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::watch;

use crate::error::{Error, ErrorKind, Result};
use crate::names;
use presence::Presence;

/// How often a face looks whether another process has written.
const FOREIGN_CHANGES: Duration = Duration::from_millis(400);
/// The same while one is writing: whoever only watches sees lines as they come.
const BUSY_NEIGHBOUR: Duration = Duration::from_millis(100);
/// How long after a foreign change the next one is looked for often.
const STAYS_BUSY: Duration = Duration::from_secs(5);

/// The journal. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    presence: Presence,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    changes: watch::Sender<u64>,
    wishes: watch::Sender<u64>,
    _watcher: mpsc::Sender<()>,
}

impl Store {
    /// Opens the journal, or makes it. A damaged one is set aside, and the caller told where, so that it can be
    /// rebuilt from what the cloud says.
    pub async fn open(path: &Path) -> Result<(Self, Option<SetAside>)> {
        let path = path.to_owned();
        let alone = lock::alone(&path).await?;
        let _wait = lock::note_work(&path);
        run_blocking(move || {
            let opened = Store::open_blocking(path.clone());
            drop(alone);
            opened.map_err(|error| lock::name_holder(error, &path))
        })
        .await
    }

    fn open_blocking(path: PathBuf) -> Result<(Self, Option<SetAside>)> {
        let (connection, set_aside) = opening::open(&path)?;
        let presence = leases::appear(&connection, &path)?;
        let reader = opening::connect(&path)?;
        let changes = watch::Sender::new(0);
        let writer = Mutex::new(connection);
        let wishes = watch::Sender::new(0);
        let _watcher = spawn_watcher(opening::connect(&path)?, changes.clone(), wishes.clone())?;
        let shared = Shared {
            path,
            presence,
            writer,
            reader: Mutex::new(reader),
            changes,
            wishes,
            _watcher,
        };
        Ok((
            Store {
                shared: Arc::new(shared),
            },
            set_aside,
        ))
    }

    /// Where the journal lies.
    pub fn path(&self) -> &Path {
        &self.shared.path
    }

    /// The folder for a launch's files on this computer, beside the journal. It goes with the launch.
    pub fn files_of(&self, launch: &str) -> PathBuf {
        self.folder()
            .join("servers")
            .join(names::file_name(launch, "files"))
    }

    /// The folder that the journal lies in.
    pub(crate) fn folder(&self) -> &Path {
        self.shared.path.parent().unwrap_or_else(|| Path::new("."))
    }

    /// Tells of every change, by any process. The number only grows.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes.subscribe()
    }

    /// Tells that there may be a new wish, by any process. Every launch waits for one: if each looked for it at every
    /// change, a hundred of them would ask ten thousand times while each writes once.
    pub(crate) fn wishes(&self) -> watch::Receiver<u64> {
        self.shared.wishes.subscribe()
    }

    /// Runs a transaction, off the async threads. It is on disk when this returns, and runs to its end even if the
    /// caller is dropped.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let _wait = lock::note_work(&self.shared.path);
        run_blocking(move || {
            let mut writer = shared.writer.lock().map_err(|_| closed())?;
            let before = writer.total_changes();
            let result = transact(&mut writer, work);
            // Told only where a row changed: whoever waits for changes may write to find out that there is none.
            if writer.total_changes() != before {
                shared.changes.send_modify(|count| *count += 1);
            }
            result.map_err(|error| lock::name_holder(error, &shared.path))
        })
        .await
    }

    /// Moves what is written so far from the log of writes into the journal's own file. SQLite believes a log that lost
    /// its end, so what must not be lost with it does not stay there. Another reader may hold a part back for now
    /// (SQLite, “PRAGMA wal_checkpoint”, PASSIVE).
    async fn settle(&self) {
        self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await;
    }

    /// The same, and empties the log of writes: what was overwritten in the journal's own file is in no file any more.
    /// Where another process reads right now, the next time does it, or the end of the last process.
    pub(crate) async fn wipe_log(&self) {
        self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)").await;
    }

    async fn checkpoint(&self, how: &'static str) {
        let shared = Arc::clone(&self.shared);
        let moved = run_blocking(move || {
            let writer = shared.writer.lock().map_err(|_| closed())?;
            Ok(writer.query_row(how, [], |_| Ok(()))?)
        });
        if let Err(error) = moved.await {
            tracing::warn!(
                error = error.sentence,
                "The log of writes could not be moved into the journal"
            );
        }
    }

    /// Reads, off the async threads.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let _wait = lock::note_work(&self.shared.path);
        run_blocking(move || {
            let reader = shared.reader.lock().map_err(|_| closed())?;
            work(&reader).map_err(|error| lock::name_holder(error, &shared.path))
        })
        .await
    }
}

#[cfg(feature = "testing")]
impl Store {
    /// Writes rows as another version would have left them.
    pub async fn write_rows(&self, sql: &str) -> Result<()> {
        let sql = sql.to_owned();
        self.write(move |tx| Ok(tx.execute_batch(&sql)?)).await
    }
}

fn transact<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// Notices what other processes write: SQLite's `data_version` changes with every foreign commit.
fn spawn_watcher(
    connection: Connection,
    changes: watch::Sender<u64>,
    wishes: watch::Sender<u64>,
) -> Result<mpsc::Sender<()>> {
    let (alive, ended) = mpsc::channel::<()>();
    let work = move || {
        let ask = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).ok();
        let version = || ask("PRAGMA data_version");
        let (mut seen, mut busy_until) = (version(), Instant::now());
        let pause = |busy_until| {
            if Instant::now() < busy_until {
                BUSY_NEIGHBOUR
            } else {
                FOREIGN_CHANGES
            }
        };
        while let Err(mpsc::RecvTimeoutError::Timeout) = ended.recv_timeout(pause(busy_until)) {
            let now = version();
            if now != seen {
                (seen, busy_until) = (now, Instant::now() + STAYS_BUSY);
                changes.send_modify(|count| *count += 1);
                if ask("SELECT EXISTS (SELECT 1 FROM wishes)") != Some(0) {
                    wishes.send_modify(|count| *count += 1);
                }
            }
        }
    };
    std::thread::Builder::new()
        .name("journal-watch".into())
        .spawn(work)?;
    Ok(alive)
}

async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| closed())?
}

fn closed() -> Error {
    Error::new(ErrorKind::Journal, "The journal of launches is closed.").hint("Open the app again.")
}

pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| {
        Error::new(ErrorKind::Internal, "Something could not be written down.").because(&error)
    })
}

pub(crate) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        Error::new(
            ErrorKind::Journal,
            "The journal holds something that can't be read.",
        )
        .because(&error)
    })
}
