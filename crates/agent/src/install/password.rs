//! Sets the Administrator password: by the system itself, or by a program that reads it from its standard input. It
//! is never an argument.

use std::time::Duration;

use tokio::process::Command;

use super::steps::program;
use crate::config::Config;

const LONGEST: Duration = Duration::from_secs(60);

/// Sets the password; an error says in a sentence why it was not set.
pub async fn set(config: &Config, password: &str) -> Result<(), String> {
    let Some(setter) = &config.set_password_with else {
        return of_the_system(password);
    };
    let running = program::run_quietly(Command::new(setter), Some(password));
    match tokio::time::timeout(LONGEST, running).await {
        Err(_) => Err(format!(
            "Setting the Administrator password took longer than {} s.",
            LONGEST.as_secs()
        )),
        Ok(Err(error)) => Err(format!("The Administrator password can't be set: {error}.")),
        Ok(Ok((status, _))) if status.success() => Ok(()),
        Ok(Ok((status, said))) => Err(format!(
            "The Administrator password was not accepted ({}): {said}",
            program::ending(status)
        )),
    }
}

#[cfg(windows)]
fn of_the_system(password: &str) -> Result<(), String> {
    crate::administrator::set_password(password)
}

#[cfg(not(windows))]
fn of_the_system(_password: &str) -> Result<(), String> {
    Err("This system has no program that sets an Administrator password.".to_owned())
}
