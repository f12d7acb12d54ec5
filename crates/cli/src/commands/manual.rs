//! `slipway completions`: what makes a shell complete; `slipway man`: the manual pages. Both are made of what can be typed.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use serde::Serialize;
use slipway_core::error::{Error, ErrorKind};

use crate::args::Cli;
use crate::failure::{End, Result};
use crate::output::Output;

/// A script for a shell, as a JSON line.
#[derive(Serialize)]
struct Script<'a> {
    shell: &'a str,
    script: &'a str,
}

pub fn completions(output: Output, shell: Shell) -> Result<End> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "slipway", &mut script);
    let text = String::from_utf8_lossy(&script);
    let (shell, script) = (shell.to_string(), text.as_ref());
    output.json(
        "completions",
        &Script {
            shell: &shell,
            script,
        },
    )?;
    output.content(script.as_bytes())?;
    Ok(End::Done)
}

pub fn man(output: Output, folder: &Path) -> Result<End> {
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Cli::command().disable_help_subcommand(true), folder));
    written.map_err(|error| {
        let sentence = format!("The manual pages can't be written into {}.", folder.display());
        Error::new(ErrorKind::Input, sentence)
            .hint("Choose a folder that you may write to.")
            .because(&error)
    })?;
    output.saved(folder)?;
    Ok(End::Done)
}
