//! The Windows agent as it travels to an instance, run under wine by `cargo xtask test`.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod agent;
mod metadata;

use slipway_protocol::console::News;
use slipway_protocol::routes::{HELLO, Hello, MESSAGES};

use crate::agent::{Running, nothing_to_do, program};

#[test]
fn the_agent_starts_and_tells_its_version() {
    let output = program().arg("--version").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        printed.trim(),
        format!("slipway-agent {}", env!("CARGO_PKG_VERSION"))
    );
    assert!(output.status.success());
}

#[tokio::test]
async fn the_keys_on_the_console_are_those_that_it_answers_with() {
    let agent = Running::start(nothing_to_do);
    let (tls_sha256, key) = agent
        .console(|news| match news {
            News::Keys { tls_sha256, key } => Some((tls_sha256.clone(), key.clone())),
            _ => None,
        })
        .await;
    let answer = agent.get(HELLO).await;
    assert_eq!(agent::certificate_sha256(&answer), tls_sha256);
    let hello: Hello = answer.json().await.unwrap();
    assert_eq!(
        (hello.launch.as_str(), hello.instance.as_str()),
        (agent::LAUNCH, agent::INSTANCE)
    );
    assert_eq!(hello.key, key);
}

#[tokio::test]
async fn a_post_from_outside_is_refused_even_with_the_token() {
    let agent = Running::start(nothing_to_do);
    assert_eq!(agent.get(HELLO).await.status(), 200);
    assert_eq!(agent.post(MESSAGES).await.status(), 403);
}
