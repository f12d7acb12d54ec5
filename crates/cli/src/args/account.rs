//! What can be typed about accounts: profiles, what they offer, what keeps from launching, what was left behind.

use clap::{Args, Subcommand};

use super::One;

/// `slipway profiles`.
#[derive(Debug, Args)]
pub struct Profiles {
    #[command(subcommand)]
    pub act: Option<ProfilesAct>,
}

/// What to do with profiles; listed when left out.
#[derive(Debug, Subcommand)]
pub enum ProfilesAct {
    /// List the profiles, and those of the AWS tools that can be added
    List,
    /// Add an AWS account: asks for its access key, which is kept in the keychain of this computer
    Add(AddProfile),
    /// Forget a profile and its access key
    Remove {
        /// Name of the profile
        name: String,
        /// Even while servers of it run: they run on, and Slipway no longer looks after them
        #[arg(long)]
        force: bool,
    },
    /// Use a profile from now on
    Use {
        /// Name of the profile
        name: String,
    },
}

/// `slipway profiles add`.
#[derive(Debug, Args)]
pub struct AddProfile {
    /// A name for it; with --from-aws its name in the files of the AWS tools
    pub name: String,
    /// Use the profile of that name of the AWS tools; nothing of it is copied
    #[arg(long)]
    pub from_aws: bool,
    /// Read the key from standard input: the access key id on the first line, the secret on the second
    #[arg(long, conflicts_with = "from_aws")]
    pub key_stdin: bool,
    /// Don't ask AWS whether it accepts the key
    #[arg(long)]
    pub unchecked: bool,
}

/// `slipway offer`.
#[derive(Debug, Args)]
pub struct Offer {
    /// Propose sizes for this recipe
    #[arg(long, value_name = "ID")]
    pub recipe: Option<String>,
    /// Every size and every region, instead of the proposals
    #[arg(long)]
    pub all: bool,
    /// Create the default network of the region, which has none
    #[arg(long)]
    pub create_network: bool,
}

/// `slipway doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Check for a server of this name
    #[arg(long, allow_hyphen_values = true)]
    pub name: Option<String>,
    /// Check for this recipe
    #[arg(long, value_name = "ID")]
    pub recipe: Option<String>,
    /// Check for this Windows, such as windows-2025
    #[arg(long, value_name = "ID")]
    pub windows: Option<String>,
    /// Check for this instance type; the one that suits the recipe when left out
    #[arg(long)]
    pub size: Option<String>,
    /// Check for this subnet
    #[arg(long, value_name = "SUBNET")]
    pub network: Option<String>,
}

/// `slipway sweep`.
#[derive(Debug, Args)]
pub struct Sweep {
    /// Delete this one, by id or name; can be repeated. Without it nothing is deleted
    #[arg(long = "delete", value_name = "ID", allow_hyphen_values = true)]
    pub delete: Vec<String>,
}

/// `slipway resume`.
#[derive(Debug, Args)]
pub struct Resume {
    #[command(flatten)]
    pub server: One,
    /// Take one of the other places or sizes that are offered, such as eu-central-1b/t3.large
    #[arg(long, value_name = "OFFER")]
    pub offer: Option<String>,
    /// Trust the connection to the installer for this launch, though nothing proves it
    #[arg(long)]
    pub trust: bool,
    /// Return at once instead of following
    #[arg(long)]
    pub detach: bool,
}

/// `slipway keep`.
#[derive(Debug, Args)]
pub struct Keep {
    #[command(flatten)]
    pub server: One,
    /// For so long from now
    #[arg(long, value_name = "HOURS", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=720))]
    pub hours: u32,
}

/// `slipway console`.
#[derive(Debug, Args)]
pub struct Console {
    #[command(flatten)]
    pub server: One,
    /// Save a picture of the screen, a JPEG file; “-” writes it to standard output
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    pub screenshot: Option<std::path::PathBuf>,
}
