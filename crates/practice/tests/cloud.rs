//! The practice cloud keeps the promises that EC2 makes about names, tokens and deletes.

mod common;

use std::collections::BTreeSet;

use common::World;
use slipway_core::cloud::*;
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;
use slipway_practice::PracticeCloud;

/// Tells the second process of a test where the world is and what to ask of it.
const SECOND_PROCESS: &str = "PRACTICE_TEST_SECOND_PROCESS";

/// Not a test of its own: what the second process of the next test does.
#[tokio::test]
async fn as_a_second_process() {
    let Ok(order) = std::env::var(SECOND_PROCESS) else {
        return;
    };
    let (folder, request) = order.split_once('\n').expect("folder and request");
    let world = World::new();
    let mut options = world.options.clone();
    options.folder = folder.into();
    let request: RunInstance = serde_json::from_str(request).expect("a request");
    let cloud = PracticeCloud::open(options).expect("opened");
    cloud.run_instance(&request).await.expect("launched");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_tasks_and_a_second_process_with_one_token_get_one_instance() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let other_window = PracticeCloud::open(world.options.clone()).expect("opened twice");
    let request = world.request(&group, "the-token");
    let order = format!(
        "{}\n{}",
        world.options.folder.display(),
        serde_json::to_string(&request).expect("JSON")
    );
    let mut second = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "as_a_second_process"])
        .env(SECOND_PROCESS, order)
        .spawn()
        .expect("started");
    let sent = (0..20).map(|number| {
        let cloud = if number % 2 == 0 {
            world.cloud.clone()
        } else {
            other_window.clone()
        };
        let request = request.clone();
        tokio::spawn(async move { cloud.run_instance(&request).await.expect("launched").id })
    });
    let mut ids = BTreeSet::new();
    for answer in sent.collect::<Vec<_>>() {
        ids.insert(answer.await.expect("ended"));
    }
    assert_eq!(ids.len(), 1, "one token, one instance");
    assert!(second.wait().expect("ended").success());
    let by_token = world
        .cloud
        .instances(&InstanceFilter::Token("the-token".into()))
        .await
        .expect("asked");
    assert_eq!(by_token.len(), 1);
    world.agent_is_up(&by_token[0].id, 1).await;
    let machines = world.cloud.machine_processes().await.expect("listed");
    let machines = machines
        .iter()
        .filter(|process| process.name.starts_with("slipway-practic"));
    assert_eq!(machines.count(), 1, "one instance, one machine process");
    world.terminate(&by_token[0].id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_another_request_is_refused() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "token").await;
    let other = RunInstance {
        disk_gib: 31,
        ..world.request(&group, "token")
    };
    let error = world
        .cloud
        .run_instance(&other)
        .await
        .expect_err("another request");
    assert_eq!(error.kind, ErrorKind::Input);
    assert!(
        error
            .causes
            .iter()
            .any(|cause| cause.contains("IdempotentParameterMismatch"))
    );
    world.terminate(&id).await;
    let again = world
        .cloud
        .run_instance(&world.request(&group, "token"))
        .await
        .expect("the same request");
    assert_eq!(again.id, id, "even after its end a token stays with its instance");
}

#[tokio::test]
async fn names_are_unique_and_deletes_can_be_repeated() {
    let world = World::new();
    let (key, group) = world.ready().await;
    let pair = ImportKeyPair {
        name: "key".into(),
        public_key: key.openssh(),
        tags: Tags::new(),
    };
    let taken = world.cloud.import_key_pair(&pair).await.expect_err("taken");
    assert_eq!(taken.kind, ErrorKind::NameTaken);
    let twice = CreateSecurityGroup {
        name: "group".into(),
        description: String::new(),
        network: None,
        tags: Tags::new(),
    };
    let taken = world
        .cloud
        .create_security_group(&twice)
        .await
        .expect_err("taken");
    assert_eq!(taken.kind, ErrorKind::NameTaken);
    for _ in 0..2 {
        let (pair, group) = (
            DeleteKeyPair { name: "key".into() },
            DeleteSecurityGroup {
                group: group.id.clone(),
            },
        );
        world.cloud.delete_key_pair(&pair).await.expect("deleted");
        world.cloud.delete_security_group(&group).await.expect("deleted");
        world
            .cloud
            .delete_image(&DeleteImage {
                image: "ami-none".into(),
            })
            .await
            .expect("deleted");
        world
            .cloud
            .terminate_instance(&TerminateInstance {
                instance: "i-none".into(),
            })
            .await
            .expect("gone");
    }
    assert_eq!(world.cloud.key_pair("key").await.expect("asked"), None);
    assert_eq!(world.cloud.security_group("group").await.expect("asked"), None);
}

#[tokio::test]
async fn a_key_that_is_not_rsa_is_refused() {
    let world = World::new();
    for public_key in [
        "",
        "ssh-ed25519 AAAA x",
        "ssh-rsa !!!",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB x",
    ] {
        let pair = ImportKeyPair {
            name: "key".into(),
            public_key: public_key.into(),
            tags: Tags::new(),
        };
        let error = world.cloud.import_key_pair(&pair).await.expect_err(public_key);
        assert_eq!(error.kind, ErrorKind::Input, "{public_key}");
    }
}

