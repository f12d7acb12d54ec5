//! What the tests of Slipway on EC2 stand on: the test cloud as a program, a keychain, a terminal, and the life of a
//! server as its user goes through it. The same life is told on a real account, where somebody asks for that.
//!
//! The test cloud is a program, not a crate, to these tests, so that working on it does not mean building the AWS SDK.

pub mod aws;
pub mod cloud;
pub mod http;
pub mod keyring;
pub mod scenario;
pub mod terminal;
#[path = "../../../crates/aws/tests/windows_program/mod.rs"]
pub mod windows_program;
