//! Removing what the story made, however it ended, and telling what is left.

use slipway_test_adapter::terminal::Terminal;

/// Terminates every server of this data folder, deletes their images, and lists what AWS still has of them.
///
/// Other servers of the same account are tagged as ours too: only what carries the id or the name of one of these is told.
pub fn everything(terminal: &Terminal) -> Vec<String> {
    let servers = terminal.run(&["servers", "--json"]).json();
    let text = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let ids: Vec<String> = servers.iter().map(|server| text(server, "id")).collect();
    let names: Vec<String> = servers.iter().map(|server| text(server, "name")).collect();
    let images = terminal.run(&["image", "list", "--json"]).json();
    let images: Vec<String> = images
        .iter()
        .filter(|image| names.contains(&text(image, "server")))
        .map(|image| text(image, "name"))
        .collect();
    for (command, things) in [
        (&["terminate", "--yes"][..], &ids),
        (&["image", "delete", "--yes"], &images),
    ] {
        if !things.is_empty() {
            let things = things.iter().map(String::as_str);
            let said = terminal.run(&command.iter().copied().chain(things).collect::<Vec<_>>());
            println!("{}{}", said.out, said.err);
        }
    }
    let left = terminal.run(&["sweep", "--json"]).json();
    let is_of_the_story = |name: &str| {
        let ours = ids.iter().chain(&names).chain(&images);
        name.starts_with("live-") || ours.clone().any(|one| name.contains(one.as_str()))
    };
    left.iter()
        .filter(|thing| is_of_the_story(&text(thing, "name")))
        .map(|thing| {
            format!(
                "{} {} {}",
                text(thing, "kind"),
                text(thing, "id"),
                text(thing, "name")
            )
        })
        .collect()
}
