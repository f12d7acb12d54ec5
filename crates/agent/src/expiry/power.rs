//! Shuts the machine down.

use std::process::Stdio;

use tokio::process::Command;

use crate::config::Config;

/// Starts the shutdown; an error says why it can't be.
pub async fn off(config: &Config) -> Result<(), String> {
    let Some(mut command) = program(config) else {
        return Err("this system has no program that stops the machine".to_owned());
    };
    let silent = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match silent.status().await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the program that stops the machine ended with {status}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Only on Windows by itself: elsewhere the agent may run on somebody's desk. Five seconds let the last messages out.
fn program(config: &Config) -> Option<Command> {
    if let Some(program) = &config.system.stop_with {
        return Some(Command::new(program));
    }
    cfg!(windows).then(|| {
        let mut shutdown = Command::new("shutdown.exe");
        shutdown.args(["/s", "/t", "5"]);
        shutdown
    })
}
