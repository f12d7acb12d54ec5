//! Refusals: what people are told.

use slipway_core::cloud::{InstanceFilter, StopInstance};
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::server::{World, cloud_at, ok, refuse, refuse_sts};

const ACCOUNT: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>\
    <Arn>arn:aws:iam::1:user/anna</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>";
const REFUSED: &str =
    "You are not authorized to perform this operation. Encoded authorization failure message: 4GIOHlTk";

fn stop() -> StopInstance {
    StopInstance {
        instance: "i-1".into(),
    }
}

#[tokio::test]
async fn an_encoded_refusal_is_decoded_where_aws_allows_it() {
    let decoded = r#"{"allowed":false,"explicitDeny":false,"context":{"action":"ec2:StopInstances","resource":"arn:aws:ec2:eu-central-1:1:instance/i-1"}}"#;
    let escaped = decoded.replace('"', "&quot;");
    let world = World::start(move |asked| match asked.action.as_str() {
        "DecodeAuthorizationMessage" => ok(format!(
            "<DecodeAuthorizationMessageResponse><DecodeAuthorizationMessageResult><DecodedMessage>{escaped}\
             </DecodedMessage></DecodeAuthorizationMessageResult></DecodeAuthorizationMessageResponse>"
        )),
        _ => refuse(403, "UnauthorizedOperation", REFUSED),
    })
    .await;
    let refused = world.cloud().stop_instance(&stop()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::PermissionMissing);
    assert_eq!(refused.request_id.as_deref(), Some("6f2c-1"));
    let told = refused.causes.join(" | ");
    assert!(
        told.contains("ec2:StopInstances on arn:aws:ec2:eu-central-1:1:instance/i-1: no policy allows it"),
        "{told}"
    );
    assert!(!told.contains("4GIOHlTk"), "{told}");
}

#[tokio::test]
async fn where_decoding_is_refused_too_the_encoded_part_is_kept_for_the_administrator() {
    let world = World::start(|asked| match asked.action.as_str() {
        "DecodeAuthorizationMessage" => refuse_sts(403, "AccessDenied"),
        _ => refuse(403, "UnauthorizedOperation", REFUSED),
    })
    .await;
    let refused = world.cloud().stop_instance(&stop()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::PermissionMissing);
    assert!(refused.causes.join(" ").contains("4GIOHlTk"));
}

#[tokio::test]
async fn an_expired_request_is_the_clock_where_the_date_says_so() {
    let expired = || refuse(400, "RequestExpired", "Request has expired.");
    let world = World::start(move |_| expired().dated("Mon, 01 Jan 2035 00:00:00 GMT")).await;
    let refused = world.cloud().stop_instance(&stop()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::ClockWrong);
    let world = World::start(move |_| expired()).await;
    let refused = world.cloud().stop_instance(&stop()).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::CredentialsExpired);
}

#[tokio::test]
async fn a_region_that_is_not_enabled_is_not_mistaken_for_wrong_keys() {
    let world = World::start(|asked| match asked.region.as_str() {
        "us-east-1" => ok(ACCOUNT),
        _ => refuse(
            401,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
        ),
    })
    .await;
    let refused = world.cloud().instances(&InstanceFilter::Ours).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::AccountNotReady);
    assert!(refused.sentence.contains("eu-central-1"), "{}", refused.sentence);
}

#[tokio::test]
async fn wrong_keys_are_wrong_everywhere() {
    let world = World::start(|asked| match asked.action.as_str() {
        "GetCallerIdentity" => refuse_sts(403, "InvalidClientTokenId"),
        _ => refuse(401, "AuthFailure", "no"),
    })
    .await;
    let cloud = world.cloud();
    assert_eq!(
        cloud.account().await.unwrap_err().kind,
        ErrorKind::CredentialsInvalid
    );
    let refused = cloud.instances(&InstanceFilter::Ours).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::CredentialsInvalid);
}

#[tokio::test]
async fn nobody_there_is_no_connection() {
    let refused = cloud_at("http://127.0.0.1:9").account().await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Unreachable, "{refused:?}");
}

#[tokio::test]
async fn a_storm_is_not_answered_with_more_than_one_more_request() {
    let world = World::start(|_| refuse(503, "RequestLimitExceeded", "Request limit exceeded.")).await;
    let refused = world.cloud().instances(&InstanceFilter::Ours).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Throttled);
    assert!(world.asked("DescribeInstances").len() <= 2);
}

#[tokio::test]
async fn an_answer_that_is_no_answer_of_aws_is_trouble_that_passes() {
    let world = World::start(|_| ok("<html>A proxy's page</html>")).await;
    let found = world.cloud().instances(&InstanceFilter::Ours).await;
    assert_eq!(found.unwrap_err().kind, ErrorKind::Unreachable);
}
