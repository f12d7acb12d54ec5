//! Who is alive is told by locks, not by time.

use super::*;

#[test]
fn a_process_is_gone_from_the_moment_that_its_lock_is() {
    let folder = tempfile::tempdir().unwrap();
    let (me, other) = (begin(&folder), begin(&folder));
    assert!(!me.is_gone(other.name()));
    let name = other.name().to_owned();
    drop(other);
    assert!(me.is_gone(&name));
    assert!(!me.is_gone(me.name()));
}

#[test]
fn nothing_is_said_of_a_process_that_left_no_file() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!begin(&folder).is_gone("01M82DSV2CA8SDB9DP5RP35FP6"));
}

#[test]
fn a_sweep_removes_the_dead_and_spares_the_living() {
    let folder = tempfile::tempdir().unwrap();
    let (living, dead) = (begin(&folder), begin(&folder).name().to_owned());
    assert_eq!(sweep(folder.path()).unwrap(), [dead]);
    assert_eq!(sweep(folder.path()).unwrap(), Vec::<String>::new());
    assert!(folder.path().join(living.name()).exists());
}

fn begin(folder: &tempfile::TempDir) -> Presence {
    Presence::begin(folder.path().to_owned()).unwrap()
}
