//! A keychain of a test's own: a D-Bus session with an unlocked keyring on it. AWS profiles keep their keys there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The session; ends with it.
pub struct Keyring {
    /// Where programs find it.
    pub environment: Vec<(String, String)>,
    daemons: Vec<Child>,
}

impl Keyring {
    /// Starts both daemons; what they keep lies in this folder.
    pub fn start(folder: &Path) -> Self {
        let (data, runtime) = (folder.join("keyring"), folder.join("run"));
        for path in [&data, &runtime] {
            std::fs::create_dir_all(path).expect("a folder");
            private(path);
        }
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address", "--nopidfile"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut bus = bus.spawn().expect("dbus-daemon starts");
        let mut address = String::new();
        let out = bus.stdout.as_mut().expect("its output");
        BufReader::new(out)
            .read_line(&mut address)
            .expect("the session's address");
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let environment = vec![
            ("DBUS_SESSION_BUS_ADDRESS".to_owned(), address.trim().to_owned()),
            ("XDG_DATA_HOME".to_owned(), text(&data)),
            ("XDG_RUNTIME_DIR".to_owned(), text(&runtime)),
        ];
        let keyring = unlocked(&environment);
        Keyring {
            environment,
            daemons: vec![keyring, bus],
        }
    }
}

/// The daemon, as soon as it is on the bus.
fn unlocked(environment: &[(String, String)]) -> Child {
    let mut daemon = Command::new("gnome-keyring-daemon");
    daemon
        .args(["--unlock", "--foreground", "--components=secrets"])
        .envs(environment.iter().cloned())
        .env_remove("DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut daemon = daemon.spawn().expect("gnome-keyring-daemon starts");
    let mut input = daemon.stdin.take().expect("its input");
    input.write_all(b"test-password").expect("it takes its password");
    drop(input);
    let wait = ["wait", "--session", "--timeout", "30", "org.freedesktop.secrets"];
    let mut there = Command::new("gdbus");
    let there = there.args(wait).envs(environment.iter().cloned()).status();
    assert!(
        there.is_ok_and(|status| status.success()),
        "the keyring is on the bus"
    );
    daemon
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
        for daemon in &mut self.daemons {
            // One that has ended by itself is what is wanted.
            drop(daemon.kill());
            drop(daemon.wait());
        }
    }
}
