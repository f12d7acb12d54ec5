//! What travels between app and agent: golden files of every released version, tolerance, and hostile input.

// Clippy takes only the functions marked as tests for tests.
#![allow(clippy::unwrap_used)]

mod samples;

mod briefs;
mod consoles;
mod golden;
mod orders;
mod seals;
mod secret;
mod templates;
mod tolerance;
