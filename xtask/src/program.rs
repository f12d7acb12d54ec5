//! Finding programs on the search path.

use std::path::{Path, PathBuf};

/// Where a program is, if it is on the search path.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .map(|folder| folder.join(&file))
        .find(|file| file.is_file())
}

/// Whether a folder is on the search path.
pub fn on_path(folder: &Path) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|entry| entry == folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustc_is_found_and_an_invented_program_is_not() {
        assert!(find("rustc").is_some());
        assert_eq!(find("no-such-program"), None);
    }
}
