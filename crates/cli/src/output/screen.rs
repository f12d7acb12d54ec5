//! The part of the terminal that is redrawn in place. The cursor comes back however the program ends.

use std::io::{self, Write};
use std::sync::Once;

use crossterm::cursor::{Hide, MoveToColumn, MoveUp, Show};
use crossterm::style::Print;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use crossterm::{execute, queue};

/// A picture on the terminal, drawn over the one before it.
#[derive(Debug)]
pub struct Screen {
    drawn: u16,
}

impl Screen {
    /// Hides the cursor until the screen is dropped.
    pub fn open() -> io::Result<Self> {
        show_cursor_on_panic();
        execute!(io::stdout(), Hide)?;
        Ok(Screen { drawn: 0 })
    }

    /// Replaces the picture. Each line is overwritten rather than erased first, and the terminal is asked to show the
    /// whole at once, so nothing flickers.
    pub fn draw(&mut self, lines: &[String]) -> io::Result<()> {
        let mut out = Vec::new();
        queue!(out, BeginSynchronizedUpdate)?;
        self.to_top(&mut out)?;
        for line in lines {
            queue!(out, Print(line), Clear(ClearType::UntilNewLine), Print("\r\n"))?;
        }
        queue!(out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
        self.drawn = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        write_all(&out)
    }

    fn to_top(&self, out: &mut Vec<u8>) -> io::Result<()> {
        if self.drawn > 0 {
            queue!(out, MoveUp(self.drawn))?;
        }
        queue!(out, MoveToColumn(0))
    }
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
