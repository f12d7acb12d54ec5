//! The profiles of `~/.aws`: `files` says where they are, `lines` and `read` read them, `plan` says how each signs in, and
//! `canonical` says the same to the SDK. Listing and use have one reader.

pub(crate) mod canonical;
mod files;
mod lines;
pub(crate) mod plan;
mod read;

pub use files::Files;
pub(crate) use files::Stamp;
pub use plan::Kind;
pub(crate) use plan::Plan;

/// A profile of `~/.aws`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProfile {
    /// Its name.
    pub name: String,
    /// Its region, where it or the profile that its role builds on names one.
    pub region: Option<String>,
    /// How it signs in; `None` where it can't.
    pub kind: Option<Kind>,
    /// Why it can't sign in, in a sentence, with file and line where a line is to blame; empty where it can.
    pub problem: String,
}

/// All profiles of `~/.aws`, by name.
pub fn file_profiles() -> Vec<FileProfile> {
    Files::from_env().profiles()
}

impl Files {
    /// All profiles, by name. A file that is there and can't be read is listed by its path, with the reason.
    pub fn profiles(&self) -> Vec<FileProfile> {
        let known = read::read(&self.config, &self.credentials);
        let unreadable = known.unreadable.iter().map(|(path, reason)| FileProfile {
            name: path.display().to_string(),
            region: None,
            kind: None,
            problem: format!("The file can't be read: {reason}."),
        });
        let told = known.profiles.iter().map(|(name, entry)| {
            let plan = Plan::of(&known, name);
            let own = entry.get("region").map(str::to_owned);
            FileProfile {
                name: name.clone(),
                region: plan.as_ref().map_or(own, |plan| plan.region.clone()),
                kind: plan.as_ref().ok().map(Plan::kind),
                problem: plan.err().unwrap_or_default(),
            }
        });
        unreadable.chain(told).collect()
    }

    /// How a profile signs in, or why it can't.
    pub(crate) fn plan(&self, profile: &str) -> Result<Plan, String> {
        Plan::of(&read::read(&self.config, &self.credentials), profile)
    }
}

#[cfg(test)]
mod tests;
