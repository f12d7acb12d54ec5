//! The Windows agent, run under wine by `cargo xtask test`, which builds it and prepares wine.

use std::process::Command;

#[test]
fn the_agent_starts_and_tells_its_version() {
    let setting =
        |name: &str| std::env::var_os(name).unwrap_or_else(|| panic!("{name} is set by `cargo xtask test`"));
    let output = Command::new(setting("SLIPWAY_WINE"))
        .arg(setting("SLIPWAY_WINDOWS_AGENT"))
        .arg("--version")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        printed.trim(),
        format!("slipway-agent {}", env!("CARGO_PKG_VERSION"))
    );
    assert!(output.status.success());
}
