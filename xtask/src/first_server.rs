//! The practice server that `cargo xtask run` shows where there is no screen: launched to the end, or the one that is there.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::workspace::Workspace;
use crate::{invoke, run, say};

/// Its name.
const NAME: &str = "first";

/// What its user may do now.
pub const NEXT: &str = "The practice server stays until it is terminated. Next:

    slipway --profile practice access first               # how to get in
    slipway --profile practice servers                    # what there is
    slipway --profile practice image create first --name first-1 --description \"first\" --wait
    slipway --profile practice terminate first --yes

`slipway --help` lists the rest.";

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// There is none.
    Launch,
    /// It is on its way somewhere.
    Watch,
    /// Its install failed: it goes on from that step.
    Retry,
    /// It is switched off.
    Start,
    /// It is ready.
    Show,
}

impl Act {
    /// By the status of the server, as `servers --json` names it.
    fn by(status: Option<&str>) -> Self {
        match status {
            None | Some("terminated") => Act::Launch,
            Some("ready") => Act::Show,
            Some("stopped") => Act::Start,
            Some("failed") => Act::Retry,
            Some(_) => Act::Watch,
        }
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Act::Launch => &[
                "launch",
                "--recipe",
                "practice-site",
                "--name",
                NAME,
                "--set",
                "title=Hello",
            ],
            Act::Watch => &["watch", NAME],
            Act::Retry => &["retry", NAME],
            Act::Start => &["start", NAME],
            Act::Show => &["access", NAME],
        }
    }

    /// What is said of a server that is there.
    fn told(self) -> Option<&'static str> {
        match self {
            Act::Launch => None,
            Act::Watch => Some("The practice server “first” is there and at work:"),
            Act::Retry => {
                Some("The install of the practice server “first” failed; it goes on from that step:")
            }
            Act::Start => Some("The practice server “first” is there and switched off; it is started:"),
            Act::Show => Some("The practice server “first” is there:"),
        }
    }
}

/// Shows it to the end, by the terminal's program.
///
/// # Errors
/// When it does not get ready; the program has said why.
pub fn show(program: &Path) -> Result<(), String> {
    show_by(&|| Command::new(program))
}

fn show_by(slipway: &dyn Fn() -> Command) -> Result<(), String> {
    let act = Act::by(status(slipway)?.as_deref());
    if let Some(told) = act.told() {
        say::line(told);
    }
    invoke::succeed(in_practice(slipway).args(act.words()))
}

fn in_practice(slipway: &dyn Fn() -> Command) -> Command {
    let mut command = slipway();
    command.args(["--profile", "practice"]);
    command
}

/// The status of the server of that name; `None` where there is none.
fn status(slipway: &dyn Fn() -> Command) -> Result<Option<String>, String> {
    let printed = invoke::output(in_practice(slipway).args(["--json", "servers"]))?;
    Ok(status_in(&printed))
}

fn status_in(printed: &str) -> Option<String> {
    let lines = printed
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut servers = lines.filter(|line| line["type"] == "server" && line["name"] == NAME);
    let server = servers.find(|server| server["status"] != "terminated")?;
    server["status"].as_str().map(str::to_owned)
}

/// The whole of it with the real programs, in a data folder of its own: nothing is there, then a server is; it is stopped,
/// and comes back.
///
/// # Errors
/// What went otherwise.
pub fn test(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.target.join("tmp").join("first-server");
    let cleared = std::fs::remove_dir_all(&folder).or_else(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(e),
    });
    cleared.map_err(|e| format!("{} could not be emptied: {e}", folder.display()))?;
    let slipway = || {
        let mut command = Command::new(workspace.program(run::SLIPWAY));
        command
            .env("SLIPWAY_DATA_DIR", &folder)
            .env("SLIPWAY_PRACTICE_SPEED", "50");
        command
    };
    let gone_through = go_through(&slipway);
    // Whatever became of it, its process must not outlive the test.
    let removed = invoke::succeed(in_practice(&slipway).args(["terminate", NAME, "--yes"]));
    gone_through.and(removed)
}

fn go_through(slipway: &dyn Fn() -> Command) -> Result<(), String> {
    let is = |wanted: Option<&str>| match status(slipway)? {
        status if status.as_deref() == wanted => Ok(()),
        other => Err(format!("the practice server is {other:?}, not {wanted:?}")),
    };
    is(None)?;
    show_by(slipway)?;
    is(Some("ready"))?;
    show_by(slipway)?;
    is(Some("ready"))?;
    invoke::succeed(in_practice(slipway).args(["stop", NAME]))?;
    is(Some("stopped"))?;
    show_by(slipway)?;
    is(Some("ready"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_follows_from_what_is_there() {
        let line = |name: &str, status: &str| {
            serde_json::json!({"type": "server", "name": name, "status": status}).to_string()
        };
        let act = |lines: &[String]| Act::by(status_in(&lines.join("\n")).as_deref());
        assert_eq!(act(&[]), Act::Launch);
        assert_eq!(act(&[line("demo", "ready")]), Act::Launch);
        assert_eq!(act(&[line(NAME, "terminated")]), Act::Launch);
        assert_eq!(act(&[line(NAME, "terminated"), line(NAME, "ready")]), Act::Show);
        assert_eq!(act(&[line(NAME, "stopped")]), Act::Start);
        assert_eq!(act(&[line(NAME, "failed")]), Act::Retry);
        for status in [
            "launching",
            "parked",
            "starting",
            "stopping",
            "making_image",
            "terminating",
        ] {
            assert_eq!(act(&[line(NAME, status)]), Act::Watch, "{status}");
        }
    }
}
