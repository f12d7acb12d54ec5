//! A password on the clipboard: kept out of clipboard histories and of clouds, and gone again after a while or when the
//! window is closed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::secret::Secret;

/// How long a password stays, unless something else is copied before.
const STAYS: Duration = Duration::from_secs(30);

/// What is done with the clipboard of the desktop.
trait Board: Send {
    /// Puts a password there, and asks whoever keeps a history or uploads it to leave this out.
    fn set(&mut self, password: &str) -> Result<(), arboard::Error>;
    /// The text on it; `None` where there is none.
    fn text(&mut self) -> Option<String>;
    /// Takes everything off it.
    fn clear(&mut self) -> Result<(), arboard::Error>;
}

impl Board for arboard::Clipboard {
    fn set(&mut self, password: &str) -> Result<(), arboard::Error> {
        excluded(arboard::Clipboard::set(self)).text(password)
    }

    fn text(&mut self) -> Option<String> {
        self.get_text().ok()
    }

    fn clear(&mut self) -> Result<(), arboard::Error> {
        arboard::Clipboard::clear(self)
    }
}

/// Windows has a word for each of those who read along: programs that watch, the cloud, the history.
#[cfg(windows)]
fn excluded(set: arboard::Set<'_>) -> arboard::Set<'_> {
    set.exclude_from_monitoring()
        .exclude_from_cloud()
        .exclude_from_history()
}

/// On Linux `x-kde-passwordManagerHint`, on macOS `org.nspasteboard.ConcealedType`.
#[cfg(not(windows))]
fn excluded(set: arboard::Set<'_>) -> arboard::Set<'_> {
    set.exclude_from_history()
}

/// The clipboard, opened when it is first needed. On Linux what was copied is there only as long as this is.
#[derive(Clone)]
pub struct Clipboard {
    state: Arc<Mutex<State>>,
}

struct State {
    open: fn() -> Result<Box<dyn Board>, arboard::Error>,
    board: Option<Box<dyn Board>>,
    /// The password that may still be there.
    copied: Option<Secret<String>>,
    /// How many were copied.
    count: u64,
}

impl Default for Clipboard {
    fn default() -> Self {
        Clipboard::over(|| Ok(Box::new(arboard::Clipboard::new()?)))
    }
}

impl Clipboard {
    fn over(open: fn() -> Result<Box<dyn Board>, arboard::Error>) -> Self {
        let state = State {
            open,
            board: None,
            copied: None,
            count: 0,
        };
        Clipboard {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Puts a password on the clipboard, and takes it off again after [`STAYS`].
    pub fn copy(&self, password: Secret<String>) -> Result<()> {
        let count = self.put(password)?;
        let clipboard = self.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(STAYS).await;
            clipboard.expire(count);
        });
        Ok(())
    }

    /// Takes a password that was copied off again; something else that was copied since stays.
    pub fn forget(&self) {
        let mut state = self.lock();
        let Some(password) = state.copied.take() else {
            return;
        };
        let done = state.with(|board| match board.text() {
            Some(text) if text == *password.expose() => board.clear(),
            _ => Ok(()),
        });
        if let Err(error) = done {
            tracing::warn!(error = error.sentence, "The clipboard was not cleared");
        }
    }

    fn put(&self, password: Secret<String>) -> Result<u64> {
        let mut state = self.lock();
        state.with(|board| board.set(password.expose()))?;
        state.copied = Some(password);
        state.count += 1;
        Ok(state.count)
    }

    /// The time of the copy with this number is over. A later one has its own.
    fn expire(&self, count: u64) {
        if self.lock().count == count {
            self.forget();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn with(&mut self, act: impl FnOnce(&mut dyn Board) -> Result<(), arboard::Error>) -> Result<()> {
        let done = match self.board.as_mut() {
            Some(board) => act(board.as_mut()),
            None => (self.open)().and_then(|opened| act(self.board.insert(opened).as_mut())),
        };
        done.map_err(|error| {
            Error::new(ErrorKind::Internal, "The clipboard can't be used.")
                .hint("Show the password and copy it by hand.")
                .because(&error)
        })
    }
}

#[cfg(test)]
#[path = "clipboard_tests.rs"]
mod tests;
