//! Text measured in columns of a terminal, and times as people read them.

pub use slipway_core::timestamp::timestamp;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Cuts to at most `columns`, with `…` where something is missing.
pub fn fit(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        let next = c.width().unwrap_or(0);
        if used + next + 1 > columns {
            break;
        }
        used += next;
        cut.push(c);
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// Fills up with spaces on the right.
pub fn pad(text: &str, columns: usize) -> String {
    let mut padded = fit(text, columns);
    let missing = columns.saturating_sub(padded.width());
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

/// Breaks at spaces into lines of at most `columns`; a longer word is broken where it must be.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(10);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut rest = word;
        loop {
            let line = lines.last_mut().expect("there is always a last line");
            let gap = usize::from(!line.is_empty());
            if line.width() + gap + rest.width() <= columns {
                line.extend(std::iter::repeat_n(' ', gap));
                line.push_str(rest);
                break;
            }
            if line.is_empty() {
                let at = columns_to_bytes(rest, columns);
                line.push_str(&rest[..at]);
                rest = &rest[at..];
            }
            lines.push(String::new());
        }
    }
    lines
}

fn columns_to_bytes(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let over = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    over.map_or(text.len(), |(at, _)| at)
}

/// A duration: `12 s`, `3:07`, `1 h 04`.
pub fn duration(millis: i64) -> String {
    let seconds = (millis.max(0) + 500) / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!("{} h {:02}", seconds / 3600, seconds % 3600 / 60),
    }
}

/// How long ago, in words: `just now`, `12 min`, `3 h`, `5 days`.
pub fn age(millis: i64) -> String {
    match millis / 60_000 {
        ..1 => "just now".to_owned(),
        minutes @ 1..60 => format!("{minutes} min"),
        minutes @ 60..2880 => format!("{} h", minutes / 60),
        minutes => format!("{} days", minutes / 1440),
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
