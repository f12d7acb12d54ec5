//! `slipway` dies at every kill point of the cloud port, and the next start goes on from there: no instance too many, none
//! forgotten, by moto's word.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use slipway_test_adapter::cloud::Cloud;
use slipway_test_adapter::terminal::{PATIENCE, Terminal};
use slipway_tests::kill_points::{LAUNCH, POINTS, TERMINATE, killed, points};
use slipway_tests::long::cases;
use slipway_tests::side_by_side::side_by_side;

use crate::NAME;

/// What the usual run tries: the change that costs money, cut off where it matters.
const USUAL: [&str; 1] = ["run_instance.sent"];
/// Each story has a region to itself, so that moto tells them apart.
const REGIONS: [&str; 8] = [
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "us-east-1",
    "us-east-2",
    "us-west-2",
];
const IMAGE: &str = "demo-1";
const PASSWORD: &str = "Harbour-light-2026!";

#[test]
fn rewritten_a_kill_at_any_point_orphans_nothing_doubles_nothing_and_leaves_nothing() {
    let usual: Vec<String> = USUAL.map(str::to_owned).to_vec();
    let points = if cases(0, 1) == 1 { points(&LAUNCH) } else { usual };
    let cloud = Cloud::with_processes();
    let taken = REGIONS.map(Mutex::new);
    side_by_side(points.len(), |number| {
        let held = taken[number % REGIONS.len()].lock();
        let held = held.unwrap_or_else(PoisonError::into_inner);
        let (region, point) = (*held, &points[number]);
        let ever = cloud.there("instances_ever", region).len();
        let terminal = Terminal::on(&cloud, region);
        a_launch_survives(&terminal, point);
        let servers = cloud.there("instances_ever", region).len() - ever;
        assert_eq!(servers, 1, "{point}: one server");
        if number < POINTS.len() {
            an_image_survives(&cloud, &terminal, region, POINTS[number]);
            power_survives(&terminal, POINTS[number]);
        }
        let ending = TERMINATE[number / POINTS.len() % TERMINATE.len()];
        a_terminate_survives(&terminal, &format!("{ending}.{}", POINTS[number % POINTS.len()]));
        assert_eq!(cloud.leftovers(region), Vec::<String>::new(), "{point}");
    });
    println!("{} launches were killed and went on", points.len());
}

/// The user's address changes, and each change dies on the way: asked again, the new one is let in and no old one is left.
#[test]
fn rewritten_a_kill_while_another_address_is_let_in_leaves_that_one_alone() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGIONS[0]);
    terminal.done(&crate::LAUNCH);
    let mend = ["access", NAME, "--mend-address"];
    for (number, point) in points(&["allow_ingress", "revoke_ingress"]).iter().enumerate() {
        let address = format!("198.51.100.{}", 10 + number);
        cloud.rules(&json!({ "client": address }));
        killed(terminal.command(&mend), "", point);
        terminal.done(&mend);
        let groups = cloud.as_somebody("Action=DescribeSecurityGroups", REGIONS[0]);
        let cidrs = groups
            .split("<cidrIp>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap());
        let ours: BTreeSet<&str> = cidrs.filter(|cidr| cidr.ends_with("/32")).collect();
        assert_eq!(
            ours,
            BTreeSet::from([format!("{address}/32").as_str()]),
            "{point}: {groups}"
        );
    }
    terminal.done(&["terminate", NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGIONS[0]), Vec::<String>::new());
}

fn a_launch_survives(terminal: &Terminal, point: &str) {
    let launch = [&crate::LAUNCH[..], &["--password-stdin", "--json"]].concat();
    killed(terminal.command(&launch), PASSWORD, point);
    let mut watched = terminal.follow(&["watch", NAME, "--json"], "");
    let (status, said) = watched.end(PATIENCE);
    assert_eq!(status, 0, "{point}: {said} {:?}", watched.seen.last());
    let access = terminal
        .done(&["access", NAME, "--json", "--show-password"])
        .last();
    assert_eq!(access["password"], PASSWORD, "{point}");
}

/// Asking again for an image that was asked for before the kill goes on with that one.
fn an_image_survives(cloud: &Cloud, terminal: &Terminal, region: &str, point: &str) {
    let create = ["image", "create", NAME, "--name", IMAGE, "--wait"];
    killed(terminal.command(&create), "", &format!("create_image.{point}"));
    terminal.done(&create);
    assert_eq!(cloud.there("images", region).len(), 1, "create_image.{point}");
    let delete = ["image", "delete", IMAGE, "--yes"];
    killed(terminal.command(&delete), "", &format!("delete_image.{point}"));
    // It may be gone already, which is as good.
    terminal.run(&delete);
    let left = [cloud.there("images", region), cloud.there("snapshots", region)];
    assert_eq!(left.concat(), Vec::<String>::new(), "delete_image.{point}");
}

/// Each is asked for again after the kill, and refused where it is done or on its way already, which is as good.
fn power_survives(terminal: &Terminal, point: &str) {
    for (act, status) in [("stop", "stopped"), ("start", "ready"), ("restart", "ready")] {
        let name = format!("{act}_instance.{point}");
        killed(terminal.command(&[act, NAME]), "", &name);
        terminal.run(&[act, NAME]);
        becomes(terminal, status, &name);
    }
}

fn becomes(terminal: &Terminal, status: &str, after: &str) {
    let mut last = Value::Null;
    for _ in 0..100 {
        last = terminal.done(&["servers", "--json"]).last()["status"].take();
        if last == status {
            return;
        }
    }
    panic!("{after}: the server should become {status} and is {last}");
}

fn a_terminate_survives(terminal: &Terminal, point: &str) {
    killed(terminal.command(&["terminate", NAME, "--yes"]), "", point);
    let mut watched = terminal.follow(&["watch", NAME, "--json"], "");
    let (_, said) = watched.end(PATIENCE);
    let end = watched.seen.last().unwrap();
    assert_eq!(end.value["outcome"], "terminated", "{point}: {said}");
}
