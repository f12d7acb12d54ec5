//! Copies a disk, with progress. Only files and folders: nothing on a practice disk is a link.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::trouble::Outcome;

const CHUNK: usize = 256 * 1024;

/// Copies everything in `from` to `to`, which is made anew. After each piece `progress` gets the share that is done,
/// from 0 to 1, and says whether to go on; false ends the copy and is returned. The files are on the disk afterwards.
pub async fn copy(
    from: &Path,
    to: &Path,
    mut progress: impl AsyncFnMut(f64) -> Outcome<bool>,
) -> Outcome<bool> {
    match fs::remove_dir_all(to).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let tree = list(from)?;
    for folder in tree.folders {
        fs::create_dir_all(to.join(folder)).await?;
    }
    let total: u64 = tree.files.iter().map(|(_, size)| size).sum();
    let mut done = 0;
    for (file, _) in tree.files {
        let mut source = fs::File::open(from.join(&file)).await?;
        let mut target = fs::File::create(to.join(&file)).await?;
        let mut room = vec![0; CHUNK];
        loop {
            let read = source.read(&mut room).await?;
            if read == 0 {
                break;
            }
            target.write_all(&room[..read]).await?;
            done += read as u64;
            if !progress(done as f64 / total.max(1) as f64).await? {
                return Ok(false);
            }
        }
        target
            .set_permissions(source.metadata().await?.permissions())
            .await?;
        target.sync_all().await?;
    }
    Ok(true)
}

/// What a folder holds, relative to it.
struct Tree {
    /// Each before what is in it.
    folders: Vec<PathBuf>,
    /// With their sizes in bytes.
    files: Vec<(PathBuf, u64)>,
}

fn list(root: &Path) -> io::Result<Tree> {
    let mut folders = vec![PathBuf::new()];
    let mut files = Vec::new();
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        next += 1;
        for entry in std::fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let metadata = entry.metadata()?;
            if metadata.is_dir() {
                folders.push(path);
            } else if metadata.is_file() {
                files.push((path, metadata.len()));
            }
        }
    }
    Ok(Tree { folders, files })
}
