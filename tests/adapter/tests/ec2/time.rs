//! Clocks and sessions that are not what they should be.

use serde_json::json;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::ports::Cloud;

use crate::world::{KEY, World};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The first question of each kind already works: what AWS refused is signed anew by AWS's own time.
#[tokio::test(flavor = "multi_thread")]
async fn ours_a_clock_that_is_off_stops_nothing() {
    let world = World::on_paper();
    for ahead in [15 * MINUTE, -15 * MINUTE, HOUR, -HOUR, DAY, -DAY] {
        world.cloud.clock(ahead);
        let aws = world.signed_in_as(KEY);
        let on_ec2 = kind(aws.key_pair("none").await);
        let on_sts = kind(aws.account().await);
        let again = kind(aws.key_pair("none").await);
        assert_eq!([on_ec2, on_sts, again], [None; 3], "{ahead} s off");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_an_expired_session_is_named_and_another_key_goes_on() {
    let world = World::on_paper();
    assert_eq!(kind(world.aws.account().await), None);
    world.cloud.rules(&json!({"expired": [KEY]}));
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
