//! The one way to standard output and standard error. With `--json` standard output holds JSON lines and nothing else.

pub mod clean;
pub mod frame;
pub mod plain;
pub mod screen;
pub mod style;
pub mod summary;
pub mod table;
pub mod text;
pub mod waiting;
pub mod words;

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use slipway_core::error::Error;

use crate::failure::Result;
use style::Style;

/// Columns where the terminal does not say how many it has.
const USUAL_WIDTH: usize = 80;

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
    /// Colours.
    pub style: Style,
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

impl Output {
    /// Looks at the terminal and at NO_COLOR (no-color.org: set and not empty).
    pub fn new(json: bool, no_color: bool, verbose: bool) -> Self {
        let terminal =
            io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let mode = match (json, terminal) {
            (true, _) => Mode::Json,
            (false, true) => Mode::Live,
            (false, false) => Mode::Plain,
        };
        let unwanted = no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Output {
            mode,
            style: Style {
                colour: terminal && !json && !unwanted,
            },
            verbose,
        }
    }

    /// Columns to write in.
    pub fn width(self) -> usize {
        let columns = crossterm::terminal::size().map_or(USUAL_WIDTH, |(columns, _)| columns.into());
        if self.mode == Mode::Live && columns > 0 {
            columns
        } else {
            USUAL_WIDTH.max(100)
        }
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
        head: &[&str],
        row: impl Fn(&T) -> Vec<String>,
    ) -> Result<()> {
        for item in items {
            self.json(kind, item)?;
        }
        if items.is_empty() {
            return Ok(());
        }
        let rows: Vec<Vec<String>> = items.iter().map(row).collect();
        let lines = table::layout(head, &rows, self.width(), self.style);
        lines.iter().try_for_each(|line| self.line(line))
    }

    /// Something beside the result: to standard error, where it does not mix with what a script reads.
    pub fn note(self, text: impl AsRef<str>) {
        // Nobody is left to tell that standard error is closed.
        drop(writeln!(io::stderr(), "{}", text.as_ref()));
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
            self.style.bad("✗"),
            clean::line(&error.sentence)
        ));
        if !error.hint.is_empty() {
            self.note(format!("  {}", clean::line(&error.hint)));
        }
        if self.verbose {
            for cause in &error.causes {
                self.note(self.style.dim(format!("  because: {}", clean::line(cause))));
            }
            if let Some(id) = &error.request_id {
                self.note(self.style.dim(format!("  request id: {}", clean::line(id))));
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
