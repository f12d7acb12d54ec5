//! What AWS answers, told to people: `answer` reads the SDK's error, `table` knows every code, `explain` reads it, `decode` asks AWS what
//! a refusal was about.

mod answer;
pub(crate) mod decode;
mod explain;
mod table;

pub(crate) use answer::{Answer, Failure, chain, clock_ahead};
pub(crate) use explain::{CLOCK_TOLERANCE_SECONDS, PROXY_WANTS_SIGN_IN, explain, no_names, proxy};
