//! Text that people hand over: files, standard input, the clipboard, fields of the window. All of it is cleaned here, in
//! one way. Windows programs put a byte order mark before it and a carriage return behind it, and neither is meant.

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// The mark that begins UTF-8 and UTF-16 files of Windows.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A file as text: UTF-8 or UTF-16, with or without a byte order mark; else Windows' Western code page, which old editors
/// write. Never an error: what stands there is looked at by whoever reads the text.
pub fn decode(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [_, 0, _, 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, _, 0, _, ..] => utf16(bytes, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(western).collect(),
        },
    };
    text.trim_start_matches(BYTE_ORDER_MARK).to_owned()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    char::decode_utf16(units)
        .map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Windows-1252. Its letters above 0x9f are Unicode's.
fn western(byte: u8) -> char {
    const SPECIAL: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => SPECIAL[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// One line or field, without byte order marks before it and line ends behind it. Spaces stay: a password may begin or end
/// with one.
pub fn line(text: &str) -> &str {
    text.trim_start_matches(BYTE_ORDER_MARK)
        .trim_end_matches(['\r', '\n'])
}

/// A secret, cleaned as [`line`] does it.
#[must_use]
pub fn secret_line(text: &Secret<String>) -> Secret<String> {
    Secret::new(line(text.expose()).to_owned())
}

/// One line of standard input as it came: UTF-8, or what PowerShell writes to a pipe on old Windows. The end is kept.
///
/// Errors: [`ErrorKind::Input`] where it is neither; `field` names it.
pub fn piped(field: &str, bytes: &[u8]) -> Result<Secret<String>> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.contains(&0) {
        let sentence = format!("The {field} is not UTF-8 text: it looks like UTF-16.");
        return Err(Error::new(ErrorKind::Input, sentence)
            .hint("In PowerShell, set $OutputEncoding = [Text.UTF8Encoding]::new($false) first."));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Secret::new(line(text).to_owned())),
        Err(_) => Err(
            Error::new(ErrorKind::Input, format!("The {field} is not UTF-8 text."))
                .hint("Write it in UTF-8, or use letters without accents."),
        ),
    }
}

/// Refuses what nobody could type again, such as a password for Windows' sign-in screen that holds a no-break space. The
/// error names the character by its number, never the text around it.
pub fn check_typable(field: &str, text: &str) -> Result<()> {
    let Some(c) = text.chars().find(|c| !is_typable(*c)) else {
        return Ok(());
    };
    let sentence = format!(
        "The {field} holds a character that can't be typed: {} (U+{:04X}).",
        kind(c),
        u32::from(c)
    );
    Err(Error::new(ErrorKind::Input, sentence)
        .hint("It often comes along when text is copied from a web page or a document. Type it instead."))
}

/// True for what a keyboard of some country has: letters, digits, signs, the plain space.
pub fn is_typable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        // Control characters, the no-break space, the soft hyphen.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' => false,
        // Marks that hang on the letter before: "é" in two pieces looks like "é" in one, and is another password.
        '\u{300}'..='\u{36f}' => false,
        // Spaces that are no space, marks of direction, joiners, and other things without a look.
        '\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' => false,
        // The ideographic space, private characters, presentation forms, full-width letters.
        '\u{3000}' | '\u{e000}'..='\u{ffff}' => false,
        // Invisible tags and private planes; below them are letters and symbols of touch keyboards.
        c => u32::from(c) < 0xe_0000,
    }
}

fn kind(c: char) -> &'static str {
    match c {
        BYTE_ORDER_MARK => "a byte order mark",
        '\r' | '\n' | '\u{2028}' | '\u{2029}' => "a line end",
        '\t' => "a tab",
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => "a special space",
        '\u{300}'..='\u{36f}' => "an accent apart from its letter",
        c if c.is_control() => "a control character",
        _ => "an invisible or special character",
    }
}

#[cfg(test)]
#[path = "input_text_tests.rs"]
mod tests;
