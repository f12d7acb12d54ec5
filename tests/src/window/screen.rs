//! A screen, a D-Bus session and a home folder of one test's own, with the window opened in them through WebKit's driver.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::bus::Bus;
use super::page::PICTURES;
use super::{Driver, Page, processes};
use crate::room::{Room, SPEED, program};

/// Records what should be opened, in place of the desktop's own program.
const STAND_IN: &str = "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$HOME/opened\"\n";

/// The driver and the window find each other by a port that was free a moment ago, and may be taken meanwhile.
const ATTEMPTS: usize = 3;

/// Everything around the window; ends with it.
pub struct Screen {
    /// The data folder, which the terminal can look into, too.
    pub room: Room,
    /// What is said on the session.
    pub bus: Bus,
    /// More variables of its programs, or others in place of the usual ones.
    pub environment: Vec<(String, String)>,
    speed: String,
    number: String,
    display: Child,
    drivers: Vec<Child>,
}

impl Screen {
    /// A screen of the usual size, with the practice world fast-forward.
    pub fn new() -> Self {
        Screen::at_speed(SPEED)
    }

    /// The practice world at another speed.
    pub fn at_speed(speed: &str) -> Self {
        let room = Room::new();
        write_home(&room.path().join("home"));
        let (display, number) = start_display();
        Screen {
            bus: Bus::start(room.path()),
            environment: Vec::new(),
            speed: speed.to_owned(),
            room,
            number,
            display,
            drivers: Vec::new(),
        }
    }

    /// Opens Slipway's window.
    pub fn open(&mut self) -> Page {
        self.open_program(&program("slipway-window"))
    }

    /// Opens the window of a program.
    pub fn open_program(&mut self, program: &Path) -> Page {
        let mut reasons = Vec::new();
        for _ in 0..ATTEMPTS {
            match self.attempt(program) {
                Ok(driver) => return Page(driver),
                Err(reason) => reasons.push(reason),
            }
            self.kill_window();
        }
        panic!("the window does not open: {reasons:?}");
    }

    fn attempt(&mut self, program: &Path) -> Result<Driver, String> {
        let port = free_port();
        let mut driver = self.command("WebKitWebDriver");
        driver.arg(format!("--port={port}"));
        self.drivers.push(driver.spawn().expect("WebKitWebDriver starts"));
        Driver::open(&format!("http://127.0.0.1:{port}"), program)
    }

    /// Launches the practice site from the terminal, and waits until it is ready.
    pub fn launch(&self, name: &str) {
        let words = [
            "--profile",
            "practice",
            "launch",
            "--recipe",
            "practice-site",
            "--name",
            name,
        ];
        self.room.done(&words);
    }

    /// A program of this desktop, ready to be started.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let home = self.home();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        command
            .env("PATH", format!("{}:{path}", home.join("bin").display()))
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address)
            .env("SLIPWAY_DATA_DIR", self.room.data())
            .env("SLIPWAY_PRACTICE_SPEED", &self.speed)
            // Tauri lets itself be driven only where this asks for it.
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("NO_AT_BRIDGE", "1")
            .envs(self.environment.iter().cloned())
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("BROWSER")
            .stdin(Stdio::null());
        if std::env::var_os(PICTURES).is_some() {
            command.env("SLIPWAY_OPENGL", "1");
        }
        command
    }

    /// The home folder.
    pub fn home(&self) -> PathBuf {
        self.room.path().join("home")
    }

    /// Where saved files go.
    pub fn downloads(&self) -> PathBuf {
        self.home().join("Downloads")
    }

    /// Everything that the window wanted to have opened by another program.
    pub fn opened(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.home().join("opened")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Ends the program as its menu does, and waits until it has ended.
    pub fn quit(&mut self, page: &Page) {
        page.0.until("the window is gone", || {
            self.press(page, "ctrl+q");
            processes::of_home(&self.home()).is_empty()
        });
        self.end_drivers();
    }

    /// Presses keys as the keyboard does, so that they reach the menu, too.
    pub fn press(&self, page: &Page, keys: &str) {
        // There is no window manager to give the focus, and the window needs a moment to notice that it has it.
        self.xdotool(&["search", "--onlyvisible", "--name", "Slipway", "windowfocus"]);
        page.0.pause(Duration::from_millis(300));
        self.xdotool(&["key", keys]);
    }

    /// Takes the pointer, which gives the focus where there is no window manager, off the window.
    pub fn look_away(&self) {
        self.xdotool(&["mousemove", "1439", "899"]);
    }

    /// A window that is just closing is not found any more.
    fn xdotool(&self, words: &[&str]) {
        let mut command = self.command("xdotool");
        let done = command
            .args(words)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        done.expect("xdotool starts");
    }

    /// Ends the window as a power cut would.
    pub fn kill_window(&mut self) {
        for process in processes::of_home(&self.home()) {
            if process.name.ends_with("-window") {
                signal("-KILL", process.pid);
            }
        }
        self.end_drivers();
    }

    fn end_drivers(&mut self) {
        for mut driver in self.drivers.drain(..) {
            // One that has ended by itself is what is wanted.
            drop(driver.kill());
            drop(driver.wait());
        }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Screen::new()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.end_drivers();
        let clients = processes::clients_of_home(&self.home());
        for process in processes::of_home(&self.home()).iter().chain(&clients) {
            signal("-KILL", process.pid);
        }
        drop(self.display.kill());
        drop(self.display.wait());
    }
}

fn signal(name: &str, pid: u32) {
    // One that has just ended needs no signal.
    drop(Command::new("kill").args([name, &pid.to_string()]).status());
}

fn write_home(home: &Path) {
    for folder in ["Downloads", ".config", "bin"] {
        std::fs::create_dir_all(home.join(folder)).expect("a folder in the home");
    }
    let folders = home.join(".config/user-dirs.dirs");
    std::fs::write(folders, "XDG_DOWNLOAD_DIR=\"$HOME/Downloads\"\n").expect("the names of folders");
    let stand_in = home.join("bin/xdg-open");
    std::fs::write(&stand_in, STAND_IN).expect("a stand-in for xdg-open");
    std::fs::set_permissions(&stand_in, PermissionsExt::from_mode(0o755)).expect("a program");
}

/// The server itself says which display number was free. It must not begin anew when its last client leaves: whoever comes in
/// that moment finds no display.
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
            "-noreset",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb starts");
    let mut number = String::new();
    let out = display.stdout.as_mut().expect("its output");
    let said = BufReader::new(out).read_line(&mut number);
    assert!(said.is_ok_and(|length| length > 0), "Xvfb did not start");
    (display, format!(":{}", number.trim()))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its number").port()
}
