//! The profiles of `~/.aws`: which there are, for choosing one, and when their files changed, for noticing a new sign-in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A profile of `~/.aws`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProfile {
    /// Its name.
    pub name: String,
    /// Its region, where it names one.
    pub region: Option<String>,
    /// Why the SDK can't sign in with it, in a sentence; empty where it can.
    pub problem: &'static str,
}

/// Where the profiles are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// `~/.aws/config`, or `AWS_CONFIG_FILE`.
    pub config: PathBuf,
    /// `~/.aws/credentials`, or `AWS_SHARED_CREDENTIALS_FILE`.
    pub credentials: PathBuf,
    /// Folders with the tokens of sign-ins.
    pub caches: Vec<PathBuf>,
}

/// When the files were last changed, because the SDK reads them once and keeps what it found for ever; a different stamp means that somebody may have signed in anew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stamp(Vec<(PathBuf, Option<SystemTime>)>);

/// All profiles of `~/.aws`, by name.
pub fn file_profiles() -> Vec<FileProfile> {
    Files::from_env().profiles()
}

impl Files {
    /// As the AWS command line finds them.
    pub fn from_env() -> Self {
        let aws = std::env::home_dir().unwrap_or_default().join(".aws");
        let or = |variable: &str, usual: &str| {
            std::env::var_os(variable).map_or_else(|| aws.join(usual), PathBuf::from)
        };
        Files {
            config: or("AWS_CONFIG_FILE", "config"),
            credentials: or("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            caches: vec![
                aws.join("sso/cache"),
                or("AWS_LOGIN_CACHE_DIRECTORY", "login/cache"),
            ],
        }
    }

    /// All profiles, by name. A file that can't be read counts as empty.
    pub fn profiles(&self) -> Vec<FileProfile> {
        let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
        merge(&read(&self.config), &read(&self.credentials))
    }

    /// The present stamp.
    pub(crate) fn stamp(&self) -> Stamp {
        let mut paths = vec![self.config.clone(), self.credentials.clone()];
        for cache in &self.caches {
            let entries = std::fs::read_dir(cache).into_iter().flatten().flatten();
            paths.extend(entries.map(|entry| entry.path()));
        }
        paths.sort();
        let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|data| data.modified()).ok();
        Stamp(
            paths
                .into_iter()
                .map(|path| (path.clone(), changed(&path)))
                .collect(),
        )
    }
}

type Keys = BTreeMap<String, String>;

/// Both files may describe one profile; credentials win over config, as in the AWS command line (“Configuration and
/// credential file settings”). In the config file a profile is `[profile x]`, but the default one stands bare.
fn merge(config: &str, credentials: &str) -> Vec<FileProfile> {
    let mut profiles: BTreeMap<String, Keys> = BTreeMap::new();
    for (section, keys) in sections(config) {
        let name = section.strip_prefix("profile ").map(str::trim);
        if let Some(name) = name.or((section == "default").then_some("default")) {
            profiles.entry(name.to_owned()).or_default().extend(keys);
        }
    }
    for (section, keys) in sections(credentials) {
        profiles.entry(section).or_default().extend(keys);
    }
    let tell = |(name, keys): (String, Keys)| FileProfile {
        region: keys.get("region").cloned(),
        problem: problem(&keys),
        name,
    };
    profiles.into_iter().map(tell).collect()
}

/// The sections of an INI file, with their top-level keys only: nested ones are indented.
fn sections(text: &str) -> Vec<(String, Keys)> {
    let mut sections: Vec<(String, Keys)> = Vec::new();
    for line in text.lines() {
        let line = line.trim_end();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            sections.push((name.0.trim().to_owned(), Keys::new()));
        } else if !line.starts_with(char::is_whitespace)
            && !line.starts_with(['#', ';'])
            && let (Some((key, value)), Some((_, keys))) = (line.split_once('='), sections.last_mut())
        {
            keys.insert(key.trim().to_lowercase(), value.trim().to_owned());
        }
    }
    sections
}

/// What the SDK can sign in with: keys, a role, IAM Identity Center, the console's sign-in, a program.
const WAYS: &[&str] = &[
    "role_arn",
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "login_session",
    "credential_process",
    "aws_access_key_id",
];

const WANTS_MFA: &str =
    "Its role wants an MFA code, for which Slipway can’t ask. Add a profile that is signed in already.";
const NO_WAY: &str = "It has no key and no other way to sign in.";

/// The SDK does not look at `mfa_serial`: AWS would refuse the role without saying why.
fn problem(keys: &Keys) -> &'static str {
    if keys.contains_key("role_arn") && keys.contains_key("mfa_serial") {
        WANTS_MFA
    } else if WAYS.iter().any(|way| keys.contains_key(*way)) {
        ""
    } else {
        NO_WAY
    }
}

#[cfg(test)]
#[path = "profiles_tests.rs"]
mod tests;
