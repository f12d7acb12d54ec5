//! The checks, as far as moto knows what they ask for.

use slipway_aws::AgentProgram;
use slipway_core::cloud::{CheckRequest, CreateDefaultNetwork, Finding, ImageChoice, ResourceKind, Verdict};
use slipway_core::ports::Cloud;

use crate::instances::{IMAGE, launch};
use crate::server::Moto;

fn request() -> CheckRequest {
    CheckRequest {
        size: "m5.large".into(),
        image: ImageChoice::Own(IMAGE.into()),
        network: None,
        disk_gib: 60,
    }
}

fn verdict(findings: &[Finding], about: &str) -> Verdict {
    let found = findings.iter().find(|finding| finding.about == about);
    found
        .unwrap_or_else(|| panic!("{about} is not among {findings:?}"))
        .verdict
}

#[tokio::test]
async fn a_launch_that_would_go_well_is_not_stopped() {
    let moto = Moto::start();
    let findings = moto.cloud().checks(&request()).await.unwrap();
    for about in ["Region", "Image", "Size", "Clock"] {
        assert_eq!(verdict(&findings, about), Verdict::Good, "{findings:?}");
    }
    for about in [
        "Permission to import the key pair",
        "Permission to create the security group",
        "Permission to launch the server",
    ] {
        assert_eq!(verdict(&findings, about), Verdict::Good, "{findings:?}");
    }
    // Its default network has no internet gateway, and that is seen.
    assert_eq!(verdict(&findings, "Network"), Verdict::Warning);
    // It has no EC2 quotas either: not known is said, not guessed.
    assert_eq!(verdict(&findings, "vCPU quota"), Verdict::Unknown);
}

#[tokio::test]
async fn a_size_and_an_image_that_are_not_there_stop_it() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let size = CheckRequest {
        size: "m5.enormous".into(),
        ..request()
    };
    let findings = cloud.checks(&size).await.unwrap();
    assert_eq!(verdict(&findings, "Size"), Verdict::Blocking);
    let image = CheckRequest {
        image: ImageChoice::Own("ami-00000000000000000".into()),
        ..request()
    };
    let findings = cloud.checks(&image).await.unwrap();
    assert_eq!(verdict(&findings, "Image"), Verdict::Blocking);
}

#[tokio::test]
async fn a_missing_agent_is_the_first_thing_found_and_others_are_still_looked_at() {
    let moto = Moto::start();
    let cloud = moto.cloud_with(AgentProgram::Built("/nowhere/agent.exe".into()));
    let findings = cloud.checks(&request()).await.unwrap();
    assert_eq!(
        (findings[0].about.as_str(), findings[0].verdict),
        ("Windows installer", Verdict::Blocking)
    );
    assert!(findings[0].fix.contains("cargo xtask run"), "{findings:?}");
    assert_eq!(verdict(&findings, "Region"), Verdict::Good);
}

#[tokio::test]
async fn a_rehearsal_makes_nothing() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    cloud.checks(&request()).await.unwrap();
    assert_eq!(cloud.ours().await.unwrap(), []);
}

#[tokio::test]
async fn everything_of_a_launch_is_found_by_a_sweep() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    launch(&cloud, "01J").await;
    let ours = cloud.ours().await.unwrap();
    for kind in [
        ResourceKind::Server,
        ResourceKind::SecurityGroup,
        ResourceKind::KeyPair,
    ] {
        assert!(
            ours.iter().any(|found| found.kind == kind),
            "{kind:?} in {ours:?}"
        );
    }
}

#[tokio::test]
async fn a_default_network_that_is_there_counts_as_created() {
    let moto = Moto::start();
    let region = "eu-central-1".to_owned();
    let network = moto
        .cloud()
        .create_default_network(&CreateDefaultNetwork { region })
        .await
        .unwrap();
    assert!(network.is_default && network.zone.starts_with("eu-central-1"));
}
