//! The window: one Tauri window over the engine. It decides nothing; what it shows comes from `ui/`, what happens from
//! the engine.

// Without it a console would open beside the window.
#![cfg_attr(windows, windows_subsystem = "windows")]

mod clipboard;
mod commands;
#[cfg(target_os = "linux")]
mod drawing;
mod menu;
mod notice;
mod shell;

use std::process::ExitCode;

use tauri::{AppHandle, Manager, RunEvent};
use tauri_plugin_window_state::StateFlags;

use crate::shell::Shell;

/// The label of the one window.
const WINDOW: &str = "main";

#[expect(
    clippy::disallowed_methods,
    reason = "in what `generate_context` writes, not in ours"
)]
fn main() -> ExitCode {
    slipway_desktop::trace::begin();
    #[cfg(target_os = "linux")]
    drawing::set_environment();
    let built = tauri::Builder::default()
        // First of all: a second start must end before it opens anything.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| come_forward(app)))
        .plugin(window_state())
        .plugin(tauri_plugin_notification::init())
        .menu(menu::build)
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .setup(|app| {
            #[cfg(target_os = "linux")]
            if let Some(window) = app.get_webview_window(WINDOW) {
                drawing::suit_this_computer(&window);
            }
            app.manage(Shell::new(app.handle().clone()));
            shell::open_early(app.handle().clone());
            Ok(())
        })
        .invoke_handler(commands::all())
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(ended);
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "The window could not be opened");
            ExitCode::FAILURE
        }
    }
}

/// Size and place, but not whether it is shown: a hidden window would never come back.
fn window_state<R: tauri::Runtime>() -> tauri::plugin::TauriPlugin<R> {
    let flags = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN;
    tauri_plugin_window_state::Builder::default()
        .with_state_flags(flags)
        .build()
}

fn come_forward(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(WINDOW) {
        let shown = window
            .unminimize()
            .and_then(|()| window.show())
            .and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "The window does not come forward");
        }
    }
}

fn ended(app: &AppHandle, event: RunEvent) {
    if matches!(event, RunEvent::Exit) {
        tauri::async_runtime::block_on(app.state::<Shell>().close());
    }
}
