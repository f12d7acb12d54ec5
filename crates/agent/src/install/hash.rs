//! SHA-256 of files.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::private;

/// SHA-256 of a file's content, lower-case hex.
pub async fn of_file(path: &Path) -> io::Result<String> {
    let path = path.to_owned();
    let hashing = tokio::task::spawn_blocking(move || {
        let mut file = private::existing(&path)?;
        let mut hasher = HashWriter(Sha256::new());
        io::copy(&mut file, &mut hasher)?;
        Ok(hex::encode(hasher.0.finalize()))
    });
    hashing.await.map_err(io::Error::other)?
}

struct HashWriter(Sha256);

impl io::Write for HashWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
