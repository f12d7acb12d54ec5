//! What lives as long as the window: the engine, the care for its launches, and the way of its news to the front end.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use slipway_core::act_waits::ActWaits;
use slipway_core::clock::Clock;
use slipway_core::engine::{Attendance, Engine};
use slipway_core::error::Result;
use slipway_core::event::Event;
use slipway_desktop::wiring::{Desk, Options};
use tauri::{AppHandle, Emitter, Manager};
use tokio::sync::OnceCell;

use crate::clipboard::Clipboard;
use crate::notice::{self, Ends};

/// The one event that the front end listens to; it carries a [`slipway_core::event::Event`].
const EVENT: &str = "slipway";
/// How often it is looked whether commands wait for something.
const LOOK: Duration = Duration::from_secs(1);
/// A wait that is shorter is nothing to speak of.
const LASTS: Duration = Duration::from_secs(4);

/// What lives as long as the window.
pub struct Shell {
    app: AppHandle,
    desk: OnceCell<Desk>,
    attendance: Mutex<Option<Attendance>>,
    /// The way to put a password on the clipboard.
    pub clipboard: Clipboard,
    /// What the commands under way wait for.
    waits: ActWaits,
}

impl Shell {
    /// Nothing is opened yet.
    pub fn new(app: AppHandle) -> Self {
        Shell {
            app,
            desk: OnceCell::new(),
            attendance: Mutex::default(),
            clipboard: Clipboard::default(),
            waits: ActWaits::new(Clock::system()),
        }
    }

    /// Runs a command. What it waits for is shown while it lasts. Boxed, because the engine's futures are large.
    pub fn act<'c, T: 'c>(
        &self,
        command: impl Future<Output = T> + Send + 'c,
    ) -> Pin<Box<dyn Future<Output = T> + Send + 'c>> {
        let waits = self.waits.clone();
        Box::pin(async move { waits.of(command).await })
    }

    /// The engine and its folders, opened by whoever asks first. What keeps them from opening is told to every caller,
    /// and the next one tries again.
    pub async fn desk(&self) -> Result<&Desk> {
        self.desk.get_or_try_init(|| self.open()).await
    }

    async fn open(&self) -> Result<Desk> {
        let desk = Desk::open(Options::default()).await?;
        *self.attendance.lock().unwrap_or_else(PoisonError::into_inner) = Some(desk.engine.attend());
        tauri::async_runtime::spawn(tell(self.app.clone(), desk.engine.clone()));
        Ok(desk)
    }

    /// Gives every launch back, so that another face goes on with it at once, and leaves no password on the clipboard.
    pub async fn close(&self) {
        self.clipboard.forget();
        drop(
            self.attendance
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        if let Some(desk) = self.desk.get() {
            desk.engine.close().await;
        }
    }
}

/// Opens the engine while the front end is still loading.
pub fn open_early(app: AppHandle) {
    tauri::async_runtime::spawn(tell_waits(app.clone()));
    tauri::async_runtime::spawn(async move {
        let shell = app.state::<Shell>();
        if let Err(error) = shell.act(shell.desk()).await {
            tracing::error!(error = error.sentence, causes = ?error.causes, "The engine did not open");
        }
    });
}

/// Tells the front end what commands wait for, again and again while it lasts: it may not have listened the first time.
async fn tell_waits(app: AppHandle) {
    let mut told = false;
    loop {
        tokio::time::sleep(LOOK).await;
        let wait = app.state::<Shell>().waits.lasting(LASTS);
        let tells = wait.is_some();
        if (tells || told)
            && let Err(error) = app.emit(EVENT, &Event::Waits { wait })
        {
            tracing::warn!(%error, "An event did not reach the window");
        }
        told = tells;
    }
}

/// Passes all news on, until the program ends.
async fn tell(app: AppHandle, engine: Engine) {
    let (mut news, mut ends) = (engine.news(), Ends::default());
    loop {
        let event = news.next().await;
        if let Some(notice) = ends.hear(&event) {
            notice::show(&app, &notice);
        }
        if let Err(error) = app.emit(EVENT, &event) {
            tracing::warn!(%error, "An event did not reach the window");
        }
    }
}
