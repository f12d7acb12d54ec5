//! Tags that look like orders, put on a practice server by somebody else.

use std::collections::BTreeMap;

use slipway_core::cloud::PutTags;
use slipway_core::ports::Cloud;
use slipway_tests::room::Room;

/// As anybody may write them who may tag the instance: garbage, a complete set with more parts than the app's own, numbers
/// that the app has given or will give.
fn strays() -> BTreeMap<String, String> {
    let names = [
        "77.1of1",
        "1.1of1",
        "1.1of3",
        "1.2of3",
        "1.3of3",
        "2.1of1",
        "4294967295.1of1",
        "01.1of1",
        "9.1of2",
    ];
    let tags = names.map(|name| (format!("slipway-order-{name}"), "c3RyYXk=".to_owned()));
    tags.into()
}

fn stray(room: &Room, instance: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let request = PutTags {
        resource: instance.to_owned(),
        tags: strays(),
    };
    runtime.block_on(room.cloud().put_tags(&request)).unwrap();
}

#[test]
fn stray_order_tags_neither_end_an_install_nor_hide_a_retry() {
    let room = Room::new();
    let arguments = [
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "tagged",
        "--set",
        "fail_at=database",
        "--detach",
        "--json",
    ];
    let launched = room.done(&arguments).last();
    stray(&room, launched["instance"].as_str().unwrap());
    let failed = room.run(&["watch", "tagged"]);
    assert_eq!(failed.status, 1, "{}{}", failed.out, failed.err);
    assert!(
        failed.out.contains("practised"),
        "it fails as it was asked to, not by a tag: {}",
        failed.out
    );
    let retried = room.done(&["retry", "tagged"]);
    assert!(retried.out.contains("tagged is ready"), "{}", retried.out);
}

#[test]
fn stray_order_tags_on_a_running_install_do_not_fail_it() {
    let room = Room::new();
    let arguments = [
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "running",
        "--detach",
        "--json",
    ];
    let launched = room.done(&arguments).last();
    stray(&room, launched["instance"].as_str().unwrap());
    let watched = room.done(&["watch", "running"]);
    assert!(
        watched.out.contains("running is ready"),
        "{}{}",
        watched.out,
        watched.err
    );
}
