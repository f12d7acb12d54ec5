//! A keychain of a test's own: a D-Bus session with an unlocked keyring on it. AWS profiles keep their keys there.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What the bus starts when the keychain is asked for, again too when it has ended itself.
const SERVICE: &str = "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh -c \
    'printf test-password | exec gnome-keyring-daemon --unlock --foreground --components=secrets'\n";

/// The session; ends with it.
pub struct Keyring {
    /// Where programs find it.
    pub environment: Vec<(String, String)>,
    bus: Child,
}

impl Keyring {
    /// Starts both daemons; what they keep lies in this folder.
    pub fn start(folder: &Path) -> Self {
        let (data, runtime) = (folder.join("keyring"), folder.join("run"));
        // Looked at before the services of the computer.
        let services = data.join("dbus-1/services");
        for path in [&services, &runtime] {
            std::fs::create_dir_all(path).expect("a folder");
        }
        private(&data);
        private(&runtime);
        std::fs::write(services.join("org.freedesktop.secrets.service"), SERVICE).expect("a file");
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut environment = vec![
            ("XDG_DATA_HOME".to_owned(), text(&data)),
            ("XDG_RUNTIME_DIR".to_owned(), text(&runtime)),
        ];
        let (bus, address) = session_bus(&environment);
        environment.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), address));
        wait_for_the_keyring(&environment);
        Keyring { environment, bus }
    }
}

/// The bus, and where it is.
fn session_bus(environment: &[(String, String)]) -> (Child, String) {
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--session", "--nofork", "--print-address", "--nopidfile"])
        .envs(environment.iter().cloned())
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut bus = bus.spawn().expect("dbus-daemon starts");
    let mut address = String::new();
    let out = bus.stdout.as_mut().expect("its output");
    BufReader::new(out)
        .read_line(&mut address)
        .expect("the session's address");
    (bus, address.trim().to_owned())
}

fn wait_for_the_keyring(environment: &[(String, String)]) {
    let wait = [
        "wait",
        "--session",
        "--timeout",
        "30",
        "--activate",
        "org.freedesktop.secrets",
        "org.freedesktop.secrets",
    ];
    let mut there = Command::new("gdbus");
    let there = there.args(wait).envs(environment.iter().cloned()).status();
    assert!(
        there.is_ok_and(|status| status.success()),
        "the keyring is on the bus"
    );
}

#[cfg(unix)]
fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).expect("its owner's alone");
}

#[cfg(not(unix))]
fn private(_: &Path) {}

impl Drop for Keyring {
    fn drop(&mut self) {
        // One that has ended by itself is what is wanted. The keyring ends with its bus.
        drop(self.bus.kill());
        drop(self.bus.wait());
    }
}
