//! What the faces see: plain values for the window and the terminal, built from the journal. They hold no secret.
//!
//! Times are milliseconds since the Unix epoch, durations are milliseconds, money is US dollars.

mod access;
pub mod choice;
mod images;
mod log;
mod preview;
mod profile;
mod progress;
mod server;
mod waiting;

pub use access::{AccessView, AdminView, PasswordOf, RdpCertificate, VisitView};
pub use images::{ImageJobPhase, ImageJobView, ImageStatus, ImageView};
pub use log::{LineLevel, LogLine, LogPage, LogQuery};
pub use preview::PreviewView;
pub use profile::{
    DoctorView, FileProfileView, FindingView, KeysIn, LeftoverKind, LeftoverView, NewProfile, PricesView,
    ProfileView,
};
pub use progress::{
    ConnectionState, ConnectionView, FailureView, LaunchView, OfferView, ParkedView, PieceState, RailPhase,
    RailView, StepView,
};
pub use server::{Acts, ServerView, Status};
pub(crate) use waiting::Possible;
pub use waiting::{WaitActionView, WaitingView};
