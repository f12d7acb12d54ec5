//! Where installed programs keep what they are: the tools write these files, the machine's web server reads them.

use std::path::PathBuf;

use crate::layout::Disk;

/// There once a web server is installed.
pub fn web_server(disk: &Disk) -> PathBuf {
    disk.server().join("web-server.json")
}

/// There once folders are pages.
pub fn runtime(disk: &Disk) -> PathBuf {
    disk.server().join("runtime.json")
}

/// The content database, SQLite.
pub fn content(disk: &Disk) -> PathBuf {
    disk.server().join("content.db")
}

/// The salted hash of the administration's login.
pub fn login(disk: &Disk) -> PathBuf {
    disk.server().join("login.json")
}

/// The page that the administration shows after login.
pub fn administration(disk: &Disk) -> PathBuf {
    disk.server().join("administration.html")
}
