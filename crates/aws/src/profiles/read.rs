//! Both files together: which profiles there are, what is set for each and where, and what keeps one from being read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use slipway_core::{files, input_text};

use super::lines::{Fault, Section, Setting, sections};

/// One of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    Config,
    Credentials,
}

/// Everything that both files say.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub profiles: BTreeMap<String, Entry>,
    /// `[sso-session …]`.
    pub sessions: BTreeMap<String, Entry>,
    /// `[services …]`: endpoints of single services, handed on as they are.
    pub services: BTreeMap<String, Entry>,
    /// Files that are there and can't be read, with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// A profile or session.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub settings: BTreeMap<String, (File, String)>,
    /// File, line and reason, as a sentence; empty where all of it can be read.
    pub fault: String,
}

impl Entry {
    /// What is set, unless it is empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.settings.get(key)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// The same, if it stands in this file.
    pub fn get_of(&self, file: File, key: &str) -> Option<&str> {
        let is_there = self.settings.get(key).is_some_and(|(known, _)| *known == file);
        self.get(key).filter(|_| is_there)
    }

    fn add(&mut self, file: File, settings: Vec<Setting>) {
        for Setting { key, value, .. } in settings {
            self.settings.insert(key, (file, value));
        }
    }
}

/// What a heading means.
#[derive(Debug, PartialEq, Eq)]
enum Heading {
    Profile(String),
    Session(String),
    Services(String),
    /// Neither, but probably meant as the profile of this name.
    Misnamed(String, &'static str),
    /// Something of another tool.
    Other,
}

/// What makes a section look like a profile whose heading is wrong.
const OF_A_PROFILE: &[&str] = &[
    "aws_access_key_id",
    "role_arn",
    "sso_session",
    "sso_start_url",
    "login_session",
    "credential_process",
];

/// More bytes than any file of profiles has.
const LONGEST: u64 = 8 * files::SMALL;

/// Reads both files. One that is missing is empty.
pub(super) fn read(config: &Path, credentials: &Path) -> Known {
    let mut known = Known::default();
    for (file, path) in [(File::Config, config), (File::Credentials, credentials)] {
        match files::read(path, LONGEST) {
            Ok(bytes) => known.add(file, path, &input_text::decode(&bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound || path.as_os_str().is_empty() => {}
            Err(error) => known.unreadable.push((path.to_owned(), error.to_string())),
        }
    }
    known
}

impl Known {
    /// What the second file says of a key wins over the first, as in the AWS command line (“Configuration and credential
    /// file settings”).
    pub fn add(&mut self, file: File, path: &Path, text: &str) {
        let sections = sections(text);
        // `[profile default]` takes the whole place of `[default]`.
        let prefixed = file == File::Config
            && sections.iter().any(|section| {
                section.heading != "default"
                    && heading(file, section) == Heading::Profile("default".to_owned())
            });
        for section in sections {
            if !(prefixed && section.heading == "default") {
                self.put(file, path, section);
            }
        }
    }

    fn put(&mut self, file: File, path: &Path, section: Section) {
        let Section {
            settings,
            fault,
            line,
            ..
        } = &section;
        let meaning = heading(file, &section);
        let said = fault.as_ref().map(|fault| told(path, fault));
        let (map, name, said) = match meaning {
            Heading::Profile(name) => (&mut self.profiles, name, said),
            Heading::Session(name) => (&mut self.sessions, name, said),
            Heading::Services(name) => (&mut self.services, name, said),
            Heading::Misnamed(name, reason) => {
                // A profile that can be used is not hidden by a section that can't.
                if self.profiles.contains_key(&name) {
                    return;
                }
                let fault = Fault { line: *line, reason };
                (&mut self.profiles, name, Some(told(path, &fault)))
            }
            Heading::Other => return,
        };
        let entry = map.entry(name).or_default();
        entry.add(file, settings.clone());
        if let Some(said) = said.filter(|_| entry.fault.is_empty()) {
            entry.fault = said;
        }
    }
}

fn told(path: &Path, fault: &Fault) -> String {
    format!("{}, line {}: {}.", shown(path), fault.line, fault.reason)
}

/// The way people know it: `~/.aws/config`.
fn shown(path: &Path) -> String {
    let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

fn heading(file: File, section: &Section) -> Heading {
    let has = |key: &&str| section.settings.iter().any(|setting| setting.key == **key);
    let like_a_profile = OF_A_PROFILE.iter().any(has) || section.fault.is_some();
    let text = section.heading.as_str();
    let known = match file {
        File::Config => in_config(text),
        File::Credentials => in_credentials(text),
    };
    match known {
        Heading::Misnamed(..) if !like_a_profile => Heading::Other,
        known => known,
    }
}

/// `[default]`, `[profile NAME]`, `[sso-session NAME]`, `[services NAME]`, with names that may be quoted.
fn in_config(text: &str) -> Heading {
    let misnamed = |name: &str, reason| Heading::Misnamed(name.trim().to_owned(), reason);
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = shlex::split(rest).unwrap_or_default();
    match (word, name.as_slice()) {
        ("", _) => misnamed(
            "default",
            "it stands above the first heading; write [default] before it",
        ),
        ("default", []) => Heading::Profile("default".to_owned()),
        ("profile", [name]) if !name.is_empty() => Heading::Profile(name.clone()),
        ("sso-session", [name]) => Heading::Session(name.clone()),
        ("services", [name]) => Heading::Services(name.clone()),
        ("sso-session" | "services", _) => Heading::Other,
        ("profile", _) if rest.trim().is_empty() => misnamed("profile", "the heading names no profile"),
        ("profile", _) => misnamed(
            rest,
            "a name with a space or a quote must stand in quotes: [profile \"NAME\"]",
        ),
        (word, _) if word.eq_ignore_ascii_case("profile") => {
            misnamed(rest, "“profile” must be written in small letters")
        }
        (word, []) if word.eq_ignore_ascii_case("default") => {
            misnamed(word, "“default” must be written in small letters")
        }
        _ => misnamed(text, "a profile's heading is [profile NAME] in this file"),
    }
}

/// Every heading is a name.
fn in_credentials(text: &str) -> Heading {
    match text {
        "" => Heading::Misnamed(
            "default".to_owned(),
            "it stands above the first heading; write [default] before it",
        ),
        name => Heading::Profile(name.to_owned()),
    }
}
