//! The rule of Windows' firewall that lets the app in: there while there is something to ask for.
//!
//! It is removed once the app has stored the successful end, when nobody listens any more. Not before: what the app
//! has not read yet, the sealed passwords among it, can be read nowhere else.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::config::Config;

/// The rule's name.
const RULE: &str = "name=SlipwayAgent";

/// Lets the app in; may be repeated. Nothing to do where the system has no such firewall.
pub fn open(config: &Config) -> io::Result<()> {
    // Windows keeps as many rules of one name as are added.
    remove_rule(config)?;
    let port = format!("localport={}", config.listen.port());
    let rule = [
        "add",
        "rule",
        RULE,
        "dir=in",
        "action=allow",
        "protocol=TCP",
        &port,
    ];
    match call(config, &rule)? {
        true => Ok(()),
        false => Err(io::Error::other(format!(
            "the firewall does not take a rule for port {}",
            config.listen.port()
        ))),
    }
}

/// Keeps everybody out; may be repeated.
pub fn close(config: &Config) -> io::Result<()> {
    remove_rule(config)
}

/// netsh ends with 1 where there is no such rule.
fn remove_rule(config: &Config) -> io::Result<()> {
    call(config, &["delete", "rule", RULE]).map(drop)
}

fn call(config: &Config, words: &[&str]) -> io::Result<bool> {
    let Some(netsh) = program(config) else {
        return Ok(true);
    };
    let mut command = Command::new(netsh);
    command.args(["advfirewall", "firewall"]).args(words);
    let nothing = || Stdio::null();
    let status = command.stdin(nothing()).stdout(nothing()).stderr(nothing());
    Ok(status.status()?.success())
}

fn program(config: &Config) -> Option<PathBuf> {
    let own = || cfg!(windows).then(|| PathBuf::from("netsh.exe"));
    config.system.firewall_with.clone().or_else(own)
}
