//! The commands that a newcomer is shown, in their order.

use slipway_tests::room::Room;

#[test]
fn a_launch_leads_to_a_site_an_image_a_copy_and_no_trace() {
    let room = Room::new();
    let launched = room.done(&[
        "--profile",
        "practice",
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "demo",
        "--set",
        "title=Hello",
    ]);
    assert!(launched.out.contains("demo is ready"), "{}", launched.out);
    watching_again_ends_at_once_with_success(&room);
    the_site_shows_its_title(&room);
    an_rdp_file_is_for_its_owner_alone(&room);

    let image = room.done(&[
        "image",
        "create",
        "demo",
        "--name",
        "demo-1",
        "--description",
        "first",
        "--wait",
    ]);
    assert!(image.out.contains("demo-1"), "{}", image.out);
    room.done(&["launch", "--image", "demo-1", "--name", "copy"]);
    a_copy_has_passwords_of_its_own(&room);

    room.done(&["stop", "demo"]);
    assert_eq!(state_of(&room, "demo"), "stopped");
    room.done(&["start", "demo"]);
    assert_eq!(state_of(&room, "demo"), "ready");
    the_site_shows_its_title(&room);

    room.done(&["terminate", "demo", "copy", "--yes"]);
    room.done(&["image", "delete", "demo-1", "--yes"]);
    assert_eq!(room.done(&["servers", "--json"]).out, "");
    assert_eq!(room.processes(), []);
    assert_eq!(room.secrets(), Vec::<String>::new());
}

fn watching_again_ends_at_once_with_success(room: &Room) {
    let watched = room.done(&["watch", "demo", "--json"]);
    let lines = watched.json();
    assert!(
        watched.out.lines().all(|line| line.starts_with("{\"type\":")),
        "type comes first"
    );
    let end = lines.last().unwrap();
    assert_eq!(
        (end["type"].as_str(), end["success"].as_bool()),
        (Some("end"), Some(true)),
        "{end}"
    );
    let numbers: Vec<i64> = lines
        .iter()
        .filter(|line| line["type"] == "lines")
        .flat_map(|line| line["lines"].as_array().unwrap())
        .map(|line| line["number"].as_i64().unwrap())
        .collect();
    assert!(numbers.len() > 10, "{numbers:?}");
    assert!(
        numbers.windows(2).all(|pair| pair[0] < pair[1]),
        "in order, none twice: {numbers:?}"
    );
}

fn the_site_shows_its_title(room: &Room) {
    let access = room.done(&["access", "demo", "--json"]).last();
    assert!(
        access.get("password").is_none(),
        "no password unless asked for: {access}"
    );
    let page = page(access["site_url"].as_str().unwrap());
    assert!(page.contains("<title>Hello</title>"), "{page}");
}

fn page(url: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(url).send().await.unwrap().text().await.unwrap()
    })
}

fn an_rdp_file_is_for_its_owner_alone(room: &Room) {
    room.done(&["access", "demo", "--rdp", "demo.rdp"]);
    let file = room.path().join("demo.rdp");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("full address:s:"), "{text}");
    assert!(!text.contains("password"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

fn a_copy_has_passwords_of_its_own(room: &Room) {
    let passwords = |name: &str| {
        let access = room.done(&["access", name, "--json", "--show-password"]).last();
        let of = |value: &serde_json::Value| value["password"].as_str().unwrap().to_owned();
        (of(&access), of(&access["admin"]))
    };
    let (demo, copy) = (passwords("demo"), passwords("copy"));
    assert_ne!(demo.0, copy.0);
    assert_ne!(demo.1, copy.1);
}

fn state_of(room: &Room, name: &str) -> String {
    let servers = room.done(&["servers", "--json"]).json();
    let server = servers.iter().find(|server| server["name"] == name).unwrap();
    server["status"].as_str().unwrap().to_owned()
}
