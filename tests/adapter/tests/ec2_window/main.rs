//! Whole launches on the cloud of the tests in the real window, used as a person uses it. What is left over is asked of
//! moto, past our own proxy.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod failure;
mod remote_desktop;
mod silent;
mod story;
mod wizard;
mod world;
