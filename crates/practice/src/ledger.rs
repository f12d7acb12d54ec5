//! What the practice cloud knows, in one SQLite file that all its processes share. Every change is one immediate
//! transaction, so two windows that ask for the same thing at once are put in order.
//!
//! INVARIANT: the file is opened by the first request, not before, so that nothing of it can keep AWS profiles from work.

pub mod addresses;
pub mod groups;
pub mod images;
pub mod instances;
pub mod key_pairs;
mod opening;
pub mod ours;
mod replacing;
pub mod tags;

use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};
use slipway_core::files;
use slipway_core::notices::Notices;

use crate::layout::Layout;
use crate::trouble::{Outcome, Trouble, full};
use opening::Opened;

/// The file.
pub struct Ledger {
    layout: Layout,
    /// Where a damaged file is replaced, and the user told; `None` in a machine, which only reads and writes it.
    keeper: Option<Notices>,
    opened: Mutex<Option<Opened>>,
}

impl Ledger {
    /// The file of a whole practice cloud; a damaged one is set aside with its machines, a missing one made.
    pub fn of_cloud(layout: &Layout, notices: Notices) -> Self {
        Ledger::new(layout, Some(notices))
    }

    /// The file as one machine uses it: it must be there and whole. Blocks.
    pub fn of_machine(layout: &Layout) -> Outcome<Self> {
        let ledger = Ledger::new(layout, None);
        ledger.read(|_| Ok(()))?;
        Ok(ledger)
    }

    fn new(layout: &Layout, keeper: Option<Notices>) -> Self {
        Ledger {
            layout: layout.clone(),
            keeper,
            opened: Mutex::default(),
        }
    }

    /// Looks something up. Blocks.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
        self.with(|connection| read(connection))
    }

    /// Changes something, wholly or not at all. Blocks.
    pub fn change<T>(&self, change: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
        self.with(|connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = change(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
    }

    /// Where the file turns out to be damaged, or another process replaced it, the next request opens it anew.
    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Outcome<T>) -> Outcome<T> {
        // A panic in a reader leaves no half-done change behind, so the connection is still good.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.as_ref().is_some_and(Opened::is_replaced) {
            *opened = None;
        }
        let file = match &mut *opened {
            Some(file) => file,
            none => none.insert(self.open()?),
        };
        let done = work(&mut file.connection);
        if matches!(&done, Err(Trouble::Ledger(cause)) if opening::is_damage(cause)) {
            *opened = None;
        }
        done
    }

    fn open(&self) -> Outcome<Opened> {
        let opened = match &self.keeper {
            Some(notices) => replacing::open(&self.layout, notices),
            None => opening::open(&self.layout.ledger()).map_err(opening::Unusable::into_trouble),
        };
        opened.map_err(|trouble| match trouble {
            // SQLite makes files beside it first, and says only that it failed.
            Trouble::Ledger(_) if !files::has_room(self.layout.root()) => full().into(),
            other => other,
        })
    }
}
