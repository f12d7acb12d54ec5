//! The menu with the usual shortcuts. Its entries lead to the screens of the front end.

use tauri::menu::{Menu, MenuBuilder, MenuItem, MenuItemBuilder, Submenu, SubmenuBuilder};
use tauri::{AppHandle, Manager, Wry};

use crate::WINDOW;

const QUIT: &str = "quit";

/// Entries that open a screen: its address in the front end, title, shortcut.
const SCREENS: &[(&str, &str, &str)] = &[
    ("#/", "Servers", "CmdOrCtrl+1"),
    ("#/images", "Images", "CmdOrCtrl+2"),
    ("#/recipes", "Recipes", "CmdOrCtrl+3"),
    ("#/profiles", "Profiles", "CmdOrCtrl+4"),
    ("#/settings", "Settings", "CmdOrCtrl+,"),
];
const LAUNCH: (&str, &str, &str) = ("#/launch", "Launch a server…", "CmdOrCtrl+N");

/// The menu of this platform.
pub fn build(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let mut menu = MenuBuilder::new(app);
    if cfg!(target_os = "macos") {
        menu = menu.item(&own(app)?);
    }
    menu = menu.item(&server(app)?);
    // Elsewhere these shortcuts reach the page by themselves, and an entry in the menu would keep them from it.
    if cfg!(target_os = "macos") {
        menu = menu.item(&edit(app)?);
    }
    menu.item(&go(app)?).build()
}

/// Does what an entry says.
pub fn chosen(app: &AppHandle, id: &str) {
    if id == QUIT {
        return app.exit(0);
    }
    let known = SCREENS
        .iter()
        .chain([&LAUNCH])
        .find(|(address, ..)| *address == id);
    if let (Some((address, ..)), Some(window)) = (known, app.get_webview_window(WINDOW))
        && let Err(error) = window.eval(format!("location.hash = '{address}'"))
    {
        tracing::warn!(%error, "A screen could not be opened from the menu");
    }
}

fn own(app: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    SubmenuBuilder::new(app, "Slipway")
        .about(None)
        .separator()
        .hide()
        .hide_others()
        .show_all()
        .separator()
        .quit()
        .build()
}

fn server(app: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    let menu = SubmenuBuilder::new(app, "Server")
        .item(&entry(app, LAUNCH)?)
        .separator();
    if cfg!(target_os = "macos") {
        return menu.close_window().build();
    }
    menu.item(&entry(app, (QUIT, "Quit", "CmdOrCtrl+Q"))?).build()
}

fn edit(app: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    SubmenuBuilder::new(app, "Edit")
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()
}

fn go(app: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    let mut menu = SubmenuBuilder::new(app, "Go");
    for screen in SCREENS {
        menu = menu.item(&entry(app, *screen)?);
    }
    menu.build()
}

fn entry(app: &AppHandle, (id, title, shortcut): (&str, &str, &str)) -> tauri::Result<MenuItem<Wry>> {
    MenuItemBuilder::with_id(id, title)
        .accelerator(shortcut)
        .build(app)
}
