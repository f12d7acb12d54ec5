//! What a recipe installs on a practice machine: small programs that really do something in the machine's folder,
//! at the pace of an installer, and tell how far they are.

mod admin;
mod database;
pub mod installed;
mod publish;
mod runtime;
mod web_server;

use std::io::Write;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::path::PathBuf;

use clap::Subcommand;

use crate::layout::{Disk, MachineFolder};
use crate::machine::{HOST, SPEED};
use crate::pace::Pace;
use crate::process::MARK;
use crate::trouble::{Outcome, input};

/// The tools of a practice machine.
#[derive(Debug, Subcommand)]
pub enum Tool {
    /// Install the web server and wait until it answers
    WebServer {
        /// The site's port
        #[arg(long)]
        port: u16,
    },
    /// Install what turns folders into pages
    Runtime,
    /// Create the content database; settings come as JSON on standard input
    Database,
    /// Render the site from database and theme, and look at it through the web server
    Publish {
        /// The site's port
        #[arg(long)]
        port: u16,
    },
    /// Set the login of the site's administration; the password comes in SLIPWAY_ADMIN_PASSWORD
    Admin {
        /// User name
        #[arg(long)]
        user: String,
    },
}

/// Runs one on the machine that this process was started on.
pub async fn run(tool: Tool) -> Outcome<()> {
    let bench = Bench::here()?;
    match tool {
        Tool::WebServer { port } => web_server::install(&bench, port).await,
        Tool::Runtime => runtime::install(&bench).await,
        Tool::Database => database::create(&bench, std::io::stdin()).await,
        Tool::Publish { port } => publish::publish(&bench, port).await,
        Tool::Admin { user } => admin::set_login(&bench, &user).await,
    }
}

/// The machine, as a program that runs on it sees it.
struct Bench {
    disk: Disk,
    pace: Pace,
    /// Where the machine listens; guests of another cloud have addresses of their own.
    host: Ipv4Addr,
}

impl Bench {
    fn here() -> Outcome<Self> {
        let folder = std::env::var_os(MARK).map(PathBuf::from);
        let folder = folder.ok_or_else(|| input("This tool works on a practice machine only."))?;
        let speed = std::env::var(SPEED).ok().and_then(|speed| speed.parse().ok());
        let host = std::env::var(HOST).ok().and_then(|host| host.parse().ok());
        Ok(Bench {
            disk: MachineFolder::new(folder).disk(),
            pace: Pace::new(speed.unwrap_or(1.0)),
            host: host.unwrap_or(Ipv4Addr::LOCALHOST),
        })
    }

    /// Says each line after its seconds. `share` is the part of the whole tool that these lines are, from 0 to 1.
    async fn work(&self, share: Range<f64>, lines: &[(f64, &str)]) -> Outcome<()> {
        let all: f64 = lines.iter().map(|(seconds, _)| seconds).sum();
        let mut passed = 0.0;
        for (seconds, line) in lines {
            self.pace.pass(*seconds).await;
            passed += seconds;
            say(line)?;
            let done = share.start + (share.end - share.start) * passed / all;
            say(&format!("##progress {done:.2}"))?;
        }
        Ok(())
    }
}

/// A line of output, at once.
fn say(line: &str) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The reason of a failure, where the agent and the machine's log find it.
pub fn complain(sentence: &str) {
    // Nobody is left to tell when standard error is closed.
    writeln!(std::io::stderr(), "{sentence}").ok();
}

/// Writes a file whole or not at all.
fn write(file: &std::path::Path, content: impl AsRef<[u8]>) -> Outcome<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let unfinished = file.with_extension("new");
    std::fs::write(&unfinished, content)?;
    Ok(std::fs::rename(unfinished, file)?)
}
