//! What goes wrong on the server before anybody can answer there.

use serde_json::json;
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::{PATIENCE, Terminal};

#[test]
fn ours_a_bootstrap_that_can_not_fetch_the_agent_says_why_and_the_launch_waits_with_that() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGION);
    let denied =
        json!({"error": {"code": "AccessDenied", "status": 403, "message": "A test asked for this."}});
    // The look for the object comes first; what fails is the server's own download.
    let launch = ["launch", "--recipe", "ec2-site", "--name", "lost", "--json"];
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
