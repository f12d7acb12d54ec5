use slipway_protocol::{Limits, Time};

use super::*;
use crate::launch::sample::spec;

fn launch(phase: Phase, stop_after_minutes: Option<u32>) -> Launch {
    let mut spec = spec("t3.large");
    spec.limits = Limits {
        stop_after_minutes,
        stop_failed_after_minutes: None,
    };
    let mut launch = Launch::new("01J".into(), spec, Time(0));
    launch.phase = phase;
    launch
}

#[test]
fn whoever_can_not_put_a_stop_off_is_told_why_and_what_helps() {
    let timed = not_kept(&launch(Phase::Ready, Some(60)), Some(3_600_000));
    assert_eq!(
        timed.sentence,
        "“demo” was launched with a stop timer: it stops itself about 1970-01-01T01:00:00Z, and that can't be put off."
    );
    assert!(
        timed.hint.contains("Start it again after it has stopped"),
        "{timed:?}"
    );
    let never = not_kept(&launch(Phase::Ready, None), None);
    assert!(never.sentence.contains("does not stop itself"), "{never}");
    let unproven = not_kept(&launch(Phase::Failed, None), None);
    assert!(
        unproven
            .sentence
            .contains("before its installer could be trusted"),
        "{unproven}"
    );
}
