//! The two kinds of rack.

mod paper;
mod processes;

pub use paper::Paper;
pub use processes::Processes;
