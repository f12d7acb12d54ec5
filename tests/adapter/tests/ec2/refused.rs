//! Every refusal that a user will meet, sent over the wire and read by the real SDK.

use serde_json::json;
use slipway_core::error::ErrorKind::{self, *};
use slipway_core::error::Retry;
use slipway_core::ports::Cloud;

use crate::world::{World, error, run};

/// Codes of RunInstances (“Error codes for the Amazon EC2 API”) and what they mean to us.
const CODES: &[(&str, u16, ErrorKind)] = &[
    ("UnauthorizedOperation", 403, PermissionMissing),
    ("AuthFailure", 401, CredentialsInvalid),
    ("InvalidClientTokenId", 403, CredentialsInvalid),
    ("ExpiredToken", 400, CredentialsExpired),
    ("OptInRequired", 401, AccountNotReady),
    ("PendingVerification", 400, AccountNotReady),
    ("Blocked", 403, AccountNotReady),
    ("VcpuLimitExceeded", 400, QuotaExceeded),
    ("InstanceLimitExceeded", 400, QuotaExceeded),
    ("InsufficientInstanceCapacity", 500, NoCapacity),
    ("Unsupported", 400, Unsupported),
    ("VPCIdNotSpecified", 400, NetworkMissing),
    ("MissingInput", 400, NetworkMissing),
    ("RequestLimitExceeded", 503, Throttled),
    ("InternalError", 500, CloudTrouble),
    ("Unavailable", 503, CloudTrouble),
    ("InvalidAMIID.NotFound", 400, NotFound),
    ("InvalidParameterValue", 400, Input),
    ("InvalidAMIName.Duplicate", 400, NameTaken),
    ("IncorrectInstanceState", 400, WrongState),
    ("OperationNotPermitted", 400, WrongState),
];

#[tokio::test(flavor = "multi_thread")]
async fn ours_every_code_arrives_as_its_kind_with_a_hint() {
    let world = World::on_paper();
    let (_, group) = world.ready().await;
    let mut wrong = Vec::new();
    for (code, status, kind) in CODES {
        // Bad keys are bad everywhere; else the adapter would take it for a region that is not enabled.
        let action = if *kind == CredentialsInvalid {
            "*"
        } else {
            "RunInstances"
        };
        world.cloud.fault(&error(action, code, *status, 100));
        let answered = world.aws.run_instance(&run(&group, code)).await;
        world.cloud.clear();
        match answered {
            Err(error) if error.kind == *kind && !error.hint.is_empty() => {}
            Err(error) => wrong.push(format!("{code}: {:?}", error.kind)),
            Ok(_) => wrong.push(format!("{code}: launched")),
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(world.there("instances_ever"), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_a_storm_of_throttling_is_worth_another_try_and_ends() {
    let world = World::on_paper();
    let (_, group) = world.ready().await;
    world
        .cloud
        .fault(&error("RunInstances", "RequestLimitExceeded", 503, 90));
    let request = run(&group, "token");
    let mut tries = 1;
    let id = loop {
        match world.aws.run_instance(&request).await {
            Ok(started) => break started.id,
            Err(error) => assert_eq!((error.kind, error.kind.retry()), (Throttled, Retry::Later)),
        }
        tries += 1;
    };
    println!("launched at try {tries}");
    assert_eq!(world.there("instances_ever"), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_a_forbidden_action_is_named_in_the_refusal() {
    let world = World::on_paper();
    let (_, group) = world.ready().await;
    world.cloud.rules(&json!({"denied": ["ec2:RunInstances"]}));
    let refused = world.aws.run_instance(&run(&group, "token")).await;
    let refused = refused.expect_err("it is forbidden");
    assert_eq!(refused.kind, PermissionMissing);
    assert!(format!("{refused:?}").contains("ec2:RunInstances"), "{refused:?}");
}
