use super::*;

const LAUNCH: &str = "01JD0000000000000000000000";

/// A console on which these lines were told as trouble, among others.
fn console(told: &[&str]) -> String {
    let line = |text: &&str| format!("2026/11/22 10:00:07Z: SLIPWAY1 {LAUNCH} trouble {text}\r\n");
    let told: String = told.iter().map(line).collect();
    format!("2026/11/22 10:00:00Z: Message: Windows is Ready to use\r\n{told}")
}

#[test]
fn the_three_lines_of_the_bootstrap_become_a_reason_and_what_to_do() {
    let text = console(&[
        "the bootstrap stopped while downloading the installer",
        "The remote server returned an error: (403) Forbidden.",
        "terminate this server and launch again",
    ]);
    let error = trouble(&text, LAUNCH, "demo").unwrap();
    assert_eq!(error.kind, ErrorKind::AgentSilent);
    assert_eq!(
        error.sentence,
        "The installer could not be started on “demo”: the bootstrap stopped while downloading the installer: \
         The remote server returned an error: (403) Forbidden."
    );
    assert_eq!(error.hint, "Terminate this server and launch again.");
}

#[test]
fn a_single_reason_comes_with_an_advice_of_our_own() {
    let error = trouble(
        &console(&["the plan can't be read", "the plan can't be read"]),
        LAUNCH,
        "demo",
    );
    let error = error.unwrap();
    assert!(
        error.sentence.ends_with("“demo”: the plan can't be read."),
        "{error}"
    );
    assert!(error.hint.contains("launch again"), "{}", error.hint);
}

#[test]
fn a_console_without_trouble_or_with_that_of_another_launch_is_no_reason() {
    assert_eq!(trouble(&console(&[]), LAUNCH, "demo"), None);
    assert_eq!(
        trouble(&console(&["it broke off"]), "01JD0000000000000000000001", "demo"),
        None
    );
}
