//! What goes wrong on the server before anybody can answer there, and what others do to it.

use serde_json::json;
use slipway_core::cloud::PutTags;
use slipway_core::ports::Cloud as _;
use slipway_test_adapter::aws::{adapter, released};
use slipway_test_adapter::cloud::{Cloud, KEY, REGION};
use slipway_test_adapter::terminal::{PATIENCE, Terminal};

use crate::LAUNCH;

#[test]
fn ours_a_bootstrap_that_can_not_fetch_the_agent_says_why_and_the_launch_waits_with_that() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGION);
    let denied =
        json!({"error": {"code": "AccessDenied", "status": 403, "message": "A test asked for this."}});
    // The look for the object comes first; what fails is the server's own download.
    let launch = [
        "launch", "--recipe", "ec2-site", "--name", "lost", "--yes", "--json",
    ];
    let mut follower = terminal.follow(&launch, "");
    let started = follower.until(PATIENCE, |line| line["launch"]["server"]["instance"].is_string());
    assert!(started.is_some(), "{:?}", follower.end(PATIENCE));
    cloud.fault(&json!({"action": "GetObject", "effect": denied}));
    let parked = follower.until(PATIENCE, |line| line["launch"]["parked"].is_object());
    let error = parked.expect("it waits").value["launch"]["parked"]["error"].clone();
    let sentence = error["sentence"].as_str().unwrap();
    assert!(sentence.contains("downloading the installer"), "{error}");
    assert!(sentence.contains("403"), "{error}");
    assert_eq!(error["hint"], "Terminate this server and launch again.");
    let (status, _) = follower.end(PATIENCE);
    assert_eq!(status, 1, "a script is told");
    terminal.done(&["terminate", "lost", "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}

/// Whoever may tag an instance can write what looks like an order.
#[test]
fn ours_stray_order_tags_do_not_end_an_install() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGION);
    let launch: Vec<&str> = LAUNCH.into_iter().chain(["--json"]).collect();
    let mut follower = terminal.follow(&launch, "");
    let started = follower.until(PATIENCE, |line| line["launch"]["server"]["instance"].is_string());
    let started = started.expect("an instance was asked for").value;
    let names = [
        "77.1of1",
        "1.1of1",
        "1.1of2",
        "1.2of2",
        "2.1of1",
        "01.1of1",
        "4294967295.1of1",
    ];
    let request = PutTags {
        resource: started["launch"]["server"]["instance"]
            .as_str()
            .unwrap()
            .to_owned(),
        tags: names
            .map(|name| (format!("slipway-order-{name}"), "c3RyYXk=".to_owned()))
            .into(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let stranger = adapter(&cloud, KEY, released());
    runtime.unwrap().block_on(stranger.put_tags(&request)).unwrap();
    let (status, said) = follower.end(PATIENCE);
    assert_eq!(status, 0, "{said}");
    terminal.done(&["terminate", crate::NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}
