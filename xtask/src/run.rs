//! `cargo xtask run`: builds the programs side by side and shows Slipway: its window, or, without a screen, a practice
//! server in the terminal.

use std::thread::ScopedJoinHandle;
use std::time::Instant;

use crate::report::minutes;
use crate::workspace::Workspace;
use crate::{first_server, invoke, program, say, transcript, whole, window, windows};

/// The terminal's program.
pub const SLIPWAY: &str = "slipway";
/// Programs that work without a screen.
pub const TERMINAL: &[&str] = &[SLIPWAY, "slipway-agent", "slipway-practice-machine"];
/// The window's program.
pub const WINDOW: &str = "slipway-window";

const FIRST_STEPS: &str = "In a terminal, without an AWS account, on servers that live on this computer:

    slipway --profile practice launch --recipe practice-site --name demo --set title=\"Hello\"
    slipway access demo
    slipway terminate demo --yes

`slipway --help` lists the rest.";

/// What becomes of that which is prepared beside the build of the terminal.
type Prepared = Result<(), String>;

/// Builds what a user runs, with the agent for servers on EC2, and shows it.
///
/// # Errors
/// When a program does not build, the window does not open, or the practice server does not come up.
pub fn run(workspace: &Workspace) -> Result<(), String> {
    let begun = Instant::now();
    say::line("Building Slipway; the first time takes a few minutes");
    std::thread::scope(|scope| {
        let agent = scope.spawn(|| windows_agent(workspace));
        let window = scope.spawn(|| why_no_window(workspace).map_or(Ok(()), Err));
        let agent = || ended(agent, "The agent for Windows is still being built");
        if let Err(reason) = invoke::succeed(&mut whole::build_for_use(workspace, TERMINAL)) {
            let _ = agent();
            return Err(reason);
        }
        match ended(
            window,
            "The window's libraries and front end are still being set up",
        ) {
            Ok(()) => in_the_window(workspace, begun, agent),
            Err(reason) => in_the_terminal(workspace, begun, &reason, agent),
        }
    })
}

/// Waits for what is prepared beside, and says so.
fn ended(thread: ScopedJoinHandle<'_, Prepared>, waits: &str) -> Prepared {
    if !thread.is_finished() {
        say::line(waits);
    }
    thread
        .join()
        .unwrap_or_else(|_| Err("its set-up broke off".to_owned()))
}

/// Everything that the window is made of was prepared meanwhile.
fn in_the_window(
    workspace: &Workspace,
    begun: Instant,
    agent: impl FnOnce() -> Prepared,
) -> Result<(), String> {
    invoke::succeed(&mut whole::build_for_use(workspace, &[WINDOW]))?;
    let agent = agent();
    say::line(&format!(
        "\nSlipway is ready; building took {}.",
        minutes(begun.elapsed())
    ));
    tell_path(workspace);
    say::line(FIRST_STEPS);
    tell_agent(&agent);
    say::line("\nThe window is open; this ends when you close it.");
    window::open(workspace)
}

/// A practice server needs no agent for Windows, and is not kept waiting for it.
fn in_the_terminal(
    workspace: &Workspace,
    begun: Instant,
    no_window: &str,
    agent: impl FnOnce() -> Prepared,
) -> Result<(), String> {
    let building = begun.elapsed();
    say::line(&format!(
        "\nSlipway is ready; building took {}. The window stays closed: {no_window}. So here is a practice server in the \
         terminal; it lives on this computer and costs nothing.\n",
        minutes(building)
    ));
    let shown = Instant::now();
    let server = first_server::show(&workspace.program(SLIPWAY));
    say::line(&format!(
        "\nBuilding took {}, the practice server {}.",
        minutes(building),
        minutes(shown.elapsed())
    ));
    tell_path(workspace);
    say::line(first_server::NEXT);
    tell_agent(&agent());
    server
}

fn tell_path(workspace: &Workspace) {
    let folder = workspace.programs();
    if !program::on_path(&folder) {
        let line = path_line(&folder.to_string_lossy());
        say::line(&format!("So that this terminal finds it, enter\n\n    {line}\n"));
    }
}

/// Builds the agent that every server on EC2 gets. What that prints would stand in the middle of the other build's.
fn windows_agent(workspace: &Workspace) -> Prepared {
    windows::set_up(workspace)?;
    let log = transcript::open(&workspace.target.join("logs"), "Windows agent of run")?;
    let built = windows::build_agent_meanwhile(workspace);
    transcript::close();
    built.map_err(|reason| format!("{reason}; all that it printed is in {}", log.display()))
}

fn tell_agent(agent: &Prepared) {
    say::line(&match agent {
        Ok(()) => {
            "\nThe agent for servers on EC2 is built. With an AWS account, go on with `slipway profiles add`."
                .to_owned()
        }
        Err(reason) => format!(
            "\nServers can't be launched on EC2 yet, because the agent for Windows could not be built: {reason}.\n\
             Practice works without it. Install what is missing, then enter `cargo xtask run` again."
        ),
    });
}

/// Sets up the window where there is a screen for it.
fn why_no_window(workspace: &Workspace) -> Option<String> {
    if !window::can_be_shown() {
        return Some("there is no screen here".to_owned());
    }
    window::set_up(workspace).err()
}

fn path_line(folder: &str) -> String {
    if cfg!(windows) {
        format!("$env:Path = \"{folder};$env:Path\"")
    } else {
        format!("export PATH=\"{folder}:$PATH\"")
    }
}
