//! Where the files of `~/.aws` are, and when they were changed.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

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

/// When the files were last changed: a different stamp means that somebody may have signed in anew, or edited a profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stamp(Vec<(PathBuf, Option<SystemTime>)>);

impl Files {
    /// As the AWS command line finds them.
    pub fn from_env() -> Self {
        let home = std::env::home_dir().unwrap_or_default();
        let aws = home.join(".aws");
        let variable = |name: &str| std::env::var(name).ok();
        let or = |name: &str, usual: &str| {
            variable(name).map_or_else(|| aws.join(usual), |given| expanded(&given, &home, variable))
        };
        let login = std::env::var_os("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
        Files {
            config: or("AWS_CONFIG_FILE", "config"),
            credentials: or("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            // The SDK takes the last one as it is written, and it is the SDK that reads from it.
            caches: vec![
                aws.join("sso/cache"),
                login.unwrap_or_else(|| aws.join("login/cache")),
            ],
        }
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

/// `~/x` and `$NAME/x`, as botocore reads them.
fn expanded(given: &str, home: &Path, variable: impl Fn(&str) -> Option<String>) -> PathBuf {
    if let Some(rest) = given.strip_prefix("~/").or_else(|| given.strip_prefix("~\\")) {
        return home.join(rest);
    }
    let Some(rest) = given.strip_prefix('$') else {
        return PathBuf::from(given);
    };
    let end = rest.find(['/', '\\']).unwrap_or(rest.len());
    let name = rest[..end].trim_matches(['{', '}']);
    match variable(name) {
        Some(value) => PathBuf::from(value + &rest[end..]),
        None => PathBuf::from(given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_begin_with_the_home_folder_or_a_variable() {
        let of = |given: &str| {
            let variable = |name: &str| (name == "CONF").then(|| "/etc/aws".to_owned());
            expanded(given, Path::new("/home/anna"), variable)
        };
        assert_eq!(of("~/x/config"), Path::new("/home/anna/x/config"));
        assert_eq!(of("$CONF/config"), Path::new("/etc/aws/config"));
        assert_eq!(of("${CONF}/config"), Path::new("/etc/aws/config"));
        assert_eq!(of("$NONE/config"), Path::new("$NONE/config"));
        assert_eq!(of("/x"), Path::new("/x"));
        assert_eq!(of(""), Path::new(""));
    }

    #[test]
    fn a_changed_file_changes_the_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files {
            config: folder.path().join("config"),
            credentials: folder.path().join("credentials"),
            caches: vec![folder.path().join("cache")],
        };
        let before = files.stamp();
        assert_eq!(before, files.stamp());
        std::fs::write(&files.credentials, "[x]").unwrap();
        let with_file = files.stamp();
        assert_ne!(before, with_file);
        std::fs::create_dir(&files.caches[0]).unwrap();
        std::fs::write(files.caches[0].join("token.json"), "{}").unwrap();
        assert_ne!(with_file, files.stamp());
    }
}
