//! What a secret refuses, it refuses when it is compiled, and for the reason that is meant.

use std::process::Command;

/// Clippy writes the names of types in full, so its messages are others than the compiler's: the cases are compiled by a
/// process of their own, where clippy is not the compiler.
#[test]
fn a_secret_is_not_serialised_printed_or_compared() {
    let mut own = Command::new(std::env::current_exe().unwrap());
    own.args(["--ignored", "--exact", "secret::cases", "--nocapture"])
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env_remove("CLIPPY_ARGS");
    let ran = own.output().unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success() && told.contains("1 passed"),
        "{told}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[test]
#[ignore = "started by the test above"]
fn cases() {
    trybuild::TestCases::new().compile_fail("tests/secret/*.rs");
}
