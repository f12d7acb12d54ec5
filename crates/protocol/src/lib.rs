//! What the app and the agent say to each other: the plan in user data, messages, orders, routes and sealing.
//!
//! Types and their encodings only; nothing here opens a file, a socket or a clock. The agent inside an image may
//! be older than the app, so every type accepts fields and kinds that it does not know. The files in `golden/`
//! hold what each released version wrote.

pub mod brief;
pub mod console;
pub mod message;
pub mod order;
pub mod plan;
pub mod routes;
pub mod sealing;
pub mod secret;
pub mod template;
pub mod time;

/// Version of the protocol that this build speaks. The app also reads every earlier one.
pub const VERSION: u32 = 1;

pub use brief::{AgentSource, Brief, Limits};
pub use message::{Kind, Level, Message, Outcome};
pub use order::{Act, Order};
pub use plan::{Action, Plan, Step};
pub use secret::Secret;
pub use time::Time;
