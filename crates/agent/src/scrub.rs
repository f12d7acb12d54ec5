//! Leaves the disk clean: after a successful end that the app has stored, and when the disk came from another instance.

use std::io;
use std::path::PathBuf;

use crate::config::Config;
use crate::private;

/// True once the work on this instance has ended well and its keys were removed.
pub fn is_scrubbed(config: &Config, instance: &str) -> io::Result<bool> {
    match private::read(&config.scrubbed_file()) {
        Ok(marked) => Ok(marked.trim_ascii() == instance.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes keys, token hash, messages and secrets, and marks this instance as done. The marker comes first, so that
/// a crash in the middle is repeated to the end by the next start. The log stays for people; no secret is in it.
pub fn scrub(config: &Config, instance: &str) -> io::Result<()> {
    private::write(&config.scrubbed_file(), instance.as_bytes())?;
    remove_all(config, traces(config))
}

/// Removes all that another instance left on the disk that this one was launched from.
pub fn forget_everything(config: &Config) -> io::Result<()> {
    let mut everything = traces(config);
    everything.extend([config.log_file(), config.scrubbed_file(), config.clock_file()]);
    remove_all(config, everything)
}

fn traces(config: &Config) -> Vec<PathBuf> {
    vec![
        config.identity_file(),
        config.next_token_file(),
        config.inbox_file(),
        config.secrets_file(),
        config.messages_file(),
        config.queue_file(),
        config.journal_file(),
        config.wish_file(),
        config.work_dir(),
        config.data_dir.join("ballast"),
    ]
}

/// Goes on where one can't be removed: the others should not stay because of it.
fn remove_all(config: &Config, paths: Vec<PathBuf>) -> io::Result<()> {
    let mut result = Ok(());
    for path in paths {
        result = private::remove(&path).and(result);
        result = private::remove(&private::unfinished(&path)).and(result);
    }
    private::sync_folder(&config.data_dir)?;
    result
}
