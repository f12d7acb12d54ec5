//! Opens things in the programs that the user has for them: a site, a folder.

use std::path::Path;

use slipway_core::error::{Error, ErrorKind, Result};
use url::Url;

/// Opens a web address in the user's browser. Nothing else is opened: an answer of a server must not start programs.
pub fn url(address: &str) -> Result<()> {
    let url = Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| {
        Error::new(
            ErrorKind::Input,
            "Only addresses that start with http:// or https:// are opened.",
        )
    })?;
    opener::open_browser(url.as_str()).map_err(|error| {
        Error::new(ErrorKind::Internal, "The browser could not be opened.")
            .hint(format!("Open {url} yourself."))
            .because(&error)
    })
}

/// Shows a file in its folder, selected where the file browser can do that.
pub fn in_folder(file: &Path) -> Result<()> {
    if !file.is_file() {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("There is no file {}.", file.display()),
        ));
    }
    opener::reveal(file).map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            format!("The folder of {} could not be opened.", file.display()),
        )
        .because(&error)
    })
}

/// Runs what waits for another program off the async threads.
pub(crate) async fn blocking(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    let ended = tokio::task::spawn_blocking(work).await;
    ended.unwrap_or_else(|error| {
        Err(Error::new(ErrorKind::Internal, "Opening another program broke off.").because(&error))
    })
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
