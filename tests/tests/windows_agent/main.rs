//! The Windows agent as it travels to an instance, run under wine by `cargo xtask test`.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]

mod agent;
mod metadata;
mod service;

use serde_json::json;
use slipway_protocol::Kind;
use slipway_protocol::console::News;
use slipway_protocol::message::StepResult;
use slipway_protocol::routes::{HELLO, Hello, MESSAGES, Page};

use crate::agent::{Running, plan, program, windows_path};

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
    let agent = Running::idle();
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
    let agent = Running::idle();
    assert_eq!(agent.get(HELLO).await.status(), 200);
    assert_eq!(agent.post(MESSAGES).await.status(), 403);
}

#[tokio::test]
async fn a_plan_of_windows_commands_is_carried_out_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let note = windows_path(&folder.path().join("deep/note.txt"));
    let agent = Running::start(
        folder,
        plan(json!([
            {"id": "write", "title": "Write a note", "kind": "write_file", "to": note, "content": "from the plan"},
            {"id": "read", "title": "Read it", "needs": ["write"], "kind": "run", "program": "cmd", "args": ["/c", "type", note]},
            {"id": "fail", "title": "End with 3", "needs": ["read"], "kind": "run", "program": "cmd", "args": ["/c", "exit", "3"]},
        ])),
    );
    agent
        .console(|news| matches!(news, News::Failed).then_some(()))
        .await;
    assert_eq!(
        std::fs::read_to_string(agent.folder().join("deep/note.txt")).unwrap(),
        "from the plan"
    );
    let page: Page = agent.get(MESSAGES).await.json().await.unwrap();
    let of_step = |step: &str| {
        page.messages
            .iter()
            .filter(|message| message.step.as_deref() == Some(step))
            .collect::<Vec<_>>()
    };
    assert!(
        of_step("read")
            .iter()
            .any(|message| message.kind == Kind::Line && message.text == "from the plan")
    );
    let failed = |kind: &Kind| {
        matches!(
            kind,
            Kind::StepFinished {
                result: StepResult::Failed,
                ..
            }
        )
    };
    assert!(of_step("fail").iter().any(|message| failed(&message.kind)));
}

/// Wine keeps Windows' access rules as the bits of the file below; those of its group stand for Administrators, who are in
/// the rules.
#[tokio::test]
async fn a_file_with_a_secret_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let write = |id: &str, content: &str| {
        let to = windows_path(&folder.path().join(id));
        json!({"id": id, "title": id, "kind": "write_file", "to": to, "content": content})
    };
    let mut plan = plan(json!([
        write("open.txt", "hello"),
        write("closed.txt", "x=${secret.db}")
    ]));
    plan.secrets = serde_json::from_value::<Vec<_>>(json!([{"name": "db", "origin": "born"}])).unwrap();
    let agent = Running::start(folder, plan);
    agent
        .console(|news| matches!(news, News::Succeeded).then_some(()))
        .await;
    let mode = |name: &str| {
        let metadata = std::fs::metadata(agent.folder().join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode("closed.txt") & 0o007, 0, "{:o}", mode("closed.txt"));
    assert_ne!(mode("open.txt") & 0o004, 0, "{:o}", mode("open.txt"));
    let closed = std::fs::read_to_string(agent.folder().join("closed.txt")).unwrap();
    assert_eq!(closed.len(), "x=".len() + 24);
}
