//! A screen, a D-Bus session and a home folder of one test's own, with WebKit's driver running in them.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use slipway_tests::room::{Room, SPEED};

/// Everything around the window; ends with it.
pub struct Screen {
    /// The data folder, which the terminal can look into, too.
    pub room: Room,
    /// The address of the driver.
    pub driver: String,
    session: Child,
    display: Child,
}

impl Screen {
    pub fn new() -> Self {
        let room = Room::new();
        let home = room.path().join("home");
        write_home(&home);
        let (display, number) = start_display();
        let port = free_port();
        let session = driver(&room, &home, port).env("DISPLAY", number).spawn().unwrap();
        Screen {
            room,
            driver: format!("http://127.0.0.1:{port}"),
            session,
            display,
        }
    }

    /// Where saved files go.
    pub fn downloads(&self) -> PathBuf {
        self.room.path().join("home/Downloads")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in [&mut self.session, &mut self.display] {
            // One that has ended by itself is what is wanted.
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn write_home(home: &Path) {
    std::fs::create_dir_all(home.join("Downloads")).unwrap();
    std::fs::create_dir_all(home.join(".config")).unwrap();
    std::fs::write(
        home.join(".config/user-dirs.dirs"),
        "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n",
    )
    .unwrap();
}

/// The server itself says which display number was free.
fn start_display() -> (Child, String) {
    let mut display = Command::new("Xvfb")
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1440x900x24",
            "-nolisten",
            "tcp",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut number = String::new();
    let said = BufReader::new(display.stdout.as_mut().unwrap()).read_line(&mut number);
    assert!(said.unwrap() > 0, "Xvfb did not start");
    (display, format!(":{}", number.trim()))
}

fn driver(room: &Room, home: &Path, port: u16) -> Command {
    let mut command = Command::new("dbus-run-session");
    command
        .args(["--", "WebKitWebDriver", &format!("--port={port}")])
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join(".config"))
        .env("XDG_DATA_HOME", home.join(".local/share"))
        .env("XDG_CACHE_HOME", home.join(".cache"))
        .env("SLIPWAY_DATA_DIR", room.data())
        .env("SLIPWAY_PRACTICE_SPEED", SPEED)
        // Tauri lets itself be driven only where this asks for it.
        .env("TAURI_AUTOMATION", "true")
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env("GDK_BACKEND", "x11")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("NO_AT_BRIDGE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null());
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
