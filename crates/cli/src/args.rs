//! What can be typed: commands, names and options.

mod account;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub use account::{AddProfile, Console, Doctor, Keep, Offer, Profiles, ProfilesAct, Resume, Sweep};

/// The environment variable that stands for `--profile`.
pub const PROFILE: &str = "SLIPWAY_PROFILE";

/// Launches Windows web servers, installs a CMS on them while you watch, and hands you the keys.
#[derive(Debug, Parser)]
#[command(name = "slipway", version, propagate_version = true)]
#[command(
    after_help = "Exit status: 0 done, 1 the launch or act failed, 2 wrong use or input, 130 watching was stopped.\n\
    Practice needs no AWS account: slipway --profile practice launch --recipe practice-site --name demo"
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    /// None typed: help is printed.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Stands under the options of the command itself.
const GLOBAL: &str = "Options of every command";

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Whose account, for this command; the one of “slipway profiles use” when left out
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "NAME", env = PROFILE)]
    pub profile: Option<String>,
    /// Where; the profile's own region when left out
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "REGION")]
    pub region: Option<String>,
    /// Where Slipway keeps its journal and practice servers
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "FOLDER", env = slipway_desktop::folders::DATA_DIR)]
    pub data_dir: Option<PathBuf>,
    /// Print one JSON object a line (docs/json.md)
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub json: bool,
    /// Don't ask before something is removed, or launched that costs money
    #[arg(long, short, global = true, help_heading = GLOBAL)]
    pub yes: bool,
    /// No colours; NO_COLOR does the same
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub no_color: bool,
    /// Show the causes of errors
    #[arg(long, short, global = true, help_heading = GLOBAL)]
    pub verbose: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List, add or remove profiles: whose account is used
    Profiles(Profiles),
    /// Show the regions, sizes and networks of a profile, with prices
    Offer(Offer),
    /// Check what would keep a launch from going well, before it costs money
    Doctor(Doctor),
    /// Print the smallest IAM policy that Slipway works with
    Policy,
    /// List what was left behind in the account, and delete it if asked to
    Sweep(Sweep),
    /// List, show or check recipes
    Recipes(Recipes),
    /// Launch a server and follow it to the end
    Launch(Launch),
    /// List the servers
    Servers(Servers),
    /// Follow a server that is being launched
    Watch(One),
    /// Show how to get in: address, user, passwords
    Access(Access),
    /// Go on from the step that failed
    Retry(Retry),
    /// Go on with a launch that waits for you
    Resume(Resume),
    /// Keep a failed server from stopping itself
    Keep(Keep),
    /// Show what a server wrote to its console, or its screen
    Console(Console),
    /// Make, list or delete images
    Image(Image),
    /// Start stopped servers
    Start(Several),
    /// Stop servers; their disks are kept
    Stop(Several),
    /// Restart servers
    Restart(Several),
    /// Remove servers with everything their launches created
    Terminate(Several),
    /// Show the log of an install
    Log(Log),
    /// Print what makes a shell complete commands and options
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages
    #[command(hide = true)]
    Man {
        /// Into this folder, which is made where it is missing
        folder: PathBuf,
    },
}

/// `slipway servers`.
#[derive(Debug, Args)]
pub struct Servers {
    /// The terminated ones too, with their ids, which “slipway log” takes
    #[arg(long)]
    pub all: bool,
}

/// One server.
#[derive(Debug, Args)]
pub struct One {
    /// Name or id of the server
    pub server: String,
}

/// One or more servers.
#[derive(Debug, Args)]
pub struct Several {
    /// Names or ids of the servers
    #[arg(required = true, value_name = "SERVER")]
    pub servers: Vec<String>,
}

/// `slipway recipes`.
#[derive(Debug, Args)]
pub struct Recipes {
    #[command(subcommand)]
    pub act: Option<RecipesAct>,
}

/// What to do with recipes; listed when left out.
#[derive(Debug, Subcommand)]
pub enum RecipesAct {
    /// List the recipes
    List,
    /// Show what a recipe asks and does
    Show {
        /// Id of the recipe
        id: String,
    },
    /// Check a recipe file and name line and reason of what is wrong
    Check {
        /// The TOML file
        file: PathBuf,
    },
}

