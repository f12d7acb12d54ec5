//! The one way to standard output and standard error. With `--json` standard output holds JSON lines and nothing else.

pub mod clean;
pub mod frame;
pub mod plain;
pub mod preview;
pub mod screen;
pub mod shell;
pub mod style;
pub mod summary;
pub mod table;
pub mod text;
pub mod waiting;
pub mod words;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use serde::Serialize;
use slipway_core::error::Error;

use crate::failure::Result;
use style::Style;
use table::{Column, Room};

/// Columns where the terminal does not say how many it has.
const USUAL_WIDTH: usize = 80;
/// Columns of a pipe: whoever reads there wants whole lines.
const ENDLESS: usize = 100_000;

/// How what happens is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Redrawn in place.
    Live,
    /// One line after the other.
    Plain,
    /// One JSON object a line.
    Json,
}

/// Where a command writes.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// How what happens is shown.
    pub mode: Mode,
    /// Colours of standard output.
    pub style: Style,
    /// Colours of standard error, which may lead elsewhere.
    pub error_style: Style,
    /// Standard output is a terminal, even where nothing is redrawn on it.
    terminal: bool,
    /// Causes and request ids of errors are shown.
    pub verbose: bool,
}

/// One JSON line: `type` first, then the fields of the value.
#[derive(Serialize)]
struct Typed<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(flatten)]
    value: &'a T,
}

/// A file that was saved, as a JSON line.
#[derive(Serialize)]
struct Saved<'a> {
    file: &'a str,
}

impl Output {
    /// Looks at both streams, at TERM, and at NO_COLOR (no-color.org: set and not empty).
    pub fn new(json: bool, no_color: bool, verbose: bool) -> Self {
        let able = style::obeys_escapes();
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let mode = match (json, out && able) {
            (true, _) => Mode::Json,
            (false, true) => Mode::Live,
            (false, false) => Mode::Plain,
        };
        let unwanted = no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let style = |terminal: bool| Style {
            colour: terminal && able && !unwanted,
        };
        Output {
            mode,
            style: style(out && !json),
            error_style: style(err),
            terminal: out,
            verbose,
        }
    }

    /// Columns to write in: what COLUMNS says, else what the terminal has; in a pipe as many as it takes.
    pub fn width(self) -> usize {
        let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        if let Some(columns) = asked.filter(|columns| *columns > 0) {
            return columns;
        }
        if !self.terminal {
            return ENDLESS;
        }
        let columns = crossterm::terminal::size().map_or(0, |(columns, _)| columns.into());
        if columns > 0 { columns } else { USUAL_WIDTH }
    }

    /// A line for people; nothing with `--json`. The text must be clean already.
    pub fn line(self, text: impl AsRef<str>) -> Result<()> {
        if self.mode == Mode::Json {
            Ok(())
        } else {
            write_line(text.as_ref())
        }
    }

    /// A JSON line; nothing without `--json`.
    pub fn json(self, kind: &str, value: &impl Serialize) -> Result<()> {
        if self.mode == Mode::Json {
            self.raw(&Typed { kind, value })
        } else {
            Ok(())
        }
    }

    /// A JSON line of a value that brings its own `type`.
    pub fn raw(self, value: &impl Serialize) -> Result<()> {
        let line = serde_json::to_string(value).map_err(io::Error::from)?;
        write_line(&line)
    }

    /// A list: one JSON line an item, or a table.
    pub fn list<T: Serialize>(
        self,
        kind: &str,
        items: &[T],
        head: &[Column],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<()> {
        for item in items {
            self.json(kind, item)?;
        }
        if items.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<String>> = items.iter().map(row).collect();
        let room = Room {
            columns: self.width(),
            may_cut: self.terminal,
        };
        let lines = table::layout(head, &rows, room, self.style);
        lines.iter().try_for_each(|line| self.line(line))
    }

    /// Text or data as it is, for a file or another program; nothing with `--json`.
    pub fn content(self, bytes: &[u8]) -> Result<()> {
        if self.mode == Mode::Json {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        Ok(out.flush()?)
    }

    /// A file that was saved where its user wanted it.
    pub fn saved(self, file: &Path) -> Result<()> {
        let file = file.display().to_string();
        self.json("saved", &Saved { file: &file })?;
        self.line(format!("Saved {}.", clean::line(&file)))
    }

    /// Something beside the result: to standard error, where it does not mix with what a script reads.
    pub fn note(self, text: impl AsRef<str>) {
        // Nobody is left to tell that standard error is closed.
        drop(writeln!(io::stderr(), "{}", text.as_ref()));
    }

    /// What nobody asked for and somebody should know.
    pub fn warn(self, text: &str) {
        self.note(format!("{} {}", self.error_style.warn("!"), clean::line(text)));
    }

    /// An error: the sentence, then the hint; causes and request id with `--verbose`. With `--json` all of it.
    pub fn error(self, error: &Error) {
        if self.mode == Mode::Json {
            // The pipe may be what failed.
            drop(self.json("error", error));
            return;
        }
        self.note(format!(
            "{} {}",
            self.error_style.bad("✗"),
            clean::line(&error.sentence)
        ));
        if !error.hint.is_empty() {
            self.note(format!("  {}", clean::line(&error.hint)));
        }
        if self.verbose {
            for cause in &error.causes {
                self.note(self.error_style.dim(format!("  because: {}", clean::line(cause))));
            }
            if let Some(id) = &error.request_id {
                self.note(self.error_style.dim(format!("  request id: {}", clean::line(id))));
            }
        }
    }
}

fn write_line(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}
