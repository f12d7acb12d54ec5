//! Colours, used sparingly: they repeat what a mark or word already says.

use std::fmt::Display;

use slipway_core::view::PieceState;

/// Whether a terminal here obeys escape codes. Asking a console of Windows switches that on where it can be.
pub fn obeys_escapes() -> bool {
    #[cfg(windows)]
    let able = crossterm::ansi_support::supports_ansi();
    #[cfg(not(windows))]
    let able = true;
    able && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Whether colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// False with --no-color, NO_COLOR, or where the output is no terminal.
    pub colour: bool,
}

impl Style {
    /// Stands out.
    pub fn bold(self, text: impl Display) -> String {
        self.paint("1", text)
    }

    /// Steps back.
    pub fn dim(self, text: impl Display) -> String {
        self.paint("2", text)
    }

    /// Went well.
    pub fn good(self, text: impl Display) -> String {
        self.paint("32", text)
    }

    /// Went badly.
    pub fn bad(self, text: impl Display) -> String {
        self.paint("31", text)
    }

    /// Wants attention.
    pub fn warn(self, text: impl Display) -> String {
        self.paint("33", text)
    }

    /// Is at work.
    pub fn live(self, text: impl Display) -> String {
        self.paint("36", text)
    }

    /// The mark before a phase or step.
    pub fn mark(self, state: PieceState) -> String {
        match state {
            PieceState::Waiting => self.dim("○"),
            PieceState::Running => self.live("●"),
            PieceState::Done => self.good("✓"),
            PieceState::Failed => self.bad("✗"),
        }
    }

    fn paint(self, code: &str, text: impl Display) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }
}
