//! What the agent asks of the system around it, each replaceable by a program of one's own.

use std::path::PathBuf;

use clap::Args;

/// Programs and files of the system. Where none is named, it is the system's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct System {
    /// Program that shuts this machine down; the system's own on Windows, none elsewhere
    #[arg(long, global = true)]
    pub stop_with: Option<PathBuf>,
    /// Program in the place of netsh, which opens and closes ports in the firewall
    #[arg(long, global = true)]
    pub firewall_with: Option<PathBuf>,
    /// EC2Launch.exe, which has the serial console first
    #[arg(long, global = true)]
    pub ec2launch: Option<PathBuf>,
    /// File for what else goes to standard error
    #[arg(long, global = true)]
    pub log_to: Option<PathBuf>,
}

impl System {
    /// The options that were given, for a child process.
    pub fn chosen(&self) -> [(&'static str, &Option<PathBuf>); 4] {
        [
            ("--stop-with", &self.stop_with),
            ("--firewall-with", &self.firewall_with),
            ("--ec2launch", &self.ec2launch),
            ("--log-to", &self.log_to),
        ]
    }
}
