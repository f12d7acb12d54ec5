//! What a secret refuses, it refuses when it is compiled, and for the reason that is meant.

use std::process::Command;

/// Set in the process that compiles the cases.
const CASES: &str = "SLIPWAY_TEST_CASES";

/// Clippy writes the names of types in full, so its messages are others than the compiler's: the cases are compiled by a
/// process of their own, where clippy is not the compiler.
#[test]
fn a_secret_is_not_serialised_printed_or_compared() {
    if std::env::var_os(CASES).is_some() {
        return trybuild::TestCases::new().compile_fail("tests/secret/*.rs");
    }
    let mut own = Command::new(std::env::current_exe().unwrap());
    let name = "secret::a_secret_is_not_serialised_printed_or_compared";
    own.args(["--exact", name, "--nocapture"])
        .env(CASES, "1")
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
