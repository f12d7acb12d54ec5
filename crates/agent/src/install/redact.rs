//! Takes the values of secrets out of everything that is shown or stored.

use std::sync::{Arc, PoisonError, RwLock};

use zeroize::Zeroizing;

/// Stands where a secret was.
const MARK: &str = "•••";
/// Shorter lines of a secret of several lines, such as a lone brace, tell nothing and are everywhere.
const SHORTEST_LINE: usize = 4;

/// The secret values known so far; clones share them.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Vec<Zeroizing<String>>>>);

impl Redactor {
    /// From now on this value is taken out. Output comes line by line, so a value of several lines is taken out
    /// line by line as well.
    pub fn hide(&self, value: &str) {
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let lines = value.lines().filter(|line| line.len() >= SHORTEST_LINE);
        for part in std::iter::once(value.trim_end_matches(['\r', '\n'])).chain(lines) {
            if !part.is_empty() && !values.iter().any(|known| known.as_str() == part) {
                values.push(Zeroizing::new(part.to_owned()));
            }
        }
        // The longest first: a secret may hold a shorter one.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// The text without secrets.
    pub fn redact(&self, text: &str) -> String {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut out = text.to_owned();
        for value in values.iter().filter(|value| text.contains(value.as_str())) {
            out = out.replace(value.as_str(), MARK);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_value_is_taken_out_the_longest_first() {
        let redactor = Redactor::default();
        redactor.hide("hunter2");
        redactor.hide("hunter2-and-more");
        assert_eq!(redactor.redact("a hunter2-and-more b hunter2 c"), "a ••• b ••• c");
    }

    #[test]
    fn a_value_of_several_lines_is_taken_out_of_each_line() {
        let redactor = Redactor::default();
        redactor.hide("first-half\r\nsecond-half\n");
        assert_eq!(redactor.redact("x second-half y"), "x ••• y");
        assert_eq!(redactor.redact("first-half"), "•••");
    }
}
