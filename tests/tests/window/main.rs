//! The real window on a screen that nobody sees, used as a person uses it: by role and name of what is on it.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod accessible;
mod certificate;
mod faces;
mod failure;
mod hostile_calls;
mod interrupted;
mod keyboard;
mod keys;
mod story;
mod wizard;
