//! Names that people give and misspell: what may be in them, in sentences that name the field, and the near ones.

use crate::error::{Error, ErrorKind, Result};

/// Longest value shown in a sentence, in characters.
const SHOWN: usize = 40;
/// Longest part of a foreign name that is kept, so that a number fits behind it.
const LONGEST_LOCAL: usize = 56;
/// Longer names than this are nobody's misspelling.
const LONGEST_MISSPELLING: usize = 200;

/// The name of a server: 1 to 63 letters, digits, `-`, `_` and `.`, starting with a letter or digit.
///
/// It becomes part of file names, tags and a host's display name, so it is plain ASCII.
pub fn check_server_name(name: &str) -> Result<()> {
    check_plain("server name", name, 63)
}

/// The name of a profile: as a server's.
pub fn check_profile_name(name: &str) -> Result<()> {
    check_plain("profile name", name, 63)
}

/// A profile name of our own for one that other tools wrote: what may not be in it becomes “-”, and a number is put behind
/// one that is taken.
pub fn local_profile_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '-'
        }
    };
    let all: String = name.chars().map(plain).take(LONGEST_LOCAL).collect();
    let trimmed = all.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let own = if name == all && check_profile_name(name).is_ok() {
        name
    } else {
        trimmed
    };
    let own = if own.is_empty() { "profile" } else { own };
    let numbered = (2..).map(|number| format!("{own}-{number}"));
    let mut names = std::iter::once(own.to_owned()).chain(numbered);
    names
        .find(|name| !is_taken(name))
        .unwrap_or_else(|| own.to_owned())
}

/// The name of an image, by EC2's rule (CreateImage, parameter Name): 3 to 128 letters, digits and `()[] ./-'@_`.
pub fn check_image_name(name: &str) -> Result<()> {
    let hint = "Use 3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _";
    let allowed = |c: char| c.is_ascii_alphanumeric() || "()[] ./-'@_".contains(c);
    check_length("image name", name, 3, 128, hint)?;
    check_characters("image name", name, allowed, hint)?;
    if name.starts_with(' ') || name.ends_with(' ') {
        return Err(refused(
            "image name",
            name,
            "it starts or ends with a space",
            hint,
        ));
    }
    Ok(())
}

/// The description of an image, by EC2's rule (CreateImage, parameter Description): one line of at most 255 characters;
/// it may be empty.
pub fn check_image_description(text: &str) -> Result<()> {
    let hint = "Use one line of at most 255 characters.";
    check_length("image description", text, 0, 255, hint)?;
    check_characters("image description", text, |c| !is_hidden(c), hint)
}

/// The value of a tag, by EC2's rule: one line of at most 256 characters; it may be empty.
pub fn check_tag_value(value: &str) -> Result<()> {
    let hint = "Use one line of at most 256 characters.";
    check_length("tag value", value, 0, 256, hint)?;
    check_characters("tag value", value, |c| !is_hidden(c), hint)
}

fn check_plain(field: &str, name: &str, longest: usize) -> Result<()> {
    let hint = format!("Use 1 to {longest} letters (a to z), digits, “-”, “_” and “.”.");
    check_length(field, name, 1, longest, &hint)?;
    check_characters(
        field,
        name,
        |c| c.is_ascii_alphanumeric() || "-_.".contains(c),
        &hint,
    )?;
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        let reason = "it must start with a letter or a digit";
        return Err(refused(field, name, reason, &hint));
    }
    Ok(())
}

fn check_length(field: &str, value: &str, shortest: usize, longest: usize, hint: &str) -> Result<()> {
    let length = value.chars().count();
    if length == 0 && shortest > 0 {
        return Err(Error::new(ErrorKind::Input, format!("The {field} is empty.")).hint(hint));
    }
    if length < shortest {
        let reason = format!("it is too short: at least {shortest} characters are needed");
        return Err(refused(field, value, &reason, hint));
    }
    if length > longest {
        let reason = format!("it has {length} characters, and at most {longest} are possible");
        return Err(refused(field, value, &reason, hint));
    }
    Ok(())
}

