//! What a secret refuses, it refuses when it is compiled, and for the reason that is meant.

#[test]
fn a_secret_is_not_serialised_printed_or_compared() {
    trybuild::TestCases::new().compile_fail("tests/secret/*.rs");
}
