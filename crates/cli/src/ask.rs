//! Questions to the user: yes or no before something is destroyed, and secrets without echo.

use std::io::{self, BufRead, IsTerminal, Write};

use slipway_core::input_text;
use slipway_core::secret::Secret;

use crate::failure::{Result, wrong_use};
use crate::output::clean;

/// Asks before something is destroyed or interrupted; `what` ends the question. Without a terminal and without
/// `--yes` it is refused.
pub fn confirm(yes: bool, what: &str) -> Result<bool> {
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Err(wrong_use(
            format!("This would {what}, and nobody can be asked."),
            "Add --yes to do it.",
        ));
    }
    let mut ask = io::stderr();
    write!(ask, "{}? [y/N] ", clean::line(&capitalised(what)))?;
    ask.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(
        input_text::line(&answer).trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

/// Asks for a line of text at the terminal.
pub fn text(label: &str) -> Result<String> {
    let mut ask = io::stderr();
    write!(ask, "{}: ", clean::line(label))?;
    ask.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(input_text::line(&answer).trim().to_owned())
}

/// Reads a secret from the terminal without echo.
pub fn secret(label: &str) -> Result<Secret<String>> {
    let prompt = format!("{} (not shown): ", clean::line(label));
    Ok(input_text::secret_line(&Secret::new(rpassword::prompt_password(
        prompt,
    )?)))
}

/// Longest line of a secret that is read from standard input, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// The next line of standard input, cleaned; `None` at the end. `field` says in an error what it should have been.
pub fn line(field: &str) -> Result<Option<Secret<String>>> {
    let mut bytes = Vec::new();
    let mut input = io::Read::take(io::stdin().lock(), LONGEST_LINE);
    if input.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let bytes = Secret::new(bytes);
    Ok(Some(input_text::piped(field, bytes.expose())?))
}

/// Whether somebody can answer.
pub fn somebody() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
