//! Placeholders in a plan's texts: `${namespace.name}` or `${namespace.name|filter}`; `$${` stands for `${`.
//!
//! Namespaces: `input` (the user's answers), `secret` (only where a field allows it) and `machine` (what the agent
//! knows of its machine: `work`, `site`, `site_port`, `metadata`, `attempt`). Filters make a value safe for its place:
//! `html`, `json` (a string with its quotes) and `url` (percent-encoded).

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Copied as it is.
    Text(String),
    /// Replaced by a value.
    Placeholder {
        /// `input`, `secret` or `machine`.
        namespace: String,
        /// The name in the namespace.
        name: String,
        /// How the value is made safe.
        filter: Filter,
    },
}

/// How a value is made safe for its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// As it is.
    None,
    /// `&`, `<`, `>`, `"` and `'` become entities.
    Html,
    /// A JSON string with its quotes.
    Json,
    /// Everything but unreserved characters is percent-encoded.
    Url,
}

/// Why a text can't be expanded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `${` without `}`.
    #[error("a placeholder starts with ${{ and never ends")]
    Open,
    /// Not of the form `namespace.name`.
    #[error("“${{{0}}}” is not a placeholder: it should look like ${{input.title}}")]
    Form(String),
    /// A filter that does not exist.
    #[error("“{0}” is not a filter: there are html, json and url")]
    Filter(String),
    /// The value is not known.
    #[error("nothing is known as “${{{0}}}”")]
    Unknown(String),
}

/// Cuts a text into its pieces.
pub fn parse(text: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        if rest[..at].ends_with('$') {
            plain.push_str(&rest[..at - 1]);
            plain.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        plain.push_str(&rest[..at]);
        let (inside, after) = rest[at + 2..].split_once('}').ok_or(TemplateError::Open)?;
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(placeholder(inside)?);
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// Replaces every placeholder by what `value(namespace, name)` gives.
pub fn expand(text: &str, value: impl Fn(&str, &str) -> Option<String>) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(text.len());
    for piece in parse(text)? {
        match piece {
            Piece::Text(plain) => out.push_str(&plain),
            Piece::Placeholder {
                namespace,
                name,
                filter,
            } => {
                let found = value(&namespace, &name);
                let found = found.ok_or_else(|| TemplateError::Unknown(format!("{namespace}.{name}")))?;
                out.push_str(&filter.apply(found));
            }
        }
    }
    Ok(out)
}

fn placeholder(inside: &str) -> Result<Piece, TemplateError> {
    let (path, filter) = inside
        .split_once('|')
        .map_or((inside, None), |(path, name)| (path, Some(name.trim())));
    let (namespace, name) = path
        .trim()
        .split_once('.')
        .ok_or_else(|| TemplateError::Form(inside.to_owned()))?;
    let word = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    if !word(namespace) || !word(name) {
        return Err(TemplateError::Form(inside.to_owned()));
    }
    let filter = match filter {
        None => Filter::None,
        Some("html") => Filter::Html,
        Some("json") => Filter::Json,
        Some("url") => Filter::Url,
        Some(other) => return Err(TemplateError::Filter(other.to_owned())),
    };
    Ok(Piece::Placeholder {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        filter,
    })
}

impl Filter {
    fn apply(self, value: String) -> String {
        match self {
            Filter::None => value,
            Filter::Html => value.chars().map(html).collect(),
            Filter::Json => serde_json::Value::String(value).to_string(),
            Filter::Url => value.bytes().map(percent).collect(),
        }
    }
}

fn html(c: char) -> String {
    match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '"' => "&quot;".into(),
        '\'' => "&#39;".into(),
        other => other.into(),
    }
}

fn percent(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).into(),
        other => format!("%{other:02X}"),
    }
}
