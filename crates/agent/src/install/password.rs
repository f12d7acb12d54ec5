//! Sets the Administrator password. The value goes by standard input, never as an argument.

use std::time::Duration;

use tokio::process::Command;

use super::steps::program;
use crate::config::Config;

const LONGEST: Duration = Duration::from_secs(60);

/// The account is found by its well-known RID 500, because its name may have been changed.
const WINDOWS_SCRIPT: &str = "$ErrorActionPreference = 'Stop'; \
    $reader = New-Object IO.StreamReader([Console]::OpenStandardInput(), (New-Object Text.UTF8Encoding $false)); \
    $password = ConvertTo-SecureString $reader.ReadToEnd() -AsPlainText -Force; \
    Get-LocalUser | Where-Object { $_.SID -like 'S-1-5-21-*-500' } | \
    Set-LocalUser -Password $password -PasswordNeverExpires $true";

/// Sets the password; an error says in a sentence why it was not set.
pub async fn set(config: &Config, password: &str) -> Result<(), String> {
    let running = program::run_quietly(setter(config)?, Some(password));
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

fn setter(config: &Config) -> Result<Command, String> {
    match &config.set_password_with {
        Some(program) => Ok(Command::new(program)),
        None if cfg!(windows) => {
            let mut powershell = Command::new("powershell.exe");
            powershell.args(["-NoProfile", "-NonInteractive", "-Command", WINDOWS_SCRIPT]);
            Ok(powershell)
        }
        None => Err("This system has no program that sets an Administrator password.".to_owned()),
    }
}
