//! Installs the page runtime: from then on a folder is a page, and a page that is missing has one that says so.

use super::{Bench, installed, write};
use crate::trouble::Outcome;

pub async fn install(bench: &Bench) -> Outcome<()> {
    bench
        .work(
            0.0..0.95,
            &[
                (1.0, "Unpacking the page runtime 4.2"),
                (3.0, "Checking the signature: good"),
                (8.0, "Copying its files"),
                (1.5, "Adding the runtime to the web server’s modules"),
            ],
        )
        .await?;
    let config = serde_json::json!({ "version": "4.2", "folders_are_pages": true });
    write(&installed::runtime(&bench.disk), config.to_string())?;
    bench
        .work(
            0.95..1.0,
            &[(0.5, "The runtime is active after the next restart")],
        )
        .await
}
