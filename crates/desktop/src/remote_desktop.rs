//! Opens a Remote Desktop session in the client that the user has.
//!
//! INVARIANT: no password is ever an argument; every process of this computer can read those.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::secret::Secret;
use slipway_core::view::{AccessView, PasswordOf};

use crate::folders::create_private;
use crate::open::blocking;
use crate::rdp_certificate::{self, Shown};
use crate::wiring::Desk;

/// A client that ends within this time has not connected.
const WATCHED: Duration = Duration::from_secs(5);
/// Of what a client said, its end is told.
const TOLD_BYTES: u64 = 64 * 1024;

impl Desk {
    /// Opens the Remote Desktop client. Its file lies among those of the launch and goes with it: the client reads it at any
    /// time.
    ///
    /// # Errors
    /// When nobody answers there as Remote Desktop, or somebody else does; when there is no client, and when it ends
    /// within five seconds: then its last line is the cause.
    pub async fn connect_rdp(&self, id: &str) -> Result<()> {
        let client = Client::find(find_program).ok_or_else(no_client)?;
        let access = self.engine.access(id).await?;
        let server = self.engine.view(id).await?.server;
        let certificate = match rdp_certificate::trusted(&access).await {
            // There is nobody to be taken for it on this computer; the client says that nobody answers.
            Err(error) if server.practice && error.kind == ErrorKind::Unreachable => None,
            other => other?,
        };
        let pinned = match certificate {
            // The others ask their user.
            None if client.kind == Kind::FreeRdp && !server.practice => return Err(not_told(&server.name)),
            pinned => pinned,
        };
        let password = match client.kind {
            Kind::FreeRdp => Some(self.password(id, &access, &server.name).await?),
            // These ask their user for it.
            Kind::Own(_) => None,
        };
        let folder = self.engine.store().files_of(id);
        create_private(&folder)?;
        let file = std::path::absolute(self.write_rdp(id, &folder).await?)?;
        let command = client.command(&file, pinned.as_ref());
        let opened = blocking(move || open(command, password.as_ref())).await;
        opened.map_err(|error| match server.practice {
            true => no_desktop(&server.name).because(&error),
            false => error,
        })
    }

    /// `FreeRDP` asks on its standard input alone, where nobody could answer.
    async fn password(&self, id: &str, access: &AccessView, name: &str) -> Result<Secret<String>> {
        if !access.has_password {
            let sentence = format!("The Administrator password of “{name}” is not known yet.");
            return Err(Error::new(ErrorKind::WrongState, sentence).hint(
                "Connect when Windows is ready, or save the .rdp file and open it in your own client.",
            ));
        }
        self.engine.reveal(id, PasswordOf::Administrator).await
    }
}

/// A Remote Desktop client of this computer.
#[derive(Debug, PartialEq, Eq)]
struct Client {
    program: PathBuf,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `FreeRDP`: is told the certificate and the password, and asks nothing.
    FreeRdp,
    /// Asks in windows of its own; with these arguments before the file.
    Own(&'static [&'static str]),
}

impl Client {
    /// The best client there is; `find` looks a program up.
    fn find(find: impl Fn(&str) -> Option<PathBuf>) -> Option<Self> {
        let clients: &[(&str, Kind)] = if cfg!(windows) {
            &[("mstsc.exe", Kind::Own(&[]))]
        } else if cfg!(target_os = "macos") {
            &[("open", Kind::Own(&["--"]))]
        } else {
            &[
                ("xfreerdp3", Kind::FreeRdp),
                ("xfreerdp", Kind::FreeRdp),
                ("remmina", Kind::Own(&["-c"])),
            ]
        };
        clients.iter().find_map(|(name, kind)| {
            let program = find(name)?;
            Some(Client { program, kind: *kind })
        })
    }

