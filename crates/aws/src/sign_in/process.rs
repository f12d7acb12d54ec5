//! A program that prints keys (`credential_process`), started as the AWS SDKs start it: by the shell. Unlike theirs it gets
//! nothing to read, so that it can't take a password from a pipe to Slipway, ends with whoever waits for it, opens no
//! window, and what it writes to its standard error is thrown away, for that may be a secret.

use std::fmt;
use std::process::{ExitStatus, Stdio};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Map, Value};

/// The program, by its command line.
pub(super) struct Program {
    command: String,
}

/// How it failed. Nothing that it printed is in here.
#[derive(Debug)]
pub(super) enum ProgramFailed {
    /// The shell could not be started.
    NotStarted(std::io::Error),
    /// It ended with an error.
    Ended(ExitStatus),
    /// What it printed is not what AWS describes (“Sourcing credentials with an external process”).
    Output(&'static str),
}

impl Program {
    pub fn new(command: &str) -> Self {
        Program {
            command: command.to_owned(),
        }
    }

    async fn run(&self) -> Result<Credentials, ProgramFailed> {
        let mut command = shell(&self.command);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let output = command.output().await.map_err(ProgramFailed::NotStarted)?;
        if !output.status.success() {
            return Err(ProgramFailed::Ended(output.status));
        }
        keys(&output.stdout).map_err(ProgramFailed::Output)
    }
}

#[cfg(not(windows))]
fn shell(line: &str) -> tokio::process::Command {
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", line]);
    command
}

/// The quotes around the whole are what `cmd.exe` takes off.
#[cfg(windows)]
fn shell(line: &str) -> tokio::process::Command {
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    let mut command = tokio::process::Command::new("cmd.exe");
    command
        .arg("/C")
        .raw_arg(format!("\"{line}\""))
        .creation_flags(CREATE_NO_WINDOW);
    command
}

/// Reads what it printed; else what is wrong with it, as the end of a sentence.
fn keys(output: &[u8]) -> Result<Credentials, &'static str> {
    let text = slipway_core::input_text::decode(output);
    let Ok(Value::Object(printed)) = serde_json::from_str::<Value>(&text) else {
        return Err("is not JSON");
    };
    if member(&printed, "Version").and_then(Value::as_i64) != Some(1) {
        return Err("has no “Version” 1");
    }
    let text = |name: &str| {
        member(&printed, name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let expiry = match text("Expiration") {
        Some(stamp) => Some(time(stamp).ok_or("has an “Expiration” that is no time")?),
        None => None,
    };
    let mut keys = Credentials::builder()
        .access_key_id(text("AccessKeyId").ok_or("has no “AccessKeyId”")?)
        .secret_access_key(text("SecretAccessKey").ok_or("has no “SecretAccessKey”")?)
        .provider_name("credential_process");
    keys.set_session_token(text("SessionToken").map(str::to_owned));
    keys.set_expiry(expiry);
    Ok(keys.build())
}

/// Some programs write the names in other letters, and the SDKs take them.
fn member<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o Value> {
    let found = object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value)
}

fn time(stamp: &str) -> Option<std::time::SystemTime> {
    DateTime::from_str(stamp, Format::DateTimeWithOffset)
        .ok()?
        .try_into()
        .ok()
}

impl ProvideCredentials for Program {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let ran = self.run().await;
            ran.map_err(CredentialsError::provider_error)
        })
    }
}

/// Its arguments may be secrets.
impl fmt::Debug for Program {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("credential_process")
    }
}

impl fmt::Display for ProgramFailed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProgramFailed::NotStarted(_) => out.write_str("it could not be started"),
            ProgramFailed::Ended(status) => write!(out, "it ended with {status}"),
            ProgramFailed::Output(what) => write!(out, "what it printed {what}"),
        }
    }
}

impl std::error::Error for ProgramFailed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ProgramFailed::NotStarted(error) => Some(error),
            ProgramFailed::Ended(_) | ProgramFailed::Output(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_describes_is_read_in_any_letters_and_the_rest_is_named() {
        let whole = br#"{"version": 1, "AccessKeyId": "ASIA1", "SecretAccessKey": "s", "SessionToken": "t",
                         "Expiration": "2026-11-30T12:00:00+01:00"}"#;
        let read = keys(whole).unwrap();
        assert_eq!((read.access_key_id(), read.session_token()), ("ASIA1", Some("t")));
        assert_eq!(read.expiry(), time("2026-11-30T11:00:00Z"));
        let marked = [b"\xef\xbb\xbf".as_slice(), whole].concat();
        assert!(keys(&marked).is_ok(), "PowerShell writes a mark before it");
        for (printed, wrong) in [
            ("please log in", "is not JSON"),
            (r#"{"Version": "1"}"#, "has no “Version” 1"),
            (r#"{"Version": 1, "AccessKeyId": ""}"#, "has no “AccessKeyId”"),
            (
                r#"{"Version": 1, "AccessKeyId": "a"}"#,
                "has no “SecretAccessKey”",
            ),
            (
                r#"{"Version": 1, "Expiration": "soon"}"#,
                "has an “Expiration” that is no time",
            ),
        ] {
            assert_eq!(keys(printed.as_bytes()).unwrap_err(), wrong);
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nothing_that_it_says_of_itself_is_kept_and_it_has_nothing_to_read() {
        let failed = Program::new("echo hunter2 >&2; exit 3").run().await.unwrap_err();
        let told = format!("{failed} {failed:?}");
        assert!(told.contains('3') && !told.contains("hunter2"), "{told}");
        let read =
            Program::new("read line; printf '%s' \"{\\\"Version\\\": 1, \\\"got\\\": \\\"$line\\\"}\"");
        assert_eq!(
            read.run().await.unwrap_err().to_string(),
            "what it printed has no “AccessKeyId”"
        );
    }
}
