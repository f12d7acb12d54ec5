//! Processes on this computer: starting a machine, telling whether it lives, finding what it left over.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use slipway_core::files;
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System, UpdateKind};

use crate::layout::{Hardware, MachineFolder};
use crate::pace;

/// Environment variable that marks a machine's process and, by inheritance, everything that it starts.
pub const MARK: &str = "SLIPWAY_PRACTICE_MACHINE";
/// How often leftovers are looked for; a program that is being ended may start one more.
const ROUNDS: usize = 20;

/// A process that belongs to a practice world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OsProcess {
    /// Process id.
    pub pid: u32,
    /// What it is, such as its program's name.
    pub name: String,
    /// The folder of the machine that it belongs to.
    pub machine: PathBuf,
}

/// Starts a machine's process, detached from this one. Whether it came up is told by [`lives`].
pub fn start_machine(program: &Path, folder: &MachineFolder, hardware: &Hardware) -> io::Result<()> {
    std::fs::create_dir_all(folder.path())?;
    std::fs::write(folder.hardware(), serde_json::to_vec(hardware)?)?;
    let log = files::open_with(&folder.log(), OpenOptions::new().create(true).append(true))?;
    let mut command = Command::new(program);
    command
        .arg("--folder")
        .arg(folder.path())
        .current_dir(folder.world().root())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    // What the user's shell holds, such as keys and tokens, is nobody's business on a machine.
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| is_passed_on(name)));
    command.env(MARK, folder.path());
    detach(&mut command);
    let mut child = command.spawn()?;
    // Without somebody who waits for it, an ended machine would stay in the process table until the app ends.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// What programs need of the environment to run at all, by name; everything else stays behind.
const PASSED_ON: &[&str] = &[
    // Where programs, their settings and temporary files are, and how people write.
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    // How libraries are found where they are not in the usual folders.
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    // Windows itself.
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PROGRAMFILES(X86)",
    "PROGRAMW6432",
    "COMMONPROGRAMFILES",
    "ALLUSERSPROFILE",
    "PUBLIC",
    "USERPROFILE",
    "USERNAME",
    "USERDOMAIN",
    "APPDATA",
    "LOCALAPPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "COMPUTERNAME",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE",
    "OS",
    "PSMODULEPATH",
];

/// Names of variables differ in case on Windows.
fn is_passed_on(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    let same = |known: &&str| match cfg!(windows) {
        true => known.eq_ignore_ascii_case(name),
        false => *known == name,
    };
    name.starts_with("LC_") || PASSED_ON.iter().any(same)
}

#[cfg(unix)]
fn detach(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(windows)]
fn detach(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    /// Process Creation Flags, learn.microsoft.com/windows/win32/procthread/process-creation-flags.
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
    keep_pipes();
}

/// A started process gets every handle that may be inherited, and the pipes of shells are such: whoever reads what this
/// program says would wait for its end until the machine's, too. (`CreateProcessW`, `SetHandleInformation`,
/// learn.microsoft.com.)
#[cfg(windows)]
#[allow(unsafe_code)]
fn keep_pipes() {
    use std::os::windows::io::AsRawHandle;

    use windows_sys::Win32::Foundation::{HANDLE_FLAG_INHERIT, SetHandleInformation};

    let handles = [
        io::stdin().as_raw_handle(),
        io::stdout().as_raw_handle(),
        io::stderr().as_raw_handle(),
    ];
    for handle in handles {
        // SAFETY: these handles are open for as long as this program runs; where there is none, nothing is done.
        unsafe { SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0) };
    }
}

/// Whether a machine process holds its folder.
pub fn lives(folder: &MachineFolder) -> io::Result<bool> {
    match open_lock(folder) {
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes hold of a machine's folder, for as long as the file is kept; `None` where another process has it.
pub fn hold(folder: &MachineFolder) -> io::Result<Option<File>> {
    let file = match open_lock(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            std::fs::create_dir_all(folder.path())?;
            open_lock(folder)?
        }
        other => other?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn open_lock(folder: &MachineFolder) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    files::open_with(&folder.lock(), &mut options)
}

/// Everything alive that belongs to a machine whose folder is `folder` or lies in it.
pub fn below(folder: &Path) -> io::Result<Vec<OsProcess>> {
    let system = look()?;
    let found = system.processes().values();
    Ok(found.filter_map(|process| belongs(process, folder)).collect())
}

/// Ends everything that belongs to a machine, except the calling process, until nothing is left.
pub fn end_all(folder: &Path) -> io::Result<()> {
    let me = std::process::id();
    for _ in 0..ROUNDS {
        let system = look()?;
        let processes = system.processes().values();
        let left: Vec<_> = processes
            .filter(|process| process.pid() != Pid::from_u32(me) && belongs(process, folder).is_some())
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        for process in left {
            process.kill();
        }
        pace::block(pace::LOOK / 4);
    }
    Err(io::Error::other(format!(
        "some processes of {} can't be ended",
        folder.display()
    )))
}

fn look() -> io::Result<System> {
    let kind = ProcessRefreshKind::nothing()
        .with_cmd(UpdateKind::Always)
        .with_environ(UpdateKind::Always)
        .without_tasks();
    let mut system = System::new().map_err(io::Error::other)?;
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
    Ok(system)
}

fn belongs(process: &Process, folder: &Path) -> Option<OsProcess> {
    if matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead) {
        return None;
    }
    let mark = format!("{MARK}=");
    let marked = process.environ().iter().find_map(|entry| {
        let entry = entry.to_str()?;
        entry.strip_prefix(&mark).map(PathBuf::from)
    });
    // Where the system does not show the environment of a process, its command line names the folder as well.
    let named = || {
        process
            .cmd()
            .iter()
            .map(PathBuf::from)
            .find(|arg| arg.starts_with(folder))
    };
    let hidden = process.environ().is_empty();
    let machine = marked.or_else(|| hidden.then(named).flatten())?;
    machine.starts_with(folder).then(|| OsProcess {
        pid: process.pid().as_u32(),
        name: process.name().to_string_lossy().into_owned(),
        machine,
    })
}
