//! A recipe that did not come with Slipway: on Practice its steps are programs on this computer, so it is asked about once.

use slipway_tests::chatter;
use slipway_tests::room::Room;

const LAUNCH: [&str; 6] = ["launch", "--recipe", "chatter", "--detach", "--json", "--name"];

fn launch<'a>(more: &[&'a str]) -> Vec<&'a str> {
    LAUNCH.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn an_own_recipe_runs_after_a_yes_and_is_asked_about_again_when_it_has_changed() {
    let room = Room::new();
    chatter::write(&room.data(), "echo hello");
    let refused = room.run(&launch(&["one"]));
    assert_eq!(refused.status, 2, "{}{}", refused.out, refused.err);
    let error = refused.last();
    assert_eq!(error["type"], "error", "{error}");
    let sentence = error["sentence"].as_str().unwrap();
    assert!(sentence.contains("run as programs on this computer"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
    assert!(room.processes().is_empty(), "nothing was started");

    room.done(&launch(&["one", "--yes"]));
    room.done(&launch(&["two"]));
    chatter::write(&room.data(), "echo something else");
    assert_eq!(
        room.run(&launch(&["three"])).status,
        2,
        "another content was never allowed"
    );
    assert!(room.done(&["watch", "one"]).out.contains("one is ready"));
    assert!(room.done(&["watch", "two"]).out.contains("two is ready"));
}

#[test]
fn a_check_says_that_a_recipe_runs_here_and_calls_no_recipe_harmless() {
    let room = Room::new();
    chatter::write(&room.data(), "rm -rf everything");
    let file = room.data().join("recipes/chatter.toml");
    let checked = room.done(&["recipes", "check", file.to_str().unwrap()]);
    assert!(checked.out.contains("has no mistakes"), "{}", checked.out);
    assert!(
        checked.out.contains("run as programs on this computer"),
        "{}",
        checked.out
    );
    let last = room.done(&["recipes", "check", file.to_str().unwrap(), "--json"]);
    assert_eq!(last.last()["runs_on_this_computer"], true);
}

#[cfg(unix)]
#[test]
fn the_steps_get_none_of_the_shells_own_variables() {
    let room = Room::new();
    chatter::write(&room.data(), "env");
    let mut command = room.command(&launch(&["clean", "--yes"]));
    command
        .env("GITHUB_TOKEN", "token-of-the-shell")
        .env("HTTPS_PROXY", "http://user:password-of-the-proxy@proxy");
    assert!(command.output().unwrap().status.success());
    assert!(room.done(&["watch", "clean"]).out.contains("clean is ready"));
    let said = room.done(&["log", "clean"]).out;
    assert!(said.contains("PATH=") && said.contains("SLIPWAY_WORK="), "{said}");
    // Cargo gave some to this test, too.
    for foreign in [
        "GITHUB_TOKEN",
        "token-of-the-shell",
        "HTTPS_PROXY",
        "CARGO_MANIFEST_DIR",
        "SLIPWAY_DATA_DIR",
    ] {
        assert!(!said.contains(foreign), "{foreign} in {said}");
    }
}
