//! A step that fails, and going on from it.

use slipway_tests::room::Room;

#[test]
fn a_failed_step_is_explained_and_gone_on_from() {
    let room = Room::new();
    let launched = room.run(&[
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "broken",
        "--set",
        "fail_at=database",
    ]);
    assert_eq!(launched.status, 1, "{}{}", launched.out, launched.err);
    assert!(
        launched.out.contains("Create the database"),
        "the step is named: {}",
        launched.out
    );
    assert!(launched.out.contains("slipway retry broken"), "{}", launched.out);

    let image = room.run(&["image", "create", "broken", "--name", "no-image"]);
    assert_eq!(image.status, 1, "no image of a failed server");
    assert!(!image.err.is_empty());

    let before = starts_of(&room, "holding_page");
    let retried = room.done(&["retry", "broken", "--json"]);
    assert_eq!(retried.last()["success"], true);
    assert_eq!(
        starts_of(&room, "holding_page"),
        before,
        "a step that was done is not done again"
    );
    assert_eq!(
        room.run(&["retry", "broken"]).status,
        1,
        "a ready server has nothing to go on from"
    );
}

fn starts_of(room: &Room, step: &str) -> usize {
    let log = room.done(&["log", "broken", "--json", "--step", step]).json();
    log.iter().filter(|line| line["kind"] == "step_started").count()
}
