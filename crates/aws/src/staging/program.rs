//! The agent for Windows on this computer: whether it is there, and whether it can be what an instance runs as SYSTEM.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use slipway_core::error::{Error, ErrorKind, Result};
use tokio::io::AsyncReadExt as _;

/// Far more than the agent has, and little enough to be read at once.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How to get one, wherever it is missing.
const HINT: &str = "“cargo xtask run” in Slipway's source builds it, and says what it lacks for that; SLIPWAY_WINDOWS_AGENT may \
                    name another one by its full path.";

/// Where a DOS header says how far into the file the Windows header begins.
const HEADER_OFFSET: usize = 0x3c;
/// What the header begins with.
const SIGNATURE: &[u8] = b"PE\0\0";
/// x86-64, as Windows Server runs on every size that we offer.
const MACHINE: u16 = 0x8664;
/// Signature and COFF header.
const COFF: usize = 24;
/// A row of the table of sections.
const SECTION: usize = 40;

/// The agent's program, read once: what is uploaded is what the hash is of.
#[derive(Debug)]
pub(crate) struct Program {
    pub bytes: Vec<u8>,
    /// Lower-case hex.
    pub sha256: String,
}

/// Reads it.
///
/// # Errors
/// Not found, or not a program that Windows Server could run. Nothing is asked of AWS.
pub(crate) async fn read(path: &Path) -> Result<Program> {
    // A relative one would be looked for in whatever folder Slipway is started from.
    if !path.is_absolute() {
        return Err(unusable(path, "is not a full path"));
    }
    let found = tokio::fs::metadata(path)
        .await
        .map_err(|cause| missing(path, &cause))?;
    if !found.is_file() {
        return Err(unusable(path, "is not a file"));
    }
    let file = tokio::fs::File::open(path)
        .await
        .map_err(|cause| missing(path, &cause))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(|cause| missing(path, &cause))?;
    if bytes.len() as u64 > LARGEST {
        return Err(unusable(path, "is larger than 64 MiB"));
    }
    if let Some(reason) = why_not_for_windows(&bytes) {
        return Err(unusable(path, reason));
    }
    Ok(Program {
        sha256: hex::encode(Sha256::digest(&bytes)),
        bytes,
    })
}

/// Why these bytes are no whole program for Windows on x86-64; `None` where nothing speaks against it.
fn why_not_for_windows(bytes: &[u8]) -> Option<&'static str> {
    const OTHER: &str = "is not a program for Windows";
    let number = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
    if !bytes.starts_with(b"MZ") {
        return Some(OTHER);
    }
    let Some(header) =
        long(HEADER_OFFSET).filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(SIGNATURE)))
    else {
        return Some(OTHER);
    };
    if number(header + 4) != Some(MACHINE) {
        return Some("is not a program for Windows on x86-64");
    }
    let sections = || {
        let table = header + COFF + usize::from(number(header + 20)?);
        let ends = (0..usize::from(number(header + 6)?)).map(|nth| {
            let row = table + nth * SECTION;
            Some(long(row + 16)?.saturating_add(long(row + 20)?))
        });
        ends.collect::<Option<Vec<usize>>>()
    };
    let whole = sections().is_some_and(|ends| !ends.is_empty() && ends.iter().all(|end| *end <= bytes.len()));
    (!whole).then_some("is cut off")
}

fn missing(path: &Path, cause: &std::io::Error) -> Error {
    let sentence = format!("The Windows installer is not at {}.", path.display());
    Error::new(ErrorKind::NotFound, sentence)
        .hint(HINT)
        .because(cause)
}

fn unusable(path: &Path, why: &str) -> Error {
    let sentence = format!("The Windows installer can't be used: {} {why}.", path.display());
    Error::new(ErrorKind::Unsupported, sentence).hint(HINT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::windows_program::windows_program;

    async fn told(bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("agent.exe");
        std::fs::write(&file, bytes).unwrap();
        match read(&file).await {
            Ok(program) => {
                assert_eq!((program.bytes.as_slice(), program.sha256.len()), (bytes, 64));
                String::new()
            }
            Err(error) => {
                assert!(error.hint.contains("cargo xtask run"), "{error}");
                error.sentence
            }
        }
    }

    #[tokio::test]
    async fn only_a_whole_program_for_windows_is_taken() {
        let good = windows_program("");
        assert_eq!(told(&good).await, "");
        let mut for_arm = good.clone();
        for_arm[0x44..0x46].copy_from_slice(&0xaa64u16.to_le_bytes());
        for (bytes, why) in [
            (&b""[..], "not a program for Windows"),
            (b"MZ not really", "not a program for Windows"),
            (b"\x7fELF and so on", "not a program for Windows"),
            (&for_arm, "x86-64"),
            (&good[..1000], "cut off"),
            (&good[..0x48], "cut off"),
        ] {
            let told = told(bytes).await;
            assert!(told.contains(why), "{why}: {told}");
        }
    }

    #[tokio::test]
    async fn what_is_no_file_or_has_no_full_path_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let kind = async |path: &Path| read(path).await.unwrap_err();
        assert_eq!(
            kind(&folder.path().join("none.exe")).await.kind,
            ErrorKind::NotFound
        );
        assert!(kind(folder.path()).await.sentence.contains("is not a file"));
        assert!(
            kind(Path::new("agent.exe"))
                .await
                .sentence
                .contains("not a full path")
        );
    }
}
