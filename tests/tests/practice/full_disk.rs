//! A data folder on a real disk that is full: a new launch is refused before anything starts, what is there stays
//! there, and all goes on once there is room.

use std::path::{Path, PathBuf};
use std::process::Command;

use slipway_tests::lacking::may_lack;
use slipway_tests::room::Room;

/// Enough for two practice servers and what a launch asks for.
const SIZE: &str = "size=256m";

/// Room for the journal, but not for another launch.
const NEARLY: u64 = 16 * 1024 * 1024;

/// A file system in memory, over the data folder of a room.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where this machine does not let us mount.
    fn under(room: &Room) -> Option<Self> {
        let folder = room.data();
        std::fs::create_dir_all(&folder).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(&folder);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(SmallDisk(folder))
    }

    /// Takes all the room there is. The file can be removed to free it.
    fn fill(&self) -> PathBuf {
        let filler = self.0.join("filler");
        let written = std::io::copy(
            &mut std::io::repeat(7),
            &mut std::fs::File::create(&filler).unwrap(),
        );
        assert_eq!(written.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a program that is still ending may hold a file for a moment.
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

#[test]
fn a_full_disk_refuses_a_new_launch_before_anything_starts_and_loses_nothing() {
    let room = Room::new();
    let Some(disk) = SmallDisk::under(&room) else {
        assert!(may_lack("small disk"), "a small disk could not be mounted");
        println!("skipped: this machine does not allow to mount a small disk");
        return;
    };
    room.done(&launch("first"));
    let (before, running) = (names(&room), room.processes().len());
    let filler = disk.fill();

    // Not even the journal can be opened: that is said, and nothing is shown as gone.
    for arguments in [&launch("second")[..], &["servers"]] {
        let refused = room.run(arguments);
        assert_eq!(refused.status, 1, "{}{}", refused.out, refused.err);
        assert!(
            refused.err.contains("disk") && refused.err.contains("full"),
            "{}",
            refused.err
        );
    }
    let length = std::fs::metadata(&filler).unwrap().len();
    std::fs::File::options()
        .write(true)
        .open(&filler)
        .unwrap()
        .set_len(length - NEARLY)
        .unwrap();
    let refused = room.run(&launch("second"));
    assert_eq!(refused.status, 1, "{}{}", refused.out, refused.err);
    assert!(
        refused.err.contains("MB left, so nothing was started"),
        "{}",
        refused.err
    );
    assert_eq!(room.processes().len(), running, "nothing was started");
    assert_eq!(names(&room), before, "what is there stays there");

    std::fs::remove_file(filler).unwrap();
    assert_eq!(names(&room), before);
    room.done(&launch("second"));
    room.done(&["terminate", "first", "second", "--yes"]);
    assert_eq!(room.processes(), []);
    assert!(is_private(&room.data().join("journal.db")));
    // The room removes what is left in it, so the disk has to stay until then.
    drop(room);
    drop(disk);
}

fn launch(name: &str) -> [&str; 5] {
    ["launch", "--recipe", "practice-site", "--name", name]
}

fn names(room: &Room) -> Vec<String> {
    let servers = room.done(&["servers", "--json"]).json();
    let name = |server: &serde_json::Value| server["name"].as_str().unwrap().to_owned();
    servers.iter().map(name).collect()
}

fn is_private(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).unwrap().permissions().mode() & 0o777 == 0o600
}
