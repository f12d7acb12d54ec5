//! Errors for people: what happened, to what, what to do next, and whether trying again can help.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, as a closed list that faces and tests may match on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// What the user gave can't be used; the sentence names the field.
    Input,
    /// Nothing of that name is there; the hint lists near names.
    NotFound,
    /// The name is in use.
    NameTaken,
    /// Not possible in the present state.
    WrongState,
    /// An image of a failed server was asked for.
    FailedServer,
    /// The sign-in has expired.
    CredentialsExpired,
    /// The keys are wrong, unknown or disabled.
    CredentialsInvalid,
    /// The account may not do this.
    PermissionMissing,
    /// The account is not ready: sign-up, verification, region not enabled.
    AccountNotReady,
    /// Too many requests; goes away by itself.
    Throttled,
    /// The cloud had trouble of its own; goes away by itself.
    CloudTrouble,
    /// No connection to the cloud.
    Unreachable,
    /// No capacity for this size in this zone.
    NoCapacity,
    /// A quota of the account is used up.
    QuotaExceeded,
    /// The size, image or zone do not go together.
    Unsupported,
    /// There is no network to launch into.
    NetworkMissing,
    /// This computer's clock is wrong.
    ClockWrong,
    /// The instance ended by itself.
    InstanceGone,
    /// The server's key is not the one that its console shows.
    IdentityMismatch,
    /// The installer does not answer.
    AgentSilent,
    /// The installer refused or could not read what we sent.
    AgentRefused,
    /// A step of the install failed.
    StepFailed,
    /// The install ended well, but the site does not answer from here.
    SiteSilent,
    /// The image could not be made.
    ImageFailed,
    /// The keychain is missing or locked.
    Keychain,
    /// The disk is full.
    DiskFull,
    /// The journal can't be read or written.
    Journal,
    /// Another program holds the journal; goes away by itself once that lets go.
    JournalInUse,
    /// A recipe file is broken.
    Recipe,
    /// Something that should not happen.
    Internal,
}

/// Whether trying the same again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// By itself, after a pause.
    Later,
    /// After the user did something.
    AfterUser,
    /// Never.
    No,
}

impl ErrorKind {
    /// Nobody is signed in: a new sign-in, or other keys, mend it.
    pub fn is_signed_out(self) -> bool {
        matches!(
            self,
            ErrorKind::CredentialsExpired | ErrorKind::CredentialsInvalid
        )
    }

    /// The fact behind every kind; the launch machine decides by it.
    pub fn retry(self) -> Retry {
        use ErrorKind::{
            AccountNotReady, AgentRefused, AgentSilent, ClockWrong, CloudTrouble, CredentialsExpired,
            CredentialsInvalid, DiskFull, FailedServer, IdentityMismatch, ImageFailed, Input, InstanceGone,
            Internal, Journal, JournalInUse, Keychain, NameTaken, NetworkMissing, NoCapacity, NotFound,
            PermissionMissing, QuotaExceeded, Recipe, SiteSilent, StepFailed, Throttled, Unreachable,
            Unsupported, WrongState,
        };
        match self {
            Throttled | CloudTrouble | Unreachable | JournalInUse => Retry::Later,
            CredentialsExpired | CredentialsInvalid | PermissionMissing | AccountNotReady | NoCapacity
            | QuotaExceeded | NetworkMissing | ClockWrong | AgentSilent | SiteSilent | Keychain
            | DiskFull => Retry::AfterUser,
            Input | NotFound | NameTaken | WrongState | FailedServer | Unsupported | InstanceGone
            | IdentityMismatch | AgentRefused | StepFailed | ImageFailed | Journal | Recipe | Internal => {
                Retry::No
            }
        }
    }
}

/// What could not be reached, where the trouble is on the way to something or in what answers there. With
/// [`ErrorKind::Unreachable`] nothing answered, with [`ErrorKind::CloudTrouble`] it answered that it can't.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Unreached {
    /// Whoever tells this computer's public address.
    OwnAddress,
    /// Name resolution on this computer.
    Names,
    /// The proxy that this computer uses: it does not answer, or refuses (407).
    Proxy,
    /// A captive portal answered in place of what was asked.
    SignInPage,
    /// EC2.
    Ec2,
    /// S3.
    S3,
    /// STS.
    Sts,
    /// Another service of AWS, or the whole cloud.
    Aws,
    /// The instance itself: its status service or its site.
    Server,
}

/// An error with everything a face needs to show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What happened, to what: one sentence.
    pub sentence: String,
    /// What to do next: one or two sentences; empty where there is nothing to do.
    pub hint: String,
    /// The causes below it, outermost first, for the fold-out.
    pub causes: Vec<String>,
    /// AWS's request id, where a request was answered.
    pub request_id: Option<String>,
    /// What could not be reached, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unreached: Option<Unreached>,
}

/// The result of nearly everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with its sentence; add [`Error::hint`] and [`Error::because`].
    pub fn new(kind: ErrorKind, sentence: impl Into<String>) -> Self {
        Error {
            kind,
            sentence: sentence.into(),
            hint: String::new(),
            causes: Vec::new(),
            request_id: None,
            unreached: None,
        }
    }

    /// What to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Adds a cause and all causes below it.
    #[must_use]
    pub fn because(mut self, cause: &(dyn std::error::Error + 'static)) -> Self {
        let mut next = Some(cause);
        while let Some(error) = next {
            self.causes.push(error.to_string());
            next = error.source();
        }
        self
    }

    /// What could not be reached. What is known already stays: whoever is nearer to the trouble knows better.
    #[must_use]
    pub fn unreached(mut self, what: Unreached) -> Self {
        self.unreached.get_or_insert(what);
        self
    }

    /// Keeps AWS's request id for support.
    #[must_use]
    pub fn request_id(mut self, id: Option<impl Into<String>>) -> Self {
        self.request_id = id.map(Into::into);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence)
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly,
        };
        let (kind, sentence, hint) = match error.sqlite_error_code() {
            Some(DiskFull) => (
                ErrorKind::DiskFull,
                "The disk is full, so nothing can be written down.",
                "Free some space, then try again.",
            ),
            Some(DatabaseBusy | DatabaseLocked) => (
                ErrorKind::JournalInUse,
                "Another program has kept a database of Slipway locked for ten seconds.",
                "Close whatever has opened it, such as a database browser or a backup, then try again.",
            ),
            Some(CannotOpen | PermissionDenied | ReadOnly) => (
                ErrorKind::Journal,
                "The journal of launches can't be written.",
                "See that the data folder and all in it are yours and can be written to, then try again.",
            ),
            _ => (
                ErrorKind::Journal,
                "The journal of launches can't be read or written.",
                "Try again; if it stays, save the data folder and report this.",
            ),
        };
        Error::new(kind, sentence).hint(hint).because(&error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return Error::new(ErrorKind::DiskFull, "The disk is full.")
                .hint("Free some space, then try again.")
                .because(&error);
        }
        Error::new(ErrorKind::Internal, "A file could not be read or written.").because(&error)
    }
}
