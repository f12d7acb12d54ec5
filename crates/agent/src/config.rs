//! Where the agent finds its world, and where it keeps its files.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::system::System;

/// Options of every part of the agent.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct Config {
    /// Folder for everything that the agent writes
    #[arg(long, global = true, default_value_os_t = default_data_dir())]
    pub data_dir: PathBuf,
    /// Address that the status service listens on
    #[arg(long, global = true, default_value = "0.0.0.0:8080")]
    pub listen: SocketAddr,
    /// The instance metadata endpoint
    #[arg(
        long,
        global = true,
        env = "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        default_value = "http://169.254.169.254"
    )]
    pub imds: String,
    /// The serial console: a COM port on Windows, a file elsewhere
    #[arg(long, global = true, default_value_os_t = default_console())]
    pub console: PathBuf,
    /// Folder that the web server serves
    #[arg(long, global = true, default_value_os_t = default_site_dir())]
    pub site_dir: PathBuf,
    /// Port that the site answers on
    #[arg(long, global = true, default_value_t = 80)]
    pub site_port: u16,
    /// Program that restarts this machine; the system's own by default
    #[arg(long, global = true)]
    pub restart_with: Option<PathBuf>,
    /// Program that reads a new Administrator password from its standard input; the system's own by default
    #[arg(long, global = true)]
    pub set_password_with: Option<PathBuf>,
    /// The rest of the system around it.
    #[command(flatten)]
    pub system: System,
}

impl Config {
    /// Keys and stream id of this instance; readable by the owner only.
    pub fn identity_file(&self) -> PathBuf {
        self.data_dir.join("identity.json")
    }

    /// SHA-256 of the bearer token that an order brought, lower-case hex; the one in the brief counts where it is missing.
    pub fn next_token_file(&self) -> PathBuf {
        self.data_dir.join("next-token")
    }

    /// Where the installer posts, see [`slipway_protocol::routes::Inbox`]; readable by the owner only.
    pub fn inbox_file(&self) -> PathBuf {
        self.data_dir.join("inbox.json")
    }

    /// The status service's messages.
    pub fn messages_file(&self) -> PathBuf {
        self.data_dir.join("messages.jsonl")
    }

    /// The installer's durable queue.
    pub fn queue_file(&self) -> PathBuf {
        self.data_dir.join("queue.jsonl")
    }

    /// Which steps are done, and what was asked for: how the installer goes on after a restart.
    pub fn journal_file(&self) -> PathBuf {
        self.data_dir.join("journal.jsonl")
    }

    /// Secrets of this machine; readable by the owner only.
    pub fn secrets_file(&self) -> PathBuf {
        self.data_dir.join("secrets.json")
    }

    /// Everything that the installer did, for people.
    pub fn log_file(&self) -> PathBuf {
        self.data_dir.join("install.log")
    }

    /// Holds the instance id whose install has ended well and been scrubbed.
    pub fn scrubbed_file(&self) -> PathBuf {
        self.data_dir.join("scrubbed")
    }

    /// How long this instance has run and when it stops itself, see [`crate::expiry`].
    pub fn clock_file(&self) -> PathBuf {
        self.data_dir.join("clock.json")
    }

    /// What the installer knows about stopping, see [`crate::expiry::wish`].
    pub fn wish_file(&self) -> PathBuf {
        self.data_dir.join("stop.json")
    }

    /// Scratch folder for the steps (`${machine.work}`).
    pub fn work_dir(&self) -> PathBuf {
        self.data_dir.join("work")
    }

    /// The options that make this configuration, for a child process.
    pub fn to_arguments(&self) -> Vec<OsString> {
        let required = [
            ("--data-dir", self.data_dir.clone().into_os_string()),
            ("--listen", self.listen.to_string().into()),
            ("--imds", self.imds.clone().into()),
            ("--console", self.console.clone().into_os_string()),
            ("--site-dir", self.site_dir.clone().into_os_string()),
            ("--site-port", self.site_port.to_string().into()),
        ];
        let programs = [
            ("--restart-with", &self.restart_with),
            ("--set-password-with", &self.set_password_with),
        ];
        let chosen = programs
            .into_iter()
            .chain(self.system.chosen())
            .filter_map(|(name, path)| Some((name, path.clone()?.into())));
        let pairs = required.into_iter().chain(chosen);
        pairs.flat_map(|(name, value)| [name.into(), value]).collect()
    }
}

#[cfg(windows)]
fn default_data_dir() -> PathBuf {
    let usual = || PathBuf::from(r"C:\ProgramData");
    crate::known_folder::program_data()
        .unwrap_or_else(usual)
        .join("Slipway")
}

#[cfg(not(windows))]
fn default_data_dir() -> PathBuf {
    PathBuf::from("/var/lib/slipway")
}

fn default_console() -> PathBuf {
    Path::new(if cfg!(windows) {
        r"\\.\COM1"
    } else {
        "/dev/console"
    })
    .to_owned()
}

fn default_site_dir() -> PathBuf {
    PathBuf::from(if cfg!(windows) {
        r"C:\inetpub\slipway"
    } else {
        "/var/www/slipway"
    })
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
