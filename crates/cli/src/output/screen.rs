//! The part of the terminal that is redrawn in place. The cursor comes back however the program ends.

use std::io::{self, Write};
use std::sync::Once;

use crossterm::cursor::{Hide, MoveToColumn, MoveUp, Show};
use crossterm::style::Print;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use crossterm::{execute, queue};

use super::text::width;

/// A picture on the terminal, drawn over the one before it.
#[derive(Debug)]
pub struct Screen {
    picture: Picture,
}

impl Screen {
    /// Hides the cursor until the screen is dropped.
    pub fn open() -> io::Result<Self> {
        show_cursor_on_panic();
        execute!(io::stdout(), Hide)?;
        Ok(Screen {
            picture: Picture::default(),
        })
    }

    /// Replaces the picture on a terminal that has so many columns now.
    pub fn draw(&mut self, lines: &[String], columns: usize) -> io::Result<()> {
        let mut out = Vec::new();
        self.picture.replace(lines, columns, &mut out)?;
        write_all(&out)
    }
}

/// What was drawn, to be drawn over.
#[derive(Debug, Default)]
struct Picture {
    /// Columns that each line took.
    widths: Vec<usize>,
    /// Columns that the terminal had.
    columns: usize,
}

impl Picture {
    /// Each line is overwritten rather than erased first, and the terminal is asked to show the whole at once, so nothing
    /// flickers.
    fn replace(&mut self, lines: &[String], columns: usize, out: &mut Vec<u8>) -> io::Result<()> {
        queue!(out, BeginSynchronizedUpdate)?;
        self.to_top(columns, out)?;
        for line in lines {
            queue!(out, Print(line), Clear(ClearType::UntilNewLine), Print("\r\n"))?;
        }
        queue!(out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
        self.widths = lines.iter().map(|line| seen_width(line)).collect();
        self.columns = columns;
        Ok(())
    }

    fn to_top(&self, columns: usize, out: &mut Vec<u8>) -> io::Result<()> {
        let rows = u16::try_from(self.rows(columns)).unwrap_or(u16::MAX);
        if rows > 0 {
            queue!(out, MoveUp(rows))?;
        }
        queue!(out, MoveToColumn(0))?;
        // Lines that broke apart when the terminal became narrower are longer than those that come over them.
        if columns < self.columns {
            queue!(out, Clear(ClearType::FromCursorDown))?;
        }
        Ok(())
    }

    /// Rows that the picture takes now. Most terminals break lines apart when they become narrower; on one that cuts them
    /// instead, some lines above the picture are drawn over.
    fn rows(&self, columns: usize) -> usize {
        let rows = |width: &usize| width.div_ceil(columns.max(1)).max(1);
        self.widths.iter().map(rows).sum()
    }
}

/// Columns that a line takes on the terminal, without the codes for its colours.
fn seen_width(line: &str) -> usize {
    let mut parts = line.split('\x1b');
    let first = parts.next().map_or(0, width);
    let rest = parts.map(|part| part.split_once('m').map_or(0, |(_, text)| width(text)));
    first + rest.sum::<usize>()
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing can be done where the terminal is gone.
        drop(execute!(io::stdout(), Show));
    }
}

fn write_all(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

fn show_cursor_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            drop(execute!(io::stdout(), Show));
            usual(info);
        }));
    });
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