fn check_characters(field: &str, value: &str, allowed: impl Fn(char) -> bool, hint: &str) -> Result<()> {
    match value.chars().find(|&c| !allowed(c)) {
        None => Ok(()),
        Some(c) => {
            let reason = format!("it may not hold “{}”", shown(&c.to_string()));
            Err(refused(field, value, &reason, hint))
        }
    }
}

fn refused(field: &str, value: &str, reason: &str, hint: &str) -> Error {
    let sentence = format!("The {field} “{}” can't be used: {reason}.", shown(value));
    Error::new(ErrorKind::Input, sentence).hint(hint)
}

/// A value as it may stand in a sentence: at most 40 characters, those that can't be seen made visible.
pub fn shown(value: &str) -> String {
    let mut out = String::new();
    for c in value.chars().take(SHOWN) {
        if is_hidden(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    if value.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// A text from elsewhere as one line: at most so many characters, each that can't be seen replaced by U+FFFD.
pub fn one_line(text: &str, longest: usize) -> String {
    let seen = |c: char| {
        if is_hidden(c) {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    let mut line: String = text.chars().take(longest).map(seen).collect();
    if text.chars().nth(longest).is_some() {
        line.push('…');
    }
    line
}

/// A name of a file for something of this name, fit for every file system.
pub fn file_name(name: &str, extension: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = name.chars().take(63).map(plain).collect();
    let name = name.trim_matches(['.', '-']);
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    // Windows keeps these names for devices, whatever follows the first dot.
    let port = stem.len() == 4 && ["com", "lpt"].iter().any(|port| stem.starts_with(port));
    let device = port || ["con", "prn", "aux", "nul", "conin", "conout", "clock"].contains(&stem.as_str());
    match (name.is_empty(), device) {
        (true, _) => format!("server.{extension}"),
        (_, true) => format!("server-{name}.{extension}"),
        _ => format!("{name}.{extension}"),
    }
}

/// Control characters, line ends, and what changes how its neighbours look without being seen itself.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || is_bidi_control(c)
        || matches!(
            c,
            '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{feff}'
        )
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{e0000}'..='\u{e007f}')
}

/// Characters that turn the direction of the text around them, and so can disguise it.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The candidates that were probably meant, nearest first, at most three.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<String> {
    if name.chars().nth(LONGEST_MISSPELLING).is_some() {
        return Vec::new();
    }
    let name = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| distance(&name, &candidate.to_lowercase()).map(|far| (far, candidate)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter()
        .take(3)
        .map(|(_, candidate)| candidate.to_owned())
        .collect()
}

/// How far a candidate is from what was written; `None` where nobody could have meant it.
fn distance(name: &str, candidate: &str) -> Option<usize> {
    let far = edits(name, candidate);
    let tolerated = (name.chars().count().max(candidate.chars().count()) / 3).max(1);
    let part =
        name.len() >= 3 && candidate.len() >= 3 && (candidate.contains(name) || name.contains(candidate));
    (far <= tolerated || part).then_some(far)
}

/// How many characters must be put in, taken out, changed or swapped with their neighbour to come from one text to the
/// other (optimal string alignment).
fn edits(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for i in 0..from.len() {
        let mut row = vec![i + 1];
        for j in 0..to.len() {
            let changed = last[j] + usize::from(from[i] != to[j]);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j] {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

/// What to do after something of a name was not found: the near names, or all there are, or that there is none.
pub fn suggest_hint<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str> + Clone) -> String {
    let quote = |names: &[String]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
        quoted.join(", ")
    };
    let near = nearest(name, candidates.clone());
    if !near.is_empty() {
        return format!("Did you mean {}?", quote(&near));
    }
    let all: Vec<String> = candidates.into_iter().map(str::to_owned).collect();
    match all.len() {
        0 => "There are none yet.".into(),
        1..=12 => format!("There are: {}.", quote(&all)),
        many => format!("There are {many}, none with a name like that."),
    }
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
