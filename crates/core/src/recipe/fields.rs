//! Typed access to one TOML table: notes what is missing, of the wrong type or unknown, with its place in the file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problems::Problems;
use crate::names::{is_hidden, nearest, shown};

/// A value with its place in the file.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) span: Range<usize>,
}

/// One table of the file. Every field that is asked for counts as known; [`Fields::finish`] reports the others.
pub(super) struct Fields<'d> {
    /// For sentences, such as “step “unpack””.
    pub(super) owner: String,
    /// Where the table begins.
    pub(super) span: Range<usize>,
    table: &'d DeTable<'d>,
    known: Vec<&'static str>,
    pub(super) problems: &'d Problems<'d>,
}

impl<'d> Fields<'d> {
    pub(super) fn new(
        owner: impl Into<String>,
        span: Range<usize>,
        table: &'d DeTable<'d>,
        problems: &'d Problems<'d>,
    ) -> Self {
        Fields {
            owner: owner.into(),
            span,
            table,
            known: Vec::new(),
            problems,
        }
    }

    /// The raw value of a field.
    pub(super) fn value(&mut self, name: &'static str) -> Option<&'d Spanned<DeValue<'d>>> {
        self.known.push(name);
        self.table
            .iter()
            .find(|(key, _)| key.get_ref() == name)
            .map(|(_, value)| value)
    }

    /// Notes that a field has the wrong type.
    pub(super) fn wrong(&self, name: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let reason = format!(
            "“{name}” of {} should be {expected}, but it is {}",
            self.owner,
            kind_of(value.get_ref())
        );
        self.problems.add(&value.span(), reason);
    }

    /// A text, if it is there.
    pub(super) fn text(&mut self, name: &'static str) -> Option<Placed<String>> {
        let value = self.value(name)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Placed {
                value: text.to_string(),
                span: value.span(),
            }),
            _ => {
                self.wrong(name, value, "a text in quotes");
                None
            }
        }
    }

    /// A line of text that must be there and not be empty. Where it is not, that is noted and an empty one is given.
    pub(super) fn required_text(&mut self, name: &'static str) -> Placed<String> {
        let missing = self.value(name).is_none();
        if missing {
            self.problems
                .add(&self.span, format!("{} needs “{name}”", self.owner));
        }
        let Some(text) = self.text(name) else {
            return Placed {
                value: String::new(),
                span: self.span.clone(),
            };
        };
        if text.value.trim().is_empty() {
            self.problems
                .add(&text.span, format!("“{name}” of {} is empty", self.owner));
        }
        self.check_line(name, &text);
        text
    }

    /// Notes characters that can't be seen: they could disguise a text, or steer a terminal that shows it.
    pub(super) fn check_line(&self, name: &str, text: &Placed<String>) {
        if let Some(hidden) = text.value.chars().find(|&c| is_hidden(c)) {
            let hidden = shown(&hidden.to_string());
            let reason = format!("“{name}” of {} should be one line without “{hidden}”", self.owner);
            self.problems.add(&text.span, reason);
        }
    }

    /// A whole number in a range, if it is there.
    pub(super) fn number(&mut self, name: &'static str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let value = self.value(name)?;
        match whole(value.get_ref()) {
            Some(number) if range.contains(&number) => Some(number),
            _ => {
                let expected = format!("a whole number from {} to {}", range.start(), range.end());
                self.wrong(name, value, &expected);
                None
            }
        }
    }

    /// True or false; false where it is not there.
    pub(super) fn flag(&mut self, name: &'static str) -> bool {
        let Some(value) = self.value(name) else {
            return false;
        };
        match value.get_ref() {
            DeValue::Boolean(flag) => *flag,
            _ => {
                self.wrong(name, value, "true or false");
                false
            }
        }
    }

    /// A list of values that `read` understands; an empty list where it is not there.
    pub(super) fn list<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Vec<Placed<T>> {
        let Some(value) = self.value(name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(name, value, &format!("a list of {expected}"));
            return Vec::new();
        };
        let mut list = Vec::new();
        for item in items {
            match read(item.get_ref()) {
                Some(found) => list.push(Placed {
                    value: found,
                    span: item.span(),
                }),
                None => self.wrong(name, item, &format!("a list of {expected}")),
            }
        }
        list
    }

    /// A list of texts; an empty list where it is not there.
    pub(super) fn texts(&mut self, name: &'static str) -> Vec<Placed<String>> {
        self.list(name, "texts in quotes", |value| value.as_str().map(str::to_owned))
    }

    /// A table inside this one, if it is there.
    pub(super) fn table(&mut self, name: &'static str, owner: impl Into<String>) -> Option<Fields<'d>> {
        let value = self.value(name)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Fields::new(owner, value.span(), table, self.problems)),
            _ => {
                self.wrong(name, value, "a table");
                None
            }
        }
    }

    /// The tables of a list of tables, such as `[[steps]]`; `owner` names one by its number, from 1.
    pub(super) fn tables(&mut self, name: &'static str, owner: impl Fn(usize) -> String) -> Vec<Fields<'d>> {
        let Some(value) = self.value(name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(name, value, &format!("a list of tables: [[{name}]]"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    tables.push(Fields::new(owner(index + 1), item.span(), table, self.problems));
                }
                _ => self.wrong(name, item, &format!("a list of tables: [[{name}]]")),
            }
        }
        tables
    }

    /// Every name and value of a table whose names are free, such as `env`.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Placed<String>, &'d Spanned<DeValue<'d>>)> {
        self.table.iter().map(|(key, value)| {
            let name = Placed {
                value: key.get_ref().to_string(),
                span: key.span(),
            };
            (name, value)
        })
    }

    /// Reports the fields that nobody asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table {
            let name = key.get_ref().as_ref();
            if !self.known.contains(&name) {
                let near = did_you_mean(name, self.known.iter().copied());
                let reason = format!("{} has an unknown field “{}”{near}", self.owner, shown(name));
                self.problems.add(&key.span(), reason);
            }
        }
    }
}

/// The end of a sentence on an unknown name.
pub(super) fn did_you_mean<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    match nearest(name, candidates).first() {
        Some(near) => format!("; did you mean “{near}”?"),
        None => String::new(),
    }
}

pub(super) fn whole(value: &DeValue<'_>) -> Option<u32> {
    let integer = value.as_integer()?;
    u32::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn kind_of(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text “{}”", shown(text)),
        DeValue::Integer(number) => format!("the number {}", shown(number.as_str())),
        DeValue::Float(number) => format!("the number {}", shown(number.as_str())),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(_) => "a date".into(),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
    }
}
