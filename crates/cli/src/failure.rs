//! How a command can end, and the exit status of each end.

use std::io;
use std::process::ExitCode;

use slipway_core::error::{Error, ErrorKind};

/// How a command that could be carried out ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// 0: done.
    Done,
    /// 1: the launch or act failed; it was said already.
    Failed,
    /// 2: what was given is wrong; it was said already.
    WrongInput,
    /// 130: watching was stopped before the end, so a script must not take it for done.
    Interrupted,
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub enum Failure {
    /// An error to show.
    Error(Error),
    /// Whoever read the output has gone; nobody is left to tell.
    PipeClosed,
}

/// The result of a command or a part of it.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Error(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::PipeClosed;
        }
        Failure::Error(error.into())
    }
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Done => ExitCode::SUCCESS,
            End::Failed => ExitCode::from(1),
            End::WrongInput => ExitCode::from(WRONG_USE),
            End::Interrupted => ExitCode::from(130),
        }
    }
}

/// Wrong use or input.
pub const WRONG_USE: u8 = 2;

/// 2 where another input would help, 1 where the act itself failed.
pub fn exit_status(error: &Error) -> u8 {
    match error.kind {
        ErrorKind::Input | ErrorKind::NotFound | ErrorKind::NameTaken | ErrorKind::Recipe => WRONG_USE,
        _ => 1,
    }
}

/// Wrong use, with what to do instead.
pub fn wrong_use(sentence: impl Into<String>, hint: impl Into<String>) -> Failure {
    Failure::Error(Error::new(ErrorKind::Input, sentence).hint(hint))
}
