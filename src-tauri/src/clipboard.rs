//! A password on the clipboard: kept out of clipboard histories, and gone again after a while.

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

/// The clipboard, opened when it is first needed. On Linux what was copied is there only as long as this is.
#[derive(Clone, Default)]
pub struct Clipboard {
    board: Arc<Mutex<Option<arboard::Clipboard>>>,
}

impl Clipboard {
    /// Puts a password on the clipboard, and takes it off again after [`STAYS`].
    pub fn copy(&self, password: Secret<String>) -> Result<()> {
        self.with(|board| {
            board
                .set()
                .exclude_from_history()
                .text(password.expose().as_str())
        })?;
        let clipboard = self.clone();
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(STAYS).await;
            if let Err(error) = clipboard.forget(&password) {
                tracing::warn!(error = error.sentence, "The clipboard was not cleared");
            }
        });
        Ok(())
    }

    /// Something else that was copied since stays.
    fn forget(&self, password: &Secret<String>) -> Result<()> {
        self.with(|board| match board.get_text() {
            Ok(text) if text == *password.expose() => board.clear(),
            _ => Ok(()),
        })
    }

    fn with(
        &self,
        act: impl FnOnce(&mut arboard::Clipboard) -> std::result::Result<(), arboard::Error>,
    ) -> Result<()> {
        let mut board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        let done = match board.as_mut() {
            Some(board) => act(board),
            None => arboard::Clipboard::new().and_then(|opened| act(board.insert(opened))),
        };
        done.map_err(|error| {
            Error::new(ErrorKind::Internal, "The clipboard can't be used.")
                .hint("Show the password and copy it by hand.")
                .because(&error)
        })
    }
}
