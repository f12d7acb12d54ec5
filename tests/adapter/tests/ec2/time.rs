//! Clocks and sessions that are not what they should be.

use serde_json::json;
use slipway_core::cloud::StageAgent;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::ports::Cloud;
use slipway_test_adapter::http;
use slipway_test_adapter::windows_program::windows_program;

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

/// The agent's address carries a date, too, and whoever fetches it is the server, whose clock is right.
#[tokio::test(flavor = "multi_thread")]
async fn ours_the_agents_address_is_good_whatever_time_it_is_here() {
    let world = World::on_paper();
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("slipway-agent.exe");
    let bytes = windows_program("");
    std::fs::write(&program, &bytes).expect("written");
    for ahead in [0, 15 * MINUTE, -15 * MINUTE, HOUR, -HOUR, DAY, -DAY] {
        world.cloud.clock(ahead);
        let aws = world.with_agent(program.clone());
        let staged = aws.stage_agent(&StageAgent { launch: "01J".into() }).await;
        let url = staged.expect("staged").source.expect("a source").url;
        let (status, body) = http::get(&url).expect("S3 answers");
        assert_eq!(
            (status, body.as_str()),
            (200, &*String::from_utf8_lossy(&bytes)),
            "{ahead} s off"
        );
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
