//! From the text of a file of `~/.aws` to its sections, with line numbers. It takes what botocore takes (indented first
//! lines, `key: value`, any line end) and what the SDK takes (comments behind values, doubled keys), and keeps a line that
//! nobody can read as a fault of its own section.

/// What stands below one heading.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// What stands between the brackets; empty for lines above the first heading.
    pub heading: String,
    /// Line of the heading, from 1.
    pub line: usize,
    /// In the order of the file. The last of a doubled key counts.
    pub settings: Vec<Setting>,
    /// The first line that can't be read.
    pub fault: Option<Fault>,
}

/// One `key = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Setting {
    /// In small letters.
    pub key: String,
    /// Without comment and quotes; nested lines are separated by line ends.
    pub value: String,
    /// Line of the key, from 1.
    pub line: usize,
}

/// A line that can't be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// From 1.
    pub line: usize,
    /// The end of a sentence that begins with the line.
    pub reason: &'static str,
}

/// A command line may hold anything; its quotes and signs are its own.
pub(super) const PROCESS: &str = "credential_process";

/// Settings that an indented line may hold by mistake. Anything else that is indented continues the value above it.
const KNOWN: &[&str] = &[
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "credential_process",
    "credential_source",
    "external_id",
    "login_session",
    "mfa_serial",
    "output",
    "region",
    "role_arn",
    "role_session_name",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
];

/// All sections, in the order of the file.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let mut reading = Reading::default();
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    for (at, line) in lines.split('\n').enumerate() {
        reading.take(at + 1, line);
    }
    reading.sections
}

#[derive(Default)]
struct Reading {
    sections: Vec<Section>,
    /// How far the last key was indented; `None` right below a heading.
    key_indent: Option<usize>,
}

impl Reading {
    fn take(&mut self, number: usize, line: &str) {
        let text = trim(line);
        let indent = line.chars().take_while(|c| is_blank(*c)).count();
        if text.is_empty() || text.starts_with(['#', ';']) {
            return;
        }
        if let Some(rest) = text.strip_prefix('[') {
            self.open(number, rest);
        } else if self.key_indent.is_some_and(|key| indent > key) && !is_misplaced(self.last_value(), text) {
            self.go_on(text);
        } else {
            self.key_indent = Some(indent);
            self.set(number, text);
        }
    }

    fn open(&mut self, line: usize, rest: &str) {
        self.key_indent = None;
        let (heading, fault) = match end_of_heading(rest) {
            Some(end) => (&rest[..end], None),
            None => (rest, Some("the heading has no “]”")),
        };
        self.sections.push(Section {
            heading: trim(heading).to_owned(),
            line,
            settings: Vec::new(),
            fault: fault.map(|reason| Fault { line, reason }),
        });
    }

    fn set(&mut self, line: usize, text: &str) {
        let section = self.section(line);
        let split = text.find(['=', ':']);
        let Some((key, value)) = split.map(|at| (trim(&text[..at]), trim(&text[at + 1..]))) else {
            section.fault.get_or_insert(Fault {
                line,
                reason: "it is neither a heading nor “key = value”",
            });
            return;
        };
        if key.is_empty() {
            section.fault.get_or_insert(Fault {
                line,
                reason: "nothing stands before its “=”",
            });
            return;
        }
        let key = key.to_lowercase();
        let value = if key == PROCESS {
            value
        } else {
            unquoted(uncommented(value))
        };
        section.settings.push(Setting {
            value: value.to_owned(),
            key,
            line,
        });
    }

    /// A command goes on behind a space, as it does for botocore; other values keep their lines.
    fn go_on(&mut self, text: &str) {
        let last = self
            .sections
            .last_mut()
            .and_then(|section| section.settings.last_mut());
        if let Some(setting) = last {
            let (between, text) = if setting.key == PROCESS {
                (' ', text)
            } else {
                ('\n', uncommented(text))
            };
            setting.value.push(between);
            setting.value.push_str(text);
        }
    }

    fn last_value(&self) -> &str {
        let last = self.sections.last().and_then(|section| section.settings.last());
        last.map_or("", |setting| setting.value.as_str())
    }

    fn section(&mut self, line: usize) -> &mut Section {
        if self.sections.is_empty() {
            self.sections.push(Section {
                line,
                ..Section::default()
            });
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last]
    }
}

/// An indented setting below a value that is complete: `output = json` can't be part of a region.
fn is_misplaced(above: &str, text: &str) -> bool {
    let key = text.split(['=', ':']).next().map(trim).unwrap_or_default();
    !above.is_empty() && !above.starts_with('\n') && KNOWN.contains(&key.to_lowercase().as_str())
}

/// Where the bracket closes, outside of quotes.
fn end_of_heading(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (c, quote) {
            (']', None) => return Some(at),
            ('"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    rest.find(']')
}

/// Without a comment behind it, which begins with a space.
fn uncommented(value: &str) -> &str {
    let mut before = ' ';
    for (at, c) in value.char_indices() {
        if matches!(c, '#' | ';') && is_blank(before) {
            return trim(&value[..at]);
        }
        before = c;
    }
    value
}

fn unquoted(value: &str) -> &str {
    let inner = |quote| {
        value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
    };
    inner('"').or_else(|| inner('\'')).map_or(value, trim)
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Also what a text editor or a web page leaves behind: no-break spaces, byte order marks.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\0')
}
