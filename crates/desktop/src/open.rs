//! Opens things in the programs that the user has for them: a site, a folder, a Remote Desktop session.
//!
//! INVARIANT: no password is ever an argument; every process of this computer can read those.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use slipway_core::error::{Error, ErrorKind, Result};
use url::Url;

/// Opens a web address in the user's browser. Nothing else is opened: an answer of a server must not start programs.
pub fn url(address: &str) -> Result<()> {
    let url = Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| {
        Error::new(
            ErrorKind::Input,
            "Only addresses that start with http:// or https:// are opened.",
        )
    })?;
    opener::open_browser(url.as_str()).map_err(|error| {
        Error::new(ErrorKind::Internal, "The browser could not be opened.")
            .hint(format!("Open {url} yourself."))
            .because(&error)
    })
}

/// Shows a file in its folder, selected where the file browser can do that.
pub fn in_folder(file: &Path) -> Result<()> {
    if !file.is_file() {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("There is no file {}.", file.display()),
        ));
    }
    opener::reveal(file).map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            format!("The folder of {} could not be opened.", file.display()),
        )
        .because(&error)
    })
}

/// Opens an .rdp file in the Remote Desktop client; the client itself asks for the password.
pub fn remote_desktop(file: &Path) -> Result<()> {
    let file = std::path::absolute(file)?;
    let mut command = rdp_client(&file, find_program).ok_or_else(no_client)?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            "The Remote Desktop client could not be started.",
        )
        .because(&error)
    })?;
    // Waits in the background, so that the client leaves no dead entry in the process table when it is closed.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// Runs what waits for another program off the async threads.
pub(crate) async fn blocking(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| {
        Err(Error::new(ErrorKind::Internal, "Opening another program broke off.").because(&error))
    })
}

fn no_client() -> Error {
    Error::new(ErrorKind::NotFound, "No Remote Desktop client was found on this computer.").hint(
        "Install FreeRDP (Debian and Ubuntu: apt install freerdp3-x11) or Remmina, or open the saved .rdp file elsewhere.",
    )
}

/// The command that opens the file with the best client there is; `find` looks a program up.
fn rdp_client(file: &Path, find: impl Fn(&str) -> Option<PathBuf>) -> Option<Command> {
    let clients: &[(&str, &[&str])] = if cfg!(windows) {
        &[("mstsc.exe", &[])]
    } else if cfg!(target_os = "macos") {
        &[("open", &["--"])]
    } else {
        &[("xfreerdp3", &[]), ("xfreerdp", &[]), ("remmina", &["-c"])]
    };
    clients.iter().find_map(|(name, arguments)| {
        let mut command = Command::new(find(name)?);
        command.args(*arguments).arg(file);
        Some(command)
    })
}

fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
