//! Running other programs: their output goes where `transcript` says, their failure becomes a sentence.

use std::process::{Command, Stdio};

use crate::{program, transcript};

/// Runs the command to its end.
///
/// # Errors
/// A sentence that names the command and how it ended.
pub fn succeed(command: &mut Command) -> Result<(), String> {
    transcript::take(command);
    let status = command
        .status()
        .map_err(|e| format!("{} could not be started: {e}", shown(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({status})", shown(command)))
    }
}

/// Runs the command to its end and returns what it printed on standard output.
///
/// # Errors
/// A sentence that names the command and how it ended.
pub fn output(command: &mut Command) -> Result<String, String> {
    let (printed, ended) = captured(command)?;
    ended.map(|()| printed)
}

/// Runs the command to its end and returns what it printed on standard output, and whether it succeeded.
///
/// # Errors
/// A sentence that names the command, where it could not be started.
pub fn captured(command: &mut Command) -> Result<(String, Result<(), String>), String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("{} could not be started: {e}", shown(command)))?;
    let ended = if output.status.success() {
        Ok(())
    } else {
        Err(format!("`{}` failed ({})", shown(command), output.status))
    };
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), ended))
}

/// Whether the command can be started and succeeds, without a word on the terminal.
pub fn works(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// The same command, giving way to others where the system knows how.
pub fn patient(command: Command) -> Command {
    let Some(nice) = program::find("nice") else {
        return command;
    };
    let mut patient = Command::new(nice);
    patient
        .args(["-n", "10"])
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        patient.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => patient.env(name, value),
            None => patient.env_remove(name),
        };
    }
    patient
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_named_with_its_arguments() {
        let told = succeed(
            Command::new("rustc")
                .arg("--no-such-option")
                .stderr(Stdio::null()),
        );
        assert!(told.unwrap_err().starts_with("`rustc --no-such-option` failed"));
    }

    #[test]
    fn what_a_program_printed_before_it_failed_is_not_lost() {
        let mut shell = Command::new(if cfg!(windows) { "cmd" } else { "sh" });
        let switch = if cfg!(windows) { "/c" } else { "-c" };
        let (printed, ended) = captured(shell.args([switch, "echo half&& exit 3"])).unwrap();
        assert_eq!(printed.trim(), "half");
        assert!(ended.unwrap_err().contains("failed"));
    }

    #[test]
    fn a_patient_command_is_the_same_command() {
        let mut command = Command::new("sh");
        command.args(["-c", "pwd; echo $A; echo $B"]);
        command.env("A", "kept").env_remove("B").current_dir("/");
        if cfg!(unix) {
            assert_eq!(output(&mut patient(command)).unwrap(), "/\nkept\n\n");
        }
    }

    #[test]
    fn a_missing_program_is_an_error_and_does_not_work() {
        assert!(
            succeed(&mut Command::new("no-such-program"))
                .unwrap_err()
                .contains("could not be started")
        );
        assert!(!works(&mut Command::new("no-such-program")));
    }
}
