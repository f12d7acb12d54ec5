//! What lies where Slipway's own files should be, damaged or in the way: told by name, at once, and whatever does not
//! need it goes on.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use slipway_tests::follower::Follower;
use slipway_tests::room::{Ran, Room};

/// Far more than a command takes that waits for nothing.
const AT_ONCE: Duration = Duration::from_secs(20);

/// Runs a command that must not hang.
fn run(room: &Room, arguments: &[&str]) -> Ran {
    let begun = Instant::now();
    let mut command = Follower::start(&mut room.command(arguments), "");
    let (status, err) = command.end(AT_ONCE);
    assert!(begun.elapsed() < AT_ONCE, "{arguments:?} hangs");
    let out = String::new();
    Ran { status, out, err }
}

fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().unwrap().success());
}

/// Puts each of the things into the place in turn: a named pipe, a device, a folder, an endless file.
fn each_odd_thing(place: &Path, mut look: impl FnMut(&str)) {
    type Make = fn(&Path);
    let made: [(&str, Make); 4] = [
        ("pipe", pipe),
        ("device", |at| {
            std::os::unix::fs::symlink("/dev/zero", at).unwrap()
        }),
        ("folder", |at| std::fs::create_dir(at).unwrap()),
        ("endless", |at| {
            std::fs::File::create(at).unwrap().set_len(6 << 30).unwrap()
        }),
    ];
    for (what, make) in made {
        make(place);
        look(what);
        if place.is_dir() {
            std::fs::remove_dir(place).unwrap();
        } else {
            std::fs::remove_file(place).unwrap();
        }
    }
}

#[test]
fn whatever_lies_among_the_recipes_every_command_goes_on() {
    let room = Room::new();
    room.done(&["recipes"]);
    let odd = room.data().join("recipes").join("odd.toml");
    each_odd_thing(&odd, |what| {
        let listed = run(&room, &["recipes"]);
        assert_eq!(listed.status, 0, "{what}: {}", listed.err);
        assert!(listed.err.contains("odd.toml"), "{what}: {}", listed.err);
        assert_eq!(run(&room, &["servers"]).status, 0, "{what}");
        let odd = odd.display().to_string();
        let checked = run(&room, &["recipes", "check", &odd]);
        assert_eq!(checked.status, 2, "{what}: {}", checked.err);
        assert!(checked.err.contains("odd.toml"), "{what}: {}", checked.err);
    });
    std::fs::remove_dir_all(room.data().join("recipes")).unwrap();
    std::fs::write(room.data().join("recipes"), "no folder").unwrap();
    let listed = run(&room, &["recipes"]);
    assert_eq!(listed.status, 0, "{}", listed.err);
    assert!(listed.err.contains("can't be listed"), "{}", listed.err);
}

#[test]
fn whatever_lies_in_place_of_the_list_of_profiles_practice_goes_on() {
    let room = Room::new();
    room.done(&["servers"]);
    let list = room.data().join("profiles.json");
    each_odd_thing(&list, |what| {
        let servers = run(&room, &["servers"]);
        assert_eq!(servers.status, 0, "{what}: {}", servers.err);
        assert!(servers.err.contains("profiles.json"), "{what}: {}", servers.err);
    });
    std::fs::write(&list, "[{\"name\": ").unwrap();
    let servers = run(&room, &["servers"]);
    assert_eq!(servers.status, 0, "{}", servers.err);
    assert!(
        servers.err.contains("damaged") && servers.err.contains("set aside"),
        "{}",
        servers.err
    );
    assert_eq!(run(&room, &["servers"]).err, "");
}

#[test]
fn whatever_lies_in_place_of_the_journal_or_beside_it_is_named() {
    let room = Room::new();
    room.done(&["servers"]);
    let (data, kept) = (room.data(), room.path().join("kept"));
    for name in ["journal.db", "journal.lock"] {
        let place = data.join(name);
        std::fs::rename(&place, &kept).unwrap();
        each_odd_thing(&place, |what| {
            let refused = run(&room, &["servers"]);
            // An endless file is a journal that is damaged, and a lock whatever it holds.
            let goes_on = what == "endless";
            assert_eq!(refused.status == 0, goes_on, "{name} {what}: {}", refused.err);
            assert!(
                goes_on || refused.err.contains(name),
                "{name} {what}: {}",
                refused.err
            );
        });
        drop(std::fs::remove_file(&place));
        std::fs::rename(&kept, &place).unwrap();
    }
    assert_eq!(run(&room, &["servers"]).status, 0);
    let odd = data.join("journal.open").join("odd");
    each_odd_thing(&odd, |what| {
        let servers = run(&room, &["servers"]);
        assert_eq!(servers.status, 0, "{what}: {}", servers.err);
        if !odd.exists() {
            std::fs::write(&odd, "").unwrap();
        }
    });
}

#[test]
fn damaged_practice_records_stop_nothing_else_and_no_machine_runs_on() {
    let room = Room::new();
    room.done(&["launch", "--recipe", "practice-site", "--name", "demo"]);
    assert_ne!(room.processes(), []);
    spoil(&room.data().join("practice/cloud.db"));
    // Whatever needs no practice server does not even see it.
    for words in [&["recipes"][..], &["profiles"], &["policy"]] {
        let ran = run(&room, words);
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{words:?}");
    }
    let catalog = room.run(&["launch", "--recipe", "practice-site", "--name", "other", "--json"]);
    assert_eq!(catalog.status, 0, "{}", catalog.err);
    assert!(
        catalog.err.contains("were damaged") && catalog.err.contains("1 practice server"),
        "{}",
        catalog.err
    );
    let aside: Vec<PathBuf> = std::fs::read_dir(room.data().join("practice"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("damaged-"))
        .collect();
    assert_eq!(aside.len(), 1);
    let machines = std::fs::read_dir(room.data().join("practice/machines"))
        .unwrap()
        .count();
    assert_eq!(machines, 1, "only the new one");
    let of_demo = room
        .processes()
        .into_iter()
        .filter(|process| !process.machine.exists());
    assert_eq!(of_demo.collect::<Vec<_>>(), []);
    room.done(&["terminate", "demo", "other", "--yes"]);
    assert_eq!(room.processes(), []);
}

fn spoil(file: &Path) {
    std::fs::write(file, vec![0x5a; 40_000]).unwrap();
    for tail in ["-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{tail}", file.display())));
    }
}