#[tokio::test]
async fn ingress_can_be_repeated_and_is_shown_once() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let rule = |port, from: &str| Ingress {
        port,
        from: from.into(),
    };
    let rules = vec![rule(8080, "127.0.0.1/32"), rule(3389, "127.0.0.1/32")];
    let allow = AllowIngress {
        group: group.id.clone(),
        rules: rules.clone(),
    };
    let revoke = RevokeIngress {
        group: group.id.clone(),
        rules: vec![rules[0].clone()],
    };
    for _ in 0..2 {
        world.cloud.allow_ingress(&allow).await.expect("opened");
    }
    for _ in 0..2 {
        world.cloud.revoke_ingress(&revoke).await.expect("closed");
    }
    let shown = world
        .cloud
        .security_group("group")
        .await
        .expect("asked")
        .expect("there");
    assert_eq!(shown.ingress, vec![rules[1].clone()]);
    let bad = AllowIngress {
        group: group.id.clone(),
        rules: vec![rule(80, "everywhere")],
    };
    assert_eq!(
        world.cloud.allow_ingress(&bad).await.expect_err("no range").kind,
        ErrorKind::Input
    );
    let unknown = AllowIngress {
        group: "sg-none".into(),
        rules,
    };
    assert_eq!(
        world
            .cloud
            .allow_ingress(&unknown)
            .await
            .expect_err("no group")
            .kind,
        ErrorKind::NotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_in_use_stays_and_unknown_ids_are_left_out() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "user").await;
    let delete = DeleteSecurityGroup {
        group: group.id.clone(),
    };
    let error = world
        .cloud
        .delete_security_group(&delete)
        .await
        .expect_err("in use");
    assert_eq!(error.kind, ErrorKind::WrongState);
    let filter = InstanceFilter::Ids(vec!["i-unknown".into(), id.clone()]);
    let found = world.cloud.instances(&filter).await.expect("asked");
    assert_eq!(
        found.iter().map(|instance| &instance.id).collect::<Vec<_>>(),
        [&id]
    );
    let none = world
        .cloud
        .instances(&InstanceFilter::Ids(vec![]))
        .await
        .expect("asked");
    assert_eq!(none, []);
    let mine = world
        .cloud
        .instances(&InstanceFilter::Launch("user".into()))
        .await
        .expect("asked");
    assert_eq!(mine.len(), 1);
    world.terminate(&id).await;
    world
        .cloud
        .delete_security_group(&delete)
        .await
        .expect("free now");
}

#[tokio::test]
async fn what_can_not_be_launched_is_refused_with_a_reason() {
    let world = World::new();
    let (_, group) = world.ready().await;
    let good = world.request(&group, "t");
    let cases = [
        (
            RunInstance {
                size: "t3.large".into(),
                ..good.clone()
            },
            ErrorKind::Unsupported,
        ),
        (
            RunInstance {
                image: ImageChoice::Family("windows-2022".into()),
                ..good.clone()
            },
            ErrorKind::Unsupported,
        ),
        (
            RunInstance {
                image: ImageChoice::Own("ami-none".into()),
                ..good.clone()
            },
            ErrorKind::NotFound,
        ),
        (
            RunInstance {
                group: "sg-none".into(),
                ..good.clone()
            },
            ErrorKind::NotFound,
        ),
        (
            RunInstance {
                key_name: "none".into(),
                ..good.clone()
            },
            ErrorKind::NotFound,
        ),
        (
            RunInstance {
                user_data: "x".repeat(16 * 1024 + 1),
                ..good.clone()
            },
            ErrorKind::Input,
        ),
    ];
    for (request, kind) in cases {
        let error = world.cloud.run_instance(&request).await.expect_err("refused");
        assert_eq!(error.kind, kind, "{}", error.sentence);
    }
    let none = world.cloud.instances(&InstanceFilter::Ours).await.expect("asked");
    assert_eq!(none, [], "what is refused leaves nothing");
}

#[tokio::test]
async fn the_checks_look_at_this_computer() {
    let world = World::new();
    let request = CheckRequest {
        size: "practice.small".into(),
        image: ImageChoice::Family(slipway_practice::FAMILY.into()),
        network: None,
        disk_gib: 30,
    };
    let findings = world.cloud.checks(&request).await.expect("checked");
    assert!(
        findings
            .iter()
            .all(|finding| finding.verdict != Verdict::Blocking),
        "{findings:?}"
    );
    let mut options = world.options.clone();
    options.agent_program = "/no/such/agent".into();
    let broken = PracticeCloud::open(options).expect("opened");
    let request = CheckRequest {
        size: "m5.large".into(),
        ..request
    };
    let findings = broken.checks(&request).await.expect("checked");
    let blocking: Vec<_> = findings.iter().filter(|finding| finding.blocks()).collect();
    assert_eq!(blocking.len(), 2, "{findings:?}");
}
