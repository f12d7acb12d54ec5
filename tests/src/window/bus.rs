//! A D-Bus session of a test's own, and a record of what was said on it: nobody there shows folders or notifications.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The session; ends with it.
pub struct Bus {
    /// Where programs find it.
    pub address: String,
    record: PathBuf,
    daemon: Child,
    monitor: Child,
}

impl Bus {
    /// Starts the session and the record in this folder.
    pub fn start(folder: &Path) -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address", "--nopidfile"])
            // Nothing of this computer is to be started by asking for it on the session.
            .env("XDG_DATA_DIRS", folder)
            .env("XDG_DATA_HOME", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon starts");
        let mut address = String::new();
        let out = daemon.stdout.as_mut().expect("its output");
        BufReader::new(out)
            .read_line(&mut address)
            .expect("the session's address");
        let address = address.trim().to_owned();
        let record = folder.join("said-on-the-bus");
        let file = std::fs::File::create(&record).expect("a record");
        let monitor = Command::new("dbus-monitor")
            .args(["--address", &address])
            .args([
                "interface='org.freedesktop.FileManager1'",
                "interface='org.freedesktop.Notifications'",
            ])
            .stdout(file)
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-monitor starts");
        Bus {
            address,
            record,
            daemon,
            monitor,
        }
    }

    /// Whether something was said since the start.
    pub fn heard(&self, text: &str) -> bool {
        std::fs::read_to_string(&self.record).is_ok_and(|said| said.contains(text))
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        for child in [&mut self.monitor, &mut self.daemon] {
            // One that has ended by itself is what is wanted.
            drop(child.kill());
            drop(child.wait());
        }
    }
}
