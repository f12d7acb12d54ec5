//! Commands to type, written so that the shell takes them as they are meant.

use super::clean;

/// Whose rules apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// sh, bash, zsh, fish.
    Posix,
    /// PowerShell and cmd, as far as one text can serve both.
    Windows,
}

/// The shells of this system.
pub const HERE: Shell = if cfg!(windows) {
    Shell::Windows
} else {
    Shell::Posix
};

/// `slipway` with words of our own and then names or other values, each as the shell takes it.
pub fn command(words: &str, values: &[&str]) -> String {
    written(HERE, words, values)
}

/// An option with its value. What begins with a hyphen is joined to it, or it would be taken for an option.
pub fn option(name: &str, value: &str) -> String {
    let value_quoted = quote(HERE, value);
    if value.starts_with('-') {
        format!("{name}={value_quoted}")
    } else {
        format!("{name} {value_quoted}")
    }
}

/// The name to type for something: its id where the name holds what can't be typed.
pub fn typed<'n>(name: &'n str, id: &'n str) -> &'n str {
    if clean::line(name) == name { name } else { id }
}

fn written(shell: Shell, words: &str, values: &[&str]) -> String {
    let mut text = format!("slipway {words}");
    if values.iter().any(|value| value.starts_with('-')) {
        text.push_str(" --");
    }
    for value in values {
        text.push(' ');
        text.push_str(&quote(shell, value));
    }
    text
}

fn quote(shell: Shell, value: &str) -> String {
    let value = clean::line(value);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.into_owned();
    }
    match shell {
        Shell::Posix => format!("'{}'", value.replace('\'', r"'\''")),
        // Inside double quotes PowerShell looks for these, inside single ones for none; cmd knows only double ones.
        Shell::Windows if value.contains(['$', '`', '"', '“', '”', '„']) => {
            format!("'{}'", value.replace('\'', "''"))
        }
        Shell::Windows => format!("\"{value}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_quotes_has_none() {
        assert_eq!(
            written(Shell::Posix, "retry", &["demo-1.2"]),
            "slipway retry demo-1.2"
        );
        assert_eq!(
            quote(Shell::Windows, "eu-central-1b/t3.large"),
            "eu-central-1b/t3.large"
        );
    }

    #[test]
    fn every_value_is_one_word_to_a_posix_shell() {
        for value in [
            "", "a b", "it's", "$(id)", "a;b", "\"", "!x", "~", "*", "🚀", "=x", "a\\b", "[1]",
        ] {
            let quoted = quote(Shell::Posix, value);
            let echo = std::process::Command::new("sh")
                .args(["-c", &format!("printf '%s|' {quoted}")])
                .output();
            if cfg!(unix) {
                let said = String::from_utf8(echo.expect("sh starts").stdout).expect("UTF-8");
                assert_eq!(said, format!("{value}|"), "{quoted}");
            }
        }
    }

    #[test]
    fn windows_has_quotes_that_cmd_and_powershell_both_know_where_that_can_be() {
        assert_eq!(quote(Shell::Windows, "it's (1)"), "\"it's (1)\"");
        assert_eq!(quote(Shell::Windows, "a $b's"), "'a $b''s'");
    }

    #[test]
    fn a_value_with_a_hyphen_in_front_is_no_option() {
        assert_eq!(
            written(Shell::Posix, "image delete", &["-x"]),
            "slipway image delete -- -x"
        );
        assert_eq!(option("--image", "-x"), "--image=-x");
        assert_eq!(option("--image", "a-x"), "--image a-x");
    }

    #[test]
    fn a_name_that_can_not_be_typed_gives_way_to_the_id() {
        assert_eq!(typed("demo", "01J"), "demo");
        assert_eq!(typed("de\nmo", "01J"), "01J");
    }
}
