//! Notifications of the desktop: a launch that ended, or waits for the user, while the window is not looked at.

use std::collections::BTreeSet;

use slipway_core::event::Event;
use slipway_core::view::{ServerView, Status};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::NotificationExt;

use crate::WINDOW;

/// What is shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Notice {
    /// The first line.
    pub title: String,
    /// The second.
    pub body: String,
}

/// Finds the ends of launches among the events.
#[derive(Default)]
pub struct Ends {
    /// Ids of launches that were at work when last heard of.
    at_work: BTreeSet<String>,
}

impl Ends {
    /// What a user who looks elsewhere would want to know of this event.
    pub fn hear(&mut self, event: &Event) -> Option<Notice> {
        let Event::Launch { launch } = event else {
            return None;
        };
        let server = &launch.server;
        if server.status == Status::Launching {
            self.at_work.insert(server.id.clone());
            return None;
        }
        if !self.at_work.remove(&server.id) {
            return None;
        }
        notice(server)
    }
}

fn notice(server: &ServerView) -> Option<Notice> {
    let name = &server.name;
    let (title, body) = match server.status {
        Status::Ready => (
            format!("{name} is up"),
            server.site_url.clone().unwrap_or_default(),
        ),
        Status::Failed => (
            format!("{name} could not be installed"),
            "Open Slipway to see which step and why.".into(),
        ),
        Status::Parked => (
            format!("{name} waits for you"),
            "Open Slipway to see what for.".into(),
        ),
        _ => return None,
    };
    Some(Notice { title, body })
}

/// Shows it, unless the window is looked at.
pub fn show(app: &AppHandle, notice: &Notice) {
    let looked_at = app
        .get_webview_window(WINDOW)
        .is_some_and(|window| window.is_focused().unwrap_or(false));
    if looked_at {
        return;
    }
    let shown = app
        .notification()
        .builder()
        .title(&notice.title)
        .body(&notice.body)
        .show();
    if let Err(error) = shown {
        tracing::warn!(%error, "A notification could not be shown");
    }
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
