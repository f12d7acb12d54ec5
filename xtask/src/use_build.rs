//! The build of `cargo xtask run` after that of `cargo xtask test`, for real: of what others wrote, nothing is built anew.

use std::process::Command;

use serde_json::Value;

use crate::workspace::Workspace;
use crate::{invoke, run, say, whole};

/// Builds what `cargo xtask run` builds, after the tests' own build, and looks at what was built anew.
///
/// # Errors
/// The packages of crates.io that were, or why it does not build.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    let programs = [run::TERMINAL, &[run::WINDOW]].concat();
    let printed = invoke::output(&mut in_json(whole::build_for_use(workspace, &programs)))?;
    let (fresh, anew) = foreign(&printed);
    say::line(&format!(
        "{fresh} packages of crates.io were there, {} were built anew",
        anew.len()
    ));
    match anew.as_slice() {
        [] if fresh > 0 => Ok(()),
        [] => Err("cargo named no package of crates.io".to_owned()),
        anew => Err(format!("built once more: {}", anew.join(", "))),
    }
}

fn in_json(mut build: Command) -> Command {
    build.arg("--message-format=json");
    build
}

/// How many packages of crates.io cargo found built, and those that it did not.
fn foreign(printed: &str) -> (usize, Vec<String>) {
    let messages = printed
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let foreign = messages.filter(|message| {
        let package = message["package_id"].as_str().unwrap_or_default();
        message["reason"] == "compiler-artifact" && package.starts_with("registry+")
    });
    let (fresh, anew): (Vec<_>, Vec<_>) = foreign.partition(|message| message["fresh"] == true);
    let name = |message: &Value| {
        let package = message["package_id"].as_str().unwrap_or_default();
        package.rsplit('#').next().unwrap_or_default().to_owned()
    };
    (fresh.len(), anew.iter().map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_anew_is_named() {
        let line = |package: &str, fresh: bool| {
            serde_json::json!({"reason": "compiler-artifact", "package_id": package, "fresh": fresh})
                .to_string()
        };
        let printed = [
            line(
                "registry+https://github.com/rust-lang/crates.io-index#tokio@1.54.1",
                false,
            ),
            line(
                "registry+https://github.com/rust-lang/crates.io-index#bytes@1.12.2",
                true,
            ),
            line("path+file:///slipway/crates/core#slipway-core@0.1.0", false),
            "not JSON".to_owned(),
        ];
        assert_eq!(foreign(&printed.join("\n")), (1, vec!["tokio@1.54.1".to_owned()]));
    }
}
