//! Takes the values of secrets out of everything that is shown or stored, in every form in which programs print them.

use std::sync::{Arc, PoisonError, RwLock};

use slipway_protocol::secret::SHORTEST;

use super::spellings::Pattern;

/// Stands where a secret was.
const MARK: &str = "•••";

/// The secret values known so far; clones share them.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Vec<Pattern>>>);

/// A text without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text.
    pub text: String,
    /// Where in it something begins that the next characters may turn out to be a secret.
    pub open: Option<usize>,
}

impl Redactor {
    /// From now on this value is taken out: as it is, in base64 (also of UTF-16, as PowerShell's `-EncodedCommand` has
    /// it), in hex, percent-encoded, and escaped for JSON, XML or a shell. A value of several lines is taken out line
    /// by line as well. What is shorter than [`SHORTEST`] stays.
    pub fn hide(&self, value: &str) {
        let mut patterns = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let whole = value.trim_end_matches(['\r', '\n']);
        for part in std::iter::once(whole).chain(value.lines()) {
            let known = patterns.iter().any(|pattern| pattern.is_of(part));
            if part.chars().count() >= SHORTEST && !known {
                patterns.extend(Pattern::all_of(part));
            }
        }
    }

    /// The text without secrets.
    pub fn redact(&self, text: &str) -> String {
        self.look(text).text
    }

    /// The text without secrets, and without the beginning of one at its end.
    pub fn redact_cut(&self, text: &str) -> String {
        let Redacted { mut text, open } = self.look(text);
        if let Some(open) = open {
            text.truncate(open);
            text.push_str(MARK);
        }
        text
    }

    /// The text without secrets, and where one may have begun. Line ends within a secret don't hide it.
    pub fn look(&self, text: &str) -> Redacted {
        let patterns = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::with_capacity(text.len());
        let mut open = None;
        let mut copied = 0;
        let mut at = 0;
        while at < text.len() {
            let found = find(&patterns, text, at);
            if found.is_open && open.is_none() {
                open = Some(out.len() + at - copied);
            }
            if let Some(end) = found.longest {
                out.push_str(&text[copied..at]);
                out.push_str(MARK);
                // Whoever counts lines is not to miss any.
                out.extend(text[at..end].chars().filter(|c| *c == '\n'));
                (copied, at) = (end, end);
                continue;
            }
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
        out.push_str(&text[copied..]);
        Redacted { text: out, open }
    }
}

#[derive(Default)]
struct Found {
    longest: Option<usize>,
    is_open: bool,
}

/// What begins exactly at this place.
fn find(patterns: &[Pattern], text: &str, at: usize) -> Found {
    let mut found = Found::default();
    for pattern in patterns {
        let (end, is_open) = pattern.find_at(text, at);
        found.longest = found.longest.max(end);
        found.is_open |= is_open;
    }
    found
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
