//! The agent's way by a private bucket.

use slipway_aws::AgentProgram;
use slipway_core::cloud::StageAgent;
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::server::Moto;
use crate::windows_program::windows_program;

#[tokio::test]
async fn a_built_agent_is_uploaded_once_and_its_url_gives_it_back() {
    let moto = Moto::start();
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("slipway-agent.exe");
    std::fs::write(&program, windows_program("")).unwrap();
    let cloud = moto.cloud_with(AgentProgram::Built(program));
    let request = StageAgent { launch: "01J".into() };
    let first = cloud.stage_agent(&request).await.unwrap();
    let second = cloud.stage_agent(&request).await.unwrap();
    let (first, second) = (first.source.unwrap(), second.source.unwrap());
    assert_eq!(first.sha256, second.sha256);
    assert!(first.url.contains("slipway-123456789012-eu-central-1") && first.url.contains("X-Amz-Signature"));
    let fetched = reqwest::get(&second.url).await.unwrap().bytes().await.unwrap();
    assert_eq!(fetched, windows_program(""));
}

#[tokio::test]
async fn a_released_agent_needs_no_bucket() {
    let moto = Moto::start();
    let staged = moto
        .cloud()
        .stage_agent(&StageAgent { launch: "01J".into() })
        .await
        .unwrap();
    assert_eq!(staged.source.unwrap().url, "https://example.com/agent.exe");
    assert_eq!(staged.expires, None);
}

#[tokio::test]
async fn an_agent_that_was_not_built_is_told() {
    let moto = Moto::start();
    let cloud = moto.cloud_with(AgentProgram::Built("/nowhere/agent.exe".into()));
    let refused = cloud
        .stage_agent(&StageAgent { launch: "01J".into() })
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound);
}