/// `slipway launch`.
#[derive(Debug, Args)]
pub struct Launch {
    /// Install this recipe from scratch
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "image",
        conflicts_with = "image"
    )]
    pub recipe: Option<String>,
    /// Launch from an own image, by name or id
    #[arg(long, value_name = "IMAGE", allow_hyphen_values = true)]
    pub image: Option<String>,
    /// Name of the new server, unique among the live ones
    #[arg(long, allow_hyphen_values = true)]
    pub name: String,
    /// An answer to one of the recipe's inputs; can be repeated
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair, allow_hyphen_values = true)]
    pub answers: Vec<(String, String)>,
    /// Read secret inputs from standard input, one KEY=VALUE a line
    #[arg(long)]
    pub secrets_stdin: bool,
    /// Read the Administrator password from the first line of standard input; random when left out
    #[arg(long)]
    pub password_stdin: bool,
    /// Windows to install on, such as windows-2025; what the recipe proposes when left out
    #[arg(long, value_name = "ID", conflicts_with = "image")]
    pub windows: Option<String>,
    /// Instance type; the one that suits the recipe when left out
    #[arg(long)]
    pub size: Option<String>,
    /// Disk size; the recipe's proposal when left out
    #[arg(long, value_name = "GIB")]
    pub disk: Option<u32>,
    /// Subnet to launch into; the default one when left out
    #[arg(long, value_name = "SUBNET")]
    pub network: Option<String>,
    /// Addresses that may connect, such as 203.0.113.7/32; this computer's when left out; can be repeated
    #[arg(long = "from", value_name = "CIDR")]
    pub allowed_from: Vec<String>,
    /// Only those addresses see the site
    #[arg(long)]
    pub private_site: bool,
    /// The server stops itself after so many hours, also while this computer is off
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub stop_after: Option<u32>,
    /// If the install fails, the server stops itself after so many hours unless it is kept; 0 for never
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(0..=720))]
    pub stop_failed_after: Option<u32>,
    /// Return as soon as the server's instance id is stored
    #[arg(long)]
    pub detach: bool,
}

/// `slipway access`.
#[derive(Debug, Args)]
pub struct Access {
    #[command(flatten)]
    pub server: One,
    /// Show the passwords too
    #[arg(long)]
    pub show_password: bool,
    /// Save a file for Remote Desktop; “-” prints it instead of all else
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    pub rdp: Option<PathBuf>,
    /// Let this computer's present address in, and the former one no longer
    #[arg(long)]
    pub mend_address: bool,
    /// Open the site in the browser
    #[arg(long)]
    pub open: bool,
    /// Open Remote Desktop
    #[arg(long)]
    pub connect: bool,
}

/// `slipway retry`.
#[derive(Debug, Args)]
pub struct Retry {
    #[command(flatten)]
    pub server: One,
    /// Restart the server first
    #[arg(long)]
    pub restart: bool,
    /// Return at once instead of following
    #[arg(long)]
    pub detach: bool,
}

/// `slipway image`.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct Image {
    #[command(subcommand)]
    pub act: ImageAct,
}

/// What to do with images.
#[derive(Debug, Subcommand)]
pub enum ImageAct {
    /// Make an image of a ready server
    Create {
        #[command(flatten)]
        server: One,
        /// Name of the image
        #[arg(long, allow_hyphen_values = true)]
        name: String,
        /// What is on it
        #[arg(long, default_value = "", allow_hyphen_values = true)]
        description: String,
        /// Wait until the image can be launched from
        #[arg(long)]
        wait: bool,
    },
    /// List the images
    List,
    /// Delete images with their snapshots
    Delete {
        /// Names or ids of the images
        #[arg(required = true, value_name = "IMAGE")]
        images: Vec<String>,
    },
}

/// `slipway log`.
#[derive(Debug, Args)]
pub struct Log {
    #[command(flatten)]
    pub server: One,
    /// Only the newest lines
    #[arg(long, short = 'n', value_name = "COUNT")]
    pub lines: Option<u32>,
    /// Only of this step
    #[arg(long)]
    pub step: Option<String>,
    /// Only lines that hold this text
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub search: Option<String>,
    /// Only warnings and errors
    #[arg(long)]
    pub warnings: bool,
}

fn pair(given: &str) -> Result<(String, String), String> {
    match given.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("it should be KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;
