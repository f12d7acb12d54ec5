//! Packs `theme/` into `assets/theme.zip`, always to the same bytes, and prints the SHA-256 for the recipe.

use std::fs;
use std::io::{self, Cursor, Write};
use std::path::Path;

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<_> = fs::read_dir(root.join("theme"))?
        .map(|entry| Ok(entry?.file_name()))
        .collect::<io::Result<_>>()?;
    names.sort();
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        archive.start_file(name.to_string_lossy(), options)?;
        archive.write_all(&fs::read(root.join("theme").join(&name))?)?;
    }
    let bytes = archive.finish()?.into_inner();
    fs::write(root.join("assets").join("theme.zip"), &bytes)?;
    writeln!(io::stdout(), "{}", hex::encode(Sha256::digest(&bytes)))
}