    /// `FreeRDP` takes the file before its options only. The certificate is pinned: whoever answers with another one is
    /// refused without a question.
    fn command(&self, file: &Path, certificate: Option<&Shown>) -> Command {
        let mut command = Command::new(&self.program);
        let pin = certificate.map(|shown| format!("/cert:fingerprint:sha256:{}", shown.sha256));
        match self.kind {
            Kind::FreeRdp => command.arg(file).args(pin).arg("/from-stdin:force"),
            Kind::Own(arguments) => command.args(arguments).arg(file),
        };
        command
    }
}

fn not_told(name: &str) -> Error {
    let sentence = format!("The console of “{name}” has not told of Remote Desktop's certificate.");
    Error::new(ErrorKind::IdentityMismatch, sentence).hint(
        "Nobody can say whose certificate it is. Try again in some minutes, or save the .rdp file and open it in \
         your own client, which asks you.",
    )
}

/// Starts the client and looks after it for a while. It outlives this program, so what it says goes to a file without a
/// name instead of a pipe, which would end it.
fn open(mut command: Command, password: Option<&Secret<String>>) -> Result<()> {
    let said = tempfile::tempfile()?;
    command
        .stdin(Stdio::piped())
        .stdout(said.try_clone()?)
        .stderr(said.try_clone()?);
    // Ctrl-C in the terminal is not meant for it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| {
        let sentence = "The Remote Desktop client could not be started.";
        Error::new(ErrorKind::Internal, sentence).because(&error)
    })?;
    tell(&mut child, password);
    match ended(child, WATCHED) {
        Some(status) if !status.success() => Err(gave_up(status, said)),
        _ => Ok(()),
    }
}

/// A client that has ended already takes nothing; its end is told.
fn tell(child: &mut Child, password: Option<&Secret<String>>) {
    if let (Some(mut input), Some(password)) = (child.stdin.take(), password) {
        drop(input.write_all(format!("{}\n", password.expose()).as_bytes()));
    }
}

/// How it ended, where it did so in time. It is waited for in the background all the same, so that it leaves no dead
/// entry in the process table.
fn ended(mut child: Child, time: Duration) -> Option<ExitStatus> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || tell.send(child.wait()));
    told.recv_timeout(time).ok().and_then(std::io::Result::ok)
}

fn gave_up(status: ExitStatus, mut said: File) -> Error {
    let last = last_line(&mut said).unwrap_or_default();
    let why = if last.is_empty() {
        format!("It said nothing ({status}).")
    } else {
        format!("It said: {last}")
    };
    let sentence = format!("The Remote Desktop client ended at once. {why}");
    Error::new(ErrorKind::Unreachable, sentence).hint(
        "If Windows' password was changed on the server, save the .rdp file and open it in your own client. Otherwise \
         see that the server runs, and try again.",
    )
}

/// The last error of a log as `FreeRDP` writes it, without time, thread and source; else the last line there is.
fn last_line(said: &mut File) -> std::io::Result<String> {
    let length = said.seek(SeekFrom::End(0))?;
    said.seek(SeekFrom::Start(length.saturating_sub(TOLD_BYTES)))?;
    let mut bytes = Vec::new();
    said.take(TOLD_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let last = lines.clone().next_back().unwrap_or_default();
    let line = lines.rfind(|line| line.contains("[ERROR]")).unwrap_or(last);
    let plain = line.split_once("] - ").map_or(line, |(_, rest)| rest);
    Ok(plain.chars().take(300).collect())
}

fn no_client() -> Error {
    Error::new(ErrorKind::NotFound, "No Remote Desktop client was found on this computer.").hint(
        "Install FreeRDP (Debian and Ubuntu: apt install freerdp3-x11) or Remmina, or open the saved .rdp file elsewhere.",
    )
}

fn no_desktop(name: &str) -> Error {
    let sentence = format!("“{name}” is a practice server: there is no Remote Desktop on it.");
    Error::new(ErrorKind::WrongState, sentence).hint("On EC2 this opens your Remote Desktop client.")
}

fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

#[cfg(test)]
#[path = "remote_desktop_tests.rs"]
mod tests;
