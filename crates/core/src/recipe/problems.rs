//! What is wrong in a recipe file: collected while it is read, so that an author sees everything at once.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use crate::error::{Error, ErrorKind};

/// After so many the file is something else than a recipe.
const MOST: usize = 50;

/// Something wrong in a recipe file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Line in the file, from 1.
    pub line: usize,
    /// Why, without a full stop at the end.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}: {}", self.line, self.reason)
    }
}

/// The problems found so far in one text.
pub(super) struct Problems<'t> {
    text: &'t str,
    line_starts: Vec<usize>,
    found: RefCell<Vec<Problem>>,
}

impl<'t> Problems<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let after_line_ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Problems {
            text,
            line_starts: std::iter::once(0).chain(after_line_ends).collect(),
            found: RefCell::default(),
        }
    }

    /// Notes a problem of what stands at `span`.
    pub(super) fn add(&self, span: &Range<usize>, reason: impl Into<String>) {
        let mut found = self.found.borrow_mut();
        if found.len() < MOST {
            let line = self.line_starts.partition_point(|&start| start <= span.start);
            found.push(Problem {
                line: line.max(1),
                reason: reason.into(),
            });
        }
    }

    /// Notes a problem at the first `needle` inside `span`, so that long texts show the very line.
    pub(super) fn add_inside(&self, span: &Range<usize>, needle: &str, reason: impl Into<String>) {
        let inside = self.text.get(span.clone()).and_then(|text| text.find(needle));
        let start = span.start + inside.unwrap_or(0);
        self.add(&(start..span.end), reason);
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// Everything found, in the order of the file.
    pub(super) fn into_sorted(self) -> Vec<Problem> {
        let mut found = self.found.into_inner();
        // Stable, so that problems of one line stay in the order in which they were found.
        found.sort_by_key(|problem| problem.line);
        found.dedup();
        found
    }
}

/// The error for a file with problems: the first one in the sentence, the others as causes.
pub(super) fn to_error(file: &str, problems: &[Problem]) -> Error {
    let sentence = match problems.first() {
        // A question has its own mark at the end.
        Some(first) if first.reason.ends_with('?') => format!("{file}, {first}"),
        Some(first) => format!("{file}, {first}."),
        None => format!("{file} is no recipe."),
    };
    let hint = match problems.len() {
        0 | 1 => "Fix that line and try again.".to_owned(),
        2 => "Fix that line and the other problem below, then try again.".to_owned(),
        many => format!(
            "Fix that line and the {} other problems below, then try again.",
            many - 1
        ),
    };
    let mut error = Error::new(ErrorKind::Recipe, sentence).hint(hint);
    error.causes = problems
        .iter()
        .skip(1)
        .map(|problem| format!("{file}, {problem}"))
        .collect();
    error
}
