//! Clocks and sessions that are not what they should be.

use serde_json::json;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::ports::Cloud;

use crate::world::{KEY, World};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[tokio::test(flavor = "multi_thread")]
async fn ours_a_clock_that_is_off_does_not_stop_us_or_is_named() {
    let world = World::on_paper();
    for ahead in [15 * MINUTE, -15 * MINUTE, HOUR, -HOUR, DAY, -DAY] {
        world.clock(ahead).await;
        let aws = world.signed_in_as(KEY);
        let on_sts = kind(aws.account().await);
        let on_ec2 = kind(aws.key_pair("none").await);
        let again = kind(aws.key_pair("none").await);
        println!("{ahead:>7} s off: STS {on_sts:?}, EC2 {on_ec2:?}, again {again:?}");
        for outcome in [on_sts, on_ec2, again] {
            assert!(
                matches!(outcome, None | Some(ErrorKind::ClockWrong)),
                "{ahead}: {outcome:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_an_expired_session_is_named_and_another_key_goes_on() {
    let world = World::on_paper();
    assert_eq!(kind(world.aws.account().await), None);
    world.rules(json!({"expired": [KEY]})).await;
    assert_eq!(
        kind(world.aws.key_pair("none").await),
        Some(ErrorKind::CredentialsExpired)
    );
    assert_eq!(
        kind(world.aws.account().await),
        Some(ErrorKind::CredentialsExpired)
    );
    let anew = world.signed_in_as("AKIAANOTHERANOTHER00");
    assert_eq!(kind(anew.account().await), None);
}

fn kind<T>(outcome: Result<T, Error>) -> Option<ErrorKind> {
    outcome.err().map(|error| error.kind)
}
