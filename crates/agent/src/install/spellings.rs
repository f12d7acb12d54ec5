//! A secret value in the forms in which programs print it, and how to find one of them in a text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use zeroize::Zeroizing;

/// Fewest characters of a base64 text that are looked for.
const SHORTEST_BASE64: usize = 7;

/// How the units of a pattern are spelled in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Characters as they are, or escaped.
    Plain,
    /// Bytes as two digits each, with or without something between them.
    Hex,
    /// Characters of base64, of one alphabet or the other.
    Base64,
}

/// One form of a secret.
pub struct Pattern {
    kind: Kind,
    units: Zeroizing<String>,
}

impl Pattern {
    /// Every form of a value.
    pub fn all_of(value: &str) -> Vec<Pattern> {
        let utf16: Zeroizing<Vec<u8>> =
            Zeroizing::new(value.encode_utf16().flat_map(u16::to_le_bytes).collect());
        let mut all = vec![Pattern::new(Kind::Plain, value.to_owned())];
        for bytes in [value.as_bytes(), &utf16] {
            all.push(Pattern::new(Kind::Hex, hex::encode(bytes)));
            for text in (0..3).flat_map(|before| base64_within(bytes, before)) {
                if text.len() >= SHORTEST_BASE64 {
                    all.push(Pattern::new(Kind::Base64, text));
                }
            }
        }
        all
    }

    fn new(kind: Kind, units: String) -> Self {
        let units = Zeroizing::new(units);
        Pattern { kind, units }
    }

    /// True for the plain form of this value.
    pub fn is_of(&self, value: &str) -> bool {
        self.kind == Kind::Plain && self.units.as_str() == value
    }

    /// Where the longest spelling that begins at `at` ends, and whether the text ended in the middle of one.
    pub fn find_at(&self, text: &str, at: usize) -> (Option<usize>, bool) {
        let bytes = text.as_bytes();
        let mut units = self.units.chars();
        let mut ends: Vec<usize> = Vec::new();
        let Some(first) = units.next() else {
            return (None, false);
        };
        self.ends_of(first, bytes, at, &mut ends);
        if ends.is_empty() {
            return (None, false);
        }
        let mut is_open = false;
        for unit in units {
            let mut next = Vec::new();
            for end in ends {
                let after = self.past_breaks(bytes, end);
                is_open |= after == bytes.len();
                self.ends_of(unit, bytes, after, &mut next);
            }
            next.sort_unstable();
            next.dedup();
            ends = next;
            if ends.is_empty() {
                return (None, is_open);
            }
        }
        let end = ends.last().map(|end| self.past_padding(bytes, *end));
        (end, is_open)
    }

    /// Behind the `=` that fill up a base64 text.
    fn past_padding(&self, text: &[u8], end: usize) -> usize {
        let rest = text.get(end..).unwrap_or_default();
        let padding = rest.iter().take(2).take_while(|byte| **byte == b'=');
        match self.kind {
            Kind::Base64 => end + padding.count(),
            Kind::Plain | Kind::Hex => end,
        }
    }

    fn ends_of(&self, unit: char, text: &[u8], at: usize, ends: &mut Vec<usize>) {
        let rest = text.get(at..).unwrap_or_default();
        let found = |length: usize| at + length;
        match self.kind {
            Kind::Plain => plain(unit, rest, |length| ends.push(found(length))),
            Kind::Hex => {
                let same = rest
                    .first()
                    .is_some_and(|byte| byte.eq_ignore_ascii_case(&(unit as u8)));
                if same {
                    ends.push(found(1));
                }
            }
            Kind::Base64 => base64(unit, rest, |length| ends.push(found(length))),
        }
    }

    /// Programs break long lines; hex has separators besides.
    fn past_breaks(&self, text: &[u8], mut at: usize) -> usize {
        let separators: &[&[u8]] = match self.kind {
            Kind::Hex => &[b"\r\n", b"\n", b"-", b":", b", ", b",", b" ", b"0x", b"\\x", b"%"],
            Kind::Plain | Kind::Base64 => &[b"\r\n", b"\n"],
        };
        while let Some(rest) = text.get(at..)
            && let Some(found) = separators.iter().find(|separator| rest.starts_with(separator))
        {
            at += found.len();
        }
        at
    }
}

