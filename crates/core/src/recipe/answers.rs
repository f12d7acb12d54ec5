//! The user's answers: checked by the input's type, completed with defaults, secrets kept apart.

use std::collections::BTreeMap;

use slipway_protocol::secret::SHORTEST;

use super::model::{Input, InputKind, Recipe};
use super::plan::Start;
use crate::error::{Error, ErrorKind, Result};
use crate::input_text;
use crate::names::{is_bidi_control, is_hidden, nearest, shown, suggest_hint};
use crate::secret::Secret;

/// Longest answer, whatever the recipe says: user data has 16 KB for everything.
const MAX_BYTES: usize = 10_000;

/// Answers that were found to be right.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Those that travel in the plan, by input id: one for every input that is not a secret.
    pub plain: BTreeMap<String, String>,
    /// Those that are sent sealed, by input id: one for every secret input, empty where it was left empty.
    pub secrets: BTreeMap<String, Secret<String>>,
}

impl Recipe {
    /// Checks the answers to all inputs of a fresh launch and fills in defaults.
    ///
    /// Errors: [`ErrorKind::Input`] with a sentence that names the field by its label; further ones are causes.
    pub fn answers(&self, given: &BTreeMap<String, String>) -> Result<Answers> {
        self.answers_for(Start::Fresh, given)
    }

    /// As [`Recipe::answers`], for the inputs that this kind of launch asks for.
    pub fn answers_for(&self, start: Start, given: &BTreeMap<String, String>) -> Result<Answers> {
        let inputs = self.inputs_for(start);
        let mut faults: Vec<Error> = given
            .keys()
            .filter(|id| !inputs.iter().any(|input| input.id == **id))
            .map(|id| unknown(id, &inputs))
            .collect();
        let mut answers = Answers::default();
        for input in inputs {
            match self.answer(start, input, given.get(&input.id).map(String::as_str)) {
                Ok(value) if input.kind == InputKind::Secret => {
                    answers.secrets.insert(input.id.clone(), Secret::new(value));
                }
                Ok(value) => {
                    answers.plain.insert(input.id.clone(), value);
                }
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            Ok(answers)
        } else {
            Err(joined(faults))
        }
    }

    /// Checks one answer, as it is being typed.
    pub fn check_answer(&self, id: &str, value: &str) -> Result<()> {
        let inputs: Vec<&Input> = self.inputs.iter().collect();
        let input = inputs
            .iter()
            .find(|input| input.id == id)
            .ok_or_else(|| unknown(id, &inputs))?;
        self.answer(Start::Fresh, input, Some(value)).map(drop)
    }

    fn answer(&self, start: Start, input: &Input, given: Option<&str>) -> Result<String> {
        let value = given.or(input.default.as_deref()).unwrap_or_default();
        let steps: Vec<&str> = self.steps_for(start).map(|step| step.step.id.as_str()).collect();
        input.accept(value, &steps).map_err(|reason| {
            Error::new(ErrorKind::Input, format!("“{}” {reason}.", input.label)).hint(input.help.clone())
        })
    }
}

impl Input {
    /// The answer in its usual form, or why it can't be one: the end of a sentence that begins with the field's name.
    pub(super) fn accept(&self, value: &str, steps: &[&str]) -> Result<String, String> {
        let value = input_text::line(value);
        // A secret may well be made of spaces.
        let empty = if self.kind == InputKind::Secret {
            value.is_empty()
        } else {
            value.trim().is_empty()
        };
        if empty {
            return if self.required {
                Err("is empty, but it is needed".into())
            } else {
                Ok(self.empty())
            };
        }
        let length = value.chars().count();
        if length > self.max_length {
            return Err(format!(
                "is too long: {length} characters, and at most {} are possible",
                self.max_length
            ));
        }
        if value.len() > MAX_BYTES {
            return Err(format!(
                "is too long: {} bytes, and at most {MAX_BYTES} are possible",
                value.len()
            ));
        }
        match self.kind {
            InputKind::Text => accept_line(value),
            InputKind::Secret => accept_secret(value),
            InputKind::Email => accept_email(value),
            InputKind::Choice => accept_one_of("choice", value, &self.options),
            InputKind::Step => accept_one_of("step", value, steps),
            InputKind::Bool => accept_bool(value),
            InputKind::Number => accept_number(value),
        }
    }

    fn empty(&self) -> String {
        if self.kind == InputKind::Bool {
            "false".into()
        } else {
            String::new()
        }
    }
}

fn unknown(id: &str, inputs: &[&Input]) -> Error {
    let sentence = format!("There is no input “{}”.", shown(id));
    Error::new(ErrorKind::Input, sentence)
        .hint(suggest_hint(id, inputs.iter().map(|input| input.id.as_str())))
}

fn joined(faults: Vec<Error>) -> Error {
    let mut faults = faults.into_iter();
    let Some(mut first) = faults.next() else {
        return Error::new(ErrorKind::Internal, "An answer was refused without a reason.");
    };
    first.causes.extend(faults.map(|fault| fault.sentence));
    first
}

fn accept_line(value: &str) -> Result<String, String> {
    match value
        .chars()
        .find(|&c| c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}'))
    {
        None => Ok(value.to_owned()),
        Some('\n' | '\r') => Err("has several lines, and only one is possible".into()),
        Some(c) => Err(format!(
            "holds the invisible character {}, which is not possible",
            shown(&c.to_string())
        )),
    }
}

/// The reason never repeats the secret.
fn accept_secret(value: &str) -> Result<String, String> {
    if value.chars().count() < SHORTEST {
        return Err(format!(
            "is too short: a secret has at least {SHORTEST} characters, so that it can be kept out of the log"
        ));
    }
    if value.chars().any(is_hidden) {
        return Err("holds a line end or another invisible character, which is not possible".into());
    }
    Ok(value.to_owned())
}

fn accept_email(value: &str) -> Result<String, String> {
    let value = value.trim();
    let fault = || format!("should be an e-mail address, but is “{}”", shown(value));
    let (local, domain) = value.rsplit_once('@').ok_or_else(fault)?;
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let good_local = !local.is_empty() && local.len() <= 64 && local.chars().all(atom);
    let good_dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    let good_domain = domain.contains('.') && domain.split('.').all(label);
    // RFC 5321 allows 254 octets for the whole address.
    if good_local && good_dots && good_domain && value.len() <= 254 {
        Ok(value.to_owned())
    } else {
        Err(fault())
    }
}

fn accept_one_of<S: AsRef<str>>(what: &str, value: &str, known: &[S]) -> Result<String, String> {
    if known.iter().any(|known| known.as_ref() == value) {
        return Ok(value.to_owned());
    }
    let near = nearest(value, known.iter().map(AsRef::as_ref));
    let known = if near.is_empty() {
        known.iter().map(|known| shown(known.as_ref())).collect()
    } else {
        near
    };
    let possible = if known.is_empty() {
        "nothing".to_owned()
    } else {
        format!("“{}”", known.join("”, “"))
    };
    Err(format!(
        "names the {what} “{}”, which does not exist; possible is {possible}",
        shown(value)
    ))
}

fn accept_bool(value: &str) -> Result<String, String> {
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Ok("true".into()),
        "false" | "no" | "off" => Ok("false".into()),
        other => Err(format!("should be true or false, but is “{}”", shown(other))),
    }
}

fn accept_number(value: &str) -> Result<String, String> {
    let value = value.trim();
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    if all_digits(whole) && all_digits(fraction) {
        return Ok(value.to_owned());
    }
    Err(format!(
        "should be a number such as 8 or 2.5, but is “{}”",
        shown(value)
    ))
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
