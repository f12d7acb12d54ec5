//! Between cargo and the compiler, in builds that this program starts: crates of which nearly nothing is used generate code
//! for what is used alone. Their authors say so in their manifests (`[hints] mostly-unused`), which a stable cargo only
//! reads; aws-sdk-ec2 takes about half of the time that way, and a third of the disk. The compiler's switch for it is
//! unstable, so it is asked for in development builds, for crates of others that carry the hint, and only where this
//! compiler knows it. Whatever is built either way goes together, and cargo takes one for the other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::invoke;

/// Set where cargo starts this program in the place of a compiler.
const IN_PLACE: &str = "SLIPWAY_XTASK_COMPILES";
/// Cargo's own setting; whoever has set it has a use for it.
const WRAPPER: &str = "RUSTC_WRAPPER";
const SWITCH: &str = "-Zhint-mostly-unused";
/// Lets a stable compiler take an unstable switch.
const ALLOW: &str = "RUSTC_BOOTSTRAP";
/// Optimised programs are for others to use: they are built without anything unstable.
const OPTIMISED: &[&str] = &["opt-level=2", "opt-level=3", "opt-level=s", "opt-level=z"];

/// Lets cargo start the compiler by this program.
pub fn goes_by(command: &mut Command, this: &Path) {
    if std::env::var_os(WRAPPER).is_none() {
        command.env(WRAPPER, this).env(IN_PLACE, "1");
    }
}

/// Compiles, where cargo started this program for that; `None` where somebody else did.
pub fn compiled() -> Option<ExitCode> {
    std::env::var_os(IN_PLACE)?;
    let mut words = std::env::args_os().skip(1);
    let compiler = PathBuf::from(words.next()?);
    let words: Vec<_> = words.collect();
    let mut command = Command::new(&compiler);
    command.args(&words).env_remove(IN_PLACE).env_remove(WRAPPER);
    if is_mostly_unused(&words) && knows_the_switch(&compiler) {
        command.arg(SWITCH).env(ALLOW, "1");
    }
    let status = command.status().ok()?;
    Some(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether a library is compiled whose authors say that hardly anything of it is used.
fn is_mostly_unused(words: &[OsString]) -> bool {
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let optimised = OPTIMISED.iter().any(|level| has(level));
    let hinted = || {
        let folder = std::env::var_os("CARGO_MANIFEST_DIR")?;
        std::fs::read_to_string(Path::new(&folder).join("Cargo.toml")).ok()
    };
    has("lib") && !optimised && hinted().is_some_and(|manifest| says_so(&manifest))
}

/// As cargo writes it into every published manifest.
fn says_so(manifest: &str) -> bool {
    let mut hints = manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[hints]")
        .skip(1);
    hints.any(|line| line == "mostly-unused = true")
}

fn knows_the_switch(compiler: &Path) -> bool {
    let mut ask = Command::new(compiler);
    invoke::works(ask.args([SWITCH, "--print", "sysroot"]).env(ALLOW, "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_is_read_where_cargo_writes_it() {
        assert!(says_so(
            "[package]\nname = \"aws-sdk-ec2\"\n\n[hints]\nmostly-unused = true\n"
        ));
        assert!(!says_so("[hints]\nmostly-unused = false\n"));
        assert!(!says_so("mostly-unused = true\n[hints]\n"));
    }

    #[test]
    fn a_compiler_without_the_switch_is_told_from_one_with_it() {
        assert!(!knows_the_switch(Path::new("no-such-compiler")));
        // What only says yes to everything is no compiler; this one refuses what it does not know.
        let mut ask = Command::new("rustc");
        assert!(!invoke::works(
            ask.args(["-Zno-such-switch", "--print", "sysroot"])
                .env(ALLOW, "1")
        ));
    }

    #[test]
    fn optimised_programs_and_programs_at_all_are_built_plainly() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(!is_mostly_unused(&words("--crate-type bin -C opt-level=0")));
        assert!(!is_mostly_unused(&words("--crate-type lib -C opt-level=3")));
    }
}
