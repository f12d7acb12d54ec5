//! Installs the web server: from then on the machine answers on the site's port.

use tokio::net::TcpStream;

use super::{Bench, installed, write};
use crate::pace::{LOOK, look_again};
use crate::trouble::{Outcome, input};

/// How many looks the port gets to answer: ten seconds.
const LOOKS: u128 = 10_000 / LOOK.as_millis();

pub async fn install(bench: &Bench, port: u16) -> Outcome<()> {
    bench
        .work(
            0.0..0.97,
            &[
                (1.0, "Collecting the web server role"),
                (2.0, "Role: static content, default document, HTTP errors"),
                (8.0, "Installing Web-Server"),
                (6.5, "Installing Web-Basic-Auth"),
                (2.0, "Registering the site “Default Web Site”"),
            ],
        )
        .await?;
    let config = serde_json::json!({ "site": "Default Web Site", "port": port });
    write(&installed::web_server(&bench.disk), config.to_string())?;
    for _ in 0..LOOKS {
        if TcpStream::connect((bench.host, port)).await.is_ok() {
            return bench.work(0.97..1.0, &[(0.5, "The web server answers")]).await;
        }
        look_again().await;
    }
    Err(input(format!("The web server does not answer on port {port}.")))
}
