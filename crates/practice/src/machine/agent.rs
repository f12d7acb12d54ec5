//! The agent on the machine, kept running as a Windows service would be.

use std::convert::Infallible;
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::Stdio;

use slipway_core::files;
use tokio::process::Command;

use crate::ledger::instances::Ports;
use crate::machine::{Machine, desk};
use crate::trouble::Outcome;

/// The environment variable that tells the tools on the machine how fast time goes.
pub const SPEED: &str = "SLIPWAY_PRACTICE_SPEED";
/// The environment variable that tells them at which address the machine listens.
pub const HOST: &str = "SLIPWAY_PRACTICE_HOST";
/// How long the service control waits before it starts a service again that has ended.
const AGAIN_SECONDS: f64 = 1.0;

/// Runs the agent; starts it again when it dies. One that ends well has nothing left to do until the next boot.
pub async fn keep_running(machine: &Machine, ports: Ports) -> Outcome<Infallible> {
    loop {
        let mut child = command(machine, ports)?.spawn()?;
        let ended = child.wait().await?;
        note(machine, &format!("the agent ended: {ended}"))?;
        if ended.success() {
            return std::future::pending().await;
        }
        machine.pace.pass(AGAIN_SECONDS).await;
    }
}

fn command(machine: &Machine, ports: Ports) -> Outcome<Command> {
    let log = log(machine)?;
    let disk = machine.folder.disk();
    let tool = |name: &str| {
        machine
            .folder
            .tools()
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    };
    let mut command = Command::new(&machine.hardware.agent_program);
    command
        .arg("run")
        .arg("--data-dir")
        .arg(disk.agent())
        .args(["--listen", &format!("{}:{}", ports.host, ports.agent)])
        .args(["--imds", &format!("http://127.0.0.1:{}", ports.metadata)])
        .arg("--console")
        .arg(machine.folder.console())
        .arg("--site-dir")
        .arg(disk.site())
        .args(["--site-port", &ports.site.to_string()])
        .arg("--restart-with")
        .arg(tool(desk::RESTART))
        .arg("--stop-with")
        .arg(tool(desk::SHUT_DOWN))
        .arg("--set-password-with")
        .arg(tool(desk::SET_PASSWORD))
        .env("PATH", path()?)
        .env(SPEED, machine.pace.speed().to_string())
        .env(HOST, ports.host.to_string())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true);
    Ok(command)
}

/// This computer's PATH with this program's folder in front, so that recipes find `slipway-practice-machine`.
fn path() -> Outcome<std::ffi::OsString> {
    let program = std::env::current_exe()?;
    let own = program.parent().map(PathBuf::from).into_iter();
    let old = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = own.chain(std::env::split_paths(&old)).collect();
    std::env::join_paths(folders).map_err(|cause| std::io::Error::other(cause).into())
}

fn note(machine: &Machine, text: &str) -> Outcome<()> {
    use std::io::Write;
    let mut log = log(machine)?;
    Ok(writeln!(log, "{text}")?)
}

fn log(machine: &Machine) -> std::io::Result<std::fs::File> {
    files::open_with(
        &machine.folder.log(),
        OpenOptions::new().create(true).append(true),
    )
}