/// The characters of base64 that these bytes alone decide, where `before` bytes stand in front of them: with more
/// behind them, and at the end of the text.
fn base64_within(bytes: &[u8], before: usize) -> [String; 2] {
    let mut padded = Zeroizing::new(vec![0; before]);
    padded.extend_from_slice(bytes);
    let text = Zeroizing::new(BASE64.encode(padded.as_slice()));
    let whole = text.trim_end_matches('=');
    let (first, last) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
    [last, whole.len()].map(|end| whole[first.min(end)..end].to_owned())
}

/// The spellings of a character: as it is, escaped for a URL, JSON, XML, SQL or a shell.
fn plain(c: char, rest: &[u8], mut end: impl FnMut(usize)) {
    let mut buffer = [0; 4];
    let literal = c.encode_utf8(&mut buffer).as_bytes();
    if rest.starts_with(literal) {
        end(literal.len());
    }
    // A quote is doubled in SQL and PowerShell; `\` (JSON, sh), a backtick and `^` go in front of a character.
    let is_doubled = matches!(c, '\'' | '"' | '`' | '%') && rest.first() == rest.get(1);
    if is_doubled && rest.starts_with(literal) {
        end(2);
    }
    if matches!(rest.first(), Some(b'\\' | b'`' | b'^'))
        && !c.is_ascii_alphanumeric()
        && rest[1..].starts_with(literal)
    {
        end(1 + literal.len());
    }
    match rest.first() {
        Some(b'%') if percent(literal, rest) => end(3 * literal.len()),
        Some(b'+') if c == ' ' => end(1),
        Some(b'\\') => {
            if let Some(length) = json(c, rest) {
                end(length);
            }
        }
        Some(b'&') => {
            if let Some(length) = entity(c, rest) {
                end(length);
            }
        }
        _ => {}
    }
}

fn percent(literal: &[u8], rest: &[u8]) -> bool {
    let pairs = rest.chunks(3).take(literal.len());
    pairs.len() == literal.len()
        && pairs.zip(literal).all(|(pair, byte)| {
            pair.len() == 3
                && pair[0] == b'%'
                && pair[1..].eq_ignore_ascii_case(format!("{byte:02x}").as_bytes())
        })
}

fn json(c: char, rest: &[u8]) -> Option<usize> {
    let short = match c {
        '\u{8}' => Some(b'b'),
        '\u{c}' => Some(b'f'),
        '\n' => Some(b'n'),
        '\r' => Some(b'r'),
        '\t' => Some(b't'),
        _ => None,
    };
    if short.is_some() && rest.get(1).copied() == short {
        return Some(2);
    }
    let mut units = [0; 2];
    let escaped: String = c
        .encode_utf16(&mut units)
        .iter()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    let same = rest
        .get(..escaped.len())?
        .eq_ignore_ascii_case(escaped.as_bytes());
    same.then_some(escaped.len())
}

/// An entity of XML or HTML.
fn entity(c: char, rest: &[u8]) -> Option<usize> {
    /// `&#x10FFFF;`, with room for leading zeros.
    const LONGEST: usize = 16;
    let end = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&rest[1..end]).ok()?;
    let meant = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    };
    (meant == Some(c)).then_some(end + 1)
}

/// A character of base64: `-` and `_` stand for `+` and `/` in URLs, where the latter may be percent-encoded too.
fn base64(c: char, rest: &[u8], mut end: impl FnMut(usize)) {
    let spellings: &[&[u8]] = match c {
        '+' => &[b"+", b"-", b"%2b", b"\\u002b"],
        '/' => &[b"/", b"_", b"%2f", b"\\/"],
        _ => &[],
    };
    if rest.first() == Some(&(c as u8)) && spellings.is_empty() {
        return end(1);
    }
    for spelling in spellings {
        let found = rest.get(..spelling.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(spelling)) {
            end(spelling.len());
        }
    }
}
